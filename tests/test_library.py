"""The library that ships holds to its own rules: every article is whole, and every fact is told by a sentence."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from index.articles import article_files, load_library
from index.fact_sentences import founder_sentence, founding_sentence, member_sentence, names_pattern, spoken_date
from index.front_matter import parse_organisations

LIBRARY = Path(__file__).parent.parent / "articles"
SLUGS = [path.stem for path in article_files(LIBRARY)]
SHORTEST_WORDS = defaultdict(lambda: 400, {"content-authenticity-initiative": 300})
LONGEST_WORDS = 1_000
# A sentence is quoted alone: these words would stand for something that is not quoted with it.
POINTS_BACK = re.compile(
    r"(It|Its|They|Their|This|That|These|Those|He|She|His|Her|Such|Here|There|Both|However|But|And|Also)\b"
)

each_article = pytest.mark.parametrize("slug", SLUGS)


@pytest.fixture(scope="module")
def library():
    """All of it, which also says that every article fits the schema."""
    return load_library([LIBRARY])


@pytest.fixture
def article(library, slug):
    return next(article for article in library.articles if article.slug == slug)


@pytest.fixture(scope="module")
def spellings(library):
    """Canonical name -> every name of the organisation."""
    return {entry.name: (entry.name, *entry.aliases) for entry in library.organisations}


def test_there_are_at_least_twelve_articles(library):
    assert len(library.articles) == len(SLUGS) >= 12


@each_article
def test_an_article_is_about_one_alliance_and_dated(article):
    assert article.alliance is not None
    assert article.published is not None
    assert article.alliance.name in article.title or article.title in article.alliance.name


@each_article
def test_an_article_is_neither_short_nor_long(article, slug):
    words = sum(len(sentence.text.split()) for sentence in article.sentences)
    assert SHORTEST_WORDS[slug] <= words <= LONGEST_WORDS


@each_article
def test_every_sentence_has_a_source(article):
    assert [sentence.text for sentence in article.sentences if not sentence.source_ids] == []


@each_article
def test_every_listed_source_is_referred_to(article):
    used = {source_id for sentence in article.sentences for source_id in sentence.source_ids}
    assert {source.id for source in article.sources} == used


@each_article
def test_no_source_marker_is_left_in_the_text(article):
    assert [s.text for s in article.sentences if re.search(r"\[[^\]]*\d[^\]]*\]", s.text + s.heading)] == []


@each_article
def test_no_source_appeared_after_the_article(article):
    assert [source.id for source in article.sources if source.date and source.date > article.published] == []


@each_article
def test_no_sentence_points_back_to_another(article):
    assert [sentence.text for sentence in article.sentences if POINTS_BACK.match(sentence.text)] == []


@each_article
def test_the_sentences_are_whole(article):
    assert [s.text for s in article.sentences if not re.fullmatch(r"[\"“]?[A-Z0-9].*[.!?][\"”)]?", s.text)] == []


@each_article
def test_no_sentence_stands_twice(article):
    assert [text for text, count in Counter(s.text for s in article.sentences).items() if count > 1] == []


# -- facts


@each_article
def test_the_founding_date_is_told_in_a_sentence_with_the_alliances_name(article):
    alliance = article.alliance
    assert alliance.founded is not None
    told = founding_sentence(article, alliance)
    assert told is not None
    assert spoken_date(alliance.founded) in told.text
    assert names_pattern([alliance.name, *alliance.aliases]).search(told.text)


@each_article
def test_every_founder_is_named_in_a_sentence(article, spellings):
    missing = [
        name
        for name in article.alliance.founders
        if founder_sentence(article, article.alliance, spellings[name]) is None
    ]
    assert missing == []


@each_article
def test_every_member_is_named_in_a_sentence(article, spellings):
    missing = [
        (member.role, member.organisation)
        for member in article.alliance.members
        if member_sentence(article, article.alliance, member, spellings[member.organisation]) is None
    ]
    assert missing == []


@each_article
def test_no_member_is_told_by_a_sentence_about_leaving(article, spellings):
    leaving = re.compile(r"\b(left|leave|leaving|no longer|withdr\w+|never joined)\b", re.IGNORECASE)
    told = {
        (member.role, member.organisation): member_sentence(
            article, article.alliance, member, spellings[member.organisation]
        ).text
        for member in article.alliance.members
        if not member.until
    }
    assert {who: text for who, text in told.items() if leaving.search(text)} == {}


@each_article
def test_a_membership_is_listed_once(article):
    rows = Counter((m.organisation, m.role, m.as_of, m.until) for m in article.alliance.members)
    assert [row for row, count in rows.items() if count > 1] == []


@each_article
def test_no_membership_ends_before_it_is_known(article):
    rows = [m for m in article.alliance.members if m.as_of and m.until and m.until[: len(m.as_of)] < m.as_of]
    assert rows == []


# -- names


def folded(name):
    return re.sub(r"[\W_]", "", name.lower())


def test_no_name_stands_for_two_organisations(library):
    owners = defaultdict(set)
    for entry in library.organisations:
        for name in (entry.name, *entry.aliases):
            owners[folded(name)].add(entry.name)
    assert {name: owner for name, owner in owners.items() if len(owner) > 1} == {}


def test_no_name_stands_for_two_alliances(library):
    owners = defaultdict(set)
    for article in library.articles:
        for name in (article.alliance.name, *article.alliance.aliases):
            owners[folded(name)].add(article.slug)
    assert {name: owner for name, owner in owners.items() if len(owner) > 1} == {}


def test_every_organisation_of_an_article_has_its_kind(library):
    assert [entry.name for entry in library.organisations if entry.kind is None] == []


def test_every_listed_organisation_is_in_an_article(library):
    in_articles = {m.organisation for article in library.articles for m in article.alliance.members}
    in_articles |= {name for article in library.articles for name in article.alliance.founders}
    assert {entry.name for entry in library.organisations} == in_articles


def test_organisations_are_listed_by_name_and_with_other_names_that_differ():
    path = LIBRARY / "organisations.yaml"
    entries = parse_organisations(path.read_text(encoding="utf-8"), path)
    names = list(entries)
    assert names == sorted(names, key=str.lower)
    assert [name for name in names if name in entries[name].aliases] == []
    assert [n for n in names if len(set(entries[n].aliases)) < len(entries[n].aliases)] == []
