"""Questions that sentences answer lie beside their article, and lead to these sentences whatever their words."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_index import NETWORK, WordEmbedder, write_library

from index.article_checks import check_articles
from index.article_questions import MAX_QUESTION_CHARS, questions_file, questions_of, read_questions
from index.articles import article_files, changed_articles, read_article
from index.build import open_index, rebuild
from index.errors import LibraryError
from index.front_matter import InvalidYaml

ASKED = """"The Harvest Network brings":
  - which outfit gives smallholders chatbots?
  - "farmers: who helps them?"
"""


@pytest.fixture
def library(tmp_path):
    folder = write_library(tmp_path / "library")
    (folder / "network.questions.yaml").write_text(ASKED, encoding="utf-8")
    return folder


def test_questions_belong_to_the_sentences_that_begin_so(library):
    article = read_article(library / "network.md")
    assert [(q.text, q.number) for q in article.questions] == [
        ("which outfit gives smallholders chatbots?", 0),
        ("farmers: who helps them?", 0),
    ]
    assert questions_of({"The Harvest Sun": ["who shines?"]}, article.sentences) == ()


def test_a_file_of_questions_is_no_article_and_an_article_needs_none(library):
    assert [path.name for path in article_files(library)] == ["consortium.md", "forum.md", "network.md"]
    assert read_article(library / "forum.md").questions == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("{", 2, "not valid YAML"),
        ("", 1, "expected lines"),
        ("A: [one]\nB: two", 2, "'B' is not followed by a list of questions"),
        ("A:\n  - {b: c}", 1, "'A' is not followed by a list of questions"),
        ("A:\n  -", 1, "'A' is not followed by a list of questions"),
        (f"A: [{'x' * (MAX_QUESTION_CHARS + 1)}]", 1, "'A' is not followed by a list of questions"),
        ("A: [one]\nA: [two]", 2, "field 'A' stands here twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, line, what):
    with pytest.raises(InvalidYaml) as raised:
        read_questions(text, tmp_path / "a.questions.yaml")
    assert [problem.line for problem in raised.value.problems] == [line]
    assert what in str(raised.value.problems[0])


def test_a_file_that_is_wrong_stops_the_build_with_its_name(library, tmp_path):
    questions_file(library / "network.md").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryError, match=r"network\.questions\.yaml:1: not UTF-8"):
        rebuild([library], tmp_path / "index", WordEmbedder())


def test_a_sentence_that_is_gone_is_told_to_who_checks_and_does_not_stop_a_build(library, tmp_path):
    (library / "network.md").write_text(NETWORK.replace("brings", "carries"), encoding="utf-8")
    assert rebuild([library], tmp_path / "index", WordEmbedder()).counts["questions"] == 0
    _, problems = check_articles([library], [library])
    assert [str(p).partition(": ")[2] for p in problems if p.path.name == "network.questions.yaml"] == [
        "no sentence of network.md begins with 'The Harvest Network brings'"
    ]


def test_the_index_holds_them_with_their_vectors(library, tmp_path):
    embedder = WordEmbedder()
    report = rebuild([library], tmp_path / "index", embedder)
    assert report.counts["questions"] == 2
    assert report.passages_embedded == report.counts["passages"]
    with open_index(tmp_path / "index", embedder) as index:
        (sentence,) = index.catalogue.sentences_of_article("network")
        questions, vectors = index.catalogue.questions_of([sentence.id], embedder.dimension)
    assert [question.sentence_id for question in questions] == [sentence.id] * 2
    assert np.allclose(vectors, embedder.embed([question.text for question in questions]))


def test_the_names_in_a_question_are_masked(library, tmp_path):
    asked = '"The Harvest Network brings": [whom does the Example Forum envy?]'
    questions_file(library / "network.md").write_text(asked, encoding="utf-8")
    embedder = WordEmbedder()
    rebuild([library], tmp_path / "index", embedder)
    assert "whom does the it envy?" in embedder.embedded


def test_only_new_questions_are_embedded_and_another_file_of_them_changes_the_article(library, tmp_path):
    rebuild([library], tmp_path / "index", WordEmbedder())
    with open_index(tmp_path / "index", WordEmbedder()) as index:
        indexed = index.manifest.articles
    assert changed_articles(indexed, [library]) == []
    with questions_file(library / "network.md").open("a", encoding="utf-8") as file:
        file.write("  - any help for growers?\n")
    assert changed_articles(indexed, [library]) == ["network"]
    embedder = WordEmbedder()
    report = rebuild([library], tmp_path / "index", embedder)
    assert embedder.embedded == ["any help for growers?"]
    assert report.changed == ("network",) and report.passages_embedded == 0


def test_a_question_of_two_sentences_is_embedded_once(library, tmp_path):
    asked = '"The Example Forum is a body": [what do they do?]\n"The Example Forum publishes": [what do they do?]\n'
    questions_file(library / "forum.md").write_text(asked, encoding="utf-8")
    embedder = WordEmbedder()
    assert rebuild([library], tmp_path / "index", embedder).counts["questions"] == 4
    assert embedder.embedded.count("what do they do?") == 1
