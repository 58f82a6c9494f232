"""Is a sentence supported by a piece of evidence? Names, numbers, dates, negation, who did what, and meaning.

A claim passes against one evidence sentence when
1. it says of whom it speaks: "It" at its start stands for the body that the evidence names, "They" for nobody,
2. every name in it stands in the evidence (or is a name of the body that its article is about), word by word,
3. every date in it agrees with one in the evidence, and every number with one that counts the same thing, in the
   same order: "19 members in 2020 and 25 in 2021" does not support "19 members in 2021 and 25 in 2020",
4. both deny the same or neither denies, and both make the same reservations ("planned", "about", "most", "will"),
5. what was is not told as what is, nor what somebody did as what was done to them,
6. names and words come in the same order, unless one of the two is in the passive voice; what stands at the end may
   come first ("In May 2024 ..."),
7. nothing is left out of its middle: "19 members in 2020 and 25 in 2021" does not support "19 members in
   2021"; it may be the whole of the evidence in other words, or the evidence without its beginning or end, but it
   begins neither inside a phrase nor behind the subject: "the fund of the Forum was announced" does not support "the
   Forum was announced",
8. all of its content words stand in the evidence, and
9. it is close in meaning (cosine of the embeddings).

Before they are compared, claim and evidence are written alike (`assistant.open.alike`).
The rules are strict on purpose: a sentence that fails costs a quotation in its place, one that passes wrongly
costs the user's trust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.open.alike import plain_writing, write_alike
from assistant.open.evidence import Evidence
from assistant.open.naming import ONE_NAME, foreign_name, has_open_pronoun, is_named_otherwise, whole_names, with_name
from assistant.open.reservations import changed_reservation
from assistant.open.voice import changes_voice, find_by, makes_present
from assistant.words import (
    FUNCTION_WORDS,
    PLAIN_DATE,
    Date,
    Number,
    content_stems,
    content_words,
    find_dates,
    find_names,
    find_numbers,
    first_word,
    is_negated,
    stem,
    words,
)

T = TypeVar("T")

MIN_CLOSENESS = 0.7  # cosine, all-MiniLM-L6-v2
MIN_CLOSENESS_RENAMED = 0.4  # of sentences that call the body differently: "It has three lines of work."
_WORD = re.compile(r"\w+(?:[.'’*&-]\w+)*")
_REFLEXIVES = frozenset({"itself", "themselves", "himself", "herself"})
_PREPOSITIONS = frozenset("of in on for from with by to at as since after before without against between into".split())
_LIST_GOES_ON = re.compile(r"(?:,| and| or)\s+(?:and |or )?(?:[A-Z0-9]\S*)")
_PHRASE_BEFORE = re.compile(r"\b(?:of|in|at|on|for|from|with|by|to)(?: (?:the|an?|its|their))? $", re.IGNORECASE)
# "A and B were the founders" and "the founders were A and B" say the same.
_IDENTITY = re.compile(r"\b(?:is|are|was|were) (?:the|an?) [a-z]|^The [a-z][^,]* (?:is|are|was|were) ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence that supports a claim, or why none does."""

    support: Evidence | None
    reason: str = ""


def check_claim(claim: str, vector: NDArray[np.float32], evidence: Sequence[Evidence]) -> Verdict:
    """Find the evidence sentence that supports a claim.

    Args:
        claim: One sentence.
        vector: (dim,), its unit embedding.
        evidence: What it may rest on.

    Returns:
        The closest supporting evidence, or the reason why the closest does not support it.
    """
    closest_first = sorted(evidence, key=lambda e: (-float(e.vector @ vector), e.record.id))
    reasons = []
    for candidate in closest_first:
        reason = why_unsupported(
            claim, candidate.record.sentence.text, candidate.names, float(candidate.vector @ vector)
        )
        if reason is None:
            return Verdict(candidate)
        reasons.append(reason)
    return Verdict(None, reasons[0] if reasons else "no evidence")


def why_unsupported(claim: str, evidence: str, own_names: str, closeness: float) -> str | None:
    """None when the evidence supports the claim, else the reason in a few words.

    Args:
        claim: One sentence.
        evidence: The sentence it should rest on.
        own_names: Title of the evidence's article and names of the body it is about: what "it" stands for.
        closeness: Cosine of the two sentences' embeddings.
    """
    bar = MIN_CLOSENESS_RENAMED if is_named_otherwise(claim, evidence, own_names) else MIN_CLOSENESS
    claim = with_name(claim, evidence, own_names)
    if has_open_pronoun(claim, evidence):
        return f"does not say what this is: {first_word(claim)}"
    claim, evidence = write_alike(claim, evidence, own_names)
    # Once the evidence's name for the body is made one, a name left in the claim means something else.
    own_names = "" if ONE_NAME in evidence else plain_writing(own_names)
    if foreign := foreign_name(claim, evidence, own_names):
        return f"name not in the evidence: {foreign}"
    told = find_dates(evidence)
    for date in find_dates(claim):
        if not any(date.agrees_with(other) for other in told):
            return "date not in the evidence"
    counted = find_numbers(evidence)
    for number in find_numbers(claim):
        if not any(_same(number, other) for other in counted):
            return f"number not in the evidence: {number.value:g} {number.unit}".strip()
    if not (
        _is_in_order(find_dates(claim), told, Date.agrees_with) and _is_in_order(find_numbers(claim), counted, _same)
    ):
        return "dates or numbers in another order"
    if not set(_reflexives(claim)) <= set(_reflexives(evidence)):
        return "means itself by another word"
    if is_negated(claim) != is_negated(evidence):
        return "one denies, the other does not"
    if not _denies_the_same(claim, evidence):
        return "denies something else"
    if changed := changed_reservation(claim, evidence):
        return changed
    if verb := changes_voice(claim, evidence):
        return f"does and is done mixed up: {verb}"
    if makes_present(claim, evidence):
        return "tells the past as present"
    if not _same_order(claim, evidence):
        return "names in another order"
    if left_out := _left_out(claim, evidence):
        return f"leaves out of the middle: {left_out}"
    if placed := _prepositions(claim) - _prepositions(evidence) - {"by"}:  # "by" may come with the passive voice
        return f"relates things otherwise: {', '.join(sorted(placed))}"
    added = content_stems(claim) - content_stems(f"{evidence} {own_names}")
    if added:
        return f"adds words: {', '.join(sorted(added)[:4])}"
    if closeness < bar:
        return f"not close in meaning ({closeness:.2f})"
    return None


def _prepositions(text: str) -> set[str]:
    return set(words(text.lower())) & _PREPOSITIONS


def _left_out(claim: str, evidence: str) -> str | None:
    """What the claim leaves out between its first and last word of the evidence, of a phrase or a list it cuts."""
    said = {stem(word) for word in words(claim)}
    matches = list(_WORD.finditer(evidence))
    carries = [stem(match[0]) not in FUNCTION_WORDS and match[0].lower() not in FUNCTION_WORDS for match in matches]
    dated = _agreeing_dates(claim, evidence)
    held = [i for i, match in enumerate(matches) if carries[i] and dated.get(match.start(), stem(match[0]) in said)]
    if not held:
        return None
    for i in range(held[0], held[-1]):
        if carries[i] and i not in held:
            return matches[i][0]
    before = evidence[: matches[held[0]].start()]
    if any(carries[: held[0]]) and (phrase := _PHRASE_BEFORE.search(before)):
        return f"what is {phrase[0].strip()} it"
    if any(carries[: held[0]]) and (content_words(re.split("[,;:]", before)[-1]) or not re.search("[,;:]", before)):
        return f"its subject: {before.strip()}"
    if before.rstrip().endswith(",") and (subject := find_names(before)):
        return f"of whom it is said: {subject[0]}"  # "A and B, two of the founders, left" is not "two founders left"
    if owner := _opens_inside(claim, evidence):
        return f"what is of {owner}"
    last = held[-1]
    while True:  # "its sponsor list, Chainguard ...": the list may begin behind words that carry nothing
        if cut := _LIST_GOES_ON.match(evidence, matches[last].end()):
            return cut[0].strip(" ,")
        last += 1
        if last == len(matches) or carries[last]:
            return None


def _agreeing_dates(claim: str, evidence: str) -> dict[int, bool]:
    """For each place in the evidence where a word of a date begins: whether the claim tells that date."""
    claimed = find_dates(claim)
    held: dict[int, bool] = {}
    for match in re.finditer(PLAIN_DATE, evidence):
        is_told = any(date.agrees_with(told) for told in find_dates(match[0]) for date in claimed)
        held |= {match.start() + word.start(): is_told for word in _WORD.finditer(match[0])}
    return held


def _opens_inside(claim: str, evidence: str) -> str | None:
    """The claim's first content word if the evidence holds it only as the owner of something: "the list of X"."""
    first = next(iter(content_words(claim)), None)
    # "X's list" tells the owner as well, "As of May" opens in the same way.
    if first is None or re.search(rf"['’]s\b|\bof\b.*{re.escape(first)}", claim, re.IGNORECASE):
        return None
    found = [match.start() for match in _WORD.finditer(evidence) if stem(match[0]) == stem(first)]
    is_owner = [re.search(r"\bof(?: the| an?)? $", evidence[:start], re.IGNORECASE) for start in found]
    return first if found and all(is_owner) else None


def _same(claimed: Number, told: Number) -> bool:
    """The same number of the same thing, or of nothing in particular."""
    return claimed.value == told.value and claimed.unit in (told.unit, "")


def _is_in_order(claimed: Sequence[T], told: Sequence[T], agree: Callable[[T, T], bool]) -> bool:
    """True if what is claimed can be found in what is told, each on its own and without going back."""
    place = 0
    for item in claimed:
        found = next((i for i in range(place, len(told)) if agree(item, told[i])), None)
        if found is None:
            return False
        place = found + 1
    return True


def _denies_the_same(claim: str, evidence: str) -> bool:
    """Denying words stand between the same words in both, as far as the claim goes."""
    claimed, told = _denied(claim), _denied(evidence)
    said, known = content_stems(claim), content_stems(evidence)
    is_told = all(
        any(after == told_after and (before == told_before or before not in known) for told_before, told_after in told)
        for before, after in claimed
    )
    # As often, too: "cannot or will not support" is not "cannot or will support".
    denied = Counter(after for _, after in claimed if after in said)
    return is_told and denied == Counter(after for _, after in told if after in said)


def _denied(text: str) -> list[tuple[str | None, str | None]]:
    """The stems of the content words before and after each denying word."""
    found = words(text)
    carried = [bool(content_words(word)) for word in found]
    before = [next((stem(found[j]) for j in range(i - 1, -1, -1) if carried[j]), None) for i in range(len(found))]
    after = [next((stem(found[j]) for j in range(i + 1, len(found)) if carried[j]), None) for i in range(len(found))]
    return [(before[i], after[i]) for i, word in enumerate(found) if is_negated(word)]


def _same_order(claim: str, evidence: str) -> bool:
    """Who did what agrees: same order of names, or "B did A" against "A was done by B"."""
    claim_by, evidence_by = find_by(claim), find_by(evidence)
    if claim_by is not None and evidence_by is None:
        return _is_active_of(evidence, claim, claim_by)
    if evidence_by is not None and claim_by is None:
        return _is_active_of(claim, evidence, evidence_by)
    places = _places(find_names(claim), find_names(evidence))
    in_order = places == sorted(places) or (_IDENTITY.search(claim) is not None and _is_rotated(places))
    return in_order and _is_rotated(_places(_stems(claim), _stems(evidence)))


def _is_active_of(active: str, passive: str, by: int) -> bool:
    """In the active sentence, the names after "by" come before those in front of it."""
    done = set(whole_names(passive[:by]))
    doers = set(whole_names(passive[by:])) - done
    names = whole_names(active)
    done_at = [i for i, name in enumerate(names) if name in done]
    doers_at = [i for i, name in enumerate(names) if name in doers]
    return not done_at or not doers_at or max(doers_at) < min(done_at)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in content_words(text)]


def _places(claimed: Sequence[str], told: Sequence[str]) -> list[int]:
    """Where the claimed items stand in what is told: the next such place, or else the first one."""
    places: list[int] = []
    for item in claimed:
        found = [i for i, other in enumerate(told) if other == item]
        if found:
            places.append(next((i for i in found if not places or i > places[-1]), found[0]))
    return places


def _is_rotated(places: Sequence[int]) -> bool:
    """True if the places rise, but for one step back at which the end was put first."""
    back = [i for i in range(1, len(places)) if places[i] < places[i - 1]]
    return not back or (len(back) == 1 and places[-1] < places[0])


def _reflexives(text: str) -> list[tuple[str, str]]:
    """Each "itself" with the stem before it: "calls itself" is not "itself calls"."""
    found = [word.lower() for word in words(text)]
    return [(stem(before), word) for before, word in zip(found, found[1:], strict=False) if word in _REFLEXIVES]
