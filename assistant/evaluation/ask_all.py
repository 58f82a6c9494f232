"""How good the answers are: asks the questions of a file, judges each answer, keeps the results.

1. each question is asked in a conversation of its own, its earlier turns first;
2. the answer is right, wrong or declined by the texts it must hold (`judge`);
3. each of its sentences is compared with what it cites (`support`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.engine import Assistant
from assistant.errors import BadQuestionFile, ModelError
from assistant.evaluation.judge import Verdict, cites_support, declines, judge
from assistant.evaluation.questions import Question
from assistant.evaluation.support import Support, Unsupported
from assistant.types import Answer
from index.articles import Library, load_library
from index.manifest import digest

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what became of it.

    Attributes:
        question: What was asked, and what is right.
        answer: What was shown.
        verdict: Whether the answer is right, wrong, or declined though the articles tell it.
        unsupported: Those of its sentences that say more than they cite.
    """

    question: Question
    answer: Answer
    verdict: Verdict
    unsupported: tuple[Unsupported, ...]

    @property
    def declines(self) -> bool:
        """Whether the answer tells nothing from the articles."""
        return declines(self.answer)

    @property
    def is_false(self) -> bool:
        """Whether something is told that is not what is right."""
        return self.verdict == "wrong" and not self.declines

    @property
    def cites_support(self) -> bool:
        """Whether a cited article is one of those that support a right answer."""
        return cites_support(self.question, self.answer)

    @property
    def first_sentence_s(self) -> float:
        """Seconds until the first checked sentence, or until the whole answer where no such time was taken."""
        return self.answer.timings.get("first_sentence", self.answer.timings["total"])


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results of a run.

    Attributes:
        model: Name of the language model.
        library: Digest of the articles' files.
        date: When it was run, ISO 8601, UTC.
        judged: In the order asked; fewer than the questions if the run was stopped.
        format: Of the file it is kept in.
    """

    model: str
    library: str
    date: str
    judged: tuple[Judged, ...]
    format: int = _FORMAT


@dataclass(frozen=True, slots=True)
class Measure:
    """How many of how many."""

    name: str
    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part} of {self.whole} ({self.part / self.whole:.1%})" if self.whole else "-"


_JSON = TypeAdapter(Evaluation)


def ask_all(assistant: Assistant, questions: Sequence[Question]) -> Iterator[Judged]:
    """Ask each question in a conversation of its own, and judge the answer; both models are loaded before.

    Raises:
        ModelError: The language model failed; what was judged before still counts.
        LibraryError: An article's file cannot be read.
    """
    support = Support(load_library(assistant.settings.libraries))
    _load_models(assistant)
    for question in questions:
        chat = assistant.conversation()
        *_, answer = [chat.ask(turn) for turn in question.turns]
        if answer.model_failure:  # what is quoted instead would be judged as if the model had been asked
            raise ModelError(answer.model_failure)
        yield Judged(question, answer, judge(question, answer), support.unsupported(answer, question.turns))


def evaluate(assistant: Assistant, questions: Sequence[Question]) -> Evaluation:
    """Ask and judge all questions; errors as in `ask_all`.

    Example: evaluate(assistant, read_questions([Path("questions.yaml")])).judged[0].verdict
    """
    return results(assistant, tuple(ask_all(assistant, questions)))


def results(assistant: Assistant, judged: Sequence[Judged]) -> Evaluation:
    """What was judged so far, with what it was judged of."""
    library = load_library(assistant.settings.libraries)
    return Evaluation(
        assistant.model_name, _digest(library), datetime.now(UTC).isoformat("T", "seconds"), tuple(judged)
    )


def measures(judged: Sequence[Judged]) -> list[Measure]:
    """What a run is measured by.

    Declining a question that the articles do not answer is right; denying a false premise counts as that, too.
    """
    answerable = [item for item in judged if item.question.is_answerable]
    others = [item for item in judged if not item.question.is_answerable]
    answers = [item for item in judged if not item.declines]
    named = [item for item in answers if item.question.cites]
    sentences = sum(len(item.answer.sentences) for item in judged)
    return [
        Measure("Right", sum(item.verdict == "right" for item in judged), len(judged)),
        Measure("False statements", sum(item.is_false for item in judged), len(judged)),
        Measure("Answerable, but declined", sum(item.verdict == "declined" for item in answerable), len(answerable)),
        Measure("Not answerable, and declined", sum(item.verdict == "right" for item in others), len(others)),
        Measure("Answers with a citation", sum(bool(item.answer.citations) for item in answers), len(answers)),
        Measure("Answers with a citation that supports", sum(item.cites_support for item in named), len(named)),
        Measure("Sentences not in what they cite", sum(len(item.unsupported) for item in judged), sentences),
    ]


def write_results(path: Path, evaluation: Evaluation) -> None:
    """Keep the results as JSON.

    Raises:
        BadQuestionFile: The file cannot be written.
    """
    try:
        text = json.dumps(_JSON.dump_python(evaluation, mode="json"), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as exc:
        raise BadQuestionFile(f"{path} cannot be written: {exc.strerror}. Choose another place.") from exc


def read_results(path: Path) -> Evaluation:
    """The results that `write_results` kept.

    Raises:
        BadQuestionFile: The file cannot be read or holds something else.
    """
    try:
        return _JSON.validate_json(path.read_bytes())
    except OSError as exc:
        raise BadQuestionFile(f"{path} cannot be read: {exc.strerror}. Check the path.") from exc
    except ValidationError as exc:
        raise BadQuestionFile(f"{path} holds no results of this version. Make them with `--out`.") from exc


def _load_models(assistant: Assistant) -> None:
    """An open question, so that the first one measured does not wait for the models."""
    if articles := assistant.articles():
        assistant.ask(f"What is {articles[0].title} for?")


def _digest(library: Library) -> str:
    return digest([article.slug, article.digest] for article in library.articles)
