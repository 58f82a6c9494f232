"""What is chosen in the filter bar goes along with the question, and is told with its answer."""

import pytest
from standin import StandIn
from test_tab import finish

from ui.chat.filter_bar import filter_words, told
from ui.chat.render import chat_messages
from ui.chat.saved import turn_markdown
from ui.chat.tab import Tab

CHOSEN = ({"alliances": ["MLCommons", "ROOST"], "since": "2024"}, "MLCommons or ROOST; since 2024")


@pytest.mark.parametrize(
    ("fields", "words", "text"),
    [
        (([], [], "", " "), {}, ""),
        ((None, None, None, None), {}, ""),
        ((["MLCommons", "ROOST"], [], "2024 ", ""), *CHOSEN),
        (([], ["safety"], "", "2025-07"), {"kinds": ["safety"], "until": "2025-07"}, "safety; until 2025-07"),
    ],
)
def test_only_what_is_chosen_is_a_filter(fields, words, text):
    assert filter_words(*fields) == words
    assert told(filter_words(*fields)) == text


def test_a_question_is_asked_and_gone_on_from_with_its_filter():
    assistant, seen = StandIn(), []
    assistant.suggestions = lambda question, slugs, **filters: seen.append(filters) or iter(())
    conversation = assistant.conversation()
    stream = conversation.stream
    conversation.stream = lambda question, **filters: seen.append(filters) or stream(question)
    assistant.conversation = lambda: conversation
    tab = Tab(assistant)
    assert tab.ask("a question", CHOSEN[0])
    assert all(changed in (True, False) for changed in tab.answer())
    assert seen == [CHOSEN[0], CHOSEN[0]]
    finish(tab, "without")
    assert seen[2:] == [{}, {}]


def test_the_filter_stands_above_the_answer_also_where_it_is_kept():
    tab = Tab(StandIn())
    assert tab.ask("a question", {"kinds": ["<b>"]})
    for _ in tab.answer():
        pass
    (turn,) = tab.turns
    reply = chat_messages(tab.turns)[1]["content"]
    assert reply.index("With the filter&#58; &#60;b&#62;") < reply.index("Frontier")
    assert turn_markdown(turn).startswith("(With the filter: &lt;b>)\n\n")
    assert "with the filter" not in turn_markdown(finish(tab, "without")).lower()
