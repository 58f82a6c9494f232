"""Timelines over the library that ships: events by date, each told by the sentence that its line cites."""

from __future__ import annotations

import re
from datetime import date

import pytest
from shipped_library import TODAY, name_finder

from assistant.citing import Citations, join_sentences
from assistant.exact.reading import read
from assistant.exact.timeline import MAX_LINES, tell_timeline
from assistant.exact.timeline_reading import Timeline, read_timeline
from assistant.time_spans import TimeSpan
from assistant.words import find_dates
from index.fact_sentences import spoken_date


class Library:
    """Questions asked of the catalogue."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.names = name_finder(catalogue)

    def read(self, question):
        return read_timeline(read(question, self.names.find(question), TODAY), self.catalogue)

    def ask(self, question):
        return self.tell(self.read(question))

    def tell(self, timeline):
        """(the opening, the lines); each line's date is told by what it cites."""
        citations = Citations(self.catalogue)
        sentences = tell_timeline(timeline, self.catalogue, citations)
        quotes = {citation.number: citation.quote for citation in citations.all()}
        for sentence in sentences:
            assert sentence.citations
            told = [day for number in sentence.citations for day in find_dates(quotes[number])]
            if sentence.text.startswith("- "):
                day = find_dates(sentence.text.partition(":")[0])[0]
                assert day in told or any(map(day.agrees_with, told)), sentence
        if not sentences:
            return None, []
        return sentences[0].text, [sentence.text for sentence in sentences[1:]]


@pytest.fixture(scope="module")
def library(shipped):
    return Library(shipped)


# -- reading


@pytest.mark.parametrize(
    "question",
    [
        "timeline of the AI Alliance",
        "Give me a chronology of the AI Alliance",
        "What are the key events of the AI Alliance?",
        "history of the AI Alliance",
        "What are the milestones of the AI Alliance?",
        "What has happened at the AI Alliance since 2024?",
        "What did the AI Alliance do in 2024?",
        "what's the latest on the AI Alliance?",
        "any recent news about the AI Alliance?",
    ],
)
def test_a_timeline_of_a_body_is_recognised(library, question):
    timeline = library.read(question)
    assert [body.slug for body in timeline.bodies] == ["ai-alliance"] and timeline.theme is None


@pytest.mark.parametrize(
    "question",
    [
        "What's the most recent trial under AUKUS?",
        "In which city did the Frontier Model Forum hold its last annual gala?",
        "When does the next IDAIS meeting take place?",
        "Who was the last employee to leave EleutherAI?",
        "Timeline of MLCommons' lawsuits, please",
        "Give me the chronology of C2PA's office moves",
        "How often has MLCommons been renamed?",
        "What was the International Network of AI Safety Institutes renamed to?",
        "At which event was the Content Authenticity Initiative announced?",
        "What happened to the AI Alliance?",
        "What did the AI Alliance do?",
        "What did the AI Alliance publish in 2024?",
        "Did anything happen at the AI Alliance in 2024?",
        "What did not happen in 2024?",
        "Give me a timeline of everything",
        "Timeline of the funding of the AI Alliance",
        "What's the latest on the lawsuits of the AI Alliance?",
        "Give me the summits from Nowhereville on in order",
        "Who founded the AI Alliance?",
    ],
)
def test_other_questions_are_no_timeline(library, question):
    timeline = library.read(question)
    assert timeline is None or library.tell(timeline) == (None, [])


# -- telling


def test_a_body_is_told_from_its_founding_on(library):
    opening, lines = library.ask("history of the Frontier Model Forum")
    events = [event for event in library.catalogue.events if event.slug == "frontier-model-forum"]
    assert lines[0].startswith("- 26 July 2023: ")
    assert len(lines) >= len(events) and opening.endswith(f" ({len(lines)}):")
    assert [spoken_date(event.date) for event in events] == [
        line[2:].partition(":")[0] for line in lines if any(event.what in line for event in events)
    ]


@pytest.mark.parametrize("year", range(2012, 2027))
def test_a_year_holds_its_events_and_foundings(library, year):
    _, lines = library.ask(f"What happened in {year}?")
    events = [event for event in library.catalogue.events if event.date.startswith(str(year))]
    founded = [body for body in library.catalogue.alliances if (body.founded or "").startswith(str(year))]
    assert all(re.match(rf"- [\w ]*{year}: ", line) for line in lines)
    if len(lines) < MAX_LINES:
        assert all(any(event.what in line for line in lines) for event in events)
    for body in founded:
        assert any(body.name in line for line in lines), body.name


def test_a_long_year_is_cut_and_says_how_to_see_the_rest(library):
    opening, lines = library.ask("What happened in 2025?")
    assert len(lines) == MAX_LINES
    assert re.fullmatch(r"Events in 2025 \(40 of \d+; name a body or a shorter time to see the others\):", opening)
    new = [body.name for body in library.catalogue.alliances if (body.founded or "").startswith("2025")]
    of_others = [line for line in lines if not any(name in line for name in new)]
    assert any(re.search(r" (?:October|November|December) 2025: ", line) for line in of_others)  # not its start alone


@pytest.mark.parametrize(
    ("slug", "line"),
    [
        ("ai-alliance-network", "- 11 December 2024: launched."),
        ("eu-ai-pact", "- 25 September 2024: launched."),
        ("ai-alliance", "- 5 December 2023: AI Alliance launched by IBM and Meta."),
        ("oecd-ai-principles", "- 22 May 2019: Recommendation adopted in Paris."),
        ("stop-killer-robots", "- 19 October 2012: campaign founded."),
        ("global-call-ai-red-lines", "- 22 September 2025: launched."),
        ("eleutherai", "- 3 July 2020: founded."),
    ],
)
def test_a_founding_is_told_once_and_as_its_sentence_tells_it(library, slug, line):
    body = next(body for body in library.catalogue.alliances if body.slug == slug)
    _, lines = library.tell(Timeline((body,)))
    assert line in lines
    word = re.search(r"founded|launched|adopted", line)[0]
    assert sum(word in other and other.split(":")[0] == line.split(":")[0] for other in lines) == 1


def test_every_timeline_of_a_body_begins_no_later_than_its_founding(library):
    for body in library.catalogue.alliances:
        _, lines = library.tell(Timeline((body,)))
        if body.founded and body.founded_in:
            assert any(line.startswith(f"- {spoken_date(body.founded)}: ") for line in lines), body.name


def test_the_latest_come_first_and_one_is_one(library):
    _, lines = library.ask("what's the latest on the AI Alliance?")
    newest = [event for event in library.catalogue.events if event.slug == "ai-alliance"][::-1]
    assert [line.partition(": ")[2] for line in lines] == [f"{event.what}." for event in newest[:3]]
    _, lines = library.ask("What is the most recent event of the AI Alliance?")
    assert lines == [f"- {spoken_date(newest[0].date)}: {newest[0].what}."]


def test_nothing_of_late_gives_the_newest_there_is(library):
    opening, lines = library.ask("any recent news about BigScience?")
    assert opening.startswith("Latest ") and lines


def test_a_time_without_events_is_not_answered(library):
    assert library.ask("What did BigScience do in 2025?") == (None, [])


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("chronology of AI safety summits", ["AI Safety Summit 2023", "AI Seoul Summit"], ["MLCommons"]),
        ("timeline of AI in Africa", ["Masakhane", "Africa AI Council"], ["K-AI Alliance"]),
        ("history of open source AI", ["EleutherAI", "LAION"], ["AUKUS"]),
        ("Give me the series of AI summits in order, from Bletchley on.", ["Seoul", "Paris", "India"], ["Belfast"]),
        ("What happened with Anthropic in 2024?", ["Coalition for Secure AI"], ["LAION"]),
    ],
)
def test_a_theme_finds_what_has_to_do_with_it(library, question, told, untold):
    _, lines = library.ask(question)
    text = "\n".join(lines)
    assert all(name in text for name in told)
    assert not any(name in text for name in untold)


def test_a_theme_that_the_library_does_not_know_is_not_answered(library):
    assert library.ask("timeline of nuclear fusion") == (None, [])


def test_a_timeline_is_a_list_of_lines(library):
    citations = Citations(library.catalogue)
    text = join_sentences(
        tell_timeline(
            Timeline(span=TimeSpan(date(2019, 1, 1), date(2019, 12, 31), "in 2019")), library.catalogue, citations
        )
    )
    opening, *lines = text.split("\n")
    assert opening == f"Events in 2019 ({len(lines)}):"
    assert all(re.fullmatch(r"- .+\. \[\d+\]", line) for line in lines)


def test_two_bodies_can_bound_a_timeline(library):
    timeline = library.read("What happened between the AI Seoul Summit and the Paris AI Action Summit?")
    assert timeline is not None and not timeline.bodies and timeline.span is not None
    assert (timeline.span.first, timeline.span.last) == (date(2024, 5, 22), date(2025, 2, 9))


@pytest.mark.parametrize(
    ("question", "date", "place"),
    [
        ("Where and when was the most recent IDAIS meeting?", "17 April 2026", "London"),
        ("The last REAIM meeting about military AI, in which city was it?", "4 February 2026", "A Coruña"),
        ("In what town did the REAIM people last convene?", "4 February 2026", "A Coruña"),
    ],
)
def test_the_last_of_a_sort_is_told_alone(library, question, date, place):
    _, lines = library.ask(question)
    assert len(lines) == 1 and lines[0].startswith(f"- {date}: ") and place in lines[0]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Where did the scientists of IDAIS meet over the years, one after the other?",
            ["Ditchley", "Beijing dialogue", "Venice dialogue", "Shanghai dialogue", "London dialogue"],
        ),
        (
            "In what sequence did the big platforms come onto the C2PA steering committee during 2024?",
            ["Google joined", "OpenAI joined", "Meta joined", "Amazon joined"],
        ),
        ("The UK AISI changed its name more than once, what was it called when?", ["Taskforce announced", "renamed"]),
        ("Chronology of the UK AISI, from its announcement to the new name", ["Taskforce announced", "renamed"]),
        (
            "Steps on AI in Africa in 2024 and 2025, in order: the AU strategy, Kigali, the council",
            ["July 2024", "4 April 2025", "November 2025"],
        ),
        ("What happened with Microsoft and OpenAI's relationship over the years?", ["July 2019", "April 2026"]),
    ],
)
def test_events_of_a_sort_are_told_in_order(library, question, told):
    _, lines = library.ask(question)
    text = "\n".join(lines)
    assert [name for name in told if name not in text] == []


def test_meetings_of_a_body_leave_its_papers_out(library):
    _, lines = library.ask("Where did the scientists of IDAIS meet over the years, one after the other?")
    assert not any("statement" in line for line in lines)


def test_what_a_question_lists_must_be_among_the_events(library):
    assert library.ask("Steps on AI in Africa in 2024 and 2025, in order: the AU strategy, the zebra") == (None, [])


def test_a_part_of_a_name_bounds_a_timeline_on_both_sides(library):
    timeline = library.read("Tell the series of AI summits, from Bletchley Park on to New Delhi, with dates.")
    assert timeline is not None and timeline.span is not None
    assert (timeline.span.first, timeline.span.last) == (date(2023, 11, 1), date(2026, 2, 16))
    assert len(timeline.span.told_in) == 2
