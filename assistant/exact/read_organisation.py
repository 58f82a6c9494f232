"""Questions about organisations: which bodies they founded, joined or left, and whether they are in a body."""

from __future__ import annotations

import re

from assistant.exact.intent import Intent, Relation
from assistant.exact.reading import Reading
from assistant.exact.vocabulary import (
    BODY_KINDS,
    BODY_NOUN,
    FOUNDING,
    HELPING,
    HOSTING,
    INSIDE,
    LEAVING,
    MEMBER,
    ROLE,
    RUNNING,
    SHARING,
    WHEN,
    WHO,
    YES_NO,
)

_OTHER = re.compile(r"\b(?:who|why|how(?! many))\b", re.IGNORECASE)
_ABOUT_IT = re.compile(
    r"\bfounded\s+(?:the\s+)?#|founders? of #|\b(?:was|were|is)\s+(?:the\s+)?#(?! (?:a|part|one|among|in|on)\b)",
    re.IGNORECASE,
)
_INSIDE_END = re.compile(
    r"\b(?:in|of|to|on|up to)(?: now| today| these days)?\s*[?.!]*$|^(?:in|of|to) (?:which|what)\b", re.IGNORECASE
)
_ROLE_QUESTION = re.compile(
    r"\b(?:role|part|position|status|capacity|tier|level|type of member\w*|kind of member\w*)\b", re.IGNORECASE
)
_UNDER = re.compile(r"@.*\b(?:belongs? to|part of|under|project of)\s+(?:the\s+)?#", re.IGNORECASE)
_BODY_FIRST = re.compile(
    r"@.*\b(?:by|includ\w*|compris\w*|consist\w*|have|has|count\w*|list\w*)\b.*#|@['’]s? .*#", re.IGNORECASE
)
_WHY = re.compile(r"(?:so |and |but )*why\b", re.IGNORECASE)
MAX_PAIRS = 6  # organisations times bodies in one yes-no question


def read_organisation(reading: Reading) -> Intent | None:
    """Which bodies belong to the one organisation that a question names; None when not wholly understood."""
    if len(reading.organisations) != 1 or reading.bodies or reading.is_several_times or reading.is_negated:
        return None
    if reading.kind:  # "Which universities belong to #?" asks for its members
        return None
    masked = reading.masked
    if not (WHO.search(masked) or masked.lower().startswith("where")) or WHEN.search(masked) or _OTHER.search(masked):
        return None
    kind = next((name for name, stems in BODY_KINDS.items() if stems & reading.left), None)
    kind_words = BODY_KINDS[kind] if kind else frozenset()

    def only(*understood: frozenset[str]) -> bool:
        return bool(reading.left & understood[0]) and not reading.without(kind_words, *understood)

    relation: Relation | None = None
    if only(HOSTING) or only(RUNNING):
        relation = "hosted_by"
    elif only(LEAVING, MEMBER):
        relation = "left_by"
    elif only(FOUNDING, HELPING, MEMBER) and not _ABOUT_IT.search(masked):
        relation = "founded_by"
    elif only(MEMBER) or (
        not reading.without(kind_words)
        and BODY_NOUN.search(masked)
        and (
            _INSIDE_END.search(masked)
            or re.search(r"(?:alliances|bodies|memberships) (?:of|with|for) #|#['’]s? (?:alliances|bodies)", masked)
        )
    ):
        relation = "belongs_to"
    if relation is None:
        return None
    return Intent(
        relation,
        organisations=reading.organisations,
        body_kind=kind,
        span=reading.span,
        is_counting=reading.is_counting,
    )


def read_pair(reading: Reading) -> Intent | None:
    """Read a question about bodies and organisations: "Is Apple a member of the AI Alliance?"."""
    bodies, organisations = reading.bodies, reading.organisations
    if not bodies or not organisations or len(bodies) * len(organisations) > MAX_PAIRS:
        return None
    if reading.span or reading.is_several_times:
        return None
    relation = _pair_relation(reading)
    if relation is None:
        return None
    return Intent(relation, bodies, organisations, wants_reason=_WHY.match(reading.masked) is not None)


def _pair_relation(reading: Reading) -> Relation | None:
    masked, sharing = reading.masked, SHARING
    is_fragment = re.fullmatch(
        r"(?:and |so )?#,? (?:a |also )?(?:member |part |founder )?(?:in|of) (?:the )?@\W*", masked, re.IGNORECASE
    )
    if WHEN.search(masked):
        if reading.left & MEMBER and not reading.without(MEMBER) and not reading.is_negated:
            return "when_joined"
        return "has_left" if reading.left & LEAVING and not reading.without(LEAVING, MEMBER) else None
    if _WHY.match(masked):
        return "has_left" if reading.left & LEAVING and not reading.without(LEAVING, MEMBER) else None
    if _ROLE_QUESTION.search(masked) and WHO.search(masked):
        return "is_member" if not reading.without(MEMBER, ROLE) and not reading.is_negated else None
    if not (YES_NO.match(masked) or is_fragment) or reading.is_negated and not _is_leaving(reading):
        return None
    if _is_leaving(reading):
        return "has_left"
    if (reading.left & (HOSTING | RUNNING) or _UNDER.search(masked)) and not reading.without(HOSTING, RUNNING, MEMBER):
        return "is_host"
    if masked.find("@") < masked.find("#") and not _BODY_FIRST.search(masked):
        return None  # "Is @ a member of #?"
    if re.search(r"#.*\bby (?:the )?@", masked):
        return None  # "Was # founded by @?"
    if reading.left & FOUNDING and not reading.without(FOUNDING, HELPING, MEMBER, sharing):
        return "is_founder"
    if not reading.without(MEMBER, sharing) and (reading.left & MEMBER or INSIDE.search(masked)):
        return "is_member"
    return None


def _is_leaving(reading: Reading) -> bool:
    return bool(reading.left & LEAVING) and not reading.without(LEAVING, MEMBER)
