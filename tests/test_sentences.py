"""Markdown becomes plain sentences, in order, each with its heading and the sources that stand behind it.

Nothing else is left: no markup, no HTML, no pictures, no character that cannot be seen.
"""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import clean_text, read_sentences, split_text, unknown_sources

KNOWN = frozenset({"s1", "s2", "s10"})


def texts(body):
    return [sentence.text for sentence in read_sentences(body, KNOWN)]


def told(body):
    return [(sentence.text, sentence.source_ids) for sentence in read_sentences(body, KNOWN)]


# -- sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It was led by Dr. Smith of Meta Inc. and others. It ended.", 2),
        ("The U.S. AI Safety Institute joined. The U.K. one did too.", 2),
        ("Chips, e.g. accelerators, cost more, i.e. too much. So it is.", 2),
        ("It costs $1.5 million. Version 1.0.2 came on 3.4.2024. It works.", 3),
        ("See example.org for more. It is free.", 2),
        ("It has members (see No. 5 on the list). It grows.", 2),
        ("The members include 01.AI and SD.Next. Both are new.", 2),
        ("", []),
        ("  \n ", []),
        ("Ein Satz ohne Ende", ["Ein Satz ohne Ende"]),
    ],
)
def test_a_paragraph_is_cut_at_the_ends_of_its_sentences(text, sentences):
    found = split_text(text)
    assert len(found) == sentences if isinstance(sentences, int) else found == sentences
    assert " ".join(found).split() == text.split()


def test_sentences_are_numbered_through_the_article_and_stand_under_their_heading():
    found = read_sentences("First. Second.\n\n# Top\n\nThird.\n\n## *Who* is in\n\nFourth.\n")
    assert [(s.number, s.text, s.heading) for s in found] == [
        (0, "First.", ""),
        (1, "Second.", ""),
        (2, "Third.", "Top"),
        (3, "Fourth.", "Who is in"),
    ]


def test_a_heading_is_no_sentence():
    assert texts("# Only a heading\n\n## Another\n") == []


def test_lines_of_a_paragraph_are_joined():
    assert texts("One sentence\nover two\nlines. Another\\\none  \nhere.") == [
        "One sentence over two lines.",
        "Another one here.",
    ]


# -- sources


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ("One. [s1] Two.", [("One.", ("s1",)), ("Two.", ())]),
        ("One.[s1] Two. [s2]", [("One.", ("s1",)), ("Two.", ("s2",))]),
        ("One [s1]. Two [s2]!", [("One.", ("s1",)), ("Two!", ("s2",))]),
        ("One. [s1, s10] Two.", [("One.", ("s1", "s10")), ("Two.", ())]),
        ("One. [s1,s2]", [("One.", ("s1", "s2"))]),
        ("One. [s1] [s2] Two.", [("One.", ("s1", "s2")), ("Two.", ())]),
        ("One. Two. [s1]", [("One.", ()), ("Two.", ("s1",))]),
        ("One.\n[s1]\nTwo.", [("One.", ("s1",)), ("Two.", ())]),
        ("One.\n\nTwo. [s1]", [("One.", ()), ("Two.", ("s1",))]),
        ("- One. [s1]\n- Two. [s2]", [("One.", ("s1",)), ("Two.", ("s2",))]),
        ("[s1] One.", [("One.", ())]),
        ("One [s3] two.", [("One [s3] two.", ())]),
        ("One [s1, s3] two.", [("One [s1, s3] two.", ())]),
        ("One [1] and [S1] and [ss1] two.", [("One [1] and [S1] and [ss1] two.", ())]),
        ("| A | b [s1] |\n|---|---|\n| C | d [s2] |", [("A; b", ("s1",)), ("C; d", ("s2",))]),
    ],
)
def test_a_marker_backs_the_sentence_before_it_and_leaves_the_text(body, sentences):
    assert told(body) == sentences


def test_unknown_sources_are_found_with_their_lines():
    body = "One. [s1]\n\nTwo. [s2, s7] and [s8]\nThree. [s1,\ns9]"
    assert unknown_sources(body, frozenset({"s1", "s2"})) == [(2, "s7"), (2, "s8"), (3, "s9")]


# -- markup


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ("A **bold** and *slanted* `code` word.", ["A bold and slanted code word."]),
        ("See [the site](https://example.org 'title') now.", ["See the site now."]),
        ("See [the site][1] now.\n\n[1]: https://example.org", ["See the site now."]),
        ("See <https://example.org> now.", ["See https://example.org now."]),
        ("See ![a picture](x.png) now.", ["See now."]),
        ("![a picture](x.png)", []),
        ("[![a picture](x.png)](https://example.org)", []),
        ("A <b>bold</b><br/> word<!-- hidden -->.", ["A bold word."]),
        ("Before.\n\n<div>\n<p>Hidden.</p>\n</div>\n\nAfter.", ["Before.", "After."]),
        ("<script>alert('x')</script>\n\nAfter.", ["After."]),
        ("<style>p { display: none }</style>", []),
        ("<!-- a\n\ncomment -->\n\nAfter.", ["After."]),
        ("1 < 2 and 3 > 2.", ["1 < 2 and 3 > 2."]),
        ("A &amp; B &lt;b&gt; &eacute;.", ["A & B <b> é."]),
        ("> Quoted. Twice.", ["Quoted.", "Twice."]),
        ("- One\n- Two\n  - Three", ["One", "Two", "Three"]),
        ("1. One\n2. Two", ["One", "Two"]),
        ("One\n\n***\n\nTwo", ["One", "Two"]),
        ("```python\nx = 1\ny = 2\n```", ["x = 1 y = 2"]),
        ("    indented = 1", ["indented = 1"]),
        ("Not \\*bold\\*.", ["Not *bold*."]),
        ("| Body | Founded |\n|---|---|\n| Forum | 2023 |\n| | |\n| Lab | |", ["Body; Founded", "Forum; 2023", "Lab"]),
        ("| Body |\n|---|\n| See [x](y) ![z](z.png) |", ["Body", "See x"]),
    ],
)
def test_markup_is_left_out_and_what_it_marks_stays(body, sentences):
    assert texts(body) == sentences


def test_very_deep_nesting_ends():
    assert texts("> " * 5_000 + "deep\n\n" + "After.") == ["After."]


# -- characters

INVISIBLE = {
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "right to left override": "\u202e",
    "left to right isolate": "\u2066",
    "arabic letter mark": "\u061c",
    "tag letter": "\U000e0041",
}


@pytest.mark.parametrize("char", INVISIBLE.values(), ids=INVISIBLE)
def test_an_invisible_character_is_left_out(char):
    assert texts(f"An al{char}liance{char}.") == ["An alliance."]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\ud800", "\xa0", "\u2028", "\u3000"])
def test_a_control_character_or_odd_blank_becomes_a_blank(char):
    assert clean_text(f"a{char}b") == "a b"


def test_characters_are_composed():
    assert clean_text("Moe\u0308t") == "Mo\u00ebt"
    assert clean_text("Moe\u200b\u0308t") == "Mo\u00ebt"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_more(text):
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in clean)
    assert clean == " ".join(clean.split())


# -- all together

WORD = st.text(alphabet="abcdéß北", min_size=1, max_size=6)
SENTENCE = st.lists(WORD, min_size=1, max_size=6).map(lambda words: " ".join(words).capitalize() + ".")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(SENTENCE, min_size=1, max_size=3), min_size=1, max_size=4))
def test_no_word_of_plain_paragraphs_is_lost_or_moved(paragraphs):
    body = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    found = read_sentences(body)
    assert " ".join(sentence.text for sentence in found).split() == body.split()
    assert [sentence.number for sentence in found] == list(range(len(found)))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab. \n#*_-|>`[]()!<&;\\:1s\t\u202e\x00é"), max_size=80))
def test_any_markdown_gives_clean_sentences(body):
    for sentence in read_sentences(body, KNOWN):
        assert sentence.text
        assert sentence.text == clean_text(sentence.text)
        assert sentence.heading == clean_text(sentence.heading)
        assert KNOWN.issuperset(sentence.source_ids)
