"""Filters pass the passages that are about, by or of what is set; a question's words set those that are sure."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import load_library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.dates import Period, find_periods
from index.names.finder import NameFinder
from index.passages import split_article
from index.search.filter_words import MAX_READ_CHARS, canonical_words, read_filters
from index.search.filters import NO_FILTERS, Filters

ORGANISATIONS = """
Meta: {kind: company, aliases: [Facebook]}
Google: {kind: company}
National Cable Institute: {kind: government, aliases: [NCI]}
United States: {kind: government, aliases: [American]}
"""
ARTICLES = {
    "accord": """
title: Elections Accord
published: 2026-01-05
alliance:
  {name: Elections Accord, aliases: [EA, Accord of 2024, Twin Body], kind: policy, status: active, founded: 2024-02}
sources:
  - {id: s1, title: Text, publisher: Elections Accord}
  - {id: s2, title: News, publisher: Reuters via CNA}
---
The Elections Accord was founded in February 2024 by Meta. [s1]

## Reception

Critics called it weak. [s2]
""",
    "standards": """
title: Cable Standards
published: 2026-01-05
alliance: {name: Cable Standards, aliases: [Twin Body], kind: standards, status: active, founded: 2019}
sources:
  - {id: s1, title: About, publisher: National Cable Institute}
---
Cable Standards was founded in 2019 by Google. [s1]

## In 2022

The second version pleased the Elections Accord. [s1]

## Later

The third version came out on 5 March 2025. [s1]
""",
    "report": """
title: Today's report
published: 2025-06-30
publisher: The Wire
---
Members of the Elections Accord met Google.

## Aside

Nothing was decided.

## History

The first meeting was in 2021.
""",
    "undated": "title: A note\n---\nMeta has offices.\n",
}
PLACES = {  # (article, heading) -> a short name for a passage
    ("accord", ""): "accord-1",
    ("accord", "Reception"): "accord-2",
    ("standards", ""): "standards-1",
    ("standards", "In 2022"): "standards-2",
    ("standards", "Later"): "standards-3",
    ("report", ""): "report-1",
    ("report", "Aside"): "report-2",
    ("report", "History"): "report-3",
    ("undated", ""): "undated",
}
EVERYTHING = set(PLACES.values())


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filters")
    (folder / "organisations.yaml").write_text(ORGANISATIONS)
    for slug, text in ARTICLES.items():
        (folder / f"{slug}.md").write_text(f"---\n{text.lstrip()}")
    library = load_library([folder])
    passages = [p for article in library.articles for p in split_article(article, lambda text: 150)]
    write_catalogue(folder / "c.sqlite", library, passages, lambda ids: np.eye(len(ids), 2, dtype=np.float32))
    opened = Catalogue.open(folder / "c.sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def find_names(catalogue):
    names = NameFinder(catalogue.alliances, catalogue.organisations, lambda word: catalogue.passages_with(word) > 0)
    return names.find


@pytest.fixture
def read(catalogue, find_names):
    return lambda question: read_filters(question, find_names(question), catalogue)


def places(catalogue, ids):
    return {PLACES[p.slug, p.heading] for p in catalogue.passages(sorted(ids))}


# -- passages that pass


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(alliances=("accord",)), "accord-1 accord-2 standards-2 report-1"),
        (Filters(alliances=("accord", "standards")), "accord-1 accord-2 report-1 standards-1 standards-2 standards-3"),
        (Filters(alliances=("Google",)), ""),
        (Filters(organisations=("Google",)), "standards-1 report-1"),
        (Filters(organisations=("Meta",)), "accord-1 undated"),
        (Filters(kinds=("standards",)), "standards-1 standards-2 standards-3"),
        (Filters(kinds=("policy",)), "accord-1 accord-2 report-1"),
        (Filters(publishers=("national cable  INSTITUTE",)), "standards-1 standards-2 standards-3"),
        (Filters(publishers=("Reuters",)), "accord-2"),
        (Filters(publishers=("CNA", "The Wire")), "accord-2 report-1 report-2 report-3"),
        (Filters(publishers=("Cable",)), ""),
        (Filters(events_from="2025"), "standards-3 report-1 report-2"),
        (Filters(events_to="2020"), "standards-1"),
        (Filters(events_from="2022", events_to="2022"), "standards-2"),
        (Filters(events_from="2025-03-05", events_to="2025-03-05"), "standards-3"),
        (Filters(events_from="2025-03-06", events_to="2025-06-29"), ""),
        (Filters(events_from="2025-06-30", events_to="2025-06-30"), "report-1 report-2"),
        (Filters(events_to="2024-01-31", events_from="2022-12-31"), "standards-2"),
        (Filters(events_from="2024-02-29", events_to="2025-02"), "accord-1"),
        (Filters(events_from="2024-03", events_to="2025-02"), ""),
        (Filters(published_from="2026"), "accord-1 accord-2 standards-1 standards-2 standards-3"),
        (Filters(published_to="2025-06"), "report-1 report-2 report-3"),
        (Filters(organisations=("Google",), events_to="2020"), "standards-1"),
        (Filters(alliances=("unknown",)), ""),
        (Filters(organisations=("'; DROP TABLE mentions; --",)), ""),
    ],
    ids=repr,
)
def test_what_passes(catalogue, filters, passing):
    found = filters.passages(catalogue)
    assert places(catalogue, found) == set(passing.split())
    some = catalogue.passage_ids()[::2]
    assert filters.passages(catalogue, among=some) == found & set(some)


def test_no_filter_is_told_from_a_filter_that_nothing_passes(catalogue):
    assert NO_FILTERS.passages(catalogue) is None
    assert Filters(kinds=("none",)).passages(catalogue) == frozenset()
    assert Filters(events_from="1900").passages(catalogue, among=[]) == frozenset()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"events_from": "last year"}, "'last year' is no date. Write it like 2024, 2024-07 or 2024-07-18."),
        ({"published_to": "2024-02-30"}, "'2024-02-30' is not in the calendar. Write a date like 2024-07-18."),
        ({"events_to": "0000"}, "'0000' is not in the calendar. Write a date like 2024-07-18."),
        ({"events_from": "2024-13"}, "'2024-13' is not in the calendar. Write a date like 2024-07-18."),
        (
            {"events_from": "2025", "events_to": "2024-12"},
            "The time from 2025 to 2024-12 ends before it begins. Give the earlier date first.",
        ),
    ],
)
def test_impossible_dates_are_refused_in_a_sentence(fields, message):
    with pytest.raises(ValueError) as caught:
        Filters(**fields)
    assert str(caught.value) == message


# -- dates in a text


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 26 July 2023.", "2023-07-26 2023-07-26"),
        ("July 26th, 2023", "2023-07-26 2023-07-26"),
        ("the 3rd of Sept. 2024", "2024-09-03 2024-09-03"),
        ("in February 2024", "2024-02-01 2024-02-29"),
        ("2023-07", "2023-07-01 2023-07-31"),
        ("2023-07-26", "2023-07-26 2023-07-26"),
        ("(2019)", "2019-01-01 2019-12-31"),
        ("31 February 2024", ""),
        ("in July, $2024 or 2024.5 or USD2024 or 12,024", ""),
    ],
)
def test_a_date_stands_for_its_days(text, days):
    assert " ".join(f"{period.first} {period.last}" for _, _, period in find_periods(text)) == days


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_as_it_is_written(day):
    spoken = f"{day:%d %B %Y}"
    assert [period for _, _, period in find_periods(spoken)] == [Period.of(day.isoformat())] == [Period(day, day)]


# -- filters in a question


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What has happened since 2025?", "2025-01-01", None),
        ("What happened after March 2024?", "2024-04-01", None),
        ("What happened after the end of 2022?", "2023-01-01", None),
        ("What happened after early 2022?", "2022-05-01", None),
        ("What happened in 2023?", "2023-01-01", "2023-12-31"),
        ("What happened in the second half of 2023?", "2023-07-01", "2023-12-31"),
        ("Who joined in the spring of 2024?", "2024-03-01", "2024-05-31"),
        ("Who came to the February 2026 session?", "2026-02-01", "2026-02-28"),
        ("What happened between 2019 and 2021?", "2019-01-01", "2021-12-31"),
        ("What changed from May 2019 to the end of 2021?", "2019-05-01", "2021-12-31"),
        ("What changed from 2019 onwards?", "2019-01-01", None),
        ("Who got seats in 2025 on the board?", "2025-01-01", "2025-12-31"),
        ("What happened before 2022?", None, "2021-12-31"),
        ("What happened before the end of 2022?", None, "2022-12-31"),
        ("What was done by June 2022?", None, "2022-06-30"),
        ("Which were there as of May 2026?", "2026-05-01", "2026-05-31"),
        ("Was it in 2021, or rather in 2024?", None, None),
        ("What happened between 2021 and 2019?", None, None),
        ("What does the Accord of 2024 say?", None, None),
        ("Who has 2,024 members?", None, None),
    ],
)
def test_a_time_in_the_question_is_read(read, question, first, last):
    assert read(question) == Filters(events_from=first, events_to=last)


def test_a_time_of_publishing_is_told_from_the_time_of_events(read):
    assert read("What do articles since 2025 say?") == Filters(published_from="2025-01-01")
    assert read("the news published in May 2025") == Filters(published_from="2025-05-01", published_to="2025-05-31")


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("What is new, according to Reuters?", Filters(publishers=("reuters",))),
        (
            "According to the National Cable Institute, what came out?",
            Filters(publishers=("national cable institute",)),
        ),
        ("According to NCI, what came out?", Filters(publishers=("national cable institute",))),
        ("What did it do as reported by the Wire?", Filters(publishers=("the wire",))),
        ("What is new, as told by the CNA?", Filters(publishers=("cna",))),
        ("According to Google, who met?", NO_FILTERS),  # has published nothing
        ("Is there anything according to", NO_FILTERS),
        ("Which standards bodies are there?", Filters(kinds=("standards",))),
        ("Which treaties are there?", NO_FILTERS),  # none in the library
        ("Which standards bodies joined Cable Standards?", NO_FILTERS),
        ("Which of them work in Europe?", NO_FILTERS),
    ],
)
def test_publishers_and_kinds_are_read_when_the_library_has_them(read, question, filters):
    assert read(question) == filters


def test_names_are_written_as_the_articles_write_them(find_names):
    def canonical(question):
        return canonical_words(question, find_names(question))

    assert canonical("Did Facebook found the EA?") == "Did Meta found the Elections Accord?"
    assert canonical("Who founded Cable Standrads?") == "Who founded Cable Standards?"
    assert canonical("Which American firms?") == "Which American firms?"  # a government's
    assert canonical("When did Twin Body begin?") == "When did Twin Body begin?"  # may be either
    assert canonical("Who is it?") == "Who is it?"


WORDS = ["since", "2024", "between", "and", "May", "31", "\x00", "according to", '"', "🚜", "\ud800"]


@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_any_question_is_read(catalogue, question):
    read_filters(question, [], catalogue).passages(catalogue)


def test_a_pasted_text_sets_no_filter(read):
    assert read("since 2025 " + "x" * MAX_READ_CHARS) == NO_FILTERS
