"""The catalogue gives back what was written: texts, vectors, and facts, each with the sentence that tells it.

Keyword search takes any text; a damaged file is told, never a wrong answer's traceback.
"""

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_index import WordEmbedder, vectors_by_id

from index.articles import load_library
from index.catalogue import Catalogue
from index.catalogue_writer import write_catalogue
from index.errors import IndexDamaged
from index.passages import split_article
from index.types import Organisation, Source

FORUM = """---
title: Example Forum
published: 2024-07
publisher: Example Press
url: https://example.org/forum
added: 2026-11-23
alliance:
  name: Example Forum
  aliases: [EF]
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs, Azure Works, Silent Partners]
  members:
    - role: member
      as_of: 2024-05
      names: [Zebra Systems, Blue Labs, Silent Partners]
    - {role: board, names: [Arm]}
    - {role: member, until: 2025-02, names: [Gone Group]}
    - {role: general, since: 2024-03, names: [Late Labs]}
  host: [Blue Labs, Silent Partners]
  events:
    - {date: 2024-03, what: first test suite}
    - {date: 2023-07-26, what: founding}
    - {date: 2025, what: never told}
  figures:
    - {what: members, value: more than 65, as_of: 2024-05}
    - {what: members, value: '12'}
sources:
  - {id: s2, title: Members, publisher: Example Press, url: "https://example.org/members"}
  - {id: s1, title: About, publisher: Example Forum, date: 2023-07-26}
---
The Example Forum is a body that studies the safety of large models. [s1]
A report of 26 July 2023 mentions Blue Labs. [s2]
The Example Forum was founded on 26 July 2023 by Blue Labs and AW. [s1, s2]
An army of arms makers stayed away. [s2]

## Members

Zebra Systems and Blue Labs are members of the Example Forum as of May 2024. [s2]
Arm sits on the board. [s2]
Gone Group left the Example Forum in February 2025. [s2]
Blue Labs has not left the Example Forum. [s2]
Late Labs joined the Example Forum in March 2024, when its first test suite appeared. [s2]
Blue Labs hosts the Example Forum. [s1]
As of May 2024, the Example Forum has more than 65 members. [s1]
"""
CONSORTIUM = """---
title: Cable Consortium
alliance: {name: Cable Consortium, kind: standards, status: dormant, founded: 2022, founders: [Arm]}
---
The Cable Consortium publishes a standard for the links between accelerators.
Nobody wrote down when it began.
"""
NOTE = """---
title: A Note
---
Farmers publish "quoted" findings: AND, OR, NOT, NEAR. 🚜 Ünïcode too.

## Second part

Farmers publish more with the Exmaple Forum and AW's help.
"""
LATE = "Late Labs joined the Example Forum in March 2024, when its first test suite appeared."
ORGANISATIONS = "Azure Works: {aliases: [AW], kind: company}\nUnused: {kind: body}\n"


def write(folder):
    """Write the catalogue of a small library; the file, the library, the passages and their vectors."""
    source = folder / "library"
    source.mkdir()
    for name, text in {"forum": FORUM, "consortium": CONSORTIUM, "note": NOTE}.items():
        (source / f"{name}.md").write_text(text)
    (source / "organisations.yaml").write_text(ORGANISATIONS)
    library = load_library([source])
    passages = [p for article in library.articles for p in split_article(article, lambda text: 60)]
    vectors, vectors_of = vectors_by_id(passages)
    path = folder / "catalogue.sqlite"
    write_catalogue(path, library, passages, vectors_of)
    return path, library, passages, vectors


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="module")
def catalogue(written):
    catalogue = Catalogue.open(written[0])
    yield catalogue
    catalogue.close()


# -- texts and vectors


def test_an_article_comes_back_with_its_sources_in_their_order(catalogue, written):
    record = catalogue.articles["forum"]
    assert (record.slug, record.title, record.published) == ("forum", "Example Forum", "2024-07")
    assert (record.publisher, record.url, record.added) == (
        "Example Press",
        "https://example.org/forum",
        "2026-11-23",
    )
    assert record.path == written[0].parent / "library" / "forum.md"
    assert record.sources == (
        Source("s2", "Members", "Example Press", None, "https://example.org/members"),
        Source("s1", "About", "Example Forum", "2023-07-26", None),
    )
    assert list(catalogue.articles) == ["consortium", "forum", "note"]
    assert catalogue.articles["note"].sources == ()


def test_passages_come_back_whole_and_in_the_order_asked_for(catalogue, written):
    passages = written[2]
    assert len(passages) > 4
    ids = [passage.id for passage in passages]
    assert catalogue.passage_ids() == ids
    assert catalogue.passages(ids) == passages
    assert catalogue.passages(ids[::-1]) == passages[::-1]
    assert catalogue.passages(["unknown", ids[1], "'"]) == [passages[1]]
    assert catalogue.passages([]) == []


def test_the_passages_of_articles_are_found_by_slug(catalogue, written):
    passages = written[2]
    forum = [passage.id for passage in passages if passage.slug == "forum"]
    assert catalogue.passage_ids_of(["forum"]) == forum
    assert catalogue.passage_ids_of({"note", "forum", "consortium"}) == catalogue.passage_ids()
    assert catalogue.passage_ids_of(["unknown"]) == catalogue.passage_ids_of([]) == []


def test_sentences_come_back_in_the_order_of_the_articles(catalogue, written):
    _, library, passages, _ = written
    found = catalogue.sentences_of([passage.id for passage in reversed(passages)])
    assert [record.sentence for record in found] == [s for article in library.articles for s in article.sentences]
    assert [(record.slug, record.title) for record in found][0] == ("consortium", "Cable Consortium")
    by_id = catalogue.sentences([record.id for record in found] + [10_000])
    assert by_id == {record.id: record for record in found}


def test_vectors_come_back_bit_by_bit(catalogue, written):
    _, _, passages, vectors = written
    ids, found = catalogue.vectors(WordEmbedder.dimension)
    assert ids == [passage.id for passage in passages]
    assert np.array_equal(found, vectors)
    some = catalogue.vectors_of([ids[2], ids[0], "unknown"], WordEmbedder.dimension)
    assert some.keys() == {ids[0], ids[2]}
    assert np.array_equal(some[ids[2]], vectors[2])


def test_rows_are_counted(catalogue, written):
    _, library, passages, _ = written
    counts = catalogue.counts()
    assert (counts["articles"], counts["passages"], counts["alliances"]) == (3, len(passages), 2)
    assert counts["sentences"] == sum(len(article.sentences) for article in library.articles)
    catalogue.check()


def test_words_written_with_a_capital_are_known_as_names(catalogue):
    assert {"Zebra", "Forum", "Farmers"} <= catalogue.name_words
    assert not {"farmers", "safety", "Arm", "Blue"} & catalogue.name_words


# -- facts


def told(catalogue, facts):
    """(organisation, role, as_of, until, sentence) of each fact."""
    texts = {i: record.sentence.text for i, record in catalogue.sentences([f.sentence_id for f in facts]).items()}
    return [(f.organisation, f.role, f.as_of, f.until, texts[f.sentence_id]) for f in facts]


def test_founders_come_with_the_sentence_that_names_them_as_such(catalogue):
    founding = "The Example Forum was founded on 26 July 2023 by Blue Labs and AW."
    assert told(catalogue, catalogue.facts_of_alliance("forum", "founder")) == [
        ("Blue Labs", "founder", "2023-07-26", None, founding),
        ("Azure Works", "founder", "2023-07-26", None, founding),
    ]


def test_members_come_in_the_order_of_the_front_matter_with_their_sentences(catalogue):
    may = "Zebra Systems and Blue Labs are members of the Example Forum as of May 2024."
    assert told(catalogue, catalogue.facts_of_alliance("forum", "member")) == [
        ("Zebra Systems", "member", "2024-05", None, may),
        ("Blue Labs", "member", "2024-05", None, may),
        ("Arm", "board", None, None, "Arm sits on the board."),
        ("Gone Group", "member", None, "2025-02", "Gone Group left the Example Forum in February 2025."),
        ("Late Labs", "general", None, None, LATE),
    ]
    assert [fact.since for fact in catalogue.facts_of_alliance("forum", "member")][-2:] == [None, "2024-03"]


def test_a_host_comes_with_the_sentence_that_says_so(catalogue):
    facts = catalogue.facts_of_alliance("forum", "host")
    assert told(catalogue, facts) == [("Blue Labs", "host", None, None, "Blue Labs hosts the Example Forum.")]


def test_events_come_by_date_with_their_sentences(catalogue):
    texts = catalogue.sentences([event.sentence_id for event in catalogue.events])
    assert [(e.slug, e.date, e.what, texts[e.sentence_id].sentence.text) for e in catalogue.events] == [
        ("forum", "2023-07-26", "founding", "The Example Forum was founded on 26 July 2023 by Blue Labs and AW."),
        ("forum", "2024-03", "first test suite", LATE),
    ]


def test_figures_come_with_their_sentences(catalogue):
    (figure,) = catalogue.figures_of_alliance("forum")
    assert (figure.what, figure.value, figure.as_of) == ("members", "more than 65", "2024-05")
    (record,) = catalogue.sentences([figure.sentence_id]).values()
    assert record.sentence.text == "As of May 2024, the Example Forum has more than 65 members."
    assert catalogue.figures_of_alliance("consortium") == []


def test_an_article_without_facts_yields_the_names_in_its_sentences(catalogue):
    mentions = [(m.text, m.kind, m.means) for m in catalogue.mentions_in("note")]
    assert mentions == [("Exmaple Forum", "alliance", "forum"), ("AW", "organisation", "Azure Works")]
    assert {m.sentence_id for m in catalogue.mentions_of("organisation", "Azure Works")} >= {
        m.sentence_id for m in catalogue.mentions_in("note") if m.means == "Azure Works"
    }
    assert catalogue.mentions_of("organisation", "forum") == catalogue.mentions_of("alliance", "Azure Works") == []


def test_a_fact_that_no_sentence_tells_is_left_out(catalogue):
    assert catalogue.facts_of_organisation("Silent Partners") == []
    assert catalogue.facts_of_alliance("consortium", "founder") == []


def test_everything_about_an_organisation_is_found_by_its_name(catalogue):
    facts = catalogue.facts_of_organisation("Blue Labs")
    assert [(fact.alliance, fact.role) for fact in facts] == [
        ("Example Forum", "founder"),
        ("Example Forum", "host"),
        ("Example Forum", "member"),
    ]
    assert catalogue.facts_of_organisation("nobody") == []
    assert catalogue.facts_of_organisation("Blue Labs' OR '1'='1") == []


def test_alliances_come_by_name_with_the_sentence_of_their_founding(catalogue):
    consortium, forum = catalogue.alliances
    assert (forum.name, forum.aliases, forum.slug) == ("Example Forum", ("EF",), "forum")
    assert (forum.kind, forum.status, forum.founded) == ("safety", "active", "2023-07-26")
    founding = catalogue.sentences([forum.founded_in])[forum.founded_in].sentence
    assert founding.text == "The Example Forum was founded on 26 July 2023 by Blue Labs and AW."
    assert founding.source_ids == ("s1", "s2")
    assert (consortium.name, consortium.founded, consortium.founded_in) == ("Cable Consortium", "2022", None)


def test_organisations_come_by_name_with_aliases_and_kind(catalogue):
    assert [entry.name for entry in catalogue.organisations] == [
        "Arm",
        "Azure Works",
        "Blue Labs",
        "Gone Group",
        "Late Labs",
        "Silent Partners",
        "Unused",
        "Zebra Systems",
    ]
    assert catalogue.organisations[1] == Organisation("Azure Works", ("AW",), "company")


# -- keyword search


def titles(catalogue, text, top_k=10):
    found = catalogue.search_words(text, top_k)
    return [passage.title for passage in catalogue.passages([i for i, _ in found])]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("accelerators", "Cable Consortium"),
        ("ACCELERATORS", "Cable Consortium"),
        ("accelerator linking", "Cable Consortium"),  # stemmed
        ("any published finding?", "A Note"),
        ("zebra", "Example Forum"),
        ("cable zebra consortium", "Cable Consortium"),
        ("unicode", "A Note"),  # accents do not matter
    ],
)
def test_any_of_the_words_finds_the_passage_that_fits_best(catalogue, text, title):
    assert titles(catalogue, text)[0] == title


def test_words_that_are_nowhere_find_nothing(catalogue):
    assert catalogue.search_words("xylophone", 10) == []


def test_a_rare_word_counts_more_than_a_common_one(catalogue):
    (best, _), *_ = catalogue.search_words("the example forum zebra", 10)
    assert "Zebra" in catalogue.passages([best])[0].text


def test_the_title_counts(catalogue):
    assert titles(catalogue, "note") == ["A Note"] * 2  # whose text does not hold the word


def test_results_are_cut_at_top_k_and_ties_are_broken_by_id(tmp_path):
    source = tmp_path / "library"
    source.mkdir()
    for number in range(9):
        (source / f"n{number}.md").write_text("---\ntitle: Same\n---\nThe very same words stand here.\n")
    library = load_library([source])
    passages = [p for article in library.articles for p in split_article(article, lambda text: 30)]
    write_catalogue(tmp_path / "c.sqlite", library, passages, vectors_by_id(passages)[1])
    catalogue = Catalogue.open(tmp_path / "c.sqlite")
    assert [i for i, _ in catalogue.search_words("same words", 4)] == sorted(p.id for p in passages)[:4]
    catalogue.close()


HOSTILE = {
    "quotes": "\"farmers\" 'farmers' `farmers` “farmers”",
    "lone quote": 'farmers"',
    "operators": "AND OR NOT NEAR farmers",
    "only operators": "NOT",
    "near": "NEAR(farmers publish, 5)",
    "columns": "title:farmers text : farmers {title text}: farmers",
    "marks of FTS5": "^farmers* + (publish) - {} [] : \\",
    "injection": "farmers'); DROP TABLE passages; --",
    "emoji": "farmers 🚜🧑‍🌾",
    "control characters": "farmers\x00\x01\x1b[31m\n\t\x7f\u202e",
    "half a character": "farmers \ud83d",
    "underscores": "_farmers_ farmers __ _",
    "wildcards": "farm% farmers farm_",
    "20,000 characters": "farmers " * 2_500,
    "a word of 20,000 characters": "farmers " + "x" * 20_000,
    "5,000 words": "farmers " + " ".join(f"word{n}" for n in range(5_000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_a_command_to_the_search(catalogue, text):
    found = catalogue.search_words(text, 10)
    if text != "NOT":
        assert "A Note" in [passage.title for passage in catalogue.passages([i for i, _ in found])]
    assert catalogue.counts()["passages"] > 0


@pytest.mark.parametrize("text", ["", " \n", "?!", "🚜", "\x00", "\ud83d", "_"])
def test_a_text_without_words_finds_nothing(catalogue, text):
    assert catalogue.search_words(text, 10) == []


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("farmes FORUM\"'*():^-+{}_\x00é🚜\ud800NOT"), max_size=60) | st.text(max_size=30),
    st.integers(1, 5),
)
def test_results_are_sorted_and_at_most_top_k(catalogue, text, top_k):
    found = catalogue.search_words(text, top_k)
    assert len(found) <= top_k
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    assert {i for i, _ in found} <= set(catalogue.passage_ids())


@pytest.mark.parametrize(
    ("word", "count"),
    [("zebra", 1), ("Zebras", 1), ("farmers", 2), ("xylophone", 0), ('far"mers', 2), ("NEAR", 1), ("", 0), ("*", 0)],
)
def test_the_passages_with_a_word_are_counted(catalogue, word, count):
    assert catalogue.passages_with(word) == count


# -- several threads, and damage


def test_threads_share_a_catalogue(catalogue):
    def ask(number):
        ids = [i for i, _ in catalogue.search_words(["zebra", "farmers", "cable"][number % 3], 10)]
        return (
            [passage.text for passage in catalogue.passages(ids)],
            catalogue.facts_of_organisation("Blue Labs"),
            catalogue.counts(),
        )

    expected = [ask(number) for number in range(3)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(240)))
    assert answers == expected * 80


def test_reading_writes_nothing_beside_the_file(catalogue, written):
    catalogue.search_words("zebra", 1)
    assert sorted(path.name for path in written[0].parent.iterdir()) == ["catalogue.sqlite", "library"]


def test_a_lock_on_the_file_holds_no_reader_up(tmp_path, written):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(written[0].read_bytes())
    writer = sqlite3.connect(path)
    writer.execute("BEGIN EXCLUSIVE")
    catalogue = Catalogue.open(path)
    assert catalogue.counts()["articles"] == 3
    catalogue.close()
    writer.close()


def test_a_file_name_with_marks_of_addresses_is_opened(tmp_path, written):
    path = tmp_path / "a ?mode=rw&x#%41é" / "catalogue.sqlite"
    path.parent.mkdir()
    path.write_bytes(written[0].read_bytes())
    catalogue = Catalogue.open(path)
    assert catalogue.counts()["articles"] == 3
    catalogue.close()


@pytest.mark.parametrize(
    "data",
    [b"", b"SQLite format 3\0", b"no database" * 1000, bytes(4096), None],
    ids=["empty", "head", "text", "zero", "missing"],
)
def test_what_is_no_catalogue_is_refused(tmp_path, data):
    path = tmp_path / "catalogue.sqlite"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite.*alliances rebuild"):
        Catalogue.open(path)


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE articles (slug)")
    connection.close()
    with pytest.raises(IndexDamaged, match="no such table"):
        Catalogue.open(path)


def test_a_file_cut_short_is_refused(tmp_path, written):
    path = tmp_path / "catalogue.sqlite"
    data = written[0].read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(IndexDamaged):
        Catalogue.open(path).check()


def read_all(catalogue):
    catalogue.counts()
    ids = catalogue.passage_ids()
    catalogue.passages(ids)
    catalogue.sentences(range(40))
    catalogue.vectors(WordEmbedder.dimension)
    catalogue.facts_of_alliance("forum", "member")
    catalogue.facts_of_organisation("Blue Labs")
    catalogue.search_words("farmers forum", 10)
    catalogue.passages_with("zebra")
    return catalogue.articles, catalogue.alliances, catalogue.organisations, catalogue.name_words


@pytest.mark.parametrize("seed", range(40))
def test_changed_bytes_are_told_or_do_not_matter(tmp_path, written, seed):
    """Whatever is wrong with the file, a caller hears of IndexDamaged and nothing else."""
    draw = random.Random(seed)
    data = bytearray(written[0].read_bytes())
    for _ in range(draw.choice([1, 10, 100, 1_000])):
        data[draw.randrange(len(data))] = draw.randrange(256)
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(data)
    catalogue = None
    try:
        catalogue = Catalogue.open(path)
        read_all(catalogue)
        catalogue.check()
    except IndexDamaged as exc:
        assert "\n" not in str(exc)
    finally:
        if catalogue:
            catalogue.close()


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ("UPDATE alliances SET aliases = '[\"EF'", lambda c: c.alliances),
        ("UPDATE organisations SET aliases = 'x'", lambda c: c.organisations),
        ("UPDATE sentences SET source_ids = ''", lambda c: c.sentences([1])),
        ("UPDATE passages SET vector = x'0102'", lambda c: c.vectors(WordEmbedder.dimension)),
        ("UPDATE passages SET vector = 'text'", lambda c: c.vectors_of(c.passage_ids(), WordEmbedder.dimension)),
    ],
)
def test_a_row_that_cannot_be_understood_is_damage(tmp_path, written, change, read):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(written[0].read_bytes())
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(change)
    connection.close()
    catalogue = Catalogue.open(path)
    with pytest.raises(IndexDamaged, match="alliances rebuild"):
        read(catalogue)
    catalogue.close()
