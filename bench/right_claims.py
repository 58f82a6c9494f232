"""Right claims, made from a sentence by a change that leaves it true: one function for each sort."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from claim_sources import (
    ACTIVE,
    DATE,
    MONTHS,
    NAMED,
    NUMBER_WORDS,
    PASSIVE,
    WHEN,
    Maker,
    Pool,
    Source,
    is_event,
    is_plain,
    lower_first,
    numbers_in,
    replaced,
    upper_first,
)

_KINDS = "Forum Alliance Foundation Consortium Partnership Coalition Network Initiative Institute Council".split()
_SAME_MEANING = (
    (r"\b(was|were) founded\b", r"\1 established"),
    (r"\bset up\b", "established"),
    (r"\b(?:began|begun)\b", "started"),
    (r"\bpublished\b", "released"),
    (r"\btook part\b", "participated"),
    (r"\baims at\b", "aims for"),
    (r"\bconsists of\b", "is made up of"),
    (r"\bcompanies\b", "firms"),
    (r"\bsays that\b", "states that"),
    (r"\bis not\b", "isn't"),
    (r"\bjoined the\b", "became a member of the"),
    (r"\bnon-profit\b", "nonprofit"),
    (r"\bwas announced\b", "was unveiled"),
    (r"\bunder the name\b", "with the name"),
    (r"\bnot part of\b", "not a part of"),
    (r"\bwhich\b", "that"),
)
_WRITTEN_OTHERWISE = (
    (r"\b(\d{1,2}) (" + "|".join(MONTHS) + r") (\d{4})", r"\2 \1, \3"),
    (r"\bmore than (?=\d)", "over "),
    (r"\babout (?=\d)", "around "),
    (r"(\d) per cent\b", r"\1%"),
    (r"\bUSD (\d)", r"$\1"),
    (r"\borganisation", "organization"),
    (r"\blicence", "license"),
)


def itself(source: Source, pool: Pool, rng: Random) -> str | None:
    return source.text


def end_dropped(source: Source, pool: Pool, rng: Random) -> str | None:
    """Without a date at the end, a remark behind a comma, or one in brackets."""
    shorter = [re.sub(r" \([^)]*\)", "", source.text), re.sub(r", (?:which|who|whose)\b[^,]*\.$", ".", source.text)]
    if (match := re.search(rf" {WHEN}\.$", source.text)) and is_event(source.text[: match.start()]):
        shorter.append(source.text[: match.start()] + ".")
    return rng.choice(found) if (found := [text for text in shorter if text != source.text]) else None


def beginning_dropped(source: Source, pool: Pool, rng: Random) -> str | None:
    match = re.match(rf"(?:On|In) {DATE}, (.+)", source.text)
    return upper_first(match[1]) if match and is_event(match[1]) else None


def active_or_passive(source: Source, pool: Pool, rng: Random) -> str | None:
    if match := PASSIVE.fullmatch(source.text):
        when = match["when"] or match["then"] or ""
        return f"{upper_first(match['doer'])} {match['verb']} {lower_first(match['done'])}{when}."
    if match := ACTIVE.fullmatch(source.text):
        when = match["when"] or (f" {lower_first_letter(match['first'])}" if match["first"] else "")
        return f"{upper_first(match['done'])} was {match['verb']} by {lower_first(match['doer'])}{when}."
    return None


def doer_dropped(source: Source, pool: Pool, rng: Random) -> str | None:
    """What was done, without who did it."""
    text = active_or_passive(source, pool, rng)
    match = re.match(rf"(?P<done>.+ was \w+) by {NAMED}(?P<when> {WHEN})?\.$", text) if text else None
    return f"{match['done']}{match['when'] or ''}." if match else None


def lower_first_letter(text: str) -> str:
    return text[0].lower() + text[1:]


def date_moved(source: Source, pool: Pool, rng: Random) -> str | None:
    """The date at the end put first, or the other way round."""
    match = re.fullmatch(rf"(?P<rest>.+?) (?P<when>{WHEN})\.", source.text)
    if match and is_plain(match["rest"]):
        return f"{upper_first(match['when'])}, {lower_first(match['rest'])}."
    match = re.fullmatch(rf"(?P<when>(?:As of|On|In) {DATE}), (?P<rest>.+)\.", source.text)
    if match and is_plain(match["rest"]):
        return f"{upper_first(match['rest'])} {lower_first_letter(match['when'])}."
    return None


def pronoun(source: Source, pool: Pool, rng: Random) -> str | None:
    """The body's name replaced by "It" or "The forum"."""
    if not (match := source.subject()):
        return None
    kind = match[1].rsplit(" ", 1)[-1]
    return replaced(source.text, match, rng.choice(["It", f"The {kind.lower()}" if kind in _KINDS else "It"]))


def alias(source: Source, pool: Pool, rng: Random) -> str | None:
    """Another of its names for the body."""
    match = source.first_name()
    others = [name for name in source.own_names if name.lower() not in source.text.lower()]
    if not match or not others:
        return None
    new = rng.choice(others)
    text = replaced(source.text, match, re.sub(r"^[Tt]he ", "", new))
    is_short = " " not in new and rng.random() < 0.5
    return upper_first(re.sub(rf"\b[Tt]he {re.escape(new)}", new, text)) if is_short else text


def written_otherwise(source: Source, pool: Pool, rng: Random) -> str | None:
    """Dates, numbers and spellings in another fashion."""
    texts = [re.sub(pattern, new, source.text) for pattern, new in _WRITTEN_OTHERWISE]
    for match in numbers_in(source.text):
        if match[0] in NUMBER_WORDS:
            texts.append(replaced(source.text, match, str(NUMBER_WORDS.index(match[0]) + 2)))
        elif match[0].isdigit() and 2 <= int(match[0]) <= 12 and match.start():
            texts.append(replaced(source.text, match, NUMBER_WORDS[int(match[0]) - 2]))
    return rng.choice(found) if (found := [text for text in texts if text != source.text]) else None


def same_meaning(source: Source, pool: Pool, rng: Random) -> str | None:
    """A word for one of the same meaning."""
    texts = [re.sub(pattern, new, source.text, count=1) for pattern, new in _SAME_MEANING]
    return rng.choice(found) if (found := [text for text in texts if text != source.text]) else None


def several(source: Source, pool: Pool, rng: Random) -> str | None:
    """Two or more of these changes at once."""
    text = source.text
    changes = 0
    for maker in (date_moved, active_or_passive, alias, pronoun, written_otherwise, same_meaning):
        new = maker(replace(source, text=text), pool, rng)
        changes += new is not None
        text = new or text
    return text if changes > 1 else None


RIGHT: dict[str, Maker] = {
    "the sentence itself": itself,
    "its end dropped": end_dropped,
    "its beginning dropped": beginning_dropped,
    "active for passive or back": active_or_passive,
    "who did it dropped": doer_dropped,
    "date moved": date_moved,
    "pronoun for the name": pronoun,
    "alias for the name": alias,
    "written otherwise": written_otherwise,
    "word of the same meaning": same_meaning,
    "several of these": several,
}
