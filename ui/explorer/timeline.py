"""The timeline: what happened when, as dots over the years and as a list with sources. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.exact.wording import counted, upper_first
from assistant.explorer import Explorer, Happening
from ui.explorer.card import card_button, proof_button, publications
from ui.explorer.choice import (
    Choice,
    chosen_happenings,
    form,
    kinds_of,
    legend,
    names_list,
    select,
    text,
    text_field,
    years_of,
)
from ui.text import human_date

WIDTH, DOT = 1000, 10  # of the drawing, and of the room for one event in it
MONTHS_UP_TO_YEARS = 4  # a longer time is drawn by year
FIRST_YEARS = 2  # shown at first: the newest
_SHORT_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def first_choice(explorer: Explorer) -> Choice:
    """The newest years, to begin with."""
    years = years_of(told.date for told in explorer.happenings)[:FIRST_YEARS]
    return Choice(since=int(years[-1]), until=int(years[0])) if years else Choice()


def timeline_panel(explorer: Explorer, choice: Choice) -> str:
    """The timeline with its form."""
    years = years_of(told.date for told in explorer.happenings)
    fields = (
        select("since", "From", years, str(choice.since or ""), "the beginning"),
        select("until", "to", years, str(choice.until or ""), "the end"),
        select("kind", "Kind", kinds_of(explorer.bodies), choice.kind),
        text_field("name", "Alliance", options="explorer-bodies", hint="all"),
        text_field("words", "About", hint="such as evaluation"),
    )
    return (
        f"{names_list('explorer-bodies', (body.name for body in explorer.bodies))}<h2>Timeline</h2>"
        f"{form('timeline', fields, 'What the timeline shows')}{timeline_view(explorer, choice)}"
    )


def timeline_view(explorer: Explorer, choice: Choice) -> str:
    """The drawing of what was chosen, and the list."""
    happenings = chosen_happenings(explorer, choice)
    if not happenings:
        return '<div data-view="timeline"><p class="hint">The articles tell of nothing like that.</p></div>'
    first, last = happenings[0].date[:4], happenings[-1].date[:4]
    when = first if first == last else f"{first} to {last}"
    label = f"{counted(len(happenings), 'event')}, {when}"
    return (
        f'<div data-view="timeline"><p>{label}, as far as the articles tell; the newest last. '
        f"A ring is a founding.</p>{legend(sorted({told.kind for told in happenings}))}"
        f'<div class="scroller" tabindex="0" role="region" aria-label="Timeline">'
        f"{drawing(happenings, f'Timeline: {label}; the list below tells the same.')}</div>"
        f"{''.join(_years(happenings))}</div>"
    )


def drawing(happenings: Sequence[Happening], label: str) -> str:
    """A dot an event, stacked over its month, or over its year where many years are shown."""
    first, last = int(happenings[0].date[:4]), int(happenings[-1].date[:4])
    by_month = last - first < MONTHS_UP_TO_YEARS
    columns = _months(happenings, first, last) if by_month else [str(year) for year in range(first, last + 1)]
    stacks: dict[str, list[tuple[int, Happening]]] = {column: [] for column in columns}
    for number, told in enumerate(happenings):
        stacks[told.date[:7] if by_month else told.date[:4]].append((number, told))
    wide = WIDTH / len(columns)
    in_a_row = max(int((wide - 4) // DOT), 1)
    height = max(-(-len(stack) // in_a_row) for stack in stacks.values()) * DOT + 10
    drawn = []
    for place, (column, stack) in enumerate(stacks.items()):
        left = place * wide
        drawn.append(_label(column, left + wide / 2, height, is_first=place == 0 or column.endswith("-01")))
        for position, (number, told) in enumerate(stack):
            row, across = divmod(position, in_a_row)
            drawn.append(_dot(number, told, left + 2 + (across + 0.5) * DOT, height - (row + 0.5) * DOT))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height + 34}" role="img" aria-label="{text(label)}">'
        f'<path class="axis" d="M0 {height + 1}H{WIDTH}"/>{"".join(drawn)}</svg>'
    )


def _months(happenings: Sequence[Happening], first: int, last: int) -> list[str]:
    """The months of the years; before those of a year, the year itself if an event has no month."""
    without = {told.date for told in happenings if len(told.date) == len("2024")}
    return [
        column
        for year in range(first, last + 1)
        for column in (*([str(year)] if str(year) in without else []), *(f"{year}-{m:02}" for m in range(1, 13)))
    ]


def _label(column: str, x: float, height: float, *, is_first: bool) -> str:
    """The month or year below a stack; the year stands below its January."""
    if len(column) == len("2024"):
        return f'<text x="{x:.1f}" y="{height + 15}" text-anchor="middle">{column}</text>'
    month = _SHORT_MONTHS[int(column[5:]) - 1]
    shown = f'<text x="{x:.1f}" y="{height + 15}" text-anchor="middle">{month[:1]}<title>{month}</title></text>'
    year = f'<text x="{x:.1f}" y="{height + 30}" text-anchor="middle" class="year">{column[:4]}</text>'
    return shown + (year if is_first else "")


def _dot(number: int, told: Happening, x: float, y: float) -> str:
    founding = " founding" if told.is_founding else ""
    title = f"{human_date(told.date)}: {told.body}: {told.what}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" class="event kind-{text(told.kind)}{founding}" '
        f'data-event="{number}"><title>{text(title)}</title></circle>'
    )


def _years(happenings: Sequence[Happening]) -> Iterator[str]:
    """The list, year by year."""
    for year, told in groupby(enumerate(happenings), key=lambda numbered: numbered[1].date[:4]):
        items = "".join(_item(number, happening) for number, happening in told)
        yield f'<h3>{year}</h3><ol class="events" aria-label="{year}">{items}</ol>'


def _item(number: int, told: Happening) -> str:
    rests = publications(told.proof)
    return (
        f'<li id="event-{number}" tabindex="-1"><span class="when">{text(human_date(told.date) or "")}</span>'
        f'<div><span class="dot kind-{text(told.kind)}"></span><strong>{text(upper_first(told.what))}</strong> · '
        f"{card_button(f'body:{told.slug}', told.body)}"
        f'<p class="told">“{text(told.proof.text)}” {proof_button(told.proof)}</p>'
        f"{f'<p class=byline>{rests}</p>' if rests else ''}</div></li>"
    )
