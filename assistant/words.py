"""What a sentence says, taken apart: content words, names, dates, numbers, negation. A leaf.

Used on both sides of every comparison (question and evidence, claim and evidence), so both are read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

import snowballstemmer


def word_set(text: str) -> frozenset[str]:
    """The words of a text, parted by blanks."""
    return frozenset(text.split())


FUNCTION_WORDS = word_set(
    """a about above across after again against all also although am among an and any are around as at be
    because been before being below between both but by can could did do does doing down during each
    either else ever every few for from further had has have having he her here hers him his how however
    i if in into is it its itself just like made make many may me might more most much must my near no
    nor not now of off on once one only onto or other others our out over own per please rather same
    shall she should since so some such than that the their them then there these they this those
    through to together too toward towards under until up upon us very via was we were what when where
    whether which while who whom whose why will with within without would yet you your tell say said
    summarise summarize summary overview introduce
    explain describe give know let list name show actually really roughly approximately probably exactly
    called currently today take took taken become becomes became happen happened happens come comes came
    differ differs different difference differences compare compares compared comparison versus vs d ll
    m re s t ve"""
)

# Words that articles and questions use for the same act or thing, one group a line; the first is its name.
_SAME_MEANING = """
    found founded founder founding unveil unveiled unveils unveiling reveal revealed cofound co-founded
        co-founder launch launched establish established create created creation creator start started begin
        began begun initiate initiated announced incorporated inception
    join joined joining
    leave left leaving leaver resign resigned resignation quit withdraw withdrew withdrawn withdrawal depart
        departed departure exit exited
    lead leads led leader leadership head heads headed
    chair chairs chaired chairman chairwoman chairperson
    base based located location headquarters headquartered secretariat situated
    pay pays paid cost costs fee fees spend spends spent
    money fund funds funding funded finance financed grant grants
    publish published publishes release released releases issue issued output outputs brought
    compete competes competing competitor rival rivals rivalry alternative challenge challenges challenger
        counterweight
    sign signed signs signing signatory signatories signer signers
    missing absent absence lack lacks lacking
    require required requires requirement requirements need needs needed qualify qualifies condition
        conditions criteria criterion eligible
    percentage percent proportion
    member members membership participant participants participating
    partner partners
    organisation organisations organization organizations company companies firm firms business businesses
        giant giants titan titans
    country countries nation nations government governments
    rename renamed renaming
    merge merged merger merging integrate integrated integration
    goal goals aim aims aimed want wants wanted seek seeks achieve achieves purpose purposes mission objective
        objectives
    criticise criticised criticize criticized criticism critics critic
    law legal legally law laws
    licence license licences licenses licensed
    bind binding force obligation obligations mandatory
    specification specifications spec specs
    cooperate cooperates cooperation collaborate collaboration liaison liaisons
    donor donors donate donated donates donation philanthropic philanthropy
    seat seats sit sits sat
    remove removed removes removal drop dropped
    host hosts hosted hosting
    test tests tested testing evaluate evaluates evaluated evaluation
"""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PLAIN_DATE = rf"\b(?:(?:\d{{1,2}} )?(?:{'|'.join(_MONTHS).title()}) )?(?:19|20)\d\d\b"  # as `with_plain_dates` has it
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*,?\s*\d{{1,3}}\b)(?:,?\s+(?P<year>(?:19|20)\d\d))?\b",
        rf"\b{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<year>(?:19|20)\d\d)\b",
    )
)
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER_WORDS = dict(zip([*_ONES, *_TENS], [*range(20), *range(20, 100, 10)], strict=True))
_TWENTY_FIVE = rf"(?:{'|'.join(_TENS)})[\s-](?:{'|'.join(_ONES[1:10])})"
_SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
_SCALES |= {"trillion": 1e12}
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<value>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|{_TWENTY_FIVE}|{'|'.join(_NUMBER_WORDS)})"
    rf"(?:[\s-]*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))}))?"
    r"(?P<percent>\s*(?:%|per\s?cent|percent))?(?![\w])",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    rf"(?<![\w-])(?:{_TWENTY_FIVE}|{'|'.join(word for word, value in _NUMBER_WORDS.items() if value > 1)})(?![\w-])",
    re.IGNORECASE,
)
_PHRASE_ENDS = FUNCTION_WORDS - {"new", "more", "other", "and", "its", "of", "the", "their"}
_NEGATION = re.compile(
    r"\b(not|no|never|none|neither|nor|without|cannot|nobody|nothing|lacks?|\w+n['’]t)\b", re.IGNORECASE
)
_WORD = re.compile(r"\w+(?:[.'’*&-]\w+)*")

_IRREGULAR = {"led": "lead", "left": "leave", "began": "begin", "begun": "begin", "paid": "pay", "held": "hold"}
_IRREGULAR |= {"had": "have", "has": "have", "gave": "give", "given": "give", "grew": "grow", "grown": "grow"}
_IRREGULAR |= {"built": "build", "chose": "choose"}
_IRREGULAR |= {"chosen": "choose", "won": "win", "wrote": "write", "written": "write", "spent": "spend"}

_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a word, in lower case, without possessive."""
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    return str(_stemmer.stemWord(_IRREGULAR.get(word, word)))


def _groups() -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in _SAME_MEANING.replace("\n        ", " ").strip().splitlines():
        first, *others = line.split()
        for word in (first, *others):
            groups.setdefault(stem(word), stem(first))
    return groups


def concept(word: str) -> str:
    """The stem of a word, or that of the group of words with the same meaning that it belongs to."""
    return _GROUPS.get(stem(word), stem(word))


def concepts(stems: set[str]) -> set[str]:
    """The stems with words of the same meaning made one."""
    return {_GROUPS.get(found, found) for found in stems}


_GROUPS = _groups()


def words(text: str) -> list[str]:
    """The words of a text as written; "co-founded", "U.S" and "A*STAR" are one word each."""
    return _WORD.findall(text)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, as written; no function words, no bare numbers."""
    return [
        word
        for word in words(text)
        if stem(word) not in FUNCTION_WORDS and word.lower() not in FUNCTION_WORDS and not word.isdigit()
    ]


def content_stems(text: str) -> set[str]:
    """Stems of the content words; "non-profit" counts as "nonprofit", "non" and "profit" as well."""
    stems = {stem(word) for word in content_words(text)}
    hyphenated = {whole for whole in stems if "-" in whole}
    parts = {stem(part) for whole in hyphenated for part in whole.split("-") if part}
    return stems | parts | {stem(whole.replace("-", "")) for whole in hyphenated}


@dataclass(frozen=True, slots=True)
class Date:
    """A date as exact as it was told; `year` 0 means that only day and month were told."""

    year: int
    month: int = 0
    day: int = 0

    def agrees_with(self, told: Date) -> bool:
        """True if whoever told the other date has also told this one, which may be less exact."""
        return all(
            mine in (0, theirs)
            for mine, theirs in ((self.year, told.year), (self.month, told.month), (self.day, told.day))
        )


def find_dates(text: str) -> list[Date]:
    """The dates in a text, in its order; each stretch of it counts once, as exact as it is."""
    return [date for _, _, date in sorted(_dated(text), key=lambda dated: dated[0])]


def _dated(text: str) -> list[tuple[int, int, Date]]:
    found: list[tuple[int, int, Date]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end, _ in found):
                continue
            part = match.groupdict()
            month = _MONTHS.index(part["month"][:3].lower()) + 1 if part.get("month") else int(part.get("number") or 0)
            date = Date(int(part["year"] or 0), month, int(part.get("day") or 0))
            found.append((match.start(), match.end(), date))
    return found


@dataclass(frozen=True, slots=True)
class Number:
    """A number that is no date, with what it counts: the words up to the next preposition, or `%`."""

    value: float
    units: tuple[str, ...]
    is_decimal: bool = False

    @property
    def unit(self) -> str:
        """The stem of the first of the units; empty at the end of a sentence."""
        return stem(self.units[0]) if self.units else ""


def find_numbers(text: str) -> list[Number]:
    """The numbers in a text, in digits or words, with scale ("5 million") and without those in dates."""
    dated = _dated(text)
    found = []
    for match in _NUMBER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end, _ in dated):
            continue
        raw = match["value"].lower().replace(",", "")
        spoken = sum(float(_NUMBER_WORDS.get(part, part)) for part in raw.replace("-", " ").split())
        value = spoken * _SCALES.get((match["scale"] or "").lower(), 1)
        following = takewhile(lambda w: w.lower() not in _PHRASE_ENDS, words(text[match.end() : match.end() + 60]))
        units = ("%", "percent") if match["percent"] else tuple(word.lower() for word in islice(following, 4))
        found.append(Number(value, units, "." in raw))
    return found


def with_digits(text: str) -> str:
    """The text with the number words from two on in digits: "twelve members" as "12 members"."""
    return _SPOKEN.sub(lambda m: str(sum(_NUMBER_WORDS[part] for part in re.split(r"[\s-]", m[0].lower()))), text)


def with_plain_dates(text: str) -> str:
    """The text with each date in one form: "July 26th, 2023" and "2023-07-26" as "26 Jul 2023"."""
    for start, end, date in sorted(_dated(text), key=lambda dated: -dated[0]):
        parts = (date.day, date.month and _MONTHS[date.month - 1].title(), date.year)
        text = text[:start] + " ".join(str(part) for part in parts if part) + text[end:]
    return text


def find_names(text: str) -> list[str]:
    """Words with a capital, in the order of the text, without function words and the months of dates.

    The first word of a sentence counts too, if it is no function word; whoever compares two texts should treat
    it with that in mind.
    """
    names = []
    dated = _dated(text)
    for match in _WORD.finditer(text):
        word = match[0]
        if any(start <= match.start() < end for start, end, _ in dated):
            continue
        word = word.removesuffix("'s").removesuffix("’s")
        if word.lower() not in FUNCTION_WORDS and any(letter.isupper() for letter in word):
            names.append(word)
    return names


def first_word(text: str) -> str | None:
    """The first word of a text, as written."""
    match = _WORD.search(text)
    return match[0] if match else None


def is_negated(text: str) -> bool:
    """True if the text denies something ("not", "never", "without", "no longer" ...)."""
    return _NEGATION.search(text) is not None
