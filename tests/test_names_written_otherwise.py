"""Names are found loosely written, misspelt, cut short and as initials; what only comes near to one is no name."""

import pytest

from index.names.finder import NameFinder
from index.names.words import name_words, plain
from index.types import AllianceRecord, Organisation


def alliance(name, *aliases):
    return AllianceRecord(name, aliases, name.lower().replace(" ", "-"), "safety", "active", None, None)


ALLIANCES = [
    alliance("AI Alliance"),
    alliance("Apply AI Alliance"),
    alliance("Technology Prosperity Deal"),
    alliance("Partnership on AI"),
    alliance("Agentic AI Foundation"),
    alliance("Coalition for Content Provenance and Authenticity", "C2PA"),
    alliance("Open Compute Project"),
    alliance("Tech Accord to Combat Deceptive Use of AI in 2024 Elections"),
    alliance("Group of Friends for Cooperation on Capacity-Building"),
    alliance("Council of Europe Framework Convention on Artificial Intelligence"),
    alliance("Campaign to Stop Killer Robots"),
    alliance("Christchurch Call"),
    alliance("World Artificial Intelligence Cooperation Organization"),
    alliance("New Delhi Declaration"),
    alliance("AI Safety Summit 2023"),
    alliance("Network for Health Data"),
    alliance("Union for Health Data"),
    alliance("Robot Arms Pact"),
    alliance("Robot Pact", "Council of Europe Robot Pact"),
    alliance("East Asia Supply Chain Working Group"),
]
ORGANISATIONS = [
    Organisation("Council of Europe"),
    Organisation("University of Tokyo", (), "university"),
    Organisation("World Economic Forum"),
    Organisation("Human Rights Watch"),
    Organisation("Center for Democracy & Technology"),
    Organisation("California Department of Technology"),
    Organisation("Russian Direct Investment Fund"),
    Organisation("Palo Alto Networks"),
    Organisation("Electronic Frontier Foundation", ("EFF",)),
    Organisation("Duke Health", ("Duke",)),
    Organisation("US Department of Commerce", (), "government"),
    Organisation("NVIDIA", (), "company"),
    Organisation("Zambia", (), "government"),
    Organisation("Arms Pact Watch"),
    Organisation("South Korea", (), "government"),
    Organisation("OpenAI", ("Open AI",)),
]
STRANGE = set(
    """nvidea gambia zambua tokio kyoto campain provenence authentcity prosperty prosprety dept centre organisation
    wef hrw cdt tpd wefa ccpa korean""".split()
)
KNOWN_PHRASES = {"Russian Direct Investment Fund RDIF"}


@pytest.fixture(scope="module")
def names():
    def is_known(word):
        return word in KNOWN_PHRASES if " " in word else word.lower() not in STRANGE

    finder = NameFinder(ALLIANCES, ORGANISATIONS, is_known)
    return lambda text: [(mention.text, mention.name) for mention in finder.find(text)]


@pytest.mark.parametrize(
    ("text", "found", "name"),
    [
        ("Who is in the Partnership in A.I.?", "Partnership in A.I.", "Partnership on AI"),
        ("the Partnership on Artificial Intelligence", "Partnership on Artificial Intelligence", "Partnership on AI"),
        ("Is the Apply-AI Alliance new?", "Apply-AI Alliance", "Apply AI Alliance"),
        ("the Tech Prosperity Deal's aim", "Tech Prosperity Deal", "Technology Prosperity Deal"),
        ("the christ church call: who runs it?", "christ church call", "Christchurch Call"),
        ("Is the US Dept. of Commerce in it?", "US Dept. of Commerce", "US Department of Commerce"),
        ("Is the Centre for Democracy and Technology in it?",)
        + ("Centre for Democracy and Technology", "Center for Democracy & Technology"),
        ("the World AI Co-operation Organisation",)
        + ("World AI Co-operation Organisation", "World Artificial Intelligence Cooperation Organization"),
    ],
)
def test_a_name_is_found_in_another_spelling(names, text, found, name):
    assert names(text) == [(found, name)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Coalition for Content Provenence and Authentcity", "Coalition for Content Provenance and Authenticity"),
        ("the University of Tokio", "University of Tokyo"),
        ("technology prosprety deal", "Technology Prosperity Deal"),
        ("the campain against killer robots", "Campaign to Stop Killer Robots"),
        ("Is Nvidea in it?", "NVIDIA"),
    ],
)
def test_a_misspelt_name_is_found(names, text, name):
    assert [found for _, found in names(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Is the University of Kyoto in it?",
        "Is Gambia in it?",
        "Is Zambua in it?",
        "Nvidea, is that a word?",
        "Who sells South Korean products?",
        "Is AI in the alliance?",
        "Is AI in Alliance Street?",
        "Many AI Alliances exist.",
        "Which AI alliances are there?",
        "a partnership for AI",
        "the open AI challenge",
        "an AI (alliance)",
        "the Agentic AI Forum",
    ],
)
def test_what_comes_near_to_a_name_is_none(names, text):
    assert [name for _, name in names(text)] == []


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Which AI alliance is the oldest?", False),
        ("Is there an AI alliance in Africa?", False),
        ("which ai alliance is the oldest?", False),
        ("is arm an ai alliance member?", True),
        ("Which AI Alliance is meant?", True),
        ("Who founded the AI alliance?", True),
        ("When was the last summit on AI safety?", False),
    ],
)
def test_small_letters_after_any_are_no_name(names, text, is_name):
    assert bool(names(text)) == is_name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is Open Compute?", ("Open Compute", "Open Compute Project")),
        ("Who signed the Tech Accord?", ("Tech Accord", ALLIANCES[7].name)),
        ("When was the Prosperity Deal signed?", ("Prosperity Deal", "Technology Prosperity Deal")),
        ("Who is in the Group of Friends?", ("Group of Friends", ALLIANCES[8].name)),
        ("Is the Council of Europe convention in force?", ("Council of Europe convention", ALLIANCES[9].name)),
        ("Who is in the Open Compute group?", ("Open Compute group", "Open Compute Project")),
    ],
)
def test_a_short_form_of_one_body_is_found(names, text, found):
    assert names(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "What is Agentic AI?",  # a thing, too
        "Who wrote the Agentic AI framework?",
        "Which open compute is there?",
        "the Open Compute Institute",  # another body
        "the Global Tech Accord",
        "a tech accord",
        "Is a Tech Accord needed?",
        "Is an Open Compute needed?",
        "Who leads the Working Group?",
        "Who signed the Arms Pact?",  # or Arms Pact Watch
        "the Tech Accord on Taxes",
        "the Framework Convention on Climate",
        "It met in New Delhi.",
        "What is Health Data?",
    ],
)
def test_a_short_form_of_anything_else_is_not(names, text):
    assert names(text) == []


def test_a_body_and_the_organisation_in_its_longer_name_are_one_mention(names):
    assert names("Who leads the Robot Pact of the Council of Europe?") == [
        ("Robot Pact of the Council of Europe", "Robot Pact")
    ]
    assert [name for _, name in names("the AI Alliance of the Council of Europe")] == [
        "AI Alliance",
        "Council of Europe",
    ]


def test_the_short_name_of_an_organisation_before_another_word_is_not_its_name(names):
    assert names("Is Duke in it?") == [("Duke", "Duke Health")]
    assert names("Is Duke Energy in it?") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Is the WEF in it?", "World Economic Forum"),
        ("HRW's view", "Human Rights Watch"),
        ("Is RDIF in it?", "Russian Direct Investment Fund"),  # the library says so
        ("What is the TPD?", "Technology Prosperity Deal"),
        ("Is the wef in it?", None),
        ("Is the CDT in it?", None),  # two bodies
        ("Is the PAN in it?", None),  # the library holds these letters
        ("What is the WEFA?", None),
        ("What is the CCPA?", None),  # its abbreviation is another
    ],
)
def test_initials_are_found_where_they_mean_one_name(names, text, name):
    assert [found for _, found in names(text)] == ([name] if name else [])


def test_words_are_plain_in_any_spelling():
    assert plain("A.I.") == plain("AI") == ("artificial", "intelligense")
    assert [plain(word) for word in ("Centres", "Organisation", "Co-operation", "Bodies", "Process")] == [
        ("center",),
        ("organization",),
        ("cooperation",),
        ("body",),
        ("process",),
    ]


def test_between_two_words_stands_what_joins_them():
    words = name_words("Accord of the Data & Trust, Inc. (US)")
    assert [(word.text, word.between) for word in words] == [
        ("Accord", ""),
        ("Data", "of"),
        ("Trust", "and"),
        ("Inc", ","),
        ("US", "."),
    ]
