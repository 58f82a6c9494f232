"""Questions about organisations: which bodies they founded, joined or left, and whether they are in a body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.exact.intent import Intent, Relation
from assistant.exact.reading import Reading, first_role, region_stems, regions_in, roles_in
from assistant.exact.vocabulary import (
    BODY_KINDS,
    BODY_NOUN,
    FOUNDING,
    HELPING,
    HOSTING,
    INSIDE,
    JOINING,
    LEAVING,
    MEMBER,
    ORGANISATION_KINDS,
    REFUSING,
    ROLE,
    RUNNING,
    SHARING,
    WHEN,
    WHO,
    YES_NO,
)
from assistant.words import content_stems, word_set

_OTHER = re.compile(r"\b(?:who|why|how(?! many))\b", re.IGNORECASE)
_ABOUT_IT = re.compile(
    r"\bfounded\s+(?:the\s+)?#|founders? of #|\b(?:was|were|is)\s+(?:the\s+)?#(?! (?:a|part|one|among|in|on|behind)\b)",
    re.IGNORECASE,
)
_INSIDE_END = re.compile(
    r"\b(?:in|of|to|on|up to)(?: now| today| these days)?\s*[?.!]*$|^(?:in|of|to) (?:which|what)\b", re.IGNORECASE
)
_ROLE_QUESTION = re.compile(
    r"\b(?:role|part|position|status|capacity|tier|level|(?:type|kind|sort) of (?:member|participant|partner)\w*)\b"
    r"|^as what\b",
    re.IGNORECASE,
)
_UNDER = re.compile(r"@.*\b(?:belongs? to|part of|under|project of)\s+(?:the\s+)?#", re.IGNORECASE)
_BODY_FIRST = re.compile(
    r"@.*\b(?:by|includ\w*|compris\w*|consist\w*|have|has|count\w*|list\w*)\b.*#|@['’]s? .*#", re.IGNORECASE
)
_FRAGMENT = re.compile(
    r"(?:and |so )?#,? (?:a |also )?(?:member |part |founder )?(?:in|of) (?:the )?@\W*", re.IGNORECASE
)
_QUALIFIED = re.compile(
    r"\b(?:only|alone|sole|solely|first|last|before|after|ahead|later|earlier|most|more|less|least)\b", re.IGNORECASE
)
_FOUNDER_FIRST = re.compile(r"#.*@|\bby\b.*#", re.IGNORECASE)
_AS_FOUNDER = re.compile(r"\bas (?:a |one of (?:the )?)?(?:co-?)?founders?\W*$", re.IGNORECASE)
_NEVER = frozenset({"never"})
_CONTINENT = frozenset({"contin"})
_COMMITTEE = frozenset({"committe"})
_WHERE = re.compile(r"(?:so |and |but )*where\b", re.IGNORECASE)
_INVOLVED = re.compile(
    r"# (?:all )?(?:involved|active|on board|in|a party)\W*$|\binvolved\b"
    r"|# (?:turn|show|crop|pop|appear|figure|feature|stand)s?(?: up)?"
    r"(?: (?:in )?(?:all )?(?:this|these|them|here))?\W*$",
    re.IGNORECASE,
)
_APPEARING = word_set("turn show crop pop appear figur featur stand up")
# What an organisation is called besides its name: "the Emirati investor #", "#, the chip maker,", "#, X's firm,".
_TRADE = (
    r"(?:compan(?:y|ies)|firm|maker|investor|fund|bank|start-?up|lab|laboratory|giant|group|university|vendor|developer"
    r"|carmaker|chipmaker|operator|agency|ministry|non-?profit|charity)"
)
_CALLED = re.compile(
    rf"\bthe (?:[\w’'-]+ ){{0,2}}{_TRADE} (?=#)|(?<=#), (?:[\w’'-]+ ){{1,4}}{_TRADE},?(?=\s)", re.IGNORECASE
)
_ITS_PEOPLE = re.compile(
    r"#['’]s? (?:\w+ )?(?:founders?|members?|partners?|sponsors?|backers?|hosts?)\b", re.IGNORECASE
)
_NOMINAL = re.compile(
    r"\b(?:alliances|bodies|groups|initiatives|coalitions|memberships) (?:of|with|for|including) (?:the )?#"
    r"|#(?:['’]s?)? (?:\w+ )?(?:alliances|bodies|groups|initiatives|coalitions|memberships)",
    re.IGNORECASE,
)
_SIGNING = word_set("sign signatori adher")
_WHY = re.compile(r"(?:so |and |but )*why\b", re.IGNORECASE)
MAX_PAIRS = 6  # organisations times bodies in one yes-no question


def read_organisation(reading: Reading) -> Intent | None:
    """Which bodies belong to the one organisation that a question names; None when not wholly understood."""
    if len(reading.organisations) != 1 or reading.bodies or reading.is_several_times or reading.is_negated:
        return None
    reading = _without_calling(reading)
    if reading.kind:  # "Which universities belong to #?" asks for its members
        return None
    masked = reading.masked
    if WHEN.search(masked) or _OTHER.search(masked) or _ITS_PEOPLE.search(masked):
        return None
    if not (WHO.search(masked) or _WHERE.match(masked) or _NOMINAL.search(masked)):
        return None
    kind = next(iter(reading.body_kinds), None)
    kind_words = BODY_KINDS[kind] if kind else frozenset()
    role = None
    relation = _relation_of_one(reading, kind_words)
    if relation is None:
        roles = roles_in(masked)
        role = first_role(roles)
        if role is None or not BODY_NOUN.search(masked) or reading.without(kind_words, MEMBER, *roles.values()):
            return None
        relation = "belongs_to"
    elif relation == "belongs_to" and reading.left <= _SIGNING | kind_words and reading.left & _SIGNING:
        role = "signatory"
    return Intent(
        relation,
        organisations=reading.organisations,
        role=role,
        body_kind=kind,
        span=reading.span,
        is_counting=reading.is_counting,
    )


def _without_calling(reading: Reading) -> Reading:
    """Without what the organisation is called besides its name, or the part of the world in it: both narrow nothing."""
    regions = regions_in(reading.organisations[0].name)
    if regions and set(regions_in(reading.masked)) <= set(regions):
        reading = replace(reading, left=reading.left - region_stems(reading.masked) - _CONTINENT)
    masked = _CALLED.sub("", reading.masked)
    if masked == reading.masked:
        return reading
    left, kind = content_stems(masked), reading.kind
    return replace(
        reading,
        masked=masked,
        left=reading.left & left,
        kind=kind if kind and ORGANISATION_KINDS[kind] & left else None,
    )


def _relation_of_one(reading: Reading, kind_words: frozenset[str]) -> Relation | None:
    def only(*understood: frozenset[str]) -> bool:
        return bool(reading.left & understood[0]) and not reading.without(kind_words, *understood)

    masked = reading.masked
    if _WHERE.match(masked) and _AS_FOUNDER.search(masked):
        return "founded_by" if only(FOUNDING, _APPEARING) else None
    if only(HOSTING) or only(RUNNING):
        return "hosted_by"
    if only(LEAVING, MEMBER):
        return "left_by"
    if only(FOUNDING, HELPING, MEMBER) and not _ABOUT_IT.search(masked):
        return "founded_by"
    shown = _APPEARING if _WHERE.match(masked) else frozenset()
    if only(MEMBER) or not reading.without(kind_words, shown) and _asks_for_bodies(masked):
        return "belongs_to"
    return None


def _asks_for_bodies(masked: str) -> bool:
    """True where no word of joining has to be said: "What bodies is # in?", "Where is # involved?"."""
    if _WHERE.match(masked):
        return _INVOLVED.search(masked) is not None
    if not BODY_NOUN.search(masked):
        return False
    return (_INSIDE_END.search(masked) or _NOMINAL.search(masked)) is not None


def read_pair(reading: Reading) -> Intent | None:
    """Read a question about bodies and organisations: "Is Apple a member of the AI Alliance?"."""
    bodies, organisations = reading.bodies, reading.organisations
    if not bodies or not organisations or len(bodies) * len(organisations) > MAX_PAIRS:
        return None
    if reading.is_several_times:
        return None
    wants_reason = _WHY.match(reading.masked) is not None
    roles = roles_in(reading.masked)
    relation = _pair_relation(reading, roles)
    if relation is None or reading.span and not _is_dated(relation, reading):
        return None
    role = (
        first_role(roles)
        if relation in ("is_member", "when_joined") and not _ROLE_QUESTION.search(reading.masked)
        else None
    )
    return Intent(relation, bodies, organisations, role=role, span=reading.span, wants_reason=wants_reason)


def _is_dated(relation: Relation, reading: Reading) -> bool:
    """Whether the time is that of the act asked about: "Was # a member of @ in 2016?" is not when it joined."""
    if relation == "is_member":
        return JOINING.search(reading.masked) is not None
    return relation in ("is_founder", "has_left", "has_refused")


def _pair_relation(reading: Reading, roles: Mapping[str, frozenset[str]]) -> Relation | None:
    masked = reading.masked
    if WHEN.search(masked):
        return _dated_relation(reading, roles)
    if _QUALIFIED.search(masked):
        return None  # "Was # the first to join @?", "Is # the only founder of @?"
    if _WHY.match(masked) and reading.is_negated:
        return "has_refused" if not reading.without(MEMBER, LEAVING, _NEVER) and not reading.left & LEAVING else None
    if reading.left & REFUSING and (_WHY.match(masked) or YES_NO.match(masked)):
        return "has_refused" if not reading.without(REFUSING, MEMBER) and not reading.is_negated else None
    if _ROLE_QUESTION.search(masked) and WHO.search(masked):
        return "role" if not reading.without(MEMBER, ROLE) and not reading.is_negated else None
    is_leaving = bool(reading.left & LEAVING) and not reading.without(LEAVING, MEMBER)
    if not (YES_NO.match(masked) or _WHY.match(masked) or _FRAGMENT.fullmatch(masked)):
        return None
    if reading.is_negated and not is_leaving:
        return None
    return "has_left" if is_leaving else _standing_relation(reading, roles)


def _dated_relation(reading: Reading, roles: Mapping[str, frozenset[str]]) -> Relation | None:
    """What is asked for the date of."""
    if reading.left & LEAVING:
        return "has_left" if not reading.without(LEAVING, MEMBER) else None
    if reading.is_negated or reading.span:
        return None
    if reading.left & FOUNDING and not reading.without(FOUNDING, HELPING):
        return "when_founded" if _FOUNDER_FIRST.search(reading.masked) else None
    is_joining = reading.left & MEMBER or roles
    return "when_joined" if is_joining and not reading.without(MEMBER, _COMMITTEE, *roles.values()) else None


def _standing_relation(reading: Reading, roles: Mapping[str, frozenset[str]]) -> Relation | None:
    """Whether it hosts, has founded or is in it."""
    masked = reading.masked
    if (reading.left & (HOSTING | RUNNING) or _UNDER.search(masked)) and not reading.without(HOSTING, RUNNING, MEMBER):
        return "is_host"
    if masked.find("@") < masked.find("#") and not _BODY_FIRST.search(masked):
        return None  # "Is @ a member of #?"
    if re.search(r"#.*\bby (?:the )?@", masked):
        return None  # "Was # founded by @?"
    if reading.left & FOUNDING and not reading.without(FOUNDING, HELPING, MEMBER, SHARING):
        return "is_founder"
    is_inside = reading.left & MEMBER or roles or INSIDE.search(masked)
    return "is_member" if is_inside and not reading.without(MEMBER, SHARING, _COMMITTEE, *roles.values()) else None
