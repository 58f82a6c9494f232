"""Each fact of a front matter is told by the best of the sentences that hold it, or by none."""

import json

import pytest

from index.articles import read_article
from index.fact_sentences import (
    event_sentence,
    figure_sentence,
    founder_sentence,
    founding_sentence,
    host_sentence,
    member_sentence,
)

PLAIN = {"kind": "safety", "status": "active"}


def tell(tmp_path, body, **fields):
    """The article with this body and alliance, and the alliance."""
    path = tmp_path / "a.md"
    path.write_text(
        f"---\ntitle: A\nalliance: {json.dumps({'name': 'Example Forum', **PLAIN, **fields})}\n---\n{body}\n"
    )
    article = read_article(path)
    return article, article.alliance


@pytest.mark.parametrize(
    ("date", "body", "told"),
    [
        ("2023-07-26", "The Forum was founded on 26 July 2023.", 0),
        ("2023-07", "The Forum was founded in July 2023.", 0),
        ("2023", "The Forum was founded in 2023.", 0),
        ("2023-07-26", "The Forum was founded on 25 July 2023. It was founded in July 2023.", None),
        ("2023-07-06", "It was founded on 26 July 2023.", None),  # not "6 July 2023"
        ("2023", "The plan cost 20230 dollars.", None),
        ("2023", "In 2023 the Example Forum met. In 2023 it was launched.", 1),  # a verb of founding beats the name
        ("2023", "It was founded in 2023. The Example Forum was founded in 2023.", 1),
        ("2023", "The Example Forum was not founded in 2023. The Example Forum was set up in 2023.", 1),
        ("2023", "The Example Forum began in 2023. The Example Forum started in 2023.", 0),  # the earlier on a tie
    ],
)
def test_the_founding_date_is_told_by_the_best_sentence(tmp_path, date, body, told):
    article, alliance = tell(tmp_path, body, founded=date)
    sentence = founding_sentence(article, alliance)
    assert (sentence.number if sentence else None) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("It was founded by Arm.", 0),
        ("It was founded by Advanced Machines.", 0),
        ("Arm is a member.", None),
        ("It was founded by Army, ARM, Re-Arm, StrongArm and Arm-like firms.", None),
        ("Arm launched a chip. The Example Forum was created by Arm.", 1),
        ("Arm founded the Example Forum. The Example Forum was founded by Arm and Blue Labs.", 1),
        ("The Example Forum was not founded by Arm. Arm founded the Example Forum.", 1),
    ],
)
def test_a_founder_is_told_by_the_best_sentence(tmp_path, body, told):
    article, alliance = tell(tmp_path, body, founders=["Arm", "Blue Labs"])
    sentence = founder_sentence(article, alliance, ["Arm", "Advanced Machines"])
    assert (sentence.number if sentence else None) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Arm took part.", 0),
        ("Army and arms.", None),
        ("Arm makes chips. Arm sits on the board.", 1),  # the role
        ("Arm sits on the board. Arm sits on the board of the Example Forum.", 1),
        ("Arm is on the board. In 2024 Arm was on the board.", 1),
        ("The board holds Arm. The board holds Arm and Blue Labs.", 1),
        ("Arm came.\n\n## Members\n\nArm came.", 1),
        ("Arm left the board. Arm is on the board.", 1),
        ("Arm is on the board. Arm is on the board.", 0),
    ],
)
def test_a_member_is_told_by_the_best_sentence(tmp_path, body, told):
    group = {"role": "board", "as_of": "2024-05", "names": ["Arm", "Blue Labs"]}
    article, alliance = tell(tmp_path, body, members=[group])
    sentence = member_sentence(article, alliance, alliance.members[0], ["Arm"])
    assert (sentence.number if sentence else None) == told


def test_a_member_that_left_may_be_told_by_its_leaving(tmp_path):
    group = {"role": "board", "until": "2025", "names": ["Arm"]}
    article, alliance = tell(tmp_path, "Arm makes chips. Arm left the board.", members=[group])
    assert member_sentence(article, alliance, alliance.members[0], ["Arm"]).number == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Arm hosts the forum.", 0),
        ("The forum is part of Arm.", 0),
        ("Arm founded the forum.", None),
        ("Army hosts the forum.", None),
        ("Arm hosts a library. Arm hosts the Example Forum.", 1),
        ("Arm does not host the Example Forum. Arm hosts the Example Forum.", 1),
    ],
)
def test_a_host_is_told_by_the_best_sentence(tmp_path, body, told):
    article, alliance = tell(tmp_path, body, host=["Arm"])
    sentence = host_sentence(article, alliance, ["Arm"])
    assert (sentence.number if sentence else None) == told


@pytest.mark.parametrize(
    ("date", "what", "body", "told"),
    [
        ("2024-03-14", "first test suite released", "The first test suite came on 14 March 2024.", 0),
        ("2024-03-14", "first test suite released", "The first test suite came in March 2024.", None),
        ("2024-03-04", "first test suite", "The first test suite came on 14 March 2024.", None),
        ("2024-03", "launch", "It was launched in March 2024.", 0),
        ("2024-03", "launch", "Something happened in March 2024.", None),
        ("2024", "merger with the OECD", "In 2024 it met. In 2024 it merged with the OECD.", 1),
    ],
)
def test_an_event_is_told_by_the_best_sentence_with_its_date(tmp_path, date, what, body, told):
    article, alliance = tell(tmp_path, body, events=[{"date": date, "what": what}])
    sentence = event_sentence(article, alliance.events[0])
    assert (sentence.number if sentence else None) == told


@pytest.mark.parametrize(
    ("what", "value", "as_of", "body", "told"),
    [
        ("members", "more than 65", "2025-01", "In January 2025 it had more than 65 members.", 0),
        ("members", "more than 65", "2025-01", "In January 2024 it had more than 65 members.", None),
        ("members", "65", None, "It had 650 members.", None),
        ("members", "1,000+", None, "It had over 1000 members.", 0),
        ("members", "1000", None, "It had 1,000 members.", 0),
        ("members", "6", None, "It has six members.", 0),
        ("members", "65", None, "It had 65 partners.", None),
        ("members", "65", "2025-01", "In 2025 it had 65 members. In January 2025 it had 65 members.", 1),
        ("levels of members", "premier, general", None, "The levels of members are Premier, General.", 0),
    ],
)
def test_a_figure_is_told_by_the_best_sentence_with_its_number(tmp_path, what, value, as_of, body, told):
    figure = {"what": what, "value": value} | ({"as_of": as_of} if as_of else {})
    article, alliance = tell(tmp_path, body, figures=[figure])
    sentence = figure_sentence(article, alliance.figures[0])
    assert (sentence.number if sentence else None) == told
