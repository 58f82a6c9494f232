"""A verdict on an answer is kept as a question that `alliances eval` reads and judges by."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import NotKept
from assistant.evaluation.judge import judge
from assistant.evaluation.questions import read_questions
from assistant.feedback import MAX_ITEMS, MAX_NOTE_CHARS, keep_feedback
from assistant.types import Answer, CheckedSentence, Citation

CITATION = Citation(1, "The Forum", "forum", None, None, "It was founded in 2023.", "p1")
TOLD = Answer("In 2023. [1]", False, "exact", (CITATION,), (CheckedSentence("In 2023.", (1,)),))
DECLINED = Answer("The articles do not tell.", True, "abstain")
GREETED = Answer("Hello.", False, "smalltalk")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "feedback.yaml"


@pytest.mark.parametrize(
    ("answer", "is_helpful", "task"),
    [
        (TOLD, True, "answer"),
        (DECLINED, True, "decline"),
        (GREETED, True, "chat"),
        (TOLD, False, "answer"),
        (DECLINED, False, "answer"),
        (GREETED, False, "answer"),
    ],
)
def test_what_was_liked_is_right_and_what_was_not_is_wrong(path, answer, is_helpful, task):
    keep_feedback(path, ["When was it founded?"], answer, is_helpful=is_helpful)
    (question,) = read_questions([path])
    assert (question.task, question.kind) == (task, "feedback")
    assert (judge(question, answer) == "right") is is_helpful


def test_a_follow_up_keeps_the_questions_before_it(path):
    keep_feedback(path, ["What is MLCommons?", "Who  founded\nit?"], TOLD, is_helpful=True)
    assert read_questions([path])[0].turns == ("What is MLCommons?", "Who founded it?")


def test_a_second_thought_replaces_the_first(path):
    keep_feedback(path, ["one"], TOLD, is_helpful=True)
    keep_feedback(path, ["two"], TOLD, is_helpful=True)
    keep_feedback(path, ["one"], TOLD, is_helpful=False, note="It was 2022.")
    assert [question.turns for question in read_questions([path])] == [("two",), ("one",)]
    assert read_questions([path])[1].holds_none == ("In 2023.",)


def test_a_note_is_kept_short_and_on_one_line(path):
    keep_feedback(path, ["one"], TOLD, is_helpful=True, note="so\n" + "x" * MAX_NOTE_CHARS * 2)
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line[2:])["note"] == ("so " + "x" * MAX_NOTE_CHARS)[:MAX_NOTE_CHARS]


def test_what_a_person_wrote_into_the_file_stays(path):
    keep_feedback(path, ["one"], TOLD, is_helpful=True)
    own = '- {ask: "Who founded X?", all: [IBM]}'
    path.write_text(f"{own}\n{path.read_text('utf-8')}", "utf-8")
    keep_feedback(path, ["one"], TOLD, is_helpful=False)
    assert path.read_text("utf-8").splitlines()[0] == own
    assert len(read_questions([path])) == 2


def test_the_oldest_verdicts_go_when_there_are_too_many(path):
    path.parent.mkdir()
    path.write_text("".join(f'- {{"turns": ["{number}"], "abstain": true}}\n' for number in range(MAX_ITEMS)))
    keep_feedback(path, ["new"], TOLD, is_helpful=True)
    turns = [question.turns for question in read_questions([path])]
    assert (len(turns), turns[0], turns[-1]) == (MAX_ITEMS, ("1",), ("new",))


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotKept, match="cannot be kept in .*feedback.yaml"):
        keep_feedback(tmp_path / "file" / "feedback.yaml", ["one"], TOLD, is_helpful=True)


def test_a_question_of_invisible_characters_is_not_kept(path):
    keep_feedback(path, ["\u200b"], TOLD, is_helpful=True)
    assert not path.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.text(), note=st.text())
def test_any_text_leaves_a_file_that_can_be_read(path, question, note):
    keep_feedback(path, ["first", question], TOLD, is_helpful=True, note=note)
    read_questions([path])
