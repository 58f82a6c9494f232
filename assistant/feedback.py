"""What the user thought of an answer, kept as a question file that `alliances eval` reads.

A line is an item of the list: the conversation's questions up to the answer, and what the thumb says about it:

- up: an answer that cites one of the same articles is right; so is declining, where that was liked;
- down: an answer that says the same again is wrong.

The user's own word, if any, is the item's `note`. An answer given to the same questions later replaces the item.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.errors import NotKept
from assistant.types import Answer

MAX_NOTE_CHARS = 500
MAX_ITEMS = 1000  # the oldest go first; `alliances eval` reads files of up to 2 MB
_MARK = "- "


def keep_feedback(path: Path, turns: Sequence[str], answer: Answer, *, is_helpful: bool, note: str = "") -> None:
    """Put a verdict into the file, which is made if there is none.

    Args:
        path: The question file.
        turns: The conversation's questions, the one that was answered last.
        answer: The answer to it.
        is_helpful: Thumb up or down.
        note: In the user's words.

    Raises:
        NotKept: The file cannot be written.
    """
    asked = [question for question in map(_printable, turns) if question]
    if not asked:
        return  # of invisible characters
    item = {"kind": "feedback", "turns": asked, **_what_is_right(answer, is_helpful=is_helpful)}
    if note := _printable(note)[:MAX_NOTE_CHARS]:
        item["note"] = note
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            kept = [line for line in _lines(path) if not _asks(line, asked)]
            _write(path, [*kept, _MARK + json.dumps(item, ensure_ascii=False)][-MAX_ITEMS:])
    except (OSError, UnicodeDecodeError) as exc:
        raise NotKept(f"Your verdict cannot be kept in {path}: {exc}.") from exc


def _what_is_right(answer: Answer, *, is_helpful: bool) -> dict[str, Any]:
    if not is_helpful:
        return {"not": [_printable(answer.sentences[0].text if answer.sentences else answer.text)]}
    if answer.kind == "smalltalk":
        return {"smalltalk": True}
    if answer.abstained:
        return {"abstain": True}
    return {"cites": list(dict.fromkeys(citation.slug for citation in answer.citations))}


def _printable(text: str) -> str:
    """The text on one line, without the characters that YAML refuses."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _write(path: Path, lines: Sequence[str]) -> None:
    """Put the lines in the file's place at once, so that it is whole at every moment."""
    part = path.with_name(f"{path.name}.part")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    os.replace(part, path)


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    except FileNotFoundError:
        return []


def _asks(line: str, turns: Sequence[str]) -> bool:
    """Whether a line that was written here asks the same; `alliances eval` does not regard capitals."""
    try:
        found = json.loads(line.removeprefix(_MARK))
    except ValueError:  # a person's line
        return False
    known = found.get("turns") if isinstance(found, dict) else None
    return isinstance(known, list) and [str(turn).casefold() for turn in known] == [turn.casefold() for turn in turns]
