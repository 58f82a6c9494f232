"""Follow-ups that leave out what they ask: "And MLCommons?", "Since when?", "Founders?", "Did Meta join?".

Each rule returns the whole question, or None if it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.followups.antecedents import PARTS, own_names
from assistant.followups.pronouns import BOUND, LEADING, LISTED, put_subject, refers_back, upper
from assistant.followups.references import points_back
from assistant.followups.regions import REGION
from assistant.followups.said import LIBRARY_WIDE, Said, with_article
from assistant.words import content_words, word_set, words
from index.names.finder import Mention

_ABOUT = re.compile(r"^(?:now )?(?:what|how) about\b\s*(?:the(?= \w+['’]s)\s*)?", re.IGNORECASE)
_ABOUT_WORDS = word_set("and but so ok okay now then also what how about for in of with from by to the s is or same")
_QUESTION_PHRASE = re.compile(
    r"^(?:(?:and|but|so|in|by|to|for|of|with|at|since|on)\s+)*"
    r"(?:who(?:m|se)?|when|where|why|how(?: many| much| old| long)?"
    r"|(?:which|what)(?: year| date| day| month)?)\b",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|must)\b", re.IGNORECASE
)
_SOMEBODY_DID = re.compile(r"^(?:who|which \w+|what \w+) (?P<verb>\w+ed|set up|began) (?P<rest>.+)$", re.IGNORECASE)
_LIST_OF = re.compile(r"^ (?:are|were) (?:all )?the (?P<what>.+)$", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:could|can|would|will) you (?:please )?|please |i(?:['’]d| would) like to know )?"
    r"(?:tell me |say |list |name )?(?=(?:who|what|when|where|which|how|the|list|name)\b)",
    re.IGNORECASE,
)
_EMPTY_WORDS = word_set("is was were be been that this it so exactly then did happen")
_PRONOUN_ALONE = re.compile(r"\b(?:it|they|them)\b", re.IGNORECASE)
_REGION_ALONE = re.compile(rf"^(?:(?:in|from|of) )?(?:the )?(?P<region>{REGION})(?:['’]s?)?\W*$", re.IGNORECASE)
_IN_REGION = re.compile(rf"(?<=\b(?:in|of) )(?:the )?(?:{REGION})\b|(?<=\bfrom )(?:the )?(?:{REGION})\b")
_MAX_NAME_WORDS = 5
_ASKS = re.compile(r"\b(?:who|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_COMPARISON = re.compile(r"\b(?:differ\w*|compar\w+|versus|vs|and)\b", re.IGNORECASE)
_TOOK_PART = re.compile(r"\b(?:sign(?:s|ed)?|joined|joins?|added|belongs?|take part|takes part|took part|in)\b", re.I)
_ROLES = {"found": "a founder", "partn": "a partner", "signa": "a signatory", "spons": "a sponsor"}
_MORE = re.compile(
    r"^(?:(?:can|could) you |please )*(?:tell me more|(?:any|some)?\s*more(?: details| information| info)?|go on"
    r"|elaborate|what else|anything else|details|continue)(?: please)?\W*$",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"^(?:how many|how much|which|what) (?:of the )?(?:\w+ )?(?!came|went|left|took|got|met)\w+(?<!ed)\W*$",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"\bthe (?:[\w-]+ ){0,3}?(?P<head>[\w-]+)\W*$", re.IGNORECASE)
_IS_THE = re.compile(r"^(?:(?:who|what|which|when|where)(?:['’]s| is| are| was| were) )?the\b", re.IGNORECASE)
_COMPLEMENT = re.compile(r"\bthe (?:[\w-]+ )*(?:of|for|in|on|at|about|from|with|behind)\b", re.IGNORECASE)
_SINGLE_THINGS = word_set(
    "budget size fee goal aim purpose mission location date website status history structure seat"
)
_PLACE = word_set("first second third fourth fifth last other same latter former")
_IS_THERE = re.compile(r"^(?:is|are|was|were) there (?:an?|any|some)? ?(?:[\w-]+ ){0,2}[\w-]+\W*$", re.IGNORECASE)
_JOINING = re.compile(
    r"\b(?:(?P<verb>join|joined|leave|left|sign|signed|ratify|ratified|chairs?|hosts?|leads?|funds?|runs?)"
    r"|(?P<noun>an? (?:\w+ )?(?:members?|founders?|partners?|signatory|sponsor|part)|members|founders|partners"
    r"|signatories|part)"
    r"|(?P<place>in|involved|included|represented))(?P<again> too| as well| yet| also)?(?P<end>\W*)$",
    re.IGNORECASE,
)
_LEADING_VERB = re.compile(r"(?:chair|host|lead|fund|run)s?", re.IGNORECASE)
_ASKS_FOR_OBJECT = re.compile(r"^(?:who|what|which(?: [\w-]+)+?) (?:do|does|did|has|have|had)\b", re.IGNORECASE)
_MORE_THAN_ONE = re.compile(r"\b(?:alliances|bodies|coalitions|consortia)\b", re.IGNORECASE)
_OLDER = re.compile(
    r"^(?:is|was|are|were|has|does)\b.* (?:older|newer|younger|bigger|larger|smaller|stricter)\W*$", re.I
)
_DIFFERENCE = re.compile(
    r"^(?:what(?:['’]s| is| are) the differences? (?:with|to|from)|(?:as )?compared (?:with|to)|versus|vs\.?)\s",
    re.IGNORECASE,
)


def complete(question: str, said: Said) -> str | None:
    """Ask the previous question about another name, time or part of the world, or with another question word."""
    mentions = said.names.find(question)
    for rule in (_asked_of_a_region, _asked_of_a_name, _asked_of_an_own_name, _asked_with_another_word, _told_more):
        if whole := rule(question, mentions, said):
            return whole
    return None


def with_owner(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    """Add "of X" to a question for a part of a body, and the body to "Did Meta join?", "Is MLCommons older?"."""
    subject, short = said.subject, _short(question)
    if subject is None or not any(mention.alliances for mention in said.names.find(subject)) or points_back(short):
        return None
    name = with_article(subject)
    if compared := _compared(short, name, mentions):
        return compared
    if any(mention.alliances and not mention.organisation for mention in mentions):
        return None
    if joined := _joined(short, name, mentions):
        return joined
    is_part = _is_attribute(short) or _ELLIPTIC.match(short) or _IS_THERE.match(short) or _ends_in_part(short)
    if mentions or not is_part or LIBRARY_WIDE.search(short) or own_names(short):
        return None
    asked = short.rstrip(" ?.!")
    return f"What is the {asked.lower()} of {name}?" if asked.lower() in _SINGLE_THINGS else f"{asked} of {name}?"


def about_another(previous: str, mention: Mention, said: Said) -> str | None:
    """The previous question with its own subject replaced by another of the same sort."""
    old_ones = said.names.find(previous)
    same = [old for old in old_ones if bool(old.alliances) == bool(mention.alliances)]
    if not same and mention.organisation:
        same = [old for old in old_ones if old.organisation]
    if not same or mention.name in {old.name for old in same}:
        return None
    is_compared = len(same) > 1 and _COMPARISON.search(previous[same[0].end :])
    return _in_place(previous, same[-1] if is_compared else same[0], mention.name)


def _short(question: str) -> str:
    """The question without "and", "what about" and the like at its start."""
    return _ABOUT.sub("", LEADING.sub("", question))


def _asked_of_a_region(question: str, _mentions: Sequence[Mention], said: Said) -> str | None:
    """Read "What about Europe's?" as the namesake there of the body asked about, or else as that part of the world."""
    region = _REGION_ALONE.match(_short(question))
    if region is None:
        return None
    previous = said.turns[-1].question
    bodies = [mention for mention in said.names.find(previous) if mention.alliances]
    if len(bodies) == 1 and (name := said.of_region(region["region"])) and name != bodies[0].name:
        return _in_place(previous, bodies[0], name)
    place = None if bodies else _IN_REGION.search(previous)
    return previous[: place.start()] + region["region"] + previous[place.end() :] if place else None


def _asked_of_a_name(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    """Ask the previous question about the name of "And MLCommons?"."""
    rest = question
    for mention in reversed(mentions):
        rest = rest[: mention.start] + " " + rest[mention.end :]
    if (
        not mentions
        or not set(words(rest.lower())) <= _ABOUT_WORDS
        or _PRONOUN_ALONE.search(rest)
        or _QUESTION_PHRASE.match(_short(rest))
    ):
        return None
    previous = said.turns[-1].question
    old = said.names.find(previous)
    if len(mentions) == len(old) == 2 and not _AUXILIARY.match(question):
        return _in_place(_in_place(previous, old[1], mentions[1].name), old[0], mentions[0].name)
    return (_asked_before_it(previous, mentions[0], said) if len(mentions) == 1 else None) or question


def _asked_of_an_own_name(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    """Ask the previous question about a name that the catalogue does not know: "And the Global Dialogue?"."""
    name = _short(question).strip(" ?.!")
    if _ASKS.search(name) or re.search(r"\bones?$", name):
        return None
    bodies = [mention for mention in said.names.find(said.turns[-1].question) if mention.alliances]
    is_name = all(word[0].isupper() for word in content_words(name)) and own_names(f"x {name}")
    if mentions or len(bodies) != 1 or not is_name or len(words(name)) > _MAX_NAME_WORDS or _REGION_ALONE.match(name):
        return None
    previous = BOUND.sub("?", said.turns[-1].question)
    return next((_in_place(previous, old, name) for old in said.names.find(previous) if old.alliances), None)


def _asked_before_it(previous: str, mention: Mention, said: Said) -> str | None:
    if not said.names.find(previous) and refers_back(previous, said.names):
        return put_subject(previous, [], mention.name, said.names)  # "Who leads it?" "Which?" "The AI Alliance."
    if said.subject is None:
        return None
    return about_another(previous, mention, said) or _is_among(previous, mention, said)


def _is_among(previous: str, mention: Mention, said: Said) -> str | None:
    """After a question for members, "What about Google?" asks whether Google is one."""
    bodies = [old for old in said.names.find(previous) if old.alliances]
    role = LISTED.search(previous)
    is_list = re.match(r"(?:by )?(?:who|which|what|list|name|show|give)", previous, re.IGNORECASE)
    if len(bodies) != 1 or mention.alliances or not is_list:
        return None
    if role is None:
        return f"Is {mention.name} in {with_article(bodies[0].name)}?" if _TOOK_PART.search(previous) else None
    noun = _ROLES.get(role[0][:5].lower(), "a member")
    return f"Is {mention.name} {noun} of {with_article(bodies[0].name)}?"


def _in_place(previous: str, old: Mention, name: str) -> str:
    before = re.sub(r"\bthe\s+$", "", previous[: old.start], flags=re.IGNORECASE)
    return before + (with_article(name) if before else name) + previous[old.end :]


def _asked_with_another_word(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    """Ask the previous question with the question word of "And by whom?"."""
    short = LEADING.sub("", question)
    new = _QUESTION_PHRASE.match(short)
    if said.subject is None or mentions or new is None or new[0].lower() in ("what", "which"):
        return None
    if not set(words(short[new.end() :].lower())) <= _EMPTY_WORDS:
        return None  # "What does it do?" has a verb of its own
    previous = upper(_POLITE.sub("", LEADING.sub("", said.turns[-1].question)))
    old, phrase = _QUESTION_PHRASE.match(previous), upper(new[0])
    done = None if phrase.startswith("Who") else _SOMEBODY_DID.match(BOUND.sub("", previous))
    if done and said.names.find(done["rest"]):
        return f"{phrase} was {done['rest'].rstrip(' ?.!')} {done['verb']}?"
    if old and phrase == "How many" and (listed := _LIST_OF.match(previous[old.end() :])):
        return f"How many {listed['what'].rstrip(' ?.!')} are there?"
    if old and _AUXILIARY.match(previous[old.end() :].lstrip()):
        return phrase + previous[old.end() :]
    if _AUXILIARY.match(previous):
        return f"{phrase} {previous[0].lower()}{previous[1:]}"
    # "Which Chinese company left it?" "Why?"
    return f"{phrase}{previous[old.end() :]}" if old and said.names.find(previous) else None


def _told_more(question: str, mentions: Sequence[Mention], said: Said) -> str | None:
    is_more = said.subject and not mentions and _MORE.match(LEADING.sub("", question))
    return f"Tell me more about {with_article(said.subject or '')}." if is_more else None


def _compared(question: str, name: str, mentions: Sequence[Mention]) -> str | None:
    """Compare with the subject: "Is MLCommons older?", "What is the difference with MLCommons?"."""
    others = [mention for mention in mentions if mention.alliances]
    if len(others) != 1 or with_article(others[0].name) == name:
        return None
    if _DIFFERENCE.match(question):
        return f"What is the difference between {name} and {with_article(others[0].name)}?"
    return f"{question.rstrip(' ?.!')} than {name}?" if _OLDER.match(question) else None


def _joined(question: str, name: str, mentions: Sequence[Mention]) -> str | None:
    """Name the body of "Did Meta join?", "Is Apple a member?", "Which countries signed?"."""
    end = _JOINING.search(question)
    is_asked = _AUXILIARY.match(question) or _QUESTION_PHRASE.match(question)
    if end is None or not is_asked or _MORE_THAN_ONE.search(question) or (not mentions and own_names(question)):
        return None
    by_whom = re.match(r"(?:who|which)\b", question, re.IGNORECASE)
    if end["verb"] and (_ASKS_FOR_OBJECT.match(question) or (_LEADING_VERB.fullmatch(end["verb"]) and not by_whom)):
        return None  # "What did Meta join?"
    if end["place"] and not mentions and not by_whom:
        return None  # "What year did it begin in?"
    joint = " of " if end["noun"] else " " if end["verb"] or end["place"].lower() == "in" else " in "
    asked = question[: end.start("again") if end["again"] else end.start("end")]
    return f"{asked}{joint}{name}{end['again'] or ''}?"


def _ends_in_part(question: str) -> bool:
    """True for "Who is the treasurer?", "Who chairs the board?"; not for "Who won the world cup?"."""
    definite = _DEFINITE.search(question)
    if definite is None or _COMPLEMENT.search(question) or definite["head"].lower() in _PLACE:
        return False
    return bool(_IS_THE.match(question)) or definite["head"].lower() in PARTS


def _is_attribute(question: str) -> bool:
    """True for "founders?", "the members?", "budget?": nothing but parts of a body."""
    asked = [word.lower() for word in content_words(question)]
    return 0 < len(asked) <= 2 and set(asked) <= PARTS and len(words(question)) <= 5
