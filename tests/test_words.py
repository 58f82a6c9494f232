"""A sentence is taken apart alike on both sides of a comparison: dates, numbers, names, negation, stems, concepts."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.words import (
    FUNCTION_WORDS,
    Date,
    Number,
    concept,
    concepts,
    content_stems,
    content_words,
    find_dates,
    find_names,
    find_numbers,
    first_word,
    is_negated,
    stem,
    words,
)
from index.fact_sentences import spoken_date

SOME = settings(deadline=None, max_examples=60)
DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))


# -- dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 26 July 2023", [Date(2023, 7, 26)]),
        ("on July 26, 2023", [Date(2023, 7, 26)]),
        ("on the 26th of July 2023", [Date(2023, 7, 26)]),
        ("on 26 July, 2023", [Date(2023, 7, 26)]),
        ("on 2023-07-26", [Date(2023, 7, 26)]),
        ("in 2023-07", [Date(2023, 7)]),
        ("in May 2024", [Date(2024, 5)]),
        ("in Sept. 2024", [Date(2024, 9)]),
        ("in dec 2024", [Date(2024, 12)]),
        ("in 2024", [Date(2024)]),
        ("on 5 May", [Date(0, 5, 5)]),
        ("May 30", [Date(0, 5, 30)]),
        ("from 2020 to 2021", [Date(2020), Date(2021)]),
        ("the council year 2020-21", [Date(2020)]),
        ("SB 1047", []),
        ("1,024 accelerators", []),
        ("20241 rows", []),
        ("members may join", []),
        ("version 1.0", []),
    ],
)
def test_dates_are_found_as_exact_as_they_are_told(text, expected):
    assert find_dates(text) == expected


def test_each_stretch_of_a_text_is_one_date():
    text = "It was announced on 4 November 2019, incorporated in May 2020 and dissolved in 2024."
    assert sorted(find_dates(text), key=lambda date: date.year) == [Date(2019, 11, 4), Date(2020, 5), Date(2024)]


@given(DAYS)
@SOME
def test_every_day_is_read_back_from_every_way_of_writing_it(day):
    expected = [Date(day.year, day.month, day.day)]
    spoken = spoken_date(day.isoformat())
    number, month, year = spoken.split()
    for written in (day.isoformat(), spoken, f"{month} {number}, {year}", f"{number} {month[:3]} {year}"):
        assert find_dates(f"It began on {written}.") == expected, written


@pytest.mark.parametrize(
    ("claimed", "told", "agrees"),
    [
        (Date(2023, 7, 26), Date(2023, 7, 26), True),
        (Date(2023, 7), Date(2023, 7, 26), True),
        (Date(2023), Date(2023, 7, 26), True),
        (Date(0, 7, 26), Date(2023, 7, 26), True),
        (Date(2023, 7, 26), Date(2023, 7), False),
        (Date(2023, 7), Date(2023), False),
        (Date(2024), Date(2023, 7, 26), False),
        (Date(2023, 6), Date(2023, 7, 26), False),
        (Date(2023, 7, 25), Date(2023, 7, 26), False),
    ],
)
def test_a_date_agrees_with_one_at_least_as_exact(claimed, told, agrees):
    assert claimed.agrees_with(told) is agrees


# -- numbers


def found(text):
    return [(number.value, *number.units[:1]) for number in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19 members", [(19, "members")]),
        ("nineteen members", [(19, "members")]),
        ("twenty-five members", [(25, "members")]),
        ("twenty five members", [(25, "members")]),
        ("seventy-six thousand people", [(76_000, "people")]),
        ("1,024 accelerators", [(1_024, "accelerators")]),
        ("one hundred members", [(100, "members")]),
        ("97 million times a month", [(97_000_000, "times")]),
        ("10k stars", [(10_000, "stars")]),
        ("1.5 billion dollars", [(1_500_000_000, "dollars")]),
        ("USD 10 million", [(10_000_000,)]),
        ("$10m", [(10_000_000,)]),
        ("30 per cent", [(30, "%")]),
        ("30%", [(30, "%")]),
        ("thirty percent of them", [(30, "%")]),
        ("200 members in 29 countries", [(200, "members"), (29, "countries")]),
        ("10 to 20 members", [(10,), (20, "members")]),
        ("a two-day meeting", [(2, "day")]),
        ("12 members on 3 December 2020", [(12, "members")]),
        ("in 2024", []),
        ("GPT-4o, v6.0 and the 1st of them", []),
    ],
)
def test_numbers_are_found_with_scale_and_what_they_count(text, expected):
    assert found(text) == expected


def test_a_number_counts_the_words_up_to_the_next_preposition():
    (number,) = find_numbers("It has 25 new member firms in Europe.")
    assert number == Number(25.0, ("new", "member", "firms"))


def test_the_unit_is_the_stem_of_the_first_word_counted():
    assert [number.unit for number in find_numbers("19 members, 25 member and 3")] == ["member", "member", ""]


def test_a_decimal_is_told_from_a_whole_number():
    assert [number.is_decimal for number in find_numbers("version 1.0 has 4 parts")] == [True, False]


@given(st.integers(min_value=0, max_value=10**9))
@SOME
def test_a_whole_number_reads_the_same_with_and_without_commas(value):
    # Four digits that could be a year are read as one, in digits without a comma only.
    for written in {f"{value:,}", str(value)} if not 1900 <= value < 2100 else {f"{value:,}"}:
        assert found(f"They count {written} tests.") == [(value, "tests")]


# -- names and negation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Frontier Model Forum was founded in May 2024", ["Frontier", "Model", "Forum"]),
        ("Google's members met Meta’s", ["Google", "Meta"]),
        ("A*STAR, eBay and GPT-4o", ["A*STAR", "eBay", "GPT-4o"]),
        ("It was founded on 26 July 2023", []),
        ("members met", []),
        ("", []),
    ],
)
def test_names_are_the_words_with_capitals_but_for_function_words_and_months(text, expected):
    assert find_names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It does not lobby",
        "It doesn't lobby",
        "It isn’t a body",
        "It cannot join",
        "It no longer exists",
        "It never met",
        "Nobody left",
        "It lacks a board",
        "They met without Meta",
        "neither A nor B",
        "None of them joined",
    ],
)
def test_denying_words_are_seen(text):
    assert is_negated(text)


@pytest.mark.parametrize("text", ["It is notable now", "Another noted knot", "nothingness", "It joined", ""])
def test_words_that_only_look_like_denying_are_not(text):
    assert not is_negated(text)


# -- words, stems, concepts


def test_words_keep_their_inner_marks():
    assert words("U.S. firms co-founded A*STAR; Meta's R&D.") == [
        "U.S",
        "firms",
        "co-founded",
        "A*STAR",
        "Meta's",
        "R&D",
    ]


def test_the_first_word_is_as_written_and_may_lack():
    assert first_word("“Who founded it?") == "Who" and first_word("?!") is None


def test_content_words_are_neither_function_words_nor_bare_numbers():
    assert content_words("Which of the 19 members has ever joined a Working Group?") == [
        "members",
        "joined",
        "Working",
        "Group",
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("non-profit", "nonprofit"), ("co-founded", "cofounded"), ("Meta’s", "meta")]
)
def test_ways_of_writing_a_word_share_a_stem(one, other):
    assert content_stems(one) & content_stems(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("founded", "launched"),
        ("founders", "co-founder"),
        ("left", "resigned"),
        ("led", "head"),
        ("headquarters", "based"),
        ("company", "firms"),
        ("organisation", "organization"),
        ("country", "government"),
        ("paid", "costs"),
        ("member", "participants"),
    ],
)
def test_words_of_the_same_meaning_are_one_concept(one, other):
    assert concept(one) == concept(other)
    assert concepts({stem(one)}) == concepts({stem(other)})


@pytest.mark.parametrize(
    ("one", "other"),
    [("joined", "left"), ("founded", "joined"), ("members", "founders"), ("members", "partners"), ("leads", "leaves")],
)
def test_different_acts_and_things_stay_apart(one, other):
    assert concept(one) != concept(other)


@given(st.text(max_size=80))
@SOME
def test_any_text_can_be_taken_apart(text):
    in_text = words(text)
    assert set(content_words(text)) <= set(in_text)
    assert not {word.lower() for word in content_words(text)} & FUNCTION_WORDS
    assert {stem(word) for word in content_words(text)} <= content_stems(text)
    assert all(name.lower() not in FUNCTION_WORDS for name in find_names(text))
    assert all(date.month <= 12 for date in find_dates(text))
    assert all(number.value >= 0 for number in find_numbers(text))
    assert is_negated(text) in (True, False)
