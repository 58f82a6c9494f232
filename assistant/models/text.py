"""Text on its way into a prompt: without control tokens, so that no document can end its turn and begin another."""

from __future__ import annotations

import re

# Control tokens of the common families; those of a loaded model are added from its vocabulary.
CONTROL_TEXTS = r"<[|｜][^<>|｜\s]{1,40}[|｜]>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>"
COMMON_CONTROL = re.compile(CONTROL_TEXTS)


def without_control(text: str, control: re.Pattern[str] = COMMON_CONTROL) -> str:
    """`text` without what a tokenizer would take for a control token, before and after the removal."""
    while control.search(text):
        text = control.sub(" ", text)
    return text
