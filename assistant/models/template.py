"""Messages -> prompt, by the chat template of the model's own file, which is a program by a stranger.

1. It is rendered in Jinja's sandbox, in the process that loads the model; a text that it blows up is refused.
2. One that knows no system role gets the system text before the question.
3. One that is missing, that cannot be read, or that loses the question is replaced by that of the family whose
   control tokens the vocabulary has; a model of no known family gets plain text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

Messages = Sequence[Mapping[str, str]]
ChatFormat = Callable[[Messages], str]

_MAX_PROMPT_CHARS = 10_000_000  # more than any context takes
_PROBE = ({"role": "user", "content": "Is this kept?"},)

_PLAIN = (
    "{% for m in messages %}{{ m['content'] }}\n\n{% endfor %}{% if add_generation_prompt %}{{ 'Answer:' }}{% endif %}"
)
# Control token -> template of the family that has it.
_FAMILIES = {
    "<|im_start|>": (
        "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}"
        "{{ '<|im_start|>assistant\n' }}"
    ),
    "<|start_header_id|>": (
        "{{ bos_token }}{% for m in messages %}"
        "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n' + m['content'] + '<|eot_id|>' }}{% endfor %}"
        "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}"
    ),
    "<start_of_turn>": (
        "{{ bos_token }}{% for m in messages %}{{ '<start_of_turn>' + ('model' if m['role'] == 'assistant' else 'user')"
        " + '\n' + m['content'] + '<end_of_turn>\n' }}{% endfor %}{{ '<start_of_turn>model\n' }}"
    ),
    "[INST]": (
        "{{ bos_token }}{% for m in messages %}{{ m['content'] + eos_token if m['role'] == 'assistant' else "
        "'[INST] ' + m['content'] + ' [/INST]' }}{% endfor %}"
    ),
}


class RefusedByTemplate(ValueError):
    """The template does not accept the conversation; the message says why."""


class _Generation(Extension):
    """`{% generation %}`, by which templates mark what to train on: passed through."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which caps `range`, with sums, products and powers capped too."""

    intercepted_binops = frozenset(["+", "*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(side) if hasattr(side, "__len__") else abs(side) for side in (left, right)]
        size = {"+": sum(sizes), "*": sizes[0] * sizes[1], "**": sizes[0].bit_length() * sizes[1]}[operator]
        if size > _MAX_PROMPT_CHARS:
            raise SecurityError("a value that is too large")
        return super().call_binop(context, operator, left, right)


def chat_format(template: str, control_texts: Collection[str], *, bos: str, eos: str) -> ChatFormat:
    """The function that makes a prompt of messages.

    Args:
        template: Of the model's file; "" if it has none.
        control_texts: The control tokens of its vocabulary.
        bos: Its token for the beginning of a text, "" if it has none.
        eos: Its token for the end.
    """
    own = _compiled(template, bos=bos, eos=eos)
    render = own if own and not _loses_the_question(own) else _of_family(control_texts, bos=bos, eos=eos)

    def format_chat(messages: Messages) -> str:
        try:
            return render(messages)
        except RefusedByTemplate:
            merged = _without_system_role(messages)
            if merged is None:
                raise
            return render(merged)

    return format_chat


def _of_family(control_texts: Collection[str], *, bos: str, eos: str) -> ChatFormat:
    known = (template for token, template in _FAMILIES.items() if token in control_texts)
    render = _compiled(next(known, _PLAIN), bos=bos, eos=eos)
    assert render is not None
    return render


def _compiled(template: str, *, bos: str, eos: str) -> ChatFormat | None:
    """What renders the template; None if it is empty or not to be read."""
    environment = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols])
    environment.filters["tojson"] = lambda value, **options: json.dumps(value, ensure_ascii=False, **options)
    try:
        if not template.strip():
            return None
        program = environment.from_string(template)
    except (TemplateError, RecursionError, ValueError, SyntaxError):  # the last two: of what Jinja compiles it to
        return None

    def render(messages: Messages) -> str:
        try:
            text = program.render(
                messages=[dict(message) for message in messages],
                add_generation_prompt=True,
                bos_token=bos,
                eos_token=eos,
                raise_exception=_refuse,
                strftime_now=lambda form: datetime.now().strftime(form),
                tools=None,
                functions=None,
            )
        # A stranger's program fails in any way it likes: a division by zero, a key that is not there.
        except Exception as exc:
            raise RefusedByTemplate(" ".join(str(exc).split()) or type(exc).__name__) from exc
        if len(text) > _MAX_PROMPT_CHARS:
            raise RefusedByTemplate(f"it makes {len(text)} characters of it")
        return text

    return render


def _refuse(reason: str) -> None:
    raise RefusedByTemplate(reason)


def _loses_the_question(render: ChatFormat) -> bool:
    """Whether the template leaves out what the user says; one that refuses may accept another conversation."""
    try:
        return _PROBE[0]["content"] not in render(_PROBE)
    except RefusedByTemplate:
        return False


def _without_system_role(messages: Messages) -> Messages | None:
    """The system text put before the first question; None if there is no such text."""
    match messages:
        case [{"role": "system", "content": system}, {"role": "user", "content": question}, *rest]:
            return [{"role": "user", "content": f"{system}\n\n{question}"}, *rest]
    return None
