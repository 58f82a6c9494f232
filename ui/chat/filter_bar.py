"""The filter bar of the chat, folded away: which alliances, kinds and dates the answers may come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.engine import Assistant
from assistant.search_filters import FilterWords

MAX_DATE_CHARS = 10
_DATE_HINT = "2024-07-18, or less exact"


def filter_words(
    alliances: Sequence[str] | None, kinds: Sequence[str] | None, since: str | None, until: str | None
) -> FilterWords:
    """What is chosen, as `Assistant.ask` takes it; only what is set. A field that nobody has touched is None."""
    words = FilterWords()
    if alliances:
        words["alliances"] = list(alliances)
    if kinds:
        words["kinds"] = list(kinds)
    if since and since.strip():
        words["since"] = since.strip()
    if until and until.strip():
        words["until"] = until.strip()
    return words


def told(words: FilterWords) -> str:
    """The filters in words; "" without any.

    Example: "MLCommons or ROOST; standards; since 2024; until 2025".
    """
    parts = [" or ".join(words.get("alliances", ())), " or ".join(words.get("kinds", ()))]
    parts += [f"since {words['since']}" if words.get("since") else "", f"until {words.get('until') or ''}"]
    return "; ".join(part for part in parts if part and part != "until ")


class FilterBar:
    """The bar as it is laid out; `fields` are what a question takes along."""

    def __init__(self, gradio: Any, assistant: Assistant) -> None:
        """Lay it out. Called inside of a column."""
        self._gradio = gradio
        self._assistant = assistant
        with gradio.Accordion("Filter", open=False, elem_id="filter") as self._box:
            gradio.HTML(
                '<p class="hint">Only what passes is quoted. With one alliance, “it” is that one.</p>',
                apply_default_css=False,
                js_on_load=None,
            )
            with gradio.Row(elem_id="filter-fields"):
                alliances, kinds = self._choices()
                alliance = gradio.Dropdown(alliances, label="Alliances", multiselect=True, elem_id="filter-alliances")
                kind = gradio.Dropdown(kinds, label="Kinds", multiselect=True, elem_id="filter-kinds")
                since, until = (
                    gradio.Textbox(
                        label=label, placeholder=_DATE_HINT, max_length=MAX_DATE_CHARS, elem_id=f"filter-{name}"
                    )
                    for name, label in (("since", "Dated since"), ("until", "Dated until"))
                )
            self._clear = gradio.Button("Clear the filter", elem_id="filter-clear", size="sm")
        self.fields = [alliance, kind, since, until]

    def connect(self, **at_once: Any) -> None:
        """Clear it when that is asked for, say whether it is on, and offer what the newest index knows."""
        gradio, latest = self._gradio, {**at_once, "trigger_mode": "always_last"}
        self._clear.click(lambda: ([], [], "", ""), None, self.fields, **at_once)
        gradio.on([field.change for field in self.fields], self._label, self.fields, self._box, **latest)
        gradio.on(None, self._offered, None, self.fields[:2], **at_once)

    def _choices(self) -> tuple[list[str], list[str]]:
        alliances = self._assistant.catalogue.alliances
        return sorted({one.name for one in alliances}, key=str.casefold), sorted({one.kind for one in alliances})

    def _offered(self) -> tuple[Any, ...]:
        return tuple(self._gradio.update(choices=choices) for choices in self._choices())

    def _label(self, *chosen: Any) -> Any:
        on = told(filter_words(*chosen))
        return self._gradio.update(label=f"Filter: {on}" if on else "Filter")
