"""An overview says nothing of its own: what a sentence tells stands in the articles that it names as its sources."""

import re
from pathlib import Path

import pytest

from index.articles import load_library
from index.fact_sentences import names_pattern
from index.names.finder import NameFinder
from index.types import AllianceRecord

LIBRARY = load_library([Path(__file__).parent.parent / "articles"])
ARTICLES = {article.slug: article for article in LIBRARY.articles}
OVERVIEWS = [article for article in LIBRARY.articles if any(source.article for source in article.sources)]
MONTHS = "January February March April May June July August September October November December".split()
DATE = re.compile(rf"(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)}) \d{{4}}|\b(?:19|20)\d\d\b")
each_overview = pytest.mark.parametrize("overview", OVERVIEWS, ids=[article.slug for article in OVERVIEWS])


def told_by(overview, sentence):
    """The text of the articles behind a sentence, and of what their front matter holds."""
    slugs = [source.article for source in overview.sources if source.id in sentence.source_ids]
    texts = []
    for slug in slugs:
        article = ARTICLES[slug]
        texts += [article.title, *(s.text for s in article.sentences)]
        if article.alliance:
            texts += [article.alliance.name, *article.alliance.aliases]
    return " ".join(texts)


def numbers(text):
    return set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text)))


@pytest.fixture(scope="module")
def finder():
    records = [
        AllianceRecord(a.alliance.name, a.alliance.aliases, a.slug, a.alliance.kind, a.alliance.status, None, None)
        for a in LIBRARY.articles
        if a.alliance
    ]
    return NameFinder(records, LIBRARY.organisations, lambda word: True)


def test_the_questions_over_the_whole_library_have_their_overviews():
    titles = " ".join(article.title for article in OVERVIEWS)
    assert len(OVERVIEWS) >= 4
    assert all(word in titles for word in ("Timeline", "Who sits where", "confusable names", "kinds"))


@each_overview
def test_an_overview_rests_on_other_articles_only(overview):
    assert overview.alliance is None
    assert all(source.article and source.article != overview.slug for source in overview.sources)
    assert all(source.title == ARTICLES[source.article].title for source in overview.sources)


@each_overview
def test_every_date_number_and_name_stands_in_the_articles_behind_the_sentence(overview, finder):
    wrong = []
    for sentence in overview.sentences:
        text = told_by(overview, sentence)
        wrong += [(sentence.text, date) for date in DATE.findall(sentence.text) if date not in text]
        rest = DATE.sub(" ", sentence.text)
        wrong += [(sentence.text, number) for number in numbers(rest) - numbers(text)]
        for mention in finder.find(sentence.text):
            if not names_pattern(finder.spellings(mention)).search(text):
                wrong.append((sentence.text, mention.text))
    assert wrong == []

    wrong = []
    for sentence in overview.sentences:
        cited = {source.article for source in overview.sources if source.id in sentence.source_ids}
        wrong += [
            (sentence.text, mention.text)
            for mention in finder.find(sentence.text)
            if mention.alliances
            and not mention.organisation
            and not cited & {alliance.slug for alliance in mention.alliances}
            and not names_pattern(finder.spellings(mention)).search(told_by(overview, sentence))
        ]
    assert wrong == []
