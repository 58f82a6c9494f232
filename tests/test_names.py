"""Names are found as people write them: aliases, typos, parts, small letters; never one within another."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.names.finder import NameFinder
from index.types import AllianceRecord, Organisation


def alliance(name, *aliases, slug=None):
    return AllianceRecord(name, aliases, slug or name.lower().replace(" ", "-"), "safety", "active", None, None)


ALLIANCES = [
    alliance("AI Alliance", "AIA"),
    alliance("Frontier Model Forum", "FMF"),
    alliance("Agentic AI Foundation"),
    alliance("MLCommons"),
    alliance("Coalition for Secure AI", "CoSAI"),
    alliance("Partnership on AI", "PAI"),
    alliance("The Meta Cable Consortium", slug="cable"),
    alliance("Example Meta Forum"),
    alliance("International Network of AI Safety Institutes"),
    alliance("Alliance for Africa's Intelligence"),
    alliance("Steel Coalition", "The Coalition", slug="steel"),
    alliance("Glass Coalition", "The Coalition", slug="glass"),
]
ORGANISATIONS = [
    Organisation("Meta", ("Facebook",), "company"),
    Organisation("Meta Platforms Ireland"),
    Organisation("Arm"),
    Organisation("A*STAR"),
    Organisation("Hugging Face"),
    Organisation("United States", ("US", "USA")),
    Organisation("eBay"),
    Organisation("Partnership on AI", ("PAI",)),
    Organisation("SAP"),
    Organisation("fast.ai"),
    Organisation(".lumen"),
]
# What the library's articles would say: a word that is not here may be a misspelt name.
KNOWN = set(
    """who is in the a an of on for and what when was were does do founded members tell me about us it arm alliance
    face agentic ai foundation forum model coalition partnership network safety institutes international cable meta
    consortium secure good bad law long paris standards model steel glass institute""".split()
)


@pytest.fixture(scope="module")
def finder():
    return NameFinder(ALLIANCES, ORGANISATIONS, lambda word: word.lower() in KNOWN)


@pytest.fixture(scope="module")
def names(finder):
    """(text, canonical name) of each mention."""
    return lambda text: [(mention.text, mention.name) for mention in finder.find(text)]


# -- exact names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who is in the AI Alliance?", ["AI Alliance"]),
        ("Who founded the FMF?", ["Frontier Model Forum"]),
        ("Frontier Model Forum, AIA and Facebook", ["Frontier Model Forum", "AI Alliance", "Meta"]),
        ("(Meta/Arm)", ["Meta", "Arm"]),
        ("Meta's and Arm’s part", ["Meta", "Arm"]),
        ("the Frontier  Model\nForum", ["Frontier Model Forum"]),
        ("the Frontier\u00a0Model Forum", ["Frontier Model Forum"]),
        ("Is A*STAR or fast.ai in it?", ["A*STAR", "fast.ai"]),
        ("Is eBay in it?", ["eBay"]),
        ("Is .lumen (or .Lumen) in it, or lumen?", [".lumen", ".lumen"]),
        ("the Meta Cable Consortium", ["The Meta Cable Consortium"]),
        ("Alliance for Africa’s Intelligence", ["Alliance for Africa's Intelligence"]),
        ("Alliance for Africa's Intelligence", ["Alliance for Africa's Intelligence"]),
        ("Metaphor and Armies and MetaArm and Arm2", []),
        ("", []),
        ("?", []),
    ],
)
def test_names_and_aliases_are_found_as_whole_words(names, text, found):
    assert [name for _, name in names(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Meta Platforms Ireland", ["Meta Platforms Ireland"]),
        ("Meta Platforms", ["Meta"]),
        ("Meta Cable Consortium and Meta", ["The Meta Cable Consortium", "Meta"]),
        ("Agentic AI Foundation", ["Agentic AI Foundation"]),
    ],
)
def test_the_longest_name_wins(names, text, found):
    assert [name for _, name in names(text)] == found


def test_a_mention_says_where_it_stands(finder):
    text = "Is Meta in the  AI\tAlliance?"
    assert [(m.start, m.end, m.text) for m in finder.find(text)] == [(3, 7, "Meta"), (16, 27, "AI\tAlliance")]


# -- capitals


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is meta in the ai alliance?", ["Meta", "AI Alliance"]),
        ("is arm in it?", ["Arm"]),
        ("The arm of the law in Paris", []),
        ("Is META in it?", ["Meta"]),
        ("Who founded the ai alliance?", ["AI Alliance"]),  # several words
        ("Is hugging face in it?", ["Hugging Face"]),
        ("Is hugging\nface in it?", ["Hugging Face"]),
        ("Who founded mlcommons and cosai?", ["MLCommons", "Coalition for Secure AI"]),  # no word looks like these
        ("Is ebay or a*star in it? No.", ["eBay", "A*STAR"]),
        ("Does it sap strength? No.", []),  # but these are too short to tell
        ("is sap in it?", ["SAP"]),
        ("tell us about the ai alliance", ["AI Alliance"]),
        ("What about the US?", ["United States"]),
        ("what about the usa?", ["United States"]),
    ],
)
def test_capitals_count_for_single_words_where_the_text_has_any(names, text, found):
    assert [name for _, name in names(text)] == found


def test_letters_that_only_look_alike_to_a_pattern_are_no_name(names):
    assert [name for _, name in names("Is ſap or aıa in the AI Alliance?")] == ["AI Alliance"]


# -- parts of a name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("what is the network of ai safety institutes?", "network of ai safety institutes"),
        ("What does the International Network of Safety Institutes do?", "International Network of Safety Institutes"),
        ("Is the network good?", None),
        ("the safety institutes", None),
        ("safety of ai", None),
        ("a network, long standards, ai, long safety, long institutes", None),  # not one stretch
    ],
)
def test_most_of_a_long_name_in_one_stretch_is_enough(names, text, found):
    expected = [(found, "International Network of AI Safety Institutes")] if found else []
    assert names(text) == expected


def test_a_part_that_fits_several_bodies_stays_several():
    body, twin = (alliance("North Sea Cable Safety Group", slug=slug) for slug in ("one", "two"))
    text = "the north sea cable safety people"
    known = NameFinder([body], [], lambda word: True)
    assert [mention.text for mention in known.find(text)] == ["north sea cable safety"]
    (mention,) = NameFinder([body, twin], [], lambda word: True).find(text)
    assert (mention.text, mention.alliances) == ("north sea cable safety", (body, twin))


# -- typos


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Who founded the Froniter Model Forum?", ("Froniter Model Forum", "Frontier Model Forum")),
        ("who is in the fronteir model forum", ("fronteir model forum", "Frontier Model Forum")),
        ("Is Huging Face in it?", ("Huging Face", "Hugging Face")),
        ("What is ML Commons?", ("ML Commons", "MLCommons")),
        ("What is ML-Commons?", ("ML-Commons", "MLCommons")),
        ("What is MLComons?", ("MLComons", "MLCommons")),
        ("Is HuggingFace in it?", ("HuggingFace", "Hugging Face")),
        ("What is the Coaliton for Secure AI?", ("Coaliton for Secure AI", "Coalition for Secure AI")),
    ],
)
def test_a_misspelt_name_is_found_whole(names, text, found):
    assert names(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "What is the Agentic AI Forum?",  # another name, of words that the library knows
        "What is the Xyzzy Forum?",
        "Is Mata in it?",  # too short to tell
        "Quantum zebra gardening",
    ],
)
def test_another_name_is_no_typo(names, text):
    assert names(text) == []


def test_a_name_with_a_typo_is_found_around_a_shorter_exact_one(names):
    assert names("the Exmaple Meta Forum") == [("Exmaple Meta Forum", "Example Meta Forum")]
    assert names("the Exmaple of Meta") == [("Meta", "Meta")]


def test_a_name_of_one_word_is_found_in_pieces_that_are_words_of_the_library(finder):
    known = NameFinder(ALLIANCES, ORGANISATIONS, lambda word: True)
    assert [mention.name for mention in known.find("Who was ML Commons' first president?")] == ["MLCommons"]
    assert known.find("Who says ml commons?") == []


def test_an_unknown_word_beside_an_exact_name_is_not_part_of_it(names):
    assert names("When did the Coalition for Secure AI gett going?") == [
        ("Coalition for Secure AI", "Coalition for Secure AI")
    ]


# -- one name for several bodies


def test_one_name_for_several_bodies_carries_them_all(finder):
    (mention,) = finder.find("Who is in the Coalition?")
    assert [body.slug for body in mention.alliances] == ["steel", "glass"]
    assert mention.text == "Coalition"


def test_a_body_that_is_also_a_member_elsewhere_is_both(finder):
    (mention,) = finder.find("What is PAI?")
    assert [body.slug for body in mention.alliances] == ["partnership-on-ai"]
    assert mention.organisation == ORGANISATIONS[7]


def test_every_spelling_of_a_mention_is_known(finder):
    (mention,) = finder.find("Facebook?")
    assert finder.spellings(mention) == ["Meta", "Facebook"]
    (mention,) = finder.find("the Coalition")
    assert finder.spellings(mention) == ["Steel Coalition", "The Coalition", "Glass Coalition"]
    (mention,) = finder.find("PAI")
    assert finder.spellings(mention) == ["Partnership on AI", "PAI"]


# -- masking, and any text


def test_masking_replaces_every_name(finder):
    assert finder.mask("Is Meta in the Froniter Model Forum, or Arm?", "@") == "Is @ in the @, or @?"
    assert finder.mask("nothing here", "@") == "nothing here"


def test_without_names_nothing_is_found():
    assert NameFinder([], [], lambda word: False).find("Who founded the AI Alliance?") == []


PIECES = st.sampled_from(
    ["Meta", "AI", "Alliance", "the", "Froniter", "Model", "Forum", "ſ", "ı", "of", "Safety", "network", "institutes"]
    + ["hugging", "face", " ", "\n", "'", "’", "-", ".", "(", "\\", "\x00", "é", "Coalition", "ML", "Commons", "\ud800"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["", " "]))
def test_mentions_of_any_text_are_in_order_and_apart(finder, pieces, glue):
    text = glue.join(pieces)
    mentions = finder.find(text)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        assert mention.alliances or mention.organisation
        end = mention.end
    assert finder.mask(text, "@").count("@") == len(mentions)


@pytest.mark.parametrize("word", ["Meta", "qwertz", "Froniter Model", "network of safety", "\x00", "🚜"])
def test_a_text_of_20_000_characters_is_read(finder, word):
    text = " ".join([word] * (20_000 // (len(word) + 1)))
    assert len(finder.find(text)) == (4_000 if word == "Meta" else 0)


def test_every_name_finds_itself(finder):
    for record in [*ALLIANCES, *ORGANISATIONS]:
        for name in (record.name, *record.aliases):
            (mention,) = finder.find(f"What about {name}?")
            assert re.sub("^The ", "", name) == mention.text
            assert record in (*mention.alliances, mention.organisation)


@pytest.mark.parametrize(
    ("text", "found"), [("What does meta do? Ask IBM.", ["Meta", "IBM"]), ("Do we block IBM?", ["IBM"])]
)
def test_a_name_that_is_no_everyday_word_of_the_library_is_found_in_small_letters(text, found):
    organisations = [Organisation("Meta"), Organisation("IBM"), Organisation("Block")]
    names = NameFinder((), organisations, lambda word: True, lambda word: word == "block")
    assert [mention.name for mention in names.find(text)] == found


def test_a_name_that_is_also_written_in_two_words_is_not_found_in_two_everyday_words():
    names = NameFinder([], [Organisation("OpenAI", ("Open AI",), "company")], lambda word: True)
    for text, found in {
        "Is Open AI in it?": ["Open AI"],
        "is open ai in it?": ["open ai"],
        "Is openai in it?": ["openai"],
        "the open AI challenge": [],
    }.items():
        assert [mention.text for mention in names.find(text)] == found
