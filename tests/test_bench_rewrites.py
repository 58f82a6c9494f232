"""The bench of rewrites counts shared words, and says in one line what is wrong with its file."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from rewrites import made_whole, plain_words, read_talks, score, squad_words, token_f1  # noqa: E402

ROW = {
    "id": "1",
    "set": "mine",
    "history": [{"user": "What is deep learning?", "assistant": "A kind of machine learning."}],
    "question": "Who invented it?",
    "rewrite": "Who invented deep learning?",
}


@pytest.fixture
def talks_file(tmp_path):
    path = tmp_path / "talks.jsonl"
    path.write_text("\n".join(json.dumps({**ROW, "id": str(number)}) for number in range(3)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("made", "told", "expected"),
    [
        ("who leads it", "who leads the forum", 400 / 7),
        ("a a b", "a", 50),
        ("a", "b", 0),
        ("", "", 0),
        ("a b", "b a", 100),
    ],
)
def test_f1_counts_each_shared_word_once(made, told, expected):
    assert token_f1(made.split(), told.split()) == pytest.approx(expected)


def test_articles_and_punctuation_count_for_plain_words_only_as_words_do():
    assert plain_words("What's the U.S. plan?") == ["what", "s", "the", "u", "s", "plan"]
    assert squad_words("What's the U.S. plan?") == ["whats", "us", "plan"]


def test_a_question_made_whole_scores_above_the_untouched_one(talks_file):
    talk = read_talks(talks_file)[0]
    assert made_whole(talk) == "Who invented deep learning?"
    scored = score(talk)
    assert scored.made == {"words": 100, "SQuAD": 100}
    assert scored.untouched["words"] == pytest.approx(400 / 7)


def test_every_second_line_can_be_kept_apart(talks_file):
    assert [talk.name for talk in read_talks(talks_file, "even")] == ["0", "2"]
    assert [talk.name for talk in read_talks(talks_file, "odd")] == ["1"]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SystemExit, match="There is no file .*none.jsonl: give the path"):
        read_talks(tmp_path / "none.jsonl")


@pytest.mark.parametrize("line", ["no json", '{"id": "1"}', "[]"])
def test_a_line_that_is_no_talk_is_named_by_its_number(talks_file, line):
    talks_file.write_text(f"{json.dumps(ROW)}\n{line}\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="Line 2 of .* is no talk"):
        read_talks(talks_file)
