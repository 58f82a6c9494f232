"""The timeline: what happened when, as dots over decades, years, months or days, and as a list with sources. Pure."""

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
from ui.explorer.periods import SHORT, Period, column_of, columns_of
from ui.text import MONTHS, human_date

WIDTH, DOT = 1000, 10  # of the drawing, and of the room for one event in it
FIRST_YEARS = 2  # shown at first: the newest
_WIDE = 30  # a column of that width has room for a short month


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
        select("month", "Month", MONTHS),
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
        return f'<div data-view="timeline">{_ways_out(choice)}<p class="hint">{_NOTHING}</p></div>'
    first, last = happenings[0].date[:4], happenings[-1].date[:4]
    when = first if first == last else f"{first} to {last}"
    when = f"{MONTHS[choice.month - 1]} {when}" if choice.month else when
    label = f"{counted(len(happenings), 'event')}, {when}"
    return (
        f'<div data-view="timeline"><p>{label}, as far as the articles tell; the newest last. '
        f"A ring is a founding.</p>{legend(sorted({told.kind for told in happenings}))}{_ways_out(choice)}"
        f'<div class="scroller" tabindex="0" role="region" aria-label="Timeline">'
        f"{drawing(happenings, choice, f'Timeline: {label}; the list below tells the same.')}</div>"
        f"{''.join(_years(happenings))}</div>"
    )


_NOTHING = "The articles tell of nothing like that."


def _ways_out(choice: Choice) -> str:
    """Buttons that show a longer time; those that show a shorter one stand below the drawing's columns."""
    is_month = choice.month is not None and choice.since is not None and choice.since == choice.until
    ways = []
    if choice.since or choice.until or choice.month:
        ways.append(_way("← All years", Period("")))
    if is_month:
        ways.append(_way(f"← All of {choice.since}", Period("", str(choice.since), str(choice.since))))
    else:
        ways.append('<span class="hint">Choose a year or a month below the dots to see it alone.</span>')
    return f'<p class="ways">{" ".join(ways)}</p>'


def _way(label: str, period: Period) -> str:
    return f'<button type="button" class="way" {_leads_to(period)}>{text(label)}</button>'


def _leads_to(period: Period) -> str:
    """Attributes of what, when pressed, shows a time alone."""
    return f'data-since="{period.since}" data-until="{period.until}" data-month="{period.month}"'


def drawing(happenings: Sequence[Happening], choice: Choice, label: str) -> str:
    """A dot an event, stacked over its time; the label below a stack leads to that time alone."""
    columns = columns_of([told.date for told in happenings], choice.month)
    stacks: dict[str, list[tuple[int, Happening]]] = {key: [] for key in columns}
    for number, told in enumerate(happenings):
        stacks[column_of(told.date, columns)].append((number, told))
    wide = WIDTH / len(columns)
    in_a_row = max(int((wide - 4) // DOT), 1)
    height = max(-(-len(stack) // in_a_row) for stack in stacks.values()) * DOT + 10
    drawn = []
    for place, (key, stack) in enumerate(stacks.items()):
        left = place * wide
        drawn.append(_label(columns[key], left + wide / 2, height, wide))
        if len(key) == len("2024-01") and (place == 0 or key.endswith("-01")):
            drawn.append(_year_below(key[:4], left + wide / 2, height))
        for position, (number, told) in enumerate(stack):
            row, across = divmod(position, in_a_row)
            drawn.append(_dot(number, told, left + 2 + (across + 0.5) * DOT, height - (row + 0.5) * DOT))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height + 34}" role="img" aria-label="{text(label)}">'
        f'<path class="axis" d="M0 {height + 1}H{WIDTH}"/>{"".join(drawn)}</svg>'
    )


def _label(column: Period, x: float, height: float, wide: float) -> str:
    """What stands below a stack; a month is cut to what fits."""
    shown = column.label
    if column.month:
        shown = shown[:SHORT] if wide > _WIDE else shown[:1]
    leads = f' class="way" {_leads_to(column)}' if column.since else ""
    title = f"<title>{text(column.label)}</title>" if shown != column.label else ""
    return f'<text x="{x:.1f}" y="{height + 15}" text-anchor="middle"{leads}>{text(shown)}{title}</text>'


def _year_below(year: str, x: float, height: float) -> str:
    column = Period(year, year, year)
    return (
        f'<text x="{x:.1f}" y="{height + 30}" text-anchor="middle" class="year way" {_leads_to(column)}>{year}</text>'
    )


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
