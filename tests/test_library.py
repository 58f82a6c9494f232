"""The library that ships holds to its own rules: every article is whole, and every fact is told by a sentence."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from index.article_checks import check_articles
from index.articles import article_files, load_library
from index.front_matter import parse_organisations

LIBRARY = Path(__file__).parent.parent / "articles"
SLUGS = [path.stem for path in article_files(LIBRARY)]
SHORTEST_WORDS = defaultdict(lambda: 400, {"apply-ai-alliance": 300})  # of which the sources tell little
LONGEST_WORDS = 1_000

each_article = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture(scope="module")
def library():
    """All of it, which also says that every article fits the schema."""
    return load_library([LIBRARY])


@pytest.fixture
def article(library, slug):
    return next(article for article in library.articles if article.slug == slug)


def test_nothing_is_wrong_with_any_article():
    count, problems = check_articles([LIBRARY], [LIBRARY])
    assert [str(problem) for problem in problems] == []
    assert count == len(SLUGS)


def test_every_body_has_an_article_and_the_overviews_have_theirs(library):
    bodies = [article for article in library.articles if article.alliance]
    assert (len(bodies), len(library.articles)) == (95, 100)


@each_article
def test_an_article_is_dated_and_its_sources_have_publishers(article):
    assert article.published is not None
    assert article.sources
    assert all(source.publisher for source in article.sources)


@each_article
def test_an_article_is_neither_short_nor_long(article, slug):
    words = sum(len(sentence.text.split()) for sentence in article.sentences)
    assert SHORTEST_WORDS[slug] <= words <= LONGEST_WORDS


@each_article
def test_no_source_marker_is_left_in_the_text(article):
    assert [s.text for s in article.sentences if re.search(r"\[[^\]]*\d[^\]]*\]", s.text + s.heading)] == []


@each_article
def test_a_sentence_is_no_wall_of_words(article):
    names_at_most = 70  # words: 25 names of members, and what is said of them
    assert [s.text for s in article.sentences if len(s.text.split()) > names_at_most] == []


# -- names


def folded(name):
    return re.sub(r"[\W_]", "", name.lower())


def test_no_name_stands_for_two_organisations(library):
    owners = defaultdict(set)
    for entry in library.organisations:
        for name in (entry.name, *entry.aliases):
            owners[folded(name)].add(entry.name)
    assert {name: owner for name, owner in owners.items() if len(owner) > 1} == {}


def test_names_that_stand_for_several_bodies_are_the_ones_that_do(library):
    owners = defaultdict(set)
    for article in library.articles:
        if article.alliance:
            for name in (article.alliance.name, *article.alliance.aliases):
                owners[folded(name)].add(article.slug)
    assert {name: owner for name, owner in owners.items() if len(owner) > 1} == {
        "aiga": {"japan-aiga", "wef-ai-governance-alliance"},
        "aisi": {"uk-ai-security-institute", "us-caisi"},
        "bricsaialliance": {"ai-alliance-network", "brics-ai"},
        "caisi": {"canada-ai-safety", "us-caisi"},
    }


def test_every_organisation_of_an_article_has_its_kind(library):
    assert [entry.name for entry in library.organisations if entry.kind is None] == []


def test_every_listed_organisation_is_in_an_article(library):
    alliances = [article.alliance for article in library.articles if article.alliance]
    in_articles = {m.organisation for alliance in alliances for m in alliance.members}
    in_articles |= {name for alliance in alliances for name in (*alliance.founders, *alliance.host)}
    assert {entry.name for entry in library.organisations} == in_articles


def test_organisations_are_listed_by_name_and_with_other_names_that_differ():
    path = LIBRARY / "organisations.yaml"
    entries = parse_organisations(path.read_text(encoding="utf-8"), path)
    names = list(entries)
    assert names == sorted(names, key=str.lower)
    assert [name for name in names if name in entries[name].aliases] == []
    assert [n for n in names if len(set(entries[n].aliases)) < len(entries[n].aliases)] == []
