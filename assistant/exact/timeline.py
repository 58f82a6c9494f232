"""Timelines: what happened, by date, each line with the sentence that tells it.

Of many, a part is shown, in this order: foundings, then each body's events in turn, so that no body fills the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistant.citing import Citations
from assistant.exact.comparison import defining_sentence
from assistant.exact.event_topics import speaks_of
from assistant.exact.happenings import FOUNDING_EVENTS, Entry, happenings_of
from assistant.exact.reach import tell_reach
from assistant.exact.timeline_reading import Theme, Timeline
from assistant.exact.wording import join_names
from assistant.followups.make_whole import with_article
from assistant.types import CheckedSentence
from assistant.words import content_stems
from index.catalogue import Catalogue
from index.fact_sentences import names_pattern, spoken_date

MAX_LINES = 40
LEAST_OF_THEME = 2  # one event is no timeline


def tell_timeline(timeline: Timeline, catalogue: Catalogue, citations: Citations) -> list[CheckedSentence]:
    """The answer's sentences: an opening, then a line an event; empty when there is none.

    Args:
        timeline: What is asked.
        catalogue: Where the events are.
        citations: Takes up the sentences that tell them.
    """
    entries = _asked(timeline, catalogue)
    if len(entries) < (LEAST_OF_THEME if timeline.theme and not (timeline.span or timeline.newest) else 1):
        return []
    if not timeline.listed <= content_stems(
        " ".join(f"{e.body.name} {e.what} {e.told.sentence.text}" for e in entries)
    ):
        return []
    shown = entries[::-1][: timeline.newest] if timeline.newest else _most_telling(entries)
    is_relative = timeline.span is not None and timeline.span.is_relative
    reach = tell_reach(catalogue, citations) if is_relative and not timeline.newest else []
    names_body = len(timeline.bodies) != 1
    lines = [CheckedSentence(_line(entry, names_body), (citations.cite(entry.told),)) for entry in shown]
    # The first and the last line tell the time that the opening speaks of.
    bounds = catalogue.sentences(timeline.span.told_in if timeline.span else ())
    told_in = map(citations.cite, bounds.values())
    ends = tuple(dict.fromkeys((*lines[0].citations, *lines[-1].citations, *told_in)))
    return [*reach, CheckedSentence(_opening(timeline, shown, len(entries)), ends), *lines]


def _asked(timeline: Timeline, catalogue: Catalogue) -> list[Entry]:
    """What happened to the bodies asked about, in the time asked about, by date."""
    entries = happenings_of({body.slug: body for body in timeline.bodies or catalogue.alliances}, catalogue)
    if timeline.span is not None:
        within = [entry for entry in entries if timeline.span.holds(entry.date)]
        # Nothing of late: the newest that there is, with its date, is of more use than nothing.
        entries = entries if not within and timeline.newest else within
    for organisation in timeline.organisations:
        named = names_pattern([organisation.name, *organisation.aliases])
        # "Microsoft-OpenAI partnership" names both.
        entries = [e for e in entries if named.search(f"{e.body.name.replace('-', ' ')}: {e.told.sentence.text}")]
    if timeline.theme is None:
        return entries
    if timeline.bodies:
        stems = timeline.theme.stems
        return [entry for entry in entries if speaks_of(entry.what, entry.told.sentence.text, stems)]
    # "What happened in San Diego in December 2025?": the place stands in the sentence, if anywhere.
    is_place = timeline.span is not None and timeline.theme.is_name
    is_on_theme = _on_theme(timeline.theme, is_place, catalogue)
    return [entry for entry in entries if is_on_theme(entry)]


def _on_theme(theme: Theme, is_place: bool, catalogue: Catalogue) -> Callable[[Entry], bool]:
    """Whether an event has to do with a theme, by its body or its own words; of a place, by its sentence, too."""
    bodies = set()
    for body in catalogue.alliances:
        definition = defining_sentence(body, catalogue)
        told = definition.sentence.text if definition else ""
        if theme.is_told(" ".join([body.name, *body.aliases, body.kind.replace("-", " "), told])):
            bodies.add(body.slug)

    def is_on_theme(entry: Entry) -> bool:
        told = f"{entry.what} {entry.body.name} {entry.told.sentence.text if is_place else ''}"
        return entry.body.slug in bodies or theme.is_told(told)

    return is_on_theme


def _most_telling(entries: Sequence[Entry]) -> list[Entry]:
    """All of them, or as many as are shown, by date."""
    turns: Counter[str] = Counter()
    tiers: dict[int, list[int]] = {}  # foundings, then the first event of each body, the second ...
    for position, entry in enumerate(entries):
        turns[entry.body.slug] += not entry.is_founding
        tiers.setdefault(0 if entry.is_founding else turns[entry.body.slug], []).append(position)
    shown: list[int] = []
    for _, tier in sorted(tiers.items()):
        room = min(MAX_LINES - len(shown), len(tier))
        shown += [tier[i * len(tier) // room] for i in range(room)]  # spread over the time
    return [entries[position] for position in sorted(shown)]


def _line(entry: Entry, names_body: bool) -> str:
    date = spoken_date(entry.date)
    if not names_body or entry.body.name in entry.what:
        return f"- {date}: {entry.what}."
    if entry.what in FOUNDING_EVENTS:
        return f"- {date}: {entry.body.name} {entry.what}."
    return f"- {date}: {entry.what} ({entry.body.name})."


def _opening(timeline: Timeline, shown: Sequence[Entry], count: int) -> str:
    """What the list is of, the time, and how many there are."""
    whose = f" of {join_names(with_article(body.name) for body in timeline.bodies)}" if timeline.bodies else ""
    theme = f" on “{timeline.theme.label}”" if timeline.theme else ""
    verb = "names" if count == 1 else "name"
    named = f" that {verb} {join_names(o.name for o in timeline.organisations)}" if timeline.organisations else ""
    what = f"{whose}{theme}{named}"
    if timeline.newest and len(shown) == 1:
        return f"Latest event{what} in the articles:"
    if timeline.newest:
        return f"Latest {len(shown)} events{what} in the articles, the newest first:"
    events = "Event" if count == 1 else "Events"
    first, last = spoken_date(shown[0].date), spoken_date(shown[-1].date)
    told = f" {timeline.span.label}" if timeline.span else f", {first} to {last}" if first != last else f", {first}"
    part = f"{len(shown)} of {count}; name a body or a shorter time to see the others" if len(shown) < count else count
    return f"{events}{what}{told} ({part}):"
