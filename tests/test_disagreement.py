"""What the sources disagree about is told word for word where it is asked for, and only of what is asked."""

from __future__ import annotations

import pytest

from assistant.citing import Citations
from assistant.exact.disagreement import read_dispute, tell_disagreement, tell_dispute


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Do sources agree on when Current AI was launched?", ["Reports differ on the launch day of Current AI"]),
        ("Do the reports on Akrites disagree?", ["Reports differ on the number of founders of Akrites"]),
        (
            "I get different numbers for the ELLIS units in 2020. What do the reports say?",
            ["17 first and 10 further", "another only 14 countries"],
        ),
        ("Why do the dates of CHAI's founding contradict each other?", ["Reports differ on the founding year"]),
    ],
)
def test_the_disagreement_asked_about_is_told(take, shipped, question, told):
    citations = Citations(shipped)
    sentences = tell_dispute(read_dispute(take(question)), shipped, citations)
    assert len(sentences) == len(told)
    assert all(part in sentence.text for part, sentence in zip(told, sentences, strict=True))
    assert [sentence.text.strip("“”") for sentence in sentences] == [citation.quote for citation in citations.all()]


@pytest.mark.parametrize(
    "question",
    [
        "Which dates did the countries agree on at the AI Seoul Summit?",
        "What did the members of the Frontier Model Forum agree on?",
        "Who founded Akrites?",
        "Do sources agree on AI?",
    ],
)
def test_agreement_of_others_is_no_dispute_of_sources(take, question):
    assert read_dispute(take(question)) is None


def test_competing_figures_are_those_of_any_dispute(take, shipped):
    dispute = read_dispute(take("What are the competing figures of REAIM?"))
    (told,) = tell_dispute(dispute, shipped, Citations(shipped))
    assert "600" in told.text and "1,000" in told.text


def test_a_disagreement_about_something_else_is_not_told(take, shipped):
    dispute = read_dispute(take("Do the reports on Akrites disagree about its budget?"))
    assert tell_dispute(dispute, shipped, Citations(shipped)) == []


def test_beside_a_fact_only_a_disagreement_about_it_is_told(shipped):
    (alliance,) = [alliance for alliance in shipped.alliances if alliance.slug == "current-ai"]
    told = tell_disagreement(alliance, {"launch", "day", "date"}, shipped, Citations(shipped))
    assert [sentence.text.partition(":")[0] for sentence in told] == ["“Reports differ on the launch day of Current AI"]
