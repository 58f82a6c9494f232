"""Comparisons over the library that ships: each cell is told in the sentences that it cites; who is older."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from shipped_library import TODAY, name_finder

from assistant.citing import Citations, join_sentences
from assistant.exact.comparison import NOT_TOLD, compare, defining_sentence
from assistant.exact.comparison_reading import Comparison, read_comparison
from assistant.exact.order import read_order, tell_order
from assistant.exact.reading import read
from assistant.exact.size import read_size, tell_size
from assistant.tables import read_table
from assistant.words import find_dates
from index.fact_sentences import names_pattern

ALL = frozenset({"what", "founded", "founders", "host", "members", "event"})


class Library:
    """Questions asked of the catalogue."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.names = name_finder(catalogue)
        self.bodies = {alliance.name: alliance for alliance in catalogue.alliances}
        organisations = {o.name: names_pattern([o.name, *o.aliases]) for o in catalogue.organisations}
        bodies = {a.name: names_pattern([a.name, *a.aliases]) for a in catalogue.alliances}
        self.spellings = {name: (organisations.get(name), bodies.get(name)) for name in {**organisations, **bodies}}

    def read(self, question):
        return read_comparison(read(question, self.names.find(question), TODAY))

    def compare(self, question):
        return self.tell(self.read(question))

    def tell(self, comparison):
        """(the sentences, citation number -> quotation)."""
        citations = Citations(self.catalogue)
        sentences = compare(comparison, self.catalogue, citations)
        return sentences, {citation.number: citation.quote for citation in citations.all()}

    def order(self, question):
        """The one sentence about the order of age, and its quotations."""
        found = read_order(question, self.names.find(question))
        citations = Citations(self.catalogue)
        sentences = tell_order(found, self.catalogue, citations) if found else []
        return (sentences[0].text if sentences else None), [citation.quote for citation in citations.all()]

    def size(self, question):
        """The one sentence about the number of members or founders."""
        found = read_size(read(question, self.names.find(question), TODAY))
        citations = Citations(self.catalogue)
        sentences = tell_size(found, self.catalogue, citations) if found else []
        assert all(len(sentence.citations) == len(citations.all()) > 1 for sentence in sentences)
        return sentences[0].text if sentences else None

    def is_named(self, name, quotes):
        return any(spelled and spelled.search(quote) for spelled in self.spellings[name] for quote in quotes)


@pytest.fixture(scope="module")
def library(shipped):
    return Library(shipped)


def table_of(sentences):
    """Headings and rows, without what stands above."""
    lines = [line for sentence in sentences for line in sentence.text.split("\n") if line.startswith("|")]
    return read_table(lines) or ([], [])


def rows_of(sentences):
    return {title: cells for title, *cells in table_of(sentences)[1]}


# -- reading


@pytest.mark.parametrize(
    ("question", "aspects"),
    [
        ("Compare the Frontier Model Forum and the AI Alliance", ALL),
        ("AI Alliance vs MLCommons", ALL),
        ("what's the difference between the AI Alliance and the Frontier Model Forum?", ALL),
        ("How does CoSAI differ from C2PA?", ALL),
        ("How do MLCommons and LAION differ in purpose?", {"what"}),
        ("Compare the founders of the Frontier Model Forum with those of the AI Alliance.", {"founders"}),
        ("How does the AI Alliance differ from MLCommons in who founded it?", {"founders"}),
        ("AI Alliance vs MLCommons: when was each founded?", {"founded"}),
        ("PAI's founders as against those of the AI Alliance?", {"founders"}),
        ("I always mix up LAION and MLCommons. How do they differ in task?", {"what"}),
        ("UALink versus the Ultra Ethernet Consortium: who hosts each of them?", {"host"}),
        ("Compare the number of members of the AI Alliance and CHAI", {"members"}),
    ],
)
def test_a_comparison_is_read_with_its_respects(library, question, aspects):
    assert library.read(question).aspects == aspects


@pytest.mark.parametrize(
    "question",
    [
        "How do the AI Alliance and MLCommons differ in their attitude to China?",
        "How do the AI Alliance and MLCommons differ in funding?",
        "Compare the AI Alliance with other bodies",
        "Compare IBM and Meta",
        "How did the AI Alliance and MLCommons differ in 2024?",
        "What does the AI Alliance publish for MLCommons?",
        "What does the AI Alliance have against MLCommons?",
        "Compare the AI Alliance, LAION, MLCommons, ROOST and BigScience",
    ],
)
def test_what_no_table_holds_is_no_comparison(library, question):
    assert library.read(question) is None


def test_three_bodies_stand_in_the_order_of_the_question(library):
    sentences, _ = library.compare("Compare MLCommons, LAION and BigScience")
    assert table_of(sentences)[0] == ["", "MLCommons", "LAION", "BigScience"]


# -- the table


def test_a_cell_has_its_own_citations_and_the_text_is_a_markdown_table(library):
    sentences, quotes = library.compare("Compare the Frontier Model Forum and the AI Alliance")
    founded = rows_of(sentences)["Founded"]
    assert [re.sub(r"\d+\]$", "]", cell) for cell in founded] == ["26 July 2023 []", "5 December 2023 []"]
    for cell in founded:
        text, number = cell.rstrip("]").split(" [")
        assert text in quotes[int(number)]
    text = join_sentences(sentences)
    above, table = text.split("\n\n")
    assert above.startswith("- The Frontier Model Forum is ") and read_table(table.split("\n")) == table_of(sentences)


def test_every_body_is_defined_by_a_sentence_of_its_own_article(library):
    for body in library.catalogue.alliances:
        record = defining_sentence(body, library.catalogue)
        assert record is not None and record.slug == body.slug and record.sentence.number == 0, body.name


def test_every_name_and_date_of_a_cell_is_told_by_what_the_cell_cites(library):
    for pair in pairwise(library.catalogue.alliances):
        sentences, quotes = library.tell(Comparison(pair, ALL))
        for title, cells in rows_of(sentences).items():
            for cell in cells:
                told = [quotes[int(number)] for number in re.findall(r"\[(\d+)\]", cell)]
                text = re.sub(r"(?: \[\d+\])+$", "", cell)
                assert bool(told) == (text != NOT_TOLD), (pair, title)
                dates = [day for quote in told for day in find_dates(quote)]
                assert all(any(map(day.agrees_with, dates)) for day in find_dates(text)), (title, cell, told)
                if title in ("Founders", "Hosted by") and told:
                    names = [
                        name
                        for name in library.spellings
                        if re.search(rf"(?:^|, | and ){re.escape(name)}(?:$|,| and )", text)
                    ]
                    assert names and all(library.is_named(name, told) for name in names), cell


def test_a_row_cites_what_its_cells_cite(library):
    sentences, quotes = library.compare("AI Alliance vs MLCommons")
    rows = [sentence for sentence in sentences if sentence.text.startswith("| ") and "\n" not in sentence.text]
    assert len(rows) > 3
    for row in rows:
        assert row.citations == tuple(sorted({int(number) for number in re.findall(r"\[(\d+)\]", row.text)}))


def test_a_row_that_nobody_fills_is_left_out_and_a_lone_cell_says_so(library):
    rows = rows_of(library.compare("Compare UALink and LAION")[0])
    assert "Hosted by" not in rows
    assert rows["Number of members"][1] == NOT_TOLD


def test_nothing_is_told_of_a_respect_that_the_catalogue_lacks(library):
    assert library.compare("UALink vs LAION: who hosts each of them?")[0] == []


# -- who is older


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Which is older, the Partnership on AI or MLCommons?",
            "The Partnership on AI (28 September 2016) is older than MLCommons (3 December 2020).",
        ),
        (
            "Which came first, MLCommons or the Partnership on AI?",
            "The Partnership on AI (28 September 2016) is older than MLCommons (3 December 2020).",
        ),
        (
            "Was MLCommons founded before the Partnership on AI?",
            "No: MLCommons (3 December 2020) is younger than the Partnership on AI (28 September 2016).",
        ),
        (
            "Is MLCommons younger than the Partnership on AI?",
            "Yes: MLCommons (3 December 2020) is younger than the Partnership on AI (28 September 2016).",
        ),
        (
            "Did the OECD AI Principles come before GPAI?",
            "Yes: the OECD AI Principles (22 May 2019) are older than the Global Partnership on Artificial Intelligence"
            " (15 June 2020).",
        ),
        (
            "Which of the AI Alliance, MLCommons and ROOST was founded last?",
            "ROOST (10 February 2025) is younger than the AI Alliance (5 December 2023) and MLCommons"
            " (3 December 2020).",
        ),
        (
            "Which came first, the AI Alliance Network or the BRICS+AI alliance?",
            "The AI Alliance Network and the BRICS+AI alliance date from the same day, 11 December 2024.",
        ),
        (
            "Was LAION founded before BigScience?",
            "The dates in the articles do not settle it: LAION (2021) and BigScience (May 2021).",
        ),
    ],
)
def test_the_order_is_told_with_every_date_and_its_citation(library, question, answer):
    text, quotes = library.order(question)
    assert text == answer
    told = [day for quote in quotes for day in find_dates(quote)]
    assert all(any(map(day.agrees_with, told)) for day in find_dates(text))


@pytest.mark.parametrize(
    "question",
    [
        "How much older is LAION than MLCommons?",
        "What did LAION do before MLCommons?",
        "Who founded LAION before MLCommons?",
        "Which first report did LAION or MLCommons publish?",
        "Is LAION older than Google?",
        "Was LAION founded by MLCommons first?",
        "Was LAION founded before 2022 or MLCommons?",
        "Was LAION not founded before MLCommons?",
        "When was LAION founded, before or after MLCommons?",
    ],
)
def test_what_asks_for_more_than_the_order_is_left_to_others(library, question):
    assert library.order(question)[0] is None


# -- who is larger


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Which has more members, the Frontier Model Forum or the AI Alliance?",
            "The AI Alliance has the larger number of members in the articles: more than 200 (April 2026), against"
            " 6 (May 2026) of the Frontier Model Forum.",
        ),
        (
            "Which is bigger, CHAI or the AI Alliance?",  # "more than" 200 may be more than 3,000
            "The articles give these numbers of members: more than 3,000 (October 2025) of the Coalition for Health AI"
            " and more than 200 (April 2026) of the AI Alliance.",
        ),
        (
            "Which was founded by more organisations, the Frontier Model Forum or the AI Alliance?",
            "The articles name 4 founders of the Frontier Model Forum and 2 founders of the AI Alliance.",
        ),
        (
            "Which had more founders when launched in July 2023, the Frontier Model Forum or ROOST?",
            None,  # a time that is not that of both
        ),
        (
            "Which had more founders when launched in June 2026, Appia or Akrites?",
            "The articles name 13 founders of the Appia Foundation and 19 founders of Akrites.",
        ),
        (
            "Bletchley declaration or Seoul declaration, which one was signed by more countries?",
            "The articles name 28 governments among the signatories of the AI Safety Summit 2023 and 10 governments"
            " among the signatories of the AI Seoul Summit.",
        ),
        ("Which was larger when it launched, the AI Alliance or the Frontier Model Forum?", None),
        ("How many more members has the AI Alliance than the Frontier Model Forum?", None),
        ("Which has more members, LAION or the AI Alliance?", None),
        ("Which has more money, the AI Alliance or the Frontier Model Forum?", None),
        ("Which had more members in 2024, the AI Alliance or the Frontier Model Forum?", None),
        ("Which has more members that are companies, the AI Alliance or the Frontier Model Forum?", None),
        ("Why is the AI Alliance larger than the Frontier Model Forum or MLCommons?", None),
    ],
)
def test_the_larger_is_told_with_every_number_and_its_date(library, question, answer):
    assert library.size(question) == answer
