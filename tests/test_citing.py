"""Citations are numbered in the order of their first use, each sentence once, and lead to where it can be read."""

from __future__ import annotations

import pytest
from tiny_index import WordEmbedder

from assistant.citing import Citations, join_sentences, separator, with_numbers
from assistant.types import CheckedSentence
from index.build import open_index, rebuild

PLAIN = "It is written here."
OWN = """---
title: Own Notes
publisher: Example Press
url: https://example.org/notes
published: 2025-02-03
sources:
  - {id: s1, title: A, publisher: First, url: "https://example.org/a"}
  - {id: s2, title: B, publisher: Second}
---
The notes tell of one thing. [s2] They tell of another. [s1, s2]
"""
NO_LINK = """---
title: No Link
sources:
  - {id: s1, title: A, publisher: First}
  - {id: s2, title: B, publisher: Second, url: "https://example.org/b"}
---
The links lead there. [s1, s2] The links lack here. [s1] Nothing backs this.
"""


@pytest.fixture(scope="module")
def records(shipped):
    return shipped.sentences_of(shipped.passage_ids())


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The citations of a small library's sentences, by their text."""
    folder = tmp_path_factory.mktemp("own")
    for name, text in (("notes", OWN), ("no-link", NO_LINK), ("plain", f"---\ntitle: Plain\n---\n{PLAIN}\n")):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    rebuild([folder], folder / "index", WordEmbedder())
    with open_index(folder / "index", WordEmbedder()) as index:
        citations = Citations(index.catalogue)
        for record in index.catalogue.sentences_of(index.catalogue.passage_ids()):
            citations.cite(record)
        return {citation.quote: citation for citation in citations.all()}


def test_numbers_count_from_one_in_the_order_of_first_use(shipped, records):
    citations = Citations(shipped)
    assert citations.all() == ()
    assert [citations.cite(records[i]) for i in (5, 2, 5, 9, 2, 5)] == [1, 2, 1, 3, 2, 1]
    assert [citation.number for citation in citations.all()] == [1, 2, 3]
    assert [citation.quote for citation in citations.all()] == [records[i].sentence.text for i in (5, 2, 9)]


def test_each_answer_counts_anew(shipped, records):
    assert Citations(shipped).cite(records[7]) == Citations(shipped).cite(records[8]) == 1


def test_every_sentence_of_the_library_leads_to_its_passage_and_its_sources(shipped, records):
    citations = Citations(shipped)
    for record in records:
        citations.cite(record)
    assert len(citations.all()) == len(records)
    for record, citation in zip(records, citations.all(), strict=True):
        assert citation.quote in shipped.passages([citation.passage_id])[0].text
        assert (citation.slug, citation.title) == (record.slug, record.title)
        assert tuple(source.id for source in citation.sources) == record.sentence.source_ids
        assert citation.url in {source.url for source in citation.sources} | {None}


def test_an_article_with_an_address_is_cited_by_it(own):
    citation = own["The notes tell of one thing."]
    assert (citation.url, citation.publisher) == ("https://example.org/notes", "Example Press")
    assert (citation.title, citation.slug, citation.published) == ("Own Notes", "notes", "2025-02-03")


def test_only_the_sources_behind_the_sentence_are_named(own):
    assert [source.id for source in own["The notes tell of one thing."].sources] == ["s2"]
    assert [source.id for source in own["They tell of another."].sources] == ["s1", "s2"]
    assert own["Nothing backs this."].sources == ()


def test_without_an_address_of_its_own_the_first_source_with_one_leads_there(own):
    citation = own["The links lead there."]
    assert (citation.url, citation.publisher) == ("https://example.org/b", "First")


def test_a_source_that_does_not_back_the_sentence_never_leads_there(own):
    assert own["The links lack here."].url is None and own["Nothing backs this."].url is None


def test_what_is_not_known_is_none(own):
    citation = own[PLAIN]
    assert (citation.url, citation.publisher, citation.published, citation.sources) == (None, None, None, ())


def test_a_sentence_is_shown_with_its_numbers():
    assert with_numbers(CheckedSentence("By IBM and Meta.", (1, 3))) == "By IBM and Meta. [1] [3]"


def test_a_line_that_opens_a_list_leaves_its_numbers_to_the_rows():
    opening = CheckedSentence("Two bodies:", (1, 2))
    assert with_numbers(opening) == "Two bodies:" and opening.citations == (1, 2)


def test_sentences_are_joined_by_blanks_and_list_items_by_lines():
    sentences = [
        CheckedSentence("Two bodies:", (1, 2)),
        CheckedSentence("- One.", (1,)),
        CheckedSentence("- Two.", (2,)),
        CheckedSentence("Both are open.", (2,)),
    ]
    assert join_sentences(sentences) == "Two bodies:\n- One. [1]\n- Two. [2] Both are open. [2]"
    assert join_sentences([]) == ""


def test_a_row_of_a_table_holds_its_numbers_itself_and_a_blank_line_parts_the_table_from_a_list():
    sentences = [
        CheckedSentence("- One.", (1,)),
        CheckedSentence("|  | A |\n| --- | --- |", (2,)),
        CheckedSentence("| Founded | 2023 [2] |", (2,)),
    ]
    assert join_sentences(sentences) == "- One. [1]\n\n|  | A |\n| --- | --- |\n| Founded | 2023 [2] |"
    assert join_sentences(sentences[1:]).startswith("|  | A |")


def test_a_streamed_answer_is_joined_like_a_whole_one():
    sentences = [CheckedSentence("- One.", (1,)), CheckedSentence("- Two.", (2,)), CheckedSentence("Three.", (1,))]
    streamed = "".join(separator(i, sentence) + with_numbers(sentence) for i, sentence in enumerate(sentences))
    assert streamed == join_sentences(sentences) and streamed.startswith("- One.")
