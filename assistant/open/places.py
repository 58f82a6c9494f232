"""Countries and regions under the words that people and articles use for them: "American", "Washington", "US". A leaf.

Capitals stand for governments ("Beijing proposed ..."), adjectives for what comes from a country ("Chinese firms").
"""

from __future__ import annotations

import re
from functools import cache

# The first word or words of a line are the place's own name; the search for the others minds capitals.
_PLACES = """
    United States, US, U.S., USA, America, American, Americans, Washington
    United Kingdom, UK, U.K., Britain, British, England, English, London, Scotland, Scottish
    European Union, EU, Europe, European, Europeans, Brussels
    China, Chinese, Beijing
    Japan, Japanese, Tokyo
    South Korea, Korea, Korean, Koreans, Seoul
    India, Indian, Indians, New Delhi, Delhi
    France, French, Paris
    Germany, German, Germans, Berlin
    Italy, Italian, Italians, Rome
    Spain, Spanish, Madrid
    Portugal, Portuguese, Lisbon
    Netherlands, Dutch, The Hague
    Belgium, Belgian
    Switzerland, Swiss, Bern
    Austria, Austrian, Vienna
    Sweden, Swedish, Stockholm
    Norway, Norwegian, Oslo
    Denmark, Danish, Copenhagen
    Finland, Finnish, Helsinki
    Estonia, Estonian, Tallinn
    Poland, Polish, Warsaw
    Ukraine, Ukrainian, Kyiv
    Ireland, Irish, Dublin
    Greece, Greek, Athens
    Turkey, Türkiye, Turkish, Ankara
    Russia, Russian, Russians, Moscow, Kremlin
    Canada, Canadian, Canadians, Ottawa
    Mexico, Mexican
    Brazil, Brazilian, Brasília
    Argentina, Argentine
    Chile, Chilean, Santiago
    Australia, Australian, Australians, Canberra
    New Zealand, Wellington
    Israel, Israeli, Jerusalem
    Saudi Arabia, Saudi, Riyadh
    United Arab Emirates, UAE, Emirati, Emirates, Abu Dhabi
    Qatar, Qatari, Doha
    Egypt, Egyptian, Cairo
    Kenya, Kenyan, Nairobi
    Nigeria, Nigerian, Abuja
    Rwanda, Rwandan, Kigali
    South Africa, South African, Pretoria
    Singapore, Singaporean
    Malaysia, Malaysian, Kuala Lumpur
    Indonesia, Indonesian, Jakarta
    Thailand, Thai, Bangkok
    Vietnam, Vietnamese, Hanoi
    Taiwan, Taiwanese, Taipei
    Kazakhstan, Kazakh, Astana
    Africa, African, Africans
    Asia, Asian, Asians
    Arab, Arabic
    Vatican, Holy See
"""


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for line in _PLACES.strip().splitlines():
        words = tuple(word.strip() for word in line.split(","))
        for word in words:
            groups.setdefault(word, words)
    return groups


def same_place(name: str) -> tuple[str, ...]:
    """The words under which the place that a name stands for may be told; the name alone if it is none."""
    return _groups().get(name, (name,))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    own, *others = (name, *(word for word in same_place(name) if word != name))
    alternatives = [rf"(?i:{re.escape(own)})", *map(re.escape, others)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})")


def holds_name(text: str, name: str) -> bool:
    """True if a text holds a name, in any case, or another word for the same place, with its capitals."""
    return _pattern(name).search(text) is not None
