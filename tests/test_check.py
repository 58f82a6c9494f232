"""A claim is shown only if one evidence sentence supports all of it; what it changes, swaps, drops or adds fails."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.open.check import MIN_CLOSENESS, check_claim, why_unsupported
from assistant.open.evidence import Evidence
from assistant.settings import SHIPPED_LIBRARY
from assistant.words import FUNCTION_WORDS, find_names, is_negated
from index.articles import load_library
from index.types import Sentence, SentenceRecord

ALLIANCE = "AI Alliance | The AI Alliance | AIA"
C2PA = "Coalition for Content Provenance and Authenticity | C2PA"
COSAI = "Coalition for Secure AI | CoSAI"
FORUM = "Frontier Model Forum | FMF"
GPAI = "Global Partnership on Artificial Intelligence | GPAI | Global Partnership on AI"
MLCOMMONS = "MLCommons | MLCommons Association"
PACT = "EU AI Pact | AI Pact"
UALINK = "UALink Consortium | UALink | Ultra Accelerator Link"

FOUNDED = "The Frontier Model Forum was founded on 26 July 2023 by Anthropic, Google, Microsoft and OpenAI."
JOINED = "Amazon and Meta joined the Frontier Model Forum in May 2024."
FUND = "The AI Safety Fund of the Frontier Model Forum was announced on 25 October 2023 with more than USD 10 million."
LED = (
    "Chris Meserole, formerly of the AI initiative at Brookings, has led the Frontier Model Forum as executive "
    "director since October 2023."
)
COUNTS = "The Global Partnership on Artificial Intelligence had 19 members in 2020, 25 in 2021 and 29 in 2022."
SIZE = "As of April 2026, the AI Alliance had more than 200 members in 29 countries."
PLAN = "The AI Alliance planned in 2023 to have a governing board, a technical oversight committee and working groups."
ABSENT = (
    "OpenAI, Anthropic, Microsoft, Google, Amazon and NVIDIA were absent from the AI Alliance at its launch in "
    "December 2023."
)
BOARD = "Alibaba, Apple and Synopsys joined the board of the UALink Consortium on 14 January 2025."
BROADCOM = (
    "Broadcom belonged to the UALink Promoter Group of May 2024 but was not on the board of the UALink Consortium at "
    "its incorporation in October 2024."
)
TWO_DATES = "The UALink Consortium was announced on 30 May 2024 and incorporated in October 2024."
ROLES = (
    "The Content Authenticity Initiative promotes the use of the provenance standard, whereas the Coalition for "
    "Content Provenance and Authenticity writes that standard."
)
VOLUNTARY = "The pledges of the EU AI Pact are voluntary and have no legal force."
REMOVED = (
    "Two founding sponsors of the Coalition for Secure AI were removed from its sponsor list, Chainguard on 1 August "
    "2025 and Wiz on 13 July 2026."
)
ENTITY = "The Coalition for Secure AI is an OASIS Open Project and has no legal entity of its own."
NODES = "Entries that ran on several nodes rose by 30 per cent in MLPerf Inference v6.0 of April 2026."
ELECTS = "The members of MLCommons elect the board."
REGIONS = "The Frontier Model Forum has 5 members in Europe and 7 members in Asia."
UNTRUE = "The story that Google joined the Frontier Model Forum was not true."
PANEL = "The members of a panel at Google met in May 2024."
FEES = "Google does not pay a fee but Meta pays a fee."

OPENED = "In May 2024, the Frontier Model Forum (FMF) opened an office."
RENAMED = "The Coalition for Secure AI was called CoSAI until 2024."
SUMMIT = "Rome Declaration | Rome Summit"
DECLARED = "The Rome Declaration has seven articles."
CHAIRED = "Kurtis Bowman was the chair of the UALink Consortium."
MOST = "Most members of the Frontier Model Forum build models."
APART = "The Frontier Model Forum was founded in May 2023 and launched in July 2023."


def swapped(text, one, other):
    return text.replace(one, "\0").replace(other, one).replace("\0", other)


SUPPORTED = {
    "the evidence itself": [
        (FOUNDED, FORUM, FOUNDED),
        (COUNTS, GPAI, COUNTS),
        (SIZE, ALLIANCE, SIZE),
        (PLAN, ALLIANCE, PLAN),
        (ABSENT, ALLIANCE, ABSENT),
        (BROADCOM, UALINK, BROADCOM),
        (VOLUNTARY, PACT, VOLUNTARY),
        (LED, FORUM, LED),
    ],
    "passive made active and back": [
        (FOUNDED, FORUM, "Anthropic, Google, Microsoft and OpenAI founded the Frontier Model Forum on 26 July 2023."),
        (JOINED, FORUM, "The Frontier Model Forum was joined by Amazon and Meta in May 2024."),
    ],
    "the end put first": [
        (JOINED, FORUM, "In May 2024, Amazon and Meta joined the Frontier Model Forum."),
        (SIZE, ALLIANCE, "The AI Alliance had more than 200 members in 29 countries as of April 2026."),
    ],
    "without its end": [
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 July 2023."),
        (BOARD, UALINK, "Alibaba, Apple and Synopsys joined the board of the UALink Consortium."),
    ],
    "another name for the body": [
        (FOUNDED, FORUM, FOUNDED.replace("The Frontier Model Forum", "The FMF")),
        (FOUNDED, FORUM, FOUNDED.replace("The Frontier Model Forum", "It")),
        (FOUNDED, FORUM, FOUNDED.replace("The Frontier Model Forum", "The forum")),
        (ENTITY, COSAI, ENTITY.replace("Coalition for Secure AI", "CoSAI")),
        (FUND, FORUM, FUND.replace("The AI Safety Fund of the Frontier Model Forum", "The FMF's AI Safety Fund")),
    ],
    "written otherwise": [
        (FOUNDED, FORUM, FOUNDED.replace("26 July 2023", "July 26th, 2023")),
        (SIZE, ALLIANCE, SIZE.replace("more than", "over")),
        (SIZE, ALLIANCE, SIZE.replace("As of", "In")),
        (COUNTS, GPAI, COUNTS.replace("19", "nineteen")),
        (NODES, MLCOMMONS, NODES.replace(" per cent", "%")),
        (BROADCOM, UALINK, BROADCOM.replace("was not", "wasn't")),
    ],
    "a word of the same meaning": [
        (FOUNDED, FORUM, FOUNDED.replace("founded", "established")),
        (JOINED, FORUM, JOINED.replace("joined", "became members of")),
    ],
    "without who did it or when": [
        (JOINED, FORUM, "The Frontier Model Forum was joined in May 2024."),
        (FOUNDED, FORUM, FOUNDED.replace(" on 26 July 2023", "")),
        (OPENED, FORUM, "The Frontier Model Forum opened an office."),
    ],
    "another form of the words": [
        (BOARD, UALINK, "Alibaba, Apple and Synopsys joined the board of the UALink Consortium on January 14, 2025."),
        (ELECTS, MLCOMMONS, "The members of MLCommons elected the board."),
        (ENTITY, COSAI, ENTITY.replace("is an", "was an")),
    ],
}

REFUSED = {
    "another name": [
        (FOUNDED, FORUM, FOUNDED.replace("OpenAI", "IBM")),
        (LED, FORUM, LED.replace("Chris Meserole", "Rebecca Finlay")),
        (BOARD, UALINK, "Alibaba, Apple and Intel joined the board of the UALink Consortium on 14 January 2025."),
    ],
    "another body": [
        (FOUNDED, FORUM, "The AI Alliance was founded on 26 July 2023 by Anthropic, Google, Microsoft and OpenAI."),
        (SIZE, ALLIANCE, "As of April 2026, the Frontier Model Forum had more than 200 members in 29 countries."),
        (BOARD, UALINK, BOARD.replace("UALink", "Ultra Ethernet")),
        (VOLUNTARY, PACT, "The pledges of the EU AI Act are voluntary and have no legal force."),
        (ROLES, C2PA, "The Content Authenticity Initiative writes that standard."),
        (
            ROLES,
            C2PA,
            "The Coalition for Content Provenance and Authenticity promotes the use of the provenance standard.",
        ),
    ],
    "a part told as the whole body": [
        (FUND, FORUM, "The Frontier Model Forum was announced on 25 October 2023 with more than USD 10 million."),
        (FUND, FORUM, "In October 2023, the Frontier Model Forum was announced."),
        (FUND.partition(" with")[0], FORUM, "On 25 October 2023, the Frontier Model Forum was announced."),
        (PANEL, "Panel", "Google met in May 2024."),
        (REMOVED, COSAI, "The Coalition for Secure AI was removed from its sponsor list."),
    ],
    "another number": [
        (SIZE, ALLIANCE, "As of April 2026, the AI Alliance had more than 2000 members in 29 countries."),
        (SIZE, ALLIANCE, "As of April 2026, the AI Alliance had more than 29 members in 200 countries."),
        (FUND, FORUM, "The AI Safety Fund was announced on 25 October 2023 with more than USD 5 million."),
        (FUND, FORUM, FUND.replace("10 million", "10 billion")),
        (NODES, MLCOMMONS, NODES.replace("30 per cent", "40 per cent")),
        (NODES, MLCOMMONS, NODES.replace("v6.0", "v5.0")),
    ],
    "another date": [
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 27 July 2023."),
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 June 2023."),
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 July 2024."),
        (JOINED, FORUM, "Amazon and Meta joined the Frontier Model Forum in May 2023."),
        (JOINED, FORUM, "Amazon and Meta joined the Frontier Model Forum on 3 May 2024."),
    ],
    "numbers and dates mixed up": [
        (COUNTS, GPAI, "The Global Partnership on Artificial Intelligence had 19 members in 2021."),
        (COUNTS, GPAI, "The Global Partnership on Artificial Intelligence had 25 members in 2020."),
        (COUNTS, GPAI, swapped(COUNTS, "2020", "2021")),
        (COUNTS, GPAI, swapped(COUNTS, "19", "29")),
        (REGIONS, FORUM, swapped(REGIONS, "5", "7")),
        (TWO_DATES, UALINK, "The UALink Consortium was announced in October 2024 and incorporated on 30 May 2024."),
        (TWO_DATES, UALINK, "The UALink Consortium was incorporated on 30 May 2024."),
        (REMOVED, COSAI, swapped(REMOVED, "Chainguard", "Wiz")),
        (REMOVED, COSAI, swapped(REMOVED, "1 August 2025", "13 July 2026")),
    ],
    "a denial added, dropped or moved": [
        (FOUNDED, FORUM, "The Frontier Model Forum was not founded on 26 July 2023."),
        (VOLUNTARY, PACT, "The pledges of the EU AI Pact are voluntary and have legal force."),
        (ENTITY, COSAI, "The Coalition for Secure AI has a legal entity of its own."),
        (BROADCOM, UALINK, "Broadcom was on the board of the UALink Consortium at its incorporation in October 2024."),
        (BROADCOM, UALINK, "Broadcom did not belong to the UALink Promoter Group of May 2024."),
        (UNTRUE, FORUM, "Google joined the Frontier Model Forum."),
        (FEES, "Fees", "Meta does not pay a fee."),
        (ABSENT, ALLIANCE, ABSENT.replace("absent from", "in")),
    ],
    "a reservation dropped": [
        (SIZE, ALLIANCE, "As of April 2026, the AI Alliance had 200 members in 29 countries."),
        (PLAN, ALLIANCE, PLAN.replace("planned in 2023 to have", "had in 2023")),
        (FUND, FORUM, FUND.replace("more than ", "")),
        (LED, FORUM, LED.replace("formerly ", "")),
    ],
    "a list cut short": [
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 July 2023 by Anthropic and Google."),
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 July 2023 by Google, Microsoft and OpenAI."),
        (BOARD, UALINK, "Alibaba and Synopsys joined the board of the UALink Consortium on 14 January 2025."),
        (JOINED, FORUM, "Amazon joined the Frontier Model Forum in May 2024."),
    ],
    "who did it and to whom": [
        (FOUNDED, FORUM, "The Frontier Model Forum founded Anthropic, Google, Microsoft and OpenAI on 26 July 2023."),
        (FOUNDED, FORUM, "OpenAI was founded on 26 July 2023 by the Frontier Model Forum."),
        (JOINED, FORUM, "The Frontier Model Forum joined Amazon and Meta in May 2024."),
        (JOINED, FORUM, "Amazon and Meta were joined by the Frontier Model Forum in May 2024."),
        (BOARD, UALINK, "The UALink Consortium joined the board of Alibaba, Apple and Synopsys on 14 January 2025."),
        (ELECTS, MLCOMMONS, "The board of MLCommons elects the members."),
    ],
    "no telling of whom": [
        (JOINED, FORUM, "They joined the Frontier Model Forum in May 2024."),
        (FEES, "Fees", "It does not pay a fee but Meta pays a fee."),
        (RENAMED, COSAI, "It was called the CoSAI Project until 2024."),
        (FUND, FORUM, "It was announced on 25 October 2023 with more than USD 10 million."),
        (DECLARED, SUMMIT, DECLARED.replace("Rome Declaration", "Rome Summit")),
    ],
    "does and is done, was and is": [
        (TWO_DATES, UALINK, TWO_DATES.replace("was announced", "announced")),
        (OPENED, FORUM, OPENED.replace("opened", "was opened")),
        (CHAIRED, UALINK, CHAIRED.replace("was", "is")),
        (OPENED, FORUM, "The Frontier Model Forum opens an office."),
        ("IBM led the AI Alliance.", ALLIANCE, "IBM leads the AI Alliance."),
    ],
    "more or less said": [
        (MOST, FORUM, MOST.replace("Most", "The")),
        (MOST, FORUM, MOST.replace("Most", "All")),
        (OPENED, FORUM, OPENED.replace("opened", "will open")),
        (JOINED, FORUM, f"Only {JOINED}"),
    ],
    "two words that the evidence tells apart": [
        (APART, FORUM, APART.replace("founded", "launched", 1)),
    ],
    "another verb or something added": [
        (BOARD, UALINK, BOARD.replace("joined", "left")),
        (JOINED, FORUM, "Amazon and Meta founded the Frontier Model Forum in May 2024."),
        (JOINED, FORUM, "Amazon and Meta joined the Frontier Model Forum in May 2024 as founders."),
        (FOUNDED, FORUM, "The Frontier Model Forum was founded on 26 July 2023 in London."),
        (FOUNDED, FORUM, "The Frontier Model Forum was quietly founded on 26 July 2023."),
        (NODES, MLCOMMONS, NODES.replace("rose", "fell")),
        (SIZE, ALLIANCE, SIZE.replace("members", "companies")),
    ],
}


def table(pairs):
    return [pytest.param(*pair, id=f"{kind}: {pair[2][:60]}") for kind, found in pairs.items() for pair in found]


@pytest.fixture(scope="module")
def vectors(embedder):
    """Every text of the tables with its vector, by the real embedding model."""
    pairs = [pair for found in (*SUPPORTED.values(), *REFUSED.values()) for pair in found]
    texts = list(dict.fromkeys(text for evidence, _, claim in pairs for text in (evidence, claim)))
    return dict(zip(texts, embedder.embed(texts), strict=True))


@pytest.mark.parametrize(("evidence", "names", "claim"), table(SUPPORTED))
def test_a_right_claim_passes(vectors, evidence, names, claim):
    assert why_unsupported(claim, evidence, names, float(vectors[claim] @ vectors[evidence])) is None


@pytest.mark.parametrize(("evidence", "names", "claim"), table(REFUSED))
def test_a_wrong_claim_is_refused_however_close_it_is(vectors, evidence, names, claim):
    assert why_unsupported(claim, evidence, names, float(vectors[claim] @ vectors[evidence]))
    assert why_unsupported(claim, evidence, names, 1.0)


@pytest.mark.parametrize(
    ("claim", "evidence", "part_of_reason"),
    [
        (FOUNDED.replace("OpenAI", "IBM"), FOUNDED, "IBM"),
        (SIZE.replace("200", "300"), SIZE, "300 member"),
        (swapped(SIZE, "200", "29"), SIZE, "29 member"),
        (FOUNDED.replace("2023", "2024"), FOUNDED, "date"),
        (VOLUNTARY.replace("no ", ""), VOLUNTARY, "denies"),
        (SIZE.replace("more than ", ""), SIZE, "more than"),
        (FOUNDED.replace("was founded", "was quietly founded"), FOUNDED, "quiet"),
    ],
)
def test_the_reason_names_what_is_wrong(claim, evidence, part_of_reason):
    assert part_of_reason in why_unsupported(claim, evidence, "", 1.0)


def test_the_names_of_the_body_may_stand_for_it():
    assert why_unsupported(FOUNDED.replace("Frontier Model Forum", "FMF"), FOUNDED, FORUM, 1.0) is None
    assert "FMF" in why_unsupported(FOUNDED.replace("Frontier Model Forum", "FMF"), FOUNDED, "", 1.0)


def test_the_same_words_in_another_meaning_are_refused(embedder):
    claim, evidence = "The forum lobbies members.", "Lobbies for members of the forum were built of glass."
    told, said = embedder.embed([evidence, claim])
    assert float(told @ said) < MIN_CLOSENESS and why_unsupported(claim, evidence, "Forum", float(told @ said))
    assert "close in meaning" in why_unsupported(FOUNDED, FOUNDED, FORUM, MIN_CLOSENESS - 0.01)


# -- the best of several


def as_evidence(embedder, *texts):
    return [
        Evidence(SentenceRecord(i, "forum", "Frontier Model Forum", "p", Sentence(i, text, "")), FORUM, vector, 1.0)
        for i, (text, vector) in enumerate(zip(texts, embedder.embed(texts), strict=True))
    ]


def test_the_supporting_sentence_is_found_wherever_it_stands(embedder):
    for texts in ((JOINED, FOUNDED, FUND), (FOUNDED, FUND, JOINED), (FUND, JOINED, FOUNDED)):
        evidence = as_evidence(embedder, *texts)
        verdict = check_claim(JOINED, embedder.embed([JOINED])[0], evidence)
        assert verdict.support is evidence[texts.index(JOINED)] and not verdict.reason


def test_a_closer_sentence_that_does_not_support_is_passed_over(embedder):
    claim = "Amazon and Meta joined the Frontier Model Forum in May 2024."
    closer, supporting = claim.replace("May", "June"), "In May 2024, Amazon and Meta joined the Frontier Model Forum."
    evidence = as_evidence(embedder, closer, supporting)
    assert check_claim(claim, embedder.embed([claim])[0], evidence).support is evidence[1]


def test_without_support_the_reason_is_that_of_the_closest(embedder):
    claim = FOUNDED.replace("OpenAI", "IBM")
    verdict = check_claim(claim, embedder.embed([claim])[0], as_evidence(embedder, JOINED, FOUNDED, FUND))
    assert verdict.support is None and "IBM" in verdict.reason


def test_without_evidence_nothing_is_supported(embedder):
    verdict = check_claim(FOUNDED, embedder.embed([FOUNDED])[0], [])
    assert verdict.support is None and verdict.reason


# -- every sentence of the library that ships


@pytest.fixture(scope="module")
def sentences():
    return [
        (sentence.text, " | ".join((article.alliance.name, *article.alliance.aliases)) if article.alliance else "")
        for article in load_library([SHIPPED_LIBRARY]).articles
        for sentence in article.sentences
    ]


def each_replaced(text, pattern, replacement):
    """The text with one match at a time replaced."""
    for match in re.finditer(pattern, text):
        changed = text[: match.start()] + match.expand(replacement) + text[match.end() :]
        if changed != text:
            yield changed


def each_neighbours_swapped(text, pattern):
    found = [match for match in re.finditer(pattern, text) if match[0].lower() not in FUNCTION_WORDS]
    for one, other in zip(found, found[1:], strict=False):
        if one[0] != other[0]:
            yield text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


CHANGES = {
    "a year": lambda text: (
        text[: m.start()] + str(int(m[0]) + 1) + text[m.end() :] for m in re.finditer(r"\b20[12]\d\b", text)
    ),
    "a month": lambda text: each_replaced(text, r"\b(?:January|April|June|July|October|December)\b", "February"),
    "a name": lambda text: (re.sub(rf"\b{re.escape(name)}\b", "Zenithor", text) for name in set(find_names(text))),
    "two names": lambda text: each_neighbours_swapped(text, r"(?<![-\w])[A-Z][A-Za-z]{3,}(?![-\w])"),
    "two years": lambda text: each_neighbours_swapped(text, r"\b20[12]\d\b"),
    "a denial put in": lambda text: (
        () if is_negated(text) else each_replaced(text, r"\b(was|were|is|are|had)\b", r"\1 not")
    ),
    "a denial left out": lambda text: each_replaced(text, r"\b(?:not|no) ", ""),
    "a reservation": lambda text: each_replaced(text, r"\b(?:about (?=\d)|more than |at least |planned |only )", ""),
    "a place added": lambda text: [f"{text[:-1]} in Liechtenstein."],
}


def test_every_sentence_supports_itself(sentences):
    refused = [(text, reason) for text, names in sentences if (reason := why_unsupported(text, text, names, 1.0))]
    assert len(sentences) > 300 and not refused


@pytest.mark.parametrize("change", CHANGES)
def test_no_sentence_supports_itself_with_a_change(sentences, change):
    changed = [(new, text, names) for text, names in sentences for new in CHANGES[change](text) if new != text]
    passed = [new for new, text, names in changed if why_unsupported(new, text, names, 1.0) is None]
    assert len(changed) >= 30 and not passed


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=20), st.floats(-1, 1))
@settings(deadline=None, max_examples=100)
def test_any_two_texts_get_a_verdict(claim, evidence, names, closeness):
    reason = why_unsupported(claim, evidence, names, closeness)
    assert reason is None or reason


def test_a_list_that_begins_behind_an_empty_word_is_not_cut_off():
    evidence = "Two sponsors of the Forum were removed from its sponsor list, Alder on 1 August 2025 and Birch in 2026."
    assert why_unsupported("Two sponsors of the Forum were removed from its sponsor list.", evidence, "Forum", 1.0)
