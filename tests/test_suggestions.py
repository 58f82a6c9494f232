"""What is offered to go on with is about what was asked, and is really answered."""

import pytest

from assistant.suggestions import suggest
from index.types import AllianceRecord, Organisation


@pytest.fixture(scope="module")
def offered(shipped, shipped_names):
    """The questions offered after one."""
    return lambda asked, slugs=(): list(suggest(shipped, asked, shipped_names.find(asked), slugs))


def test_every_question_offered_about_a_body_is_answered_from_the_facts(assistant, offered):
    bodies = [name for name in assistant.articles() if offered("What about it?", [name.slug])]
    assert len(bodies) > 90
    for body in bodies:
        for question in offered("What about it?", [body.slug]):
            assert assistant.ask(question).kind == "exact", question


def test_every_question_offered_about_two_bodies_is_answered_from_the_facts(assistant, offered):
    questions = offered("Tell me about the Frontier Model Forum and MLCommons.")
    assert questions[0] == "Who is in both the Frontier Model Forum and MLCommons?"
    assert questions[1] == "How do the Frontier Model Forum and MLCommons differ?"
    for question in questions:
        assert assistant.ask(question).kind == "exact", question


def test_the_assistant_offers_only_what_it_answers(assistant):
    names = assistant._current().names
    everything = [*names.find("the AI Alliance")[0].alliances, names.find("Microsoft")[0].organisation]
    assert [type(thing) for thing in everything] == [AllianceRecord, Organisation]
    for question in assistant.suggestions("Are the AI Alliance and Microsoft rich?"):
        assert not assistant.ask(question).abstained


@pytest.mark.parametrize(
    ("asked", "not_again"),
    [
        ("Who founded MLCommons?", "Who founded MLCommons?"),
        ("By whom was MLCommons started?", "Who founded MLCommons?"),
        ("When did MLCommons begin?", "When was MLCommons founded?"),
        ("Who belongs to MLCommons?", "Who are the members of MLCommons?"),
        ("What is MLCommons?", "What is MLCommons?"),
    ],
)
def test_what_was_just_asked_is_not_offered(offered, asked, not_again):
    questions = offered(asked)
    assert questions
    assert not_again not in questions


def test_without_a_name_the_articles_looked_into_are_offered(offered):
    assert "What is MLCommons?" in offered("What is its budget?", ["no-such-article", "mlcommons"])[:2]


def test_two_bodies_that_an_answer_merely_cites_are_not_compared(offered):
    questions = offered("What happened in 2025?", ["mlcommons", "ai-alliance"])
    assert questions[:2] == ["What is MLCommons?", "What is the AI Alliance?"]


def test_without_a_name_or_an_article_nothing_is_offered(offered):
    assert offered("How do I bake bread?") == []


def test_an_organisation_leads_to_its_alliances(offered):
    assert "Which alliances is NVIDIA in?" in offered("Is Nvidia rich?")
