"""What a person has chosen to see in the explorer: the fields of its forms, and the query that they send. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.explorer import Body, Explorer, Happening
from ui.text import MONTHS, clean

MAX_CHARS = 200  # of a field: longer than any name


@dataclass(frozen=True, slots=True)
class Choice:
    """The fields of a form; empty or None where nothing is chosen.

    Attributes:
        kind: Of bodies.
        status: Of bodies.
        since, until: Years, both included; of founding, or of what happened.
        month: 1 to 12, of any of these years.
        name: A body or an organisation.
        words: All of them must be told, in any capitals.
    """

    kind: str = ""
    status: str = ""
    since: int | None = None
    until: int | None = None
    month: int | None = None
    name: str = ""
    words: str = ""

    def holds(self, date: str | None) -> bool:
        """Whether an ISO 8601 date lies in the years and the month; no date does only if none are chosen."""
        if date is None:
            return self.since is None and self.until is None and self.month is None
        year = int(date[:4])
        return (
            (self.since is None or self.since <= year)
            and (self.until is None or year <= self.until)
            and (self.month is None or date[5:7] == f"{self.month:02}")
        )


def read_choice(query: Mapping[str, str]) -> Choice:
    """The choice that a query tells; a field that cannot be read is left out."""
    text = {name: " ".join(clean(value[:MAX_CHARS]).split()) for name, value in query.items()}
    return Choice(
        kind=text.get("kind", ""),
        status=text.get("status", ""),
        since=_year(text.get("since", "")),
        until=_year(text.get("until", "")),
        month=_month(text.get("month", "")),
        name=text.get("name", ""),
        words=text.get("words", ""),
    )


def chosen_bodies(explorer: Explorer, choice: Choice) -> list[Body]:
    """The bodies of this kind and status, founded in these years, with this organisation, told with these words."""
    return [
        body
        for body in _named(explorer.bodies, choice.name, lambda body: [body.name, *body.aliases, *body.present])
        if choice.kind in ("", body.kind)
        and choice.status in ("", body.status)
        and choice.holds(body.founded)
        and _tells(_words_of(body), choice.words)
    ]


def chosen_happenings(explorer: Explorer, choice: Choice) -> list[Happening]:
    """What happened in these years to bodies of this kind and name, told with these words; by date."""
    bodies = {body.slug for body in _named(explorer.bodies, choice.name, lambda body: [body.name, *body.aliases])}
    return [
        happening
        for happening in explorer.happenings
        if happening.slug in bodies
        and choice.kind in ("", happening.kind)
        and choice.holds(happening.date)
        and _tells(f"{happening.what} {happening.body} {happening.proof.text}", choice.words)
    ]


def form(part: str, fields: Iterable[str], label: str) -> str:
    """A form whose view follows each change; what is then shown is also said to a screen reader."""
    said = '<span class="said" role="status"></span>'
    return f'<form class="choice" data-explore="{part}" aria-label="{text(label)}">{"".join(fields)}{said}</form>'


def select(name: str, label: str, options: Iterable[str], chosen: str = "", every: str = "All") -> str:
    """A field that offers one of a few values, or all of them."""
    items = "".join(
        f'<option value="{text(value)}"{" selected" if value == chosen else ""}>{text(value)}</option>'
        for value in options
    )
    return f'<label>{text(label)} <select name="{name}"><option value="">{text(every)}</option>{items}</select></label>'


def text_field(name: str, label: str, *, options: str = "", hint: str = "") -> str:
    """A field to type in; `options` is the id of a list of names to choose from."""
    offered = f' list="{options}"' if options else ""
    return (
        f'<label>{text(label)} <input name="{name}" maxlength="{MAX_CHARS}" placeholder="{text(hint)}" '
        f'autocomplete="off"{offered}></label>'
    )


def names_list(list_id: str, names: Iterable[str]) -> str:
    """Names that a field offers."""
    options = "".join(f'<option value="{text(name)}"></option>' for name in names)
    return f'<datalist id="{list_id}">{options}</datalist>'


def years_of(dates: Iterable[str | None]) -> list[str]:
    """The years of ISO 8601 dates, the newest first."""
    return sorted({date[:4] for date in dates if date}, reverse=True)


def kinds_of(bodies: Sequence[Body]) -> list[str]:
    """The kinds that there are."""
    return sorted({body.kind for body in bodies})


def legend(kinds: Iterable[str], more: str = "") -> str:
    """Which colour is which kind; `more` is HTML for what is no kind."""
    items = "".join(f'<li><span class="dot kind-{text(kind)}"></span>{text(kind)}</li>' for kind in kinds)
    return f'<ul class="legend" aria-label="Colours">{items}{more}</ul>'


def text(value: str) -> str:
    """A text from an article or a person, fit to stand in HTML and its attributes."""
    return escape(clean(value))


def _year(value: str) -> int | None:
    return int(value) if len(value) == 4 and value.isascii() and value.isdigit() else None


def _month(value: str) -> int | None:
    return MONTHS.index(value) + 1 if value in MONTHS else None


def _named(bodies: Sequence[Body], name: str, names: Callable[[Body], list[str]]) -> list[Body]:
    """The bodies with a name that is this one; if there is none, with one that holds it, as while it is typed."""
    wanted = name.casefold()
    called = [(body, [known.casefold() for known in names(body)]) for body in bodies]
    exact = [body for body, known in called if not wanted or wanted in known]
    return exact or [body for body, known in called if any(wanted in one for one in known)]


def _words_of(body: Body) -> str:
    founders = [part.organisation for part in body.founders]
    told = body.definition.text if body.definition else ""
    return " ".join([body.name, *body.aliases, body.kind, body.status, *founders, *sorted(body.present), told])


def _tells(told: str, words: str) -> bool:
    told = told.casefold()
    return all(word in told for word in words.casefold().split())
