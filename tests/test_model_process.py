"""What is promised of the model's process is kept: each promise, tried with the model that ships.

`python bench/process.py` tries each more often, and measures what is a matter of time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="SIGKILL and SIGSTOP are of POSIX systems")
sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

from model_process import clients, common, kill, limits, order, parents, sameness  # noqa: E402

from assistant.errors import ModelBusy  # noqa: E402
from assistant.models.limits import Limits  # noqa: E402

CLIENTS = 30
SECONDS = 5.0


@pytest.fixture(scope="module", autouse=True)
def weights():
    """The model's faster copy is there: it is made once, and a model that makes it takes long to load."""
    with common.opened():
        pass


def broken(rows):
    rows = list(rows)
    assert rows and all(row.tried for row in rows)
    return {row.promise: row.broken for row in rows if row.broken}


@pytest.mark.parametrize("death", parents.DEATHS, ids=lambda death: death.how)
def test_no_model_process_outlives_its_parent(death, monkeypatch):
    monkeypatch.setattr(parents, "GONE_WITHIN_S", common.PATIENCE_S)  # how quickly is for the bench
    assert broken([parents.row(death, 1)]) == {}


def test_a_model_killed_in_the_middle_of_an_answer_costs_that_answer_and_comes_back_by_itself():
    assert broken([kill.of_the_model(2)]) == {}


def test_an_assistant_whose_model_is_killed_while_it_drafts_quotes():
    assert broken([kill.of_the_assistant(1)]) == {}


def test_the_same_question_has_the_same_answer_whatever_came_before():
    assert broken(sameness.try_out(1)) == {}


def test_conversations_take_turns_and_a_full_queue_says_so():
    assert broken(order.try_out(1)) == {}


@pytest.mark.parametrize("name", ["load", "wait", "hold"])  # tests/test_model.py has the others
def test_nothing_takes_for_ever(name):
    assert broken([limits.row(name, 1)]) == {}


def test_one_conversation_cannot_fill_the_queue():
    with common.opened() as (model, _):
        own = [model.stream(common.STORY, max_tokens=common.STORY_TOKENS, asker="greedy") for _ in range(Limits().each)]
        with pytest.raises(ModelBusy, match="4 questions of this conversation are before this one"):
            model.stream(common.STORY, max_tokens=1, asker="greedy")
        other = model.stream(common.STORY, max_tokens=1, asker="modest")
        for stream in own:
            stream.close()
        assert len(list(other)) == 1


def test_each_of_many_clients_gets_its_own_answer_or_is_told_that_it_cannot():
    with common.opened() as (model, own):
        answers, refusals, _ = clients.Crowd(model, own, CLIENTS).run(SECONDS)
    assert answers.broken == []
    assert answers.tried and refusals.tried
