"""The texts given to the language model, as files, and the one function that fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

__all__ = ["fill_in"]


@lru_cache
def _template(name: str) -> Template:
    # No auto-escaping: the text goes to a model, not to a page; the page escapes on its own.
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    return environment.get_template(f"{name}.md")


def fill_in(name: str, variables: Mapping[str, Any]) -> list[dict[str, str]]:
    """The chat messages of a prompt: one of role `system` and one of role `user`.

    Raises:
        jinja2.UndefinedError: A variable is missing; the message names it.
    """
    template = _template(name)
    context = template.new_context(dict(variables))
    return [{"role": role, "content": "".join(template.blocks[role](context)).strip()} for role in ("system", "user")]
