"""Question files: what is asked, and what a right answer holds.

A file is a YAML list; an item gives `ask`, or `turns` (a conversation of which the last answer is judged), and:

- `all`: each of these texts is in a right answer; `any`: at least one is; `not`: none is;
- `abstain: true`: the articles do not tell it, right is to decline;
- `says_no: true`: right is to decline, or to deny it (with what `all` and `any` say);
- `smalltalk: true`: right is a short reply that tells nothing from the articles;
- `cites`: names of the articles that support a right answer; any one of them will do;
- `kind`: the sort of question, under which it is counted;
- `note`: for people; not read.

Example: {kind: founders, ask: "Who founded the AI Alliance?", all: [IBM, Meta], cites: [ai-alliance]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant.conversation import check_question
from assistant.errors import BadQuestion, BadQuestionFile

MAX_FILE_BYTES = 2_000_000
Task = Literal["answer", "decline", "deny", "chat"]
_TASKS: Mapping[str, Task] = {"abstain": "decline", "says_no": "deny", "smalltalk": "chat"}
_TEXTS = ("all", "any", "not", "cites")
_KEYS = ("kind", "note", "ask", "turns", *_TEXTS, *_TASKS)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and how its answer is judged.

    Attributes:
        turns: What is asked in one conversation, in order; the answer to the last is judged.
        kind: The sort of question.
        task: What is right: to answer, to decline, to decline or deny, or to chat.
        holds_all: Each of these is in a right answer.
        holds_any: At least one of these is, if there are any.
        holds_none: None of these is.
        cites: Slugs of the articles that support a right answer.
        place: File and item, for messages.
    """

    turns: tuple[str, ...]
    kind: str = "open"
    task: Task = "answer"
    holds_all: tuple[str, ...] = ()
    holds_any: tuple[str, ...] = ()
    holds_none: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    place: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether declining would be a failure."""
        return self.task in ("answer", "chat")


def read_questions(paths: Sequence[Path]) -> list[Question]:
    """The questions of these files, in their order.

    Raises:
        BadQuestionFile: A file cannot be read, or an item says nothing that can be asked and judged, or asks again
            what another has asked.
    """
    questions = [question for path in paths for question in _read_file(path)]
    places: dict[tuple[str, ...], str] = {}
    for question in questions:
        first = places.setdefault(tuple(turn.casefold() for turn in question.turns), question.place)
        if first != question.place:
            raise BadQuestionFile(f"{question.place} asks the same as {first}. Remove one of the two.")
    return questions


def _read_file(path: Path) -> list[Question]:
    items = _parse(_read_text(path), path)
    if not isinstance(items, list) or not items:
        found = "is empty" if not items else "is no list"
        raise BadQuestionFile(f'{path} {found}. Write one item a line: - {{ask: "Who founded X?", all: [IBM]}}')
    return [_read_item(item, f"{path}, item {number}") for number, item in enumerate(items, 1)]


def _read_text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise BadQuestionFile(f"{path} has {size:,} bytes; at most {MAX_FILE_BYTES:,} are read. Split it.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise BadQuestionFile(f"{path} is not in UTF-8. Save it with that encoding.") from exc
    except OSError as exc:
        raise BadQuestionFile(f"{path} cannot be read: {exc.strerror}. Check the path.") from exc


def _parse(text: str, path: Path) -> Any:
    """The YAML with every scalar as text: `no` is a word here, 2023-12 is no date, 1.10 keeps its zero."""
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but texts, lists and mappings
    except (yaml.YAMLError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        what = getattr(exc, "problem", None) or getattr(exc, "reason", None) or "nested too deeply"
        raise BadQuestionFile(f"{path}{where} is not valid YAML: {what}. Put texts with : # ? in quotes.") from exc


def _read_item(item: Any, place: str) -> Question:
    if not isinstance(item, dict):
        raise BadQuestionFile(f'{place} is no mapping. Write it like {{ask: "Who founded X?", all: [IBM]}}.')
    for key in item:
        if key not in _KEYS:
            raise BadQuestionFile(f"{place} has the unknown key '{key}'. There are: {', '.join(_KEYS)}.")
    all_of, any_of, none_of, cites = (_texts(item, key, place) for key in _TEXTS)
    task = _task(item, place)
    if task == "decline" and (all_of or any_of):
        raise BadQuestionFile(f"{place} is to be declined, yet has `all` or `any`. Leave one of the two out.")
    if task == "answer" and not (all_of or any_of or none_of or cites):
        raise BadQuestionFile(f"{place} does not say what is right. Add all, any, not, cites, abstain or says_no.")
    default = "open" if task in ("answer", "chat") else "abstain"
    kind = item.get("kind", default)
    if not isinstance(kind, str) or not kind.strip():
        raise BadQuestionFile(f"{place}: `kind` must be a word, such as founders.")
    return Question(_turns(item, place), kind, task, all_of, any_of, none_of, cites, place)


def _turns(item: Mapping[str, Any], place: str) -> tuple[str, ...]:
    if ("ask" in item) == ("turns" in item):
        raise BadQuestionFile(f"{place} needs either `ask`, a question, or `turns`, a list of them.")
    turns = _texts(item, "turns", place) if "turns" in item else (item["ask"],)
    if not turns or not all(isinstance(turn, str) for turn in turns):
        raise BadQuestionFile(f"{place} asks nothing. Write the question as a text, in quotes.")
    try:
        return tuple(check_question(turn) for turn in turns)
    except BadQuestion as exc:
        raise BadQuestionFile(f"{place}: {exc}") from exc


def _texts(item: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    texts = item.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        raise BadQuestionFile(f"{place}: `{key}` must be a list of texts, such as {key}: [one, another].")
    return tuple(texts)


def _task(item: Mapping[str, Any], place: str) -> Task:
    chosen = []
    for key, task in _TASKS.items():
        said = str(item.get(key, "false")).lower()
        if said not in ("true", "false"):
            raise BadQuestionFile(f"{place}: `{key}` must be true or false.")
        if said == "true":
            chosen.append(task)
    if len(chosen) > 1:
        raise BadQuestionFile(f"{place}: of abstain, says_no and smalltalk, only one can be true.")
    return chosen[0] if chosen else "answer"
