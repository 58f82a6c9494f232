"""What a body is called in a claim and in its evidence: names, abbreviations, "It", "the forum". Made one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.words import FUNCTION_WORDS, PLAIN_DATE, content_stems, first_word, stem

_NAME = re.compile(r"(?<!\w)[\w.&*'’-]*[A-Z][\w&*'’-]*(?:\.\w+)*(?: [\w.&*'’-]*[A-Z][\w&*'’-]*(?:\.\w+)*)*")
_PRONOUNS = frozenset("it its they their he his she her this these that those we our both".split())
ONE_NAME = "Thisverybody"  # one word with a capital, so that every rule takes it for a name
_LONGEST_PHRASE = 5  # words of "the Forum's technical advisory board"


def with_name(claim: str, evidence: str, own_names: str) -> str:
    """The claim with the body's name for "It" or "Its" at its start, and for "the forum".

    Only if the evidence calls the body by one name: nobody can say what "it" is where it names none, or two ("the
    Forum, then called the Club").

    Args:
        claim: One sentence.
        evidence: The sentence it should rest on.
        own_names: Names of the body that the evidence is about, parted by " | ".
    """
    names = own_names.split(" | ")
    name = _one_name(evidence, names)
    if not name:
        return claim
    claim = re.sub(r"^It (?=\w)", lambda _: f"{_upper_first(name)} ", claim)
    claim = re.sub(r"^Its (?=\w)", lambda _: f"{_upper_first(name)}'s ", claim)
    full = [other.split() for other in _forms_of(name, names)]
    for kind in {words[-1].lower() for words in full if len(words) > 1 and words[-1].isalpha()}:
        if not re.search(rf"\b{kind}\b", evidence):  # else it is the evidence's own word for something
            pattern = rf"\bthe {kind}\b(?! (?:of|for|that|which|[A-Z]))"
            claim = re.sub(rf"^T{pattern[3:]}", lambda _: _upper_first(name), claim)
            claim = re.sub(pattern, lambda _: name, claim)
    return claim


def has_open_pronoun(claim: str, evidence: str) -> bool:
    """True if the claim begins with a pronoun that the evidence does not begin with."""
    opening = (first_word(claim) or "").lower()
    return opening in _PRONOUNS and opening != (first_word(evidence) or "").lower()


def is_named_otherwise(claim: str, evidence: str, own_names: str) -> bool:
    """True if the claim calls the body by another name than the evidence does, or by a pronoun."""
    names = own_names.split(" | ")
    told = {evidence[start:end] for start, end in _places(evidence, names)}
    called = {claim[start:end] for start, end in _places(claim, names)}
    return with_name(claim, evidence, own_names) != claim or not called <= told


def with_one_name(claim: str, evidence: str, own_names: str) -> tuple[str, str]:
    """Both sentences with the same name wherever they name the body, and "the Forum's board" as "the board of ...".

    Unchanged where the evidence names the body in two ways: what was called how may be the very thing it tells.
    """
    names = own_names.split(" | ")
    name = _one_name(evidence, names)
    if not name:
        return claim, evidence
    same = _forms_of(name, names)
    claim, evidence = _renamed(claim, same), _renamed(evidence, same)
    if match := re.search(rf"(?:[Tt]he )?{ONE_NAME}['’]s? ", claim):
        following = claim[match.end() :].split()[:_LONGEST_PHRASE]
        for count in range(len(following), 0, -1):
            phrase = " ".join(following[:count]).rstrip(".,;:")
            if re.search(rf"\b{re.escape(phrase)} (?:of|for) (?:the )?{ONE_NAME}", evidence):
                end = match.end() + len(phrase)
                claim = _upper_first(f"{claim[: match.start()]}the {phrase} of {ONE_NAME}{claim[end:]}")
                break
    return claim, evidence


def _forms_of(name: str, names: Sequence[str]) -> list[str]:
    """The names that are one name, shorter or longer.

    An article may also go by the name of a thing that belongs to its body, such as a summit's declaration.
    """
    plain = name.removeprefix("the ")
    return [other for other in names if _is_form_of(other, plain) or _is_form_of(plain, other)]


def _is_form_of(name: str, full: str) -> bool:
    """True if a name is another in short: "UALink" or "UALink Consortium", "C2PA" or its five words."""
    remaining = iter(_significant(full))
    if all(word in remaining for word in _significant(name)):
        return True
    letters = iter("".join(letter for letter in full if letter.isupper()))
    capitals = [letter for letter in name if letter.isupper()]
    return " " not in name and len(capitals) > 2 and all(capital in letters for capital in capitals)


def _significant(name: str) -> list[str]:
    """The words of a name but for "of", "and" and the like; "Artificial Intelligence" is written "AI"."""
    spaced = name.replace("Artificial Intelligence", "AI").replace("-", " ").replace("&", " ")
    return [word for word in spaced.split() if word.lower() not in FUNCTION_WORDS]


def _one_name(evidence: str, names: Sequence[str]) -> str:
    """How the evidence calls the body, with its "the"; empty if it does not, or in two ways."""
    plain = _without_abbreviations(evidence, names)
    found = {plain[start:end] for start, end in _places(plain, names)}
    if len(found) != 1:
        return ""
    name = found.pop()
    return f"the {name}" if re.search(rf"\b[Tt]he {re.escape(name)}", plain) else name


def _renamed(text: str, names: Sequence[str]) -> str:
    text = _without_abbreviations(text, names)
    for start, end in reversed(_places(text, names)):
        text = f"{text[:start]}{ONE_NAME}{text[end:]}"
    return text


def _without_abbreviations(text: str, names: Sequence[str]) -> str:
    """Without a second name in brackets: "the Frontier Model Forum (FMF)"."""
    return re.sub(rf" \((?:the )?(?:{_any(names)})\)", "", text)


def _places(text: str, names: Sequence[str]) -> list[tuple[int, int]]:
    """Where the body is named, but not within a longer name: "UALink", but not "the UALink Promoter Group"."""
    found = []
    for match in re.finditer(rf"(?<![\w-])(?:{_any(names)})(?![\w-])(?! [A-Z])", text):
        before = re.search(r"([A-Z][\w&.-]*) $", text[: match.start()])
        if not before or before[1].lower() in FUNCTION_WORDS:
            found.append(match.span())
    return found


def _any(names: Sequence[str]) -> str:
    longest_first = sorted((re.sub(r"^[Tt]he ", "", name) for name in names), key=lambda name: (-len(name), name))
    return "|".join(map(re.escape, longest_first))


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def foreign_name(claim: str, evidence: str, own_names: str) -> str | None:
    """The first name of the claim that the evidence does not hold as it stands, be it of several words."""
    told = _lower(f"{evidence} | {own_names}")
    opening = first_word(claim)
    for name in _NAME.findall(claim):
        for part in _name_parts(name):
            is_held = re.search(rf"(?<!\w){re.escape(_lower(part))}(?!\w)", told)
            if not is_held and not (part == opening and part[1:].islower() and stem(part) in content_stems(told)):
                return part
    return None


def _name_parts(name: str) -> list[str]:
    """A stretch of capitalised words without the function words that only open a sentence."""
    parts = name.split()
    while parts and parts[0].lower() in FUNCTION_WORDS:
        parts.pop(0)
    return [part for part in re.split(r"['’]s?(?: |$)", " ".join(parts)) if part]


def _lower(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())


def whole_names(text: str) -> list[str]:
    """The names of a text, those of several words in one piece, without dates."""
    return [part for name in _NAME.findall(re.sub(PLAIN_DATE, "", text)) for part in _name_parts(name)]
