"""A claim and its evidence written alike, so that what only looks different is not taken for a difference.

1. The body's names become one (`assistant.open.naming`).
2. Dates, numbers, spellings and qualifiers are written in one way: "July 26, 2023", "twelve", "over 50".
3. Words that mean the same become one, unless the evidence uses both ("announced in May, launched in June").
4. What may be left out is taken out of the evidence if the claim leaves it out: remarks in brackets, and the date of
   an event if it is the only one.
5. "In May 2024" says as much as "as of May 2024".
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.open.naming import with_one_name
from assistant.open.reservations import find_reservations
from assistant.open.voice import find_by
from assistant.words import (
    PLAIN_DATE,
    content_stems,
    content_words,
    find_dates,
    find_numbers,
    is_negated,
    stem,
    with_digits,
    with_plain_dates,
    words,
)

# Words that say the same of a body, one group a line. Unlike those of `assistant.words`, which help to find a
# sentence, these must be so close that one may stand for the other on the screen.
_SAME_MEANING = """
    found establish launch start begin inaugurate
    announce unveil
    publish release
    company firm business
    lead head
    country nation
    aim seek
    help assist
    fund finance
"""
_MONEY = r"(?=(?:USD |EUR |GBP |CAD )?\d)"
_WRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b(is|are|was|were|has|have|had|does|do|did)n['’]t\b", r"\1 not"),
        (r"\b(?:set|sets|setting) up\b", "founded"),
        (r"\b(?:take|takes|took|taking) part\b", "participated"),
        (r"\bbec(?:a|o)me (?:a )?members? of\b", "joined"),
        (r"\bstate(?=s that\b)", "say"),
        (r"\$ ?(?=\d)", "USD "),
        (r"€ ?(?=\d)", "EUR "),
        (rf"\b(?:[Oo]ver|[Aa]bove) {_MONEY}", "more than "),
        (rf"\b(?:[Aa]round|[Rr]oughly|[Aa]pproximately) {_MONEY}", "about "),
        (r"\s*\b(?:per\s?cent|percent)\b", "%"),
        (r"\b([Nn])on-(?=[a-z])", r"\1on"),
        (r"(?<=[a-z]{2})is(e[sdr]?|ing|ations?|ational)\b", r"iz\1"),
        (r"\b([Ll])icence", r"\1icense"),
        (r"\b([Cc])entre", r"\1enter"),
        (r"\b([Pp])rogramme", r"\1rogram"),
        (r"\b([Dd])efence", r"\1efense"),
        (r"\baims? for\b", "aims at"),
    )
)
_NEXT_CLAUSE = re.compile(r"[,;:]|\b(?:and|or) [a-z]|\b(?:but|which|that|who|whose|while|where|when|than)\b")


_GROUPS = [line.split() for line in _SAME_MEANING.strip().splitlines()]


# In brackets, or behind a comma: "the Joint Development Foundation, which belongs to the Linux Foundation, hosts it".
_REMARK = re.compile(r" \([^()]*\)|, (?:which|who|whose|where|then|now|once|next)\b[^,;:()]*(?:,(?= )|(?P<end>\.$))")


def write_alike(claim: str, evidence: str, own_names: str) -> tuple[str, str]:
    """Claim and evidence for comparing, not for showing.

    Args:
        claim: One sentence.
        evidence: The sentence it should rest on.
        own_names: Names of the body that the evidence is about, parted by " | ".
    """
    claim, evidence = with_one_name(claim, evidence, own_names)
    claim, evidence = _with_same_words(plain_writing(claim), plain_writing(evidence))
    evidence = _without_only_date(claim, _without_remarks(claim, evidence))
    evidence = _with_date_first(claim, _without_doer(claim, evidence))
    return _with_as_of(claim, evidence), evidence


@lru_cache(maxsize=5_000)
def plain_writing(text: str) -> str:
    """Dates, numbers and spellings in one way."""
    text = with_digits(with_plain_dates(text))
    for pattern, plain in _WRITTEN:
        text = pattern.sub(plain, text)
    return text


def _without_remarks(claim: str, evidence: str) -> str:
    """Without the remarks of which the claim says nothing, but for those that deny or reserve something."""

    def left_out(match: re.Match[str]) -> str:
        remark, rest = match[0], evidence[: match.start()] + evidence[match.end() :]
        if _is_told(remark, rest, claim) or find_reservations(remark) or is_negated(remark):
            return remark
        return match["end"] or ""

    return _REMARK.sub(left_out, evidence)


def _is_told(remark: str, rest: str, claim: str) -> bool:
    """True if the claim holds the remark, or a word that only the remark has, or a date or number of it."""
    if remark.strip(" ,.") in claim or content_stems(claim) & (content_stems(remark) - content_stems(rest)):
        return True
    numbers = {number.value for number in find_numbers(claim)}
    return any(number.value in numbers for number in find_numbers(remark)) or any(
        date.agrees_with(told) for date in find_dates(claim) for told in find_dates(remark)
    )


def _without_only_date(claim: str, evidence: str) -> str:
    """Without the date of an event if it is the only one: an event stays true, a state or a number may not."""
    if find_dates(claim) or len(find_dates(evidence)) != 1 or find_numbers(evidence) or is_negated(evidence):
        return evidence
    return re.sub(rf",? [oi]n {PLAIN_DATE},?(?= by\b)", "", evidence)


def _with_as_of(claim: str, evidence: str) -> str:
    """The claim with "as of" a date where it says "in", "on" or "at" and the evidence has the very date as of which."""
    for match in re.finditer(rf"\bas of ({PLAIN_DATE})", evidence, re.IGNORECASE):
        claim = re.sub(rf"\b(?:[oi]n|by) (?={match[1]}\b)", "as of ", claim, flags=re.IGNORECASE)
    return claim


def _without_doer(claim: str, evidence: str) -> str:
    """The evidence in the passive if the claim is: "X was announced in Rome" for "A announced X in Rome"."""
    said = re.match(r"(?:The )?(?P<done>[^,;]+?),? (?P<be>was|were) (?P<verb>\w+ed|led|held|made|chosen)\b", claim)
    if not said or find_by(claim) is not None or find_by(evidence) is not None:
        return evidence
    done = rf"{said['verb']} (?:the )?{re.escape(said['done'])}\b"
    told = re.fullmatch(rf"(?P<when>(?:In|On) {PLAIN_DATE}, )?(?P<doer>[^;:]+) {done}(?P<rest>.*)", evidence)
    if not told or find_reservations(told["doer"]) or is_negated(told["doer"]):
        return evidence
    if any(word.islower() for word in content_words(told["doer"])):  # more than names: perhaps a clause of its own
        return evidence
    return f"{told['when'] or ''}{said['done']} {said['be']} {said['verb']}{told['rest']}"


def _with_date_first(claim: str, evidence: str) -> str:
    """The evidence with a date of its first clause put first if the claim has put it there."""
    opening = re.match(rf"(?:In|On|As of) {PLAIN_DATE}(?=,? )", claim)
    date = opening and re.search(rf" {opening[0]}(?=[ ,.])", evidence, re.IGNORECASE)
    if not opening or not date or _NEXT_CLAUSE.search(evidence[: date.start()]):
        return evidence
    return f"{opening[0]}, {evidence[: date.start()]}{evidence[date.end() :]}"


def _with_same_words(claim: str, evidence: str) -> tuple[str, str]:
    """Each word by which both could say the same as the first of its group; words with a capital may be names."""
    told = {stem(word) for word in words(evidence)}
    same: dict[str, str] = {}
    for first, *others in _GROUPS:
        group = {stem(word) for word in (first, *others)}
        if len(told & group) == 1:
            same |= dict.fromkeys(group, first)

    def in_one_word(match: re.Match[str]) -> str:
        word = same.get(stem(match[0]))
        if word is None:
            return match[0]
        if match[0].endswith("ed") or match[0] == "led":
            return f"{word.removesuffix('e')}ed"
        return f"{word}s" if match[0].endswith("s") else word  # "leads" stays apart from "led"

    return re.sub(r"\b[a-z]+\b", in_one_word, claim), re.sub(r"\b[a-z]+\b", in_one_word, evidence)
