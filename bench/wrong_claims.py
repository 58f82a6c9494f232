"""Wrong claims, made from a sentence by a change that it does not bear out: one function for each sort."""

from __future__ import annotations

import re
from random import Random

from claim_sources import (
    ACTIVE,
    DATE,
    MONTHS,
    NAMED,
    NUMBER_WORDS,
    PASSIVE,
    Maker,
    Pool,
    Source,
    changed_pairs,
    lower_first,
    numbers_in,
    replaced,
    swapped,
    upper_first,
)

from assistant.words import content_stems, find_names, is_negated

_DETAILS = (
    " in Geneva",
    " together with IBM",
    " for the first time",
    " with USD 5 million",
    " as founders",
    ", which is based in Brussels",
    " and was criticised for it",
    " at the request of the European Commission",
    " and is growing quickly",
    " to promote peace",
)
_ADVERBS = ("quietly", "formally", "jointly", "successfully", "unanimously", "voluntarily")
_RESERVATIONS = (
    r"\b(?:about|around|nearly|almost|more than|over|at least|at most|up to|under|fewer than|less than) "
    rf"(?=\d|[A-Z]{{3}} \d|half\b|{'|'.join(NUMBER_WORDS)})",
    rf"^As of {DATE}, ",
    r"^According to [^,]+, ",
    r", according to [^,.]+",
    r"\b(?:was|were) reported to (?=have|be)",
    r"\b(?:planned|proposed|expected|reported|initial|draft|former|formerly|probably|partly|only|mainly) ",
)
_MADE_SURER = (
    (r"\b(?:[Mm]ost|[Mm]any|[Ss]everal|[Ss]ome) (?:of )?", ""),
    (r"\b(?:will|may|can|should|would) ", ""),
    (r"\b(?:is|are) to (?=[a-z]+ )", "already "),
    (r"^The (?=[a-z]+s\b)", "All the "),
    (r"\b(was|were|is|are|has|had) (?!not)", r"\1 only "),
    (r"\bwas (?!not)", "will be "),
    (r"\b(?:is|are) (?!not)", "may be "),
)
_OTHERWISE = (
    ("joined", "left"),
    ("founded", "dissolved"),
    ("launched", "closed"),
    ("announced", "denied"),
    ("rose", "fell"),
    ("supports", "opposes"),
    ("signed", "rejected"),
    ("adopted", "rejected"),
    ("first", "last"),
    ("voluntary", "binding"),
    ("public", "secret"),
    ("open", "closed"),
    ("largest", "smallest"),
    ("began", "ended"),
    ("published", "withdrew"),
    ("members", "employees"),
    ("founders", "critics"),
    ("chair", "treasurer"),
    ("director", "spokesman"),
    ("hosted", "funded"),
    ("global", "regional"),
    ("more than", "fewer than"),
    ("before", "after"),
    ("companies", "universities"),
)


def another_name(source: Source, pool: Pool, rng: Random) -> str | None:
    """One organisation for another that the sentence does not name."""
    own = [match.span() for name in source.own_names for match in re.finditer(re.escape(name), source.text)]
    found = [
        match
        for match in pool.organisation_pattern.finditer(source.text)
        if not any(start < match.end() and match.start() < end for start, end in own)
    ]
    if not found:
        return None
    names = f"{source.text} {source.told_names}".lower()
    new = next(name for name in rng.sample(pool.organisations, 200) if name.lower() not in names)
    return replaced(source.text, rng.choice(found), new)


def roles_reversed(source: Source, pool: Pool, rng: Random) -> str | None:
    """What was done for who did it."""
    if match := PASSIVE.fullmatch(source.text):
        doer, done, when = match["doer"], match["done"], match["when"] or match["then"] or ""
    elif match := ACTIVE.fullmatch(source.text):
        doer, done, when = match["doer"], match["done"], match["when"] or ""
    else:
        return None
    active = f"{upper_first(done)} {match['verb']} {lower_first(doer)}{when}."
    be = "were" if " and " in doer else "was"
    return rng.choice([active, f"{upper_first(doer)} {be} {match['verb']}{when} by {lower_first(done)}."])


def another_number(source: Source, pool: Pool, rng: Random) -> str | None:
    """One number changed, or two of them swapped."""
    numbers = numbers_in(source.text)
    pairs = list(changed_pairs(numbers))
    if pairs and rng.random() < 0.5:
        return swapped(source.text, *rng.choice(pairs))
    if not numbers:
        return None
    chosen = rng.choice(numbers)
    if chosen[0] in NUMBER_WORDS:
        return replaced(source.text, chosen, rng.choice([word for word in NUMBER_WORDS if word != chosen[0]]))
    value = int(chosen[0].replace(",", ""))
    return replaced(source.text, chosen, f"{value + rng.choice([1, 3, 10, max(value, 1)]):,}")


def another_date(source: Source, pool: Pool, rng: Random) -> str | None:
    """Another year, month or day, or two dates swapped."""
    dates = list(re.finditer(DATE, source.text))
    pairs = list(changed_pairs(dates))
    if pairs and rng.random() < 0.5:
        return swapped(source.text, *rng.choice(pairs))
    if not dates:
        return None
    chosen = rng.choice(dates)
    *before, year = chosen[0].split()
    part = rng.randrange(len(before) + 1)
    if part == len(before):
        year = str(int(year) + rng.choice([-2, -1, 1, 2]))
    elif before[part].isdigit():
        before[part] = str(int(before[part]) % 28 + 1)
    else:
        before[part] = rng.choice([month for month in MONTHS if month != before[part]])
    return replaced(source.text, chosen, " ".join([*before, year]))


def denial_turned(source: Source, pool: Pool, rng: Random) -> str | None:
    """A denial put in, or left out."""
    if is_negated(source.text):
        found = list(re.finditer(r"\b(?:(?:did|does|do) not|not|no|never) ", source.text))
        return replaced(source.text, rng.choice(found), "") if found else None
    places = list(re.finditer(r"\b(?:was|were|is|are|has|had)\b", source.text))
    return replaced(source.text, chosen := rng.choice(places), f"{chosen[0]} not") if places else None


def another_body(source: Source, pool: Pool, rng: Random) -> str | None:
    """The body's name for another's."""
    match = source.first_name()
    others = [other for other in pool.sources if other.own_names and other.title != source.title]
    return replaced(source.text, match, rng.choice(others).own_names[0]) if match else None


def of_another_body(source: Source, pool: Pool, rng: Random) -> str | None:
    """The most similar sentence on another body, with this body's name put in."""
    if not source.first_name():
        return None
    told = content_stems(source.text)
    best, most_shared = None, 0.0
    for other in pool.sources:
        match = other.first_name() if other.title != source.title else None
        if match:
            text = replaced(other.text, match, source.own_names[0])
            said = content_stems(text)
            shared = len(said & told) / len(said | told)
            if said - told - content_stems(source.told_names) and shared > most_shared:
                best, most_shared = text, shared
    return best


def detail_added(source: Source, pool: Pool, rng: Random) -> str | None:
    """Something that the sentence does not say, at its end or before its verb."""
    verb = re.search(r"\b(?:was|were) (?=\w+ed\b)", source.text)
    if verb and rng.random() < 0.3:
        return replaced(source.text, verb, f"{verb[0]}{rng.choice(_ADVERBS)} ")
    return f"{source.text[:-1]}{rng.choice(_DETAILS)}."


def reservation_dropped(source: Source, pool: Pool, rng: Random) -> str | None:
    texts = [re.sub(pattern, "", source.text, count=1) for pattern in _RESERVATIONS]
    return upper_first(rng.choice(found)) if (found := [text for text in texts if text != source.text]) else None


def more_or_less_said(source: Source, pool: Pool, rng: Random) -> str | None:
    """Words such as "most" or "may" dropped, or "all", "only" or "will" put in."""
    texts = [re.sub(pattern, new, source.text, count=1) for pattern, new in _MADE_SURER]
    return upper_first(rng.choice(found)) if (found := [text for text in texts if text != source.text]) else None


def voice_or_tense_changed(source: Source, pool: Pool, rng: Random) -> str | None:
    """What was done told as what it did, or the other way round; what was told as what is."""
    text = source.text
    if match := source.subject():
        end = match.end()
        if found := re.match(r" (was|were) (?=\w+ed (?:on|in|at|as|with)\b)", text[end:]):
            return f"{text[:end]} {text[end + found.end() :]}"
        if re.match(r" \w+ed\b", text[end:]):
            return f"{text[:end]} was{text[end:]}"
    if re.search(r"\bwas (?:an? |the )", text) and not re.search(r"\b(?:is|are|has|have)\b", text):
        return re.sub(rf"^As of {DATE}, ", "", re.sub(r"\bwas (?=an? |the )", "is ", text, count=1))
    return None


def part_for_whole(source: Source, pool: Pool, rng: Random) -> str | None:
    """The body, or "It", for something of the body's that is the subject."""
    names = "|".join(map(re.escape, source.own_names))
    match = re.match(rf"(?:The|An?) [^,]+? of (?:the )?({names}) (was|is|has|had|were|are|have)\b", source.text)
    if not names or not match:
        return None
    verb = {"were": "was", "are": "is", "have": "has"}.get(match[2], match[2])
    return replaced(source.text, match, f"{rng.choice(['It', f'The {match[1]}'])} {verb}")


def anothers_predicate(source: Source, pool: Pool, rng: Random) -> str | None:
    """What is said of one name said of the one that the sentence begins with."""
    match = re.match(
        rf"(?P<subject>{NAMED}) (?=[a-z]).+?(?P<other>{NAMED})(?:, (?:which|who)|,? (?:and|but|while|whereas) {NAMED})"
        r" (?P<predicate>(?:was|is|has|had|[a-z]+ed|[a-z]+s) .+)",
        source.text,
    )
    if not match or match["other"] in match["subject"] or not find_names(match["subject"]):
        return None
    return f"{match['subject']} {match['predicate']}"


def another_word(source: Source, pool: Pool, rng: Random) -> str | None:
    """A word for its contrary, or for one of the same sort."""
    pairs = [*_OTHERWISE, *((other, one) for one, other in _OTHERWISE)]
    texts = [re.sub(rf"\b{one}\b", other, source.text, count=1) for one, other in pairs]
    return rng.choice(found) if (found := [text for text in texts if text != source.text]) else None


WRONG: dict[str, Maker] = {
    "another name": another_name,
    "who did what reversed": roles_reversed,
    "another number": another_number,
    "another date": another_date,
    "denial added or dropped": denial_turned,
    "another body's name": another_body,
    "another body's sentence": of_another_body,
    "detail added": detail_added,
    "reservation dropped": reservation_dropped,
    "more or less said": more_or_less_said,
    "voice or tense changed": voice_or_tense_changed,
    "part for the whole": part_for_whole,
    "another's predicate": anothers_predicate,
    "another word": another_word,
}
