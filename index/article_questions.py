"""The questions that an article's sentences answer, from the file beside it: `NAME.questions.yaml` for `NAME.md`.

    "The AI Alliance was launched on 5 December":
      - when did IBM and Meta get their alliance going?

Each field is the beginning of one or more sentences of the article, and lists questions that these answer, in words
that people use and the article does not. A question that somebody asks is compared with them; they are never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from index.front_matter import InvalidYaml, Problem, read_yaml
from index.types import Question, Sentence

MAX_QUESTION_CHARS = 300
_ENDING = ".questions.yaml"


def questions_file(article: Path) -> Path:
    """Where the questions of the article in this file lie, if there are any."""
    return article.with_name(article.stem + _ENDING)


def read_questions(text: str, path: Path) -> dict[str, list[str]]:
    """Beginning of a sentence -> the questions that it answers.

    Raises:
        InvalidYaml: One problem for each field that is no list of questions.
    """
    fields, lines = read_yaml(text, path, 1)
    problems = [
        Problem(path, lines[(beginning,)], f"{beginning[:60]!r} is not followed by a list of questions")
        for beginning, asked in fields.items()
        if not (isinstance(asked, list) and all(_is_question(one) for one in asked))
    ]
    if problems:
        raise InvalidYaml(problems)
    return fields


def questions_of(asked: Mapping[str, Sequence[str]], sentences: Sequence[Sentence]) -> tuple[Question, ...]:
    """The questions with the sentences that answer them; a beginning that no sentence has any more is left out."""
    return tuple(
        Question(text, sentence.number)
        for beginning, texts in asked.items()
        for sentence in sentences
        if sentence.text.startswith(beginning)
        for text in dict.fromkeys(texts)
    )


def unknown_beginnings(asked: Mapping[str, Sequence[str]], sentences: Sequence[Sentence]) -> list[str]:
    """The beginnings that no sentence has."""
    return [beginning for beginning in asked if not any(s.text.startswith(beginning) for s in sentences)]


def _is_question(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_QUESTION_CHARS
