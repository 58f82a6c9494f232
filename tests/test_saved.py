"""A conversation comes back from the browser as it was; what is copied has its sources and no markup."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Citation
from index.types import Passage, Sentence, Source
from ui.chat.saved import read_conversation, record_html, turn_markdown
from ui.chat.turn import Stage, Turn

SOURCE = Source("s", "A report", "A Publisher", "2023-12", "https://example.org/report")
CITATION = Citation(1, "The Forum", "forum", None, "2024-07-18", "It is <b>small</b>.", "p1", None, (SOURCE,))
ANSWER = Answer("It is small. [1] In [2023] and [7].", False, "exact", (CITATION,), timings={"total": 0.1})
PASSAGE = Passage("p1", "forum", "The Forum", "", (Sentence(0, "It is <b>small</b>.", "", ("s",)),))
TURN = Turn(3, 'Is "it" small?', Stage.ANSWERED, ANSWER.text, passages={"p1": PASSAGE}, answer=ANSWER)


def record(turns):
    """The attributes of the element that holds the conversation."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append(dict(attributes))
    parser.feed(record_html("an id", turns))
    return found[0] if found else None


def test_a_conversation_comes_back_as_it_was():
    assert read_conversation(record([TURN])["data-kept"]) == ("an id", (TURN,))


def test_only_answered_turns_are_kept():
    stopped = Turn(4, "Stopped?", Stage.STOPPED)
    assert read_conversation(record([TURN, stopped])["data-kept"])[1] == (TURN,)
    assert record([stopped]) is None


def test_nothing_is_kept_while_an_answer_is_open():
    assert record([TURN, Turn(4, "And now?")]) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        '["an id", []]',
        '["an id", [{"number": 1, "question": "x", "stage": "answered"}]]',
        '["an id", [{"number": 1, "question": "x", "stage": "working"}]]',
        '["an id", [{"number": "<b>", "question": "x", "stage": "answered"}]]',
    ],
)
def test_what_is_no_conversation_is_refused(text):
    with pytest.raises(ValueError):
        read_conversation(text)


def test_a_copied_answer_has_its_sources_as_footnotes():
    assert turn_markdown(TURN) == (
        "It is small. [^3-1] In [2023] and [7].\n\n"
        "[^3-1]: “It is &lt;b>small&lt;/b>.” A report, A Publisher, December 2023, https://example.org/report"
    )


def test_without_a_source_the_footnote_names_the_article():
    answer = replace(ANSWER, citations=(replace(CITATION, sources=()),))
    assert turn_markdown(replace(TURN, answer=answer)).endswith("” The Forum, 18 July 2024")


@given(st.text(), st.text())
def test_no_text_makes_html_a_link_or_a_picture_when_copied(text, quote):
    source = replace(SOURCE, title=text, publisher=quote, url=text)
    answer = replace(ANSWER, text=f"{text} [1]", citations=(replace(CITATION, quote=quote, sources=(source,)),))
    copied = turn_markdown(replace(TURN, answer=answer))
    assert "<" not in copied
    assert not re.search(r"(?<!\\)(?:\\\\)*\[(?!\^|\d)", copied)


@given(st.text())
def test_no_text_breaks_out_of_the_record(text):
    attributes = record([replace(TURN, question=text)])
    assert set(attributes) == {"data-id", "data-kept", "data-texts"}
    assert json.loads(attributes["data-texts"])[0][0] == TURN.number
