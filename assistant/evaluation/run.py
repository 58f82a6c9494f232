"""`alliances eval`: asks, shows how far it is, keeps and shows the results, also of a run that was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from assistant import console
from assistant.engine import Assistant
from assistant.errors import BadQuestionFile, ModelError
from assistant.evaluation.ask_all import Evaluation, Judged, ask_all, read_results, results, write_results
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.tables import show_comparison, show_evaluation, show_failures


@dataclass(frozen=True, slots=True)
class Run:
    """What is asked, and what is done with the results.

    Attributes:
        questions: What is asked.
        out: Where the results are kept, if anywhere.
        before: An earlier run to compare with, if any.
        shows_failures: Whether each failure is shown.
    """

    questions: Sequence[Question]
    out: Path | None = None
    before: Evaluation | None = None
    shows_failures: bool = False

    @classmethod
    def prepare(cls, files: Sequence[Path], *, out: Path | None, compare: Path | None, failures: bool) -> Run:
        """Read everything that a mistake can be in, before anything slow.

        Raises:
            BadQuestionFile: A file is wrong, or the results could not be written.
        """
        before = read_results(compare) if compare else None
        if out and (out.is_dir() or not out.parent.is_dir()):
            raise BadQuestionFile(f"{out} cannot be written: it is a folder or in none. Name a file in a folder.")
        return cls(read_questions(files), out, before, failures)

    def ask(self, assistant: Assistant) -> bool:
        """Ask, keep and show; False if Ctrl-C stopped it.

        Raises:
            ModelError: The language model failed; what was answered before is kept and shown.
            BadQuestionFile: The results cannot be written.
        """
        judged: list[Judged] = []
        failure: ModelError | None = None
        is_stopped = False
        try:
            with console.bar("Asking") as tell:
                for item in ask_all(assistant, self.questions):
                    judged.append(item)
                    tell(len(judged), len(self.questions))
        except KeyboardInterrupt:
            is_stopped = True
        except ModelError as exc:
            failure = exc
        if is_stopped or failure:
            console.notice(f"Stopped after {len(judged)} of {len(self.questions)} questions.")
        if judged:
            self._tell(results(assistant, judged))
        if failure:
            raise failure
        return not is_stopped

    def _tell(self, evaluation: Evaluation) -> None:
        if self.out:
            write_results(self.out, evaluation)
        typer.echo(f"{len(evaluation.judged)} questions, {evaluation.model}, library {evaluation.library[:12]}\n")
        show_evaluation(evaluation)
        if self.shows_failures:
            show_failures(evaluation.judged)
        if self.before:
            show_comparison(self.before, evaluation)
