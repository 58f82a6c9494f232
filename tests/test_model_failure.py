"""A model that fails, or has no time, does not cost the answer: the articles are quoted, and it is said why."""

import json

import pytest
from drafted_assistant import FACT, QUESTION, drafting_with

from assistant import Finished
from assistant.answering import BROKEN_OFF, NO_DRAFT
from assistant.console import print_json
from assistant.errors import ModelBusy, ModelCrashed, ModelDamaged, ModelError
from assistant.evaluation.ask_all import ask_all
from assistant.evaluation.questions import read_questions

CRASH = "The model 'clumsy' stopped in the middle of an answer: it was killed. Ask again; it starts anew by itself."


class Clumsy:
    """A language model that writes what it is told to, and then fails if it is told to."""

    name = "clumsy"

    def __init__(self):
        self.pieces = []
        self.failure = None
        self.askers = []

    def stream(self, messages, *, max_tokens, seed=0, asker=None):
        self.askers.append(asker)
        if isinstance(self.failure, ModelBusy):
            raise self.failure
        return self._write()

    def _write(self):
        yield from self.pieces
        if self.failure:
            raise self.failure

    def start(self): ...

    def close(self): ...


@pytest.fixture
def model():
    return Clumsy()


@pytest.fixture
def assistant(model, tmp_path):
    with drafting_with(model, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "failure",
    [ModelCrashed(CRASH), ModelBusy("17 questions are before yours."), ModelDamaged("It is damaged."), ModelError("?")],
    ids=lambda failure: type(failure).__name__,
)
def test_when_the_model_fails_the_evidence_is_quoted_and_the_last_line_says_why(assistant, model, failure):
    model.failure = failure
    *_, finished = events = list(assistant.stream(QUESTION))
    answer = finished.answer
    assert answer.text == f"“{FACT}” [1]\n{NO_DRAFT} {failure}"
    assert (answer.kind, answer.abstained, answer.model) == ("quote", False, "clumsy")
    assert answer.model_failure == str(failure)
    assert [citation.quote for citation in answer.citations] == [FACT]
    assert "".join(event.text for event in events if hasattr(event, "text")) == answer.text


def test_what_was_checked_before_the_model_failed_stays(assistant, model):
    model.pieces = [FACT, " It also"]
    model.failure = ModelCrashed(CRASH)
    answer = assistant.ask(QUESTION)
    assert answer.text == f"{FACT} [1]\n{BROKEN_OFF} {CRASH}"
    assert answer.kind == "open"


def test_an_answer_that_went_well_tells_of_no_failure(assistant, capsys):
    answer = assistant.ask(QUESTION)
    assert answer.model_failure is None
    assert answer.text == f"“{FACT}” [1]"
    print_json(QUESTION, answer)
    assert json.loads(capsys.readouterr().out)["model_failure"] is None


def test_the_next_question_goes_on_from_an_answer_without_the_model(assistant, model):
    chat = assistant.conversation()
    model.failure = ModelCrashed(CRASH)
    chat.ask(QUESTION)
    model.failure = None
    assert "26 July 2023" in chat.ask("When was it founded?").text


def test_an_evaluation_ends_when_the_model_fails(assistant, model, tmp_path):
    file = tmp_path / "questions.yaml"
    file.write_text(f"- {{kind: work, ask: '{QUESTION}', all: [reports], cites: [example-forum]}}\n")
    questions = read_questions([file])
    assert len(list(ask_all(assistant, questions))) == 1
    model.failure = ModelCrashed(CRASH)
    with pytest.raises(ModelError, match="killed"):
        list(ask_all(assistant, questions))


def test_the_questions_of_a_conversation_are_known_as_such_to_the_queue(assistant, model):
    chat, other = assistant.conversation(), assistant.conversation()
    for conversation in (chat, chat, other):
        conversation.ask(QUESTION)
    first, second, third = model.askers
    assert first is second is not None
    assert third is not first


def test_stop_is_heard_before_the_first_event(assistant):
    chat = assistant.conversation()
    events = chat.stream(QUESTION)
    chat.stop()
    assert not any(isinstance(event, Finished) for event in events)
    assert chat.ask(QUESTION).citations
