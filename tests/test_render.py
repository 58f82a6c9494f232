"""What a turn looks like: the right words, marks and links; no text makes any other markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.tables import table_head, table_row
from assistant.types import Answer, Citation, Delta, Finished, Retrieved
from index.types import Passage, Sentence, Source
from ui.chat.render import chat_messages
from ui.chat.sources import sources_html
from ui.chat.turn import Stage, Turn, advance
from ui.text import clean, human_date, inert, safe_link

QUOTE = "The forum was founded in 2023."
PASSAGE = Passage(
    "p1",
    "forum",
    "The Forum",
    "",
    (Sentence(4, "It is small.", ""), Sentence(5, QUOTE, ""), Sentence(6, "It is in the USA.", "")),
)
CITATION = Citation(1, "The Forum", "forum", "https://example.org/a", "2024-07-18", QUOTE, "p1", "A Publisher")
ANSWER = Answer(f"{QUOTE} [1]", False, "open", (CITATION,), model="a model")
ASKED = Turn(7, "When was it founded?")
ANSWERED = replace(advance(ASKED, Finished(ANSWER)), passages={"p1": PASSAGE})
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=http://198.51.100.7/x onerror=alert(1)>",
    "![image](http://198.51.100.7/x)",
    "[click](javascript:alert(1))",
    "<http://198.51.100.7/> www.example.com someone@example.com",
    "' onmouseover='alert(1)' \" style=\"position:fixed",
    "</p></article><h1>Big</h1>",
    "line\n\n# heading\n\n- item\n\n    code\n\n| a |\n|---|\n",
    "$$x$$ \\(y\\) `code` ```\nblock\n```",
    "&lt;b&gt; &#60;script&#62;",
    "${alert(1)} {{value}}",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>@import url(http://198.51.100.7/x)</style>",
    "<details open ontoggle=alert(1)>",
    "[a]: javascript:alert(1)\n[a]",
    "<a href=data:text/html;base64,x>x</a>",
)
ALLOWED = {
    "p": {"class"},
    "ul": {"class"},
    "li": set(),
    "div": {"class", "tabindex", "role", "aria-label"},
    "table": set(),
    "thead": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"scope"},
    "td": set(),
    "span": {"class"},
    "a": {"class", "href", "title", "target", "rel"},
    "h2": set(),
    "h3": {"class"},
    "article": {"class", "id", "tabindex", "aria-label"},
    "blockquote": set(),
    "mark": set(),
    "details": set(),
    "summary": set(),
    "code": set(),
    "button": {"type", "class", "data-article", "data-sentence"},
}


class Seen(HTMLParser):
    """What a browser would make of some HTML: its tags with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def reply(turn):
    return chat_messages([turn])[1]["content"]


def hostile_turn(text, stage=Stage.ANSWERED):
    source = Source(text, text, text, text, text)
    citation = Citation(1, text, text, text, text, text, "p1", text, (source,))
    answer = Answer(f"{text} [1]", False, "open", (citation,), model=text)
    sentences = (Sentence(0, "Before.", text), Sentence(1, text, text), Sentence(2, "After.", text))
    passages = {"p1": Passage("p1", text, text, text, sentences)}
    return Turn(
        1, text, stage, answer.text, titles=(text,), found=1, passages=passages, answer=answer, suggestions=(text,)
    )


def assert_harmless(html):
    seen = Seen(html)
    for tag, attributes in seen.tags:
        assert attributes.keys() <= ALLOWED[tag], tag
    for link in seen.all("a"):
        assert link["href"].startswith("#source-") or safe_link(link["href"])


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_markup(text, stage):
    turn = hostile_turn(text, stage)
    for html in (*(message["content"] for message in chat_messages([turn])), sources_html([turn, turn])):
        assert_harmless(html)


@given(st.text())
def test_no_text_makes_markup(text):
    turn = hostile_turn(text)
    for html in (*(message["content"] for message in chat_messages([turn])), sources_html([turn])):
        assert_harmless(html)


@given(st.text())
def test_inert_text_reads_as_the_clean_text(text):
    assert Seen(inert(text)).text == clean(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_message_gives_markdown_nothing_to_read(text):
    content = chat_messages([Turn(1, text)])[0]["content"]
    assert "\n" not in content
    for tag in ("p", "ul", "li"):
        content = content.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert not set(content) & set("<>[]()!*_`$\\/:.@|~{}\"'=")


@pytest.mark.parametrize(
    "hidden",
    ["\u202e", "\u2066", "\u200b", "\u200f", "\u2060", "\ufeff", "\u00ad", "\U000e0041", "\x00", "\x1b"],
)
def test_characters_that_hide_or_reorder_text_are_removed(hidden):
    assert clean(f"a{hidden}b") == "ab"


def test_line_breaks_stay():
    assert clean("a\r\nb\u2028c\td") == "a\nb\nc\td"


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://example.org/a?b=1&c=2#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("//example.org/a", False),
        ("/etc/passwd", False),
        ("https://", False),
        ("https://user@example.org/", False),
        ("https://good.example@evil.example/", False),
        ("https://exam\u202eple.org/", False),
        (" https://example.org/", False),
        ("https://example.org/a b", False),
        ("java\nscript:alert(1)", False),
        ("https://[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, is_safe):
    assert safe_link(url) == (url if is_safe else None)


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2024-07-18", "18 July 2024"),
        ("2024-07", "July 2024"),
        ("2024", "2024"),
        ("2024-13", "2024-13"),
        ("2024-02-30", "2024-02-30"),
        ("2024-07-18-01", "2024-07-18-01"),
        ("spring", "spring"),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(iso, words):
    assert human_date(iso) == words


def test_events_build_the_turn():
    passage = Passage("p1", "forum", "The Forum", "", (Sentence(0, QUOTE, ""),))
    turn = advance(ASKED, Retrieved((passage, passage)))
    assert turn.titles == ("The Forum",)
    turn = advance(advance(turn, Delta("The forum ")), Delta("was"))
    assert turn.text == "The forum was"
    turn = advance(turn, Finished(ANSWER))
    assert (turn.text, turn.stage, turn.citations) == (ANSWER.text, Stage.ANSWERED, ANSWER.citations)


def test_a_marker_links_to_its_card():
    (link,) = Seen(reply(ANSWERED)).all("a")
    (card,) = Seen(sources_html([ANSWERED])).all("article")
    assert link["href"] == "#" + card["id"]


def test_markers_in_one_bracket_are_linked_one_by_one():
    two = replace(ANSWER, citations=(CITATION, replace(CITATION, number=2)))
    turn = replace(ANSWERED, text="Both. [1, 2] Twice. [1][2]", answer=two)
    assert [link["title"] for link in Seen(reply(turn)).all("a")] == ["Source 1", "Source 2"] * 2


def test_a_number_without_a_citation_stays_text():
    seen = Seen(reply(replace(ANSWERED, text="In brackets [2023] and [9].")))
    assert seen.all("a") == []
    assert seen.text.startswith("In brackets [2023] and [9].")


def test_while_an_answer_is_written_its_numbers_are_shown_but_lead_nowhere():
    seen = Seen(reply(replace(ASKED, stage=Stage.WORKING, text="So far. [1]")))
    assert seen.all("a") == []
    assert {"class": "cite"} in seen.all("span")
    assert seen.text == "So far.1Writing, and checking each sentence"


def test_a_stopped_answer_has_no_numbers_since_it_has_no_cards():
    assert Seen(reply(replace(ASKED, stage=Stage.STOPPED, text="So far. [1]"))).text == "So far.Stopped."


def test_bullets_become_a_list():
    seen = Seen(reply(replace(ANSWERED, text="Members: [1]\n- IBM [1]\n- Meta\nThat is all.")))
    assert len(seen.all("li")) == 2
    assert "IBM" in seen.text
    assert "- " not in seen.text


def test_the_hint_names_the_articles_being_read():
    hint = Seen(reply(replace(ASKED, stage=Stage.WORKING, titles=("A", "B", "C", "D", "E"), found=7))).text
    assert hint == "Reading 7 passages in A, B, C and 2 more"


def test_a_question_that_waits_says_what_comes_first():
    waiting = replace(ASKED, place="3 questions before yours, about 6 s")
    assert Seen(reply(waiting)).text == "Waiting: 3 questions before yours, about 6 s"


def test_what_is_said_unasked_has_no_question():
    said = replace(ASKED, question="", stage=Stage.FAILED, text="It cannot be read.")
    assert [message["role"] for message in chat_messages([said])] == ["assistant"]


def test_suggestions_stand_under_the_newest_answer_only():
    offered = replace(ANSWERED, suggestions=("Who hosts it?",))
    contents = [message["content"] for message in chat_messages([offered, offered])]
    assert ["Who hosts it?" in Seen(content).text for content in contents] == [False, False, False, True]
    assert {"type": "button", "class": "ask"} in Seen(contents[3]).all("button")


def test_an_abstention_offers_what_the_articles_do_tell():
    declined = replace(advance(ASKED, Finished(Answer("Not told.", True, "abstain"))), suggestions=("Who hosts it?",))
    assert Seen(reply(declined)).text == "Not told.The articles do tell:Who hosts it?"


def test_an_answer_can_be_copied_and_an_abstention_cannot():
    declined = advance(ASKED, Finished(Answer("Not told.", True, "abstain")))
    assert Seen(reply(ANSWERED)).all("button") == [{"type": "button", "class": "copy-answer turn-7"}]
    assert Seen(reply(declined)).all("button") == []


def test_a_card_opens_its_article_at_the_quoted_sentence():
    (opener,) = Seen(sources_html([ANSWERED])).all("button")
    assert (opener["data-article"], opener["data-sentence"]) == ("forum", "5")


def test_a_card_whose_passage_is_gone_opens_nothing():
    assert Seen(sources_html([replace(ANSWERED, passages={})])).all("button") == []


def test_the_quote_is_marked_inside_its_passage():
    assert f"It is small. <mark>{QUOTE}</mark> It is in the USA." in sources_html([ANSWERED])


def test_a_quote_whose_passage_is_gone_stands_alone():
    assert f"<blockquote><mark>{QUOTE}</mark></blockquote>" in sources_html([replace(ANSWERED, passages={})])


def test_links_tell_the_other_side_nothing():
    (link,) = Seen(sources_html([ANSWERED])).all("a")
    assert link == {
        "href": "https://example.org/a",
        "target": "_blank",
        "rel": "noopener noreferrer nofollow",
    }


def test_a_publishers_name_never_stands_beside_another_articles_date():
    source = Source("s", "Report", "A Publisher", "2023-12", "https://example.org/report")
    answer = replace(ANSWER, citations=(replace(CITATION, sources=(source,)),))
    text = Seen(sources_html([replace(ANSWERED, answer=answer)])).text
    assert "A Publisher · December 2023" in text
    assert "A Publisher · 18 July 2024" not in text
    assert "Article in the library · 18 July 2024" in text


def test_an_article_of_its_own_publisher_shows_it_with_its_date():
    assert "A Publisher · 18 July 2024" in Seen(sources_html([ANSWERED])).text


def test_an_abstention_looks_different_and_has_no_sources():
    turn = advance(ASKED, Finished(Answer("The articles do not tell.", True, "abstain")))
    assert {"class": "abstained"} in Seen(reply(turn)).all("div")
    assert "The articles do not tell" in Seen(sources_html([turn])).text
    assert Seen(sources_html([turn])).all("article") == []


def test_small_talk_is_no_abstention():
    turn = advance(ASKED, Finished(Answer("Hello.", True, "smalltalk")))
    assert reply(turn) == "<p>Hello&#46;</p>"
    assert "do not tell" not in sources_html([turn])


def test_an_error_is_a_sentence_with_its_command():
    failed = reply(replace(ASKED, stage=Stage.FAILED, text="It broke. Run `alliances doctor`."))
    assert Seen(failed).text == "It broke. Run alliances doctor."
    assert Seen(failed).all("code") == [{}]


def test_earlier_answers_are_folded_under_their_question_newest_first():
    turns = [replace(ANSWERED, number=number, question=f"Question {number}?") for number in (1, 2, 3)]
    html = sources_html(turns)
    assert [card["id"] for card in Seen(html).all("article")] == ["source-3-1", "source-2-1", "source-1-1"]
    assert len(Seen(html).all("details")) == 2
    assert html.index("Question 2?") < html.index("Question 1?")


TABLE = (
    table_head(["", "The Forum", "A|B"])
    + "\n"
    + table_row(["Founded", "2023 [1]", "not told"])
    + "\n"
    + table_row(["<b>", "![x](y)", "| a |"])
)


def test_rows_become_a_table_with_headings_in_a_box_that_scrolls():
    seen = Seen(reply(replace(ANSWERED, text=f"- The Forum is a body. [1]\n\n{TABLE}")))
    assert seen.all("th") == [{"scope": "col"}] * 2 + [{"scope": "row"}] * 2
    assert seen.all("div") == [{"class": "table", "tabindex": "0", "role": "region", "aria-label": "Table"}]
    assert [len(seen.all(tag)) for tag in ("table", "thead", "tbody", "tr", "td", "li")] == [1, 1, 1, 3, 5, 1]
    assert [button["class"] for button in seen.all("button")][:3] == ["sort", "sort", "copy-table"]
    assert [link["title"] for link in seen.all("a")] == ["Source 1"] * 2
    assert "A|B" in seen.text and "<b>![x](y)| a |" in seen.text


@pytest.mark.parametrize("lines", [TABLE.split("\n")[1:], TABLE.split("\n")[:1], [*TABLE.split("\n"), "| too short |"]])
def test_rows_that_make_no_table_stay_text(lines):
    seen = Seen(reply(replace(ANSWERED, text="\n".join(lines))))
    assert not seen.all("table") and "| " in seen.text


def test_a_question_makes_no_table():
    assert "<table" not in chat_messages([Turn(1, TABLE)])[0]["content"]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1, max_size=3))
def test_no_cell_makes_markup(rows):
    text = "\n".join([table_head(["", "x"]), *map(table_row, rows)])
    seen = Seen(reply(replace(ANSWERED, text=text)))
    assert_harmless(reply(replace(ANSWERED, text=text)))
    assert len(seen.all("tr")) == len(rows) + 1
