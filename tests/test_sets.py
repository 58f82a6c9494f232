"""Who is in several bodies, or in one but not another: which bodies and roles a question means, and what is told."""

from __future__ import annotations

import pytest

from assistant.citing import Citations
from assistant.exact.answers import tell
from assistant.exact.comparison_same import read_same
from assistant.exact.read_sets import read_sets
from assistant.settings import SHIPPED_LIBRARY
from index.articles import load_library


@pytest.fixture(scope="module")
def alliances():
    return {article.slug: article.alliance for article in load_library([SHIPPED_LIBRARY]).articles if article.alliance}


def members(alliance):
    left = {membership.organisation for membership in alliance.members if membership.until}
    return {*alliance.founders, *(membership.organisation for membership in alliance.members)} - left


def listed(sentences):
    return {sentence.text.removeprefix("- ").removesuffix(".") for sentence in sentences[1:]}


@pytest.mark.parametrize(
    ("question", "excluded", "founding"),
    [
        ("Who is in both the FMF and CoSAI?", (), ()),
        ("Who is in FMF, PAI and C2PA?", (), ()),
        ("Which members do the FMF and CoSAI have in common?", (), ()),
        ("Who founded both the FMF and CoSAI?", (), (0, 1)),
        ("common founders in the FMF and CoSAI", (), (0, 1)),
        ("Which companies founded Akrites and are also in the FMF?", (), (0,)),
        ("Which founders of Akrites are not in CoSAI?", (1,), (0,)),
        ("Who founded UEC but didn't found UALink?", (1,), (0, 1)),
        ("Which Akrites founders are missing from CoSAI?", (1,), (0,)),
        ("Leaving out those in the FMF, who founded ROOST?", (0,), (1,)),
        ("Which members of the FMF are in neither CoSAI nor Akrites?", (1, 2), ()),
        ("Which members of the FMF are not in CoSAI or Akrites?", (1, 2), ()),
        ("Which members of the FMF are not in CoSAI but in Akrites?", (1,), ()),
        ("Which members of the FMF does CoSAI not have?", (1,), ()),
        ("Which members does the FMF have that CoSAI lacks?", (1,), ()),
        ("members of CoSAI outside the FMF", (1,), ()),
        ("Which UALink founders stayed out of UEC?", (1,), (0,)),
        ("which of the UALink promoters did not found UEC?", (1,), (0, 1)),
        ("Which UALink founders had no hand in starting UEC?", (1,), (0, 1)),
        ("Name the Akrites founders that CoSAI's founding line-up lacked.", (1,), (0, 1)),
        ("Which of MLCommons's members helped found UALink?", (), (1,)),
        ("Of the firms behind ROOST, who is in the FMF?", (), (0,)),
        ("Looking at the FMF and PAI: which members does PAI have that the FMF lacks?", (1,), ()),
        ("Who announced PAI in 2016 and was also among the first signers of the Rome Call in 2020?", (), (0, 1)),
    ],
)
def test_each_body_is_left_out_or_meant_with_its_role(take, question, excluded, founding):
    intent = read_sets(take(question))
    assert intent is not None and intent.relation == "shared_members"
    assert (tuple(sorted(intent.excluded)), tuple(sorted(intent.founding))) == (excluded, founding)


@pytest.mark.parametrize(
    "question",
    [
        "Which members of the FMF are not in CoSAI and in Akrites?",
        "Who is neither in the FMF nor in CoSAI?",
        "Which companies are in the FMF, in CoSAI or in both?",
        "Why do the FMF and CoSAI share members?",
        "Which companies in the FMF and CoSAI have the largest market share?",
        "Which projects do the AAIF and the PyTorch Foundation have in common?",
        "Which bodies have Google and Microsoft left together?",
        "Who founded the first working group of UEC and UALink?",
        "When did the founders of the FMF and CoSAI meet?",
        "Which founders of UEC, but not of UALink, are American?",
        "Who announced PAI in 2017 and was also among the first signers of the Rome Call in 2020?",
        "Which firms were in PAI in 2016 and in CoSAI in 2024?",
        "Which firms of the FMF and of PAI will merge?",
        "What made the founders of the FMF go on to found CoSAI?",
        "Which founders of UEC own shares in UALink's founders?",
        "Which members of PAI also sponsored C2PA's conference?",
    ],
)
def test_what_is_left_open_by_its_words_is_no_set(take, question):
    assert read_sets(take(question)) is None


def test_founders_are_subtracted_from_all_members_not_only_from_founders(answer, alliances):
    told = answer("Which founders of Akrites are not in CoSAI?")
    akrites, cosai = alliances["akrites"], alliances["coalition-for-secure-ai"]
    assert listed(told) == set(akrites.founders) - members(cosai)
    assert "that founded Akrites but are not in the Coalition for Secure AI" in told[0].text


def test_who_only_takes_part_in_what_others_signed_is_not_in_it(answer):
    assert listed(answer("Which Chip 4 countries are not in Pax Silica?")) == {"Taiwan"}


def test_who_drew_up_a_text_is_not_among_its_signatories(answer):
    told = listed(
        answer("Who signed the White House Voluntary AI Commitments but not the Frontier AI Safety Commitments?")
    )
    assert "Adobe" in told and "United States" not in told


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the White House Voluntary AI Commitments only later?",
        "Which signatories of the White House Voluntary AI Commitments did not sign it on day one?",
    ],
)
def test_who_came_later_was_not_there_at_the_start(answer, question):
    told = answer(question)
    assert {"Adobe", "Apple"} <= listed(told) and not listed(told) & {"Microsoft", "United States"}


def test_later_members_are_those_that_are_no_founders(answer):
    told = answer("Who is in the Frontier Model Forum today without having been there at the start?")
    assert listed(told) == {"Amazon", "Meta"}
    assert "not named as founders" in told[0].text


def test_signing_in_the_month_of_the_start_is_signing_at_the_start(answer):
    question = (
        "Which firms signed the Frontier AI Safety Commitments in {} but not the White House Voluntary AI Commitments?"
    )
    told = answer(question.format("May 2024"))
    assert "G42" in listed(told) and "MiniMax" not in listed(told) and "at the start" in told[0].text
    assert not answer(question.format("May 2025"))


def test_a_date_that_is_not_that_of_the_founding_leaves_the_set_open(answer):
    question = "Which companies of the UALink promoter group of {} are not among the founders of UEC?"
    assert listed(answer(question.format("May 2024"))) == {"Google"}
    assert not answer(question.format("May 2023"))


def test_founding_dates_of_several_bodies_are_told_one_by_one(answer):
    text = " ".join(sentence.text for sentence in answer("When were Appia and Akrites launched?"))
    assert "17 June 2026" in text and "25 June 2026" in text


@pytest.mark.parametrize(
    ("question", "start", "told"),
    [
        ("Do the AAIF and the PyTorch Foundation have the same host?", "Yes: ", "Linux Foundation"),
        ("Are LF AI & Data and UXL under the same roof?", "Yes: ", "Linux Foundation"),
        ("Do the EU AI Pact and GPAI have the same host?", "No: ", "European Commission"),
        ("Do the FMF and CoSAI have the same founders?", "No: ", "Chainguard"),
        ("Was the AI Alliance started in the same year as the FMF?", "Yes: ", "2023"),
        ("Were Appia and Akrites founded on the same day?", "No: ", "17 June 2026"),
    ],
)
def test_the_same_is_answered_by_yes_or_no_with_what_each_has(answer, question, start, told):
    sentences = answer(question)
    assert sentences[0].text.startswith(start) and told in " ".join(sentence.text for sentence in sentences)
    assert all(sentence.citations for sentence in sentences)


@pytest.mark.parametrize(
    "question",
    [
        "Are CAIRNE and ELLIS run by the same people?",
        "Do the AAIF and CoSAI have the same chair?",
        "Do UEC and UALink have the same technical goals?",
        "Are the AI Alliance and the AI Alliance Network the same?",
    ],
)
def test_the_same_in_another_respect_is_an_open_question(take, question):
    assert read_same(take(question)) is None


def test_bodies_with_the_host_of_one_are_the_others_that_it_hosts(answer):
    told = answer("Which alliances have the same host as GPAI?")
    assert len(told) == len(("opening", "OECD AI Principles")) and told[1].text == "- OECD AI Principles: OECD."


@pytest.mark.parametrize(
    "question",
    [
        "Which alliances have the same members as the FMF?",
        "Which alliances have the same budget as GPAI?",
        "Which alliances share a host with the FMF?",
    ],
)
def test_others_alike_in_another_respect_or_without_a_host_are_not_told(answer, question):
    assert not answer(question)


def test_a_host_that_is_not_told_leaves_the_question_open(answer):
    assert not any("host" in sentence.text for sentence in answer("Do the FMF and CoSAI have the same host?"))


def test_shared_bodies_are_found_however_they_are_asked_for(take, shipped):
    told = []
    for question in ("Where do NVIDIA and AMD sit together?", "Which bodies do NVIDIA and AMD share?"):
        intent = read_sets(take(question))
        assert intent is not None
        told.append(listed(tell(intent, shipped, Citations(shipped))))
    assert told[0] == told[1] and "Ultra Ethernet Consortium" in told[0]
