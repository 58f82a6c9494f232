"""bench/retrieval.py: metrics as worked out by hand, sets read or refused in one line, and a whole run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import log2
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "bench"))

from beir import Document, UnusableDataset, make_dataset, read_beir, read_squad  # noqa: E402
from library_questions import read_library_by_article  # noqa: E402
from retrieval import Measured, show_failures  # noqa: E402
from retrieval_metrics import Scores, mean_of, ndcg, recall, reciprocal_rank, score  # noqa: E402
from retrieval_sides import distinct  # noqa: E402
from synthetic_library import RandomVectors, make_library  # noqa: E402

from index.passages import split_article  # noqa: E402

CORPUS = (
    {"_id": "sea", "title": "Tides", "text": "The moon pulls the water of the sea. So the tide rises twice a day."},
    {"_id": "bread", "text": "Yeast makes the dough of bread rise before it is baked."},
    {"_id": "nothing", "title": "", "text": " \n "},
    {"_id": "wire", "title": "", "text": "Copper carries current better than iron does."},
)
QUERIES = (
    {"_id": "q1", "text": "why does bread dough rise"},
    {"_id": "q2", "text": "what pulls the sea's water"},
    {"_id": "q3", "text": "a question of another split"},
    {"_id": "wire", "text": "which metal carries current best"},
)
QRELS = "query-id\tcorpus-id\tscore\nq1\tbread\t1\nq2\tsea\t2\nq2\twire\t0\nwire\twire\t1\n"


def as_lines(items):
    return "".join(json.dumps(item) + "\n" for item in items)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tiny" / "qrels").mkdir(parents=True)
    (tmp_path / "tiny" / "corpus.jsonl").write_text(as_lines(CORPUS), encoding="utf-8")
    (tmp_path / "tiny" / "queries.jsonl").write_text(as_lines(QUERIES), encoding="utf-8")
    (tmp_path / "tiny" / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path / "tiny"


def run_bench(*arguments):
    command = [sys.executable, str(ROOT / "bench" / "retrieval.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | {"COLUMNS": "140"}, check=False)


# -- metrics


def test_ndcg_takes_the_judgement_as_gain_and_the_best_ranking_as_measure():
    judged = {"a": 3, "b": 2, "c": 1, "d": 0, "e": -1}
    found = 2 / log2(2) + 3 / log2(4)  # b, x, a
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert ndcg(["b", "x", "a", "d", "e"], judged, 10) == pytest.approx(found / best)
    assert ndcg(["b", "x", "a"], judged, 2) == pytest.approx(2 / (3 + 2 / log2(3)))
    assert ndcg(["a", "b", "c"], judged, 10) == 1
    assert ndcg(["x"], judged, 10) == 0


def test_recall_counts_what_is_relevant_among_the_first():
    judged = {"a": 1, "b": 2, "c": 1, "d": 0}
    ranking = ["d", "a", "x", "b"]
    assert [recall(ranking, judged, k) for k in (1, 2, 4)] == [0, pytest.approx(1 / 3), pytest.approx(2 / 3)]


def test_reciprocal_rank_is_of_the_first_relevant_document():
    assert reciprocal_rank(["x", "d", "a", "b"], {"a": 1, "b": 1, "d": 0}, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x", "d", "a"], {"a": 1}, 2) == 0


def test_each_figure_has_its_depth_and_is_averaged_over_the_questions():
    ranking = [f"x{number}" for number in range(150)]
    judged = {ranking[place]: 1 for place in (0, 5, 9, 10, 99, 100)}
    assert score(ranking, judged)[1:] == (1 / 6, 3 / 6, 5 / 6, 1)
    assert mean_of([Scores(1, 0, 1, 1, 0.5), Scores(0, 0, 0.5, 1, 0)]) == Scores(0.5, 0, 0.75, 1, 0.25)


# -- sets


def test_a_beir_folder_is_read_without_empty_documents_and_questions_of_other_splits(folder):
    dataset = read_beir(folder)
    assert set(dataset.documents) == {"sea", "bread", "wire"}
    assert dataset.empty == 1
    assert set(dataset.questions) == {"q1", "q2", "wire"}
    articles = {dataset.document_of(article.slug, "any"): article for article in dataset.library.articles}
    assert articles["sea"].title == "Tides"
    assert [sentence.text for sentence in articles["sea"].sentences] == [
        "The moon pulls the water of the sea.",
        "So the tide rises twice a day.",
    ]
    assert articles["bread"].title == ""


def test_a_document_that_has_only_a_title_can_be_found_by_it():
    dataset = make_dataset("set", [Document("a", "Tides", " ")], {"q": "What?"}, {"q": {"a": 1}})
    assert [sentence.text for sentence in dataset.library.articles[0].sentences] == ["Tides"]


def test_squad_paragraphs_are_documents_and_only_answerable_questions_are_asked(tmp_path):
    path = tmp_path / "squad.jsonl"
    rows = [
        {"id": "1", "context": "Ice floats.", "question": "What floats?", "is_impossible": False},
        {"id": "2", "context": "Ice floats.", "question": "What sinks?", "is_impossible": True},
        {"id": "3", "context": "Iron sinks.", "question": "And what sinks?", "is_impossible": False},
    ]
    path.write_text(as_lines(rows), encoding="utf-8")
    dataset = read_squad(path)
    assert set(dataset.questions) == {"1", "3"}
    assert {i: dataset.documents[d].text for i, judged in dataset.judged.items() for d in judged} == {
        "1": "Ice floats.",
        "3": "Iron sinks.",
    }


def test_each_library_question_has_its_evidence_in_the_articles():
    dataset = read_library_by_article()
    assert len(dataset.questions) >= 150
    assert all(dataset.judged.values())


def test_a_synthetic_library_has_as_many_passages_as_asked_for_and_is_always_the_same():
    library = make_library(50)
    count = RandomVectors().count_tokens
    assert sum(len(split_article(article, count)) for article in library.articles) == 50
    assert make_library(50) == library


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("corpus.jsonl", None, "corpus.jsonl cannot be read: No such file"),
        ("corpus.jsonl", '{"_id": "sea"}\n', "corpus.jsonl:1: the field 'text' is missing"),
        ("corpus.jsonl", '{"_id": 7, "text": "a"}\n', "corpus.jsonl:1: the field '_id' is missing, or no text"),
        ("corpus.jsonl", as_lines([CORPUS[0], CORPUS[0]]), "corpus.jsonl:2: the id 'sea' is there twice"),
        ("corpus.jsonl", "", "'bread' is not in"),
        ("queries.jsonl", "no json\n", "queries.jsonl:1: not JSON"),
        ("queries.jsonl", "[1]\n", "queries.jsonl:1: not a JSON object"),
        ("queries.jsonl", as_lines(QUERIES[:1]), "test.tsv:3: 'q2' is not in"),
        ("queries.jsonl", as_lines(QUERIES[1:]) + '{"_id": "q1", "text": " "}\n', "the question 'q1' is empty"),
        ("qrels/test.tsv", None, "test.tsv cannot be read: No such file"),
        ("qrels/test.tsv", "q1\tbread\t1\n", "test.tsv:1: the header must be"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tbread\thigh\n", "test.tsv:2: not a question"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tbread\t0\n", "no question with a relevant document"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tfish\t1\n", "test.tsv:2: 'fish' is not in"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(folder, file, text, expected):
    (folder / file).unlink()
    if text is not None:
        (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(UnusableDataset) as caught:
        read_beir(folder)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_set_of_empty_documents_is_refused(tmp_path):
    path = tmp_path / "squad.jsonl"
    path.write_text('{"id": "1", "context": " ", "question": "Why?", "is_impossible": false}\n', encoding="utf-8")
    with pytest.raises(UnusableDataset, match="no document with text"):
        read_squad(path)


# -- a run


def test_a_document_ranks_as_its_best_passage_does():
    assert distinct(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


def test_the_worst_questions_are_shown_first_with_what_was_not_found(folder, capsys):
    dataset = read_beir(folder)
    rankings = {"q1": ["wire", "bread"], "q2": ["wire"], "wire": ["wire"]}
    scores = {name: score(ranking, dataset.judged[name]) for name, ranking in rankings.items()}
    show_failures(dataset, {"whole": Measured(scores, rankings)}, 2)
    shown = capsys.readouterr().out
    assert shown.index("to find (whole not found): Tides: The moon") < shown.index("to find (whole at 2): Yeast")
    assert "which metal" not in shown


def test_a_run_tells_every_row_and_the_worst_questions(folder, tmp_path):
    ran = run_bench(folder, "--failures", 1, "--keep-index", tmp_path / "kept")
    assert ran.returncode == 0, ran.stderr
    assert "nDCG@10" in ran.stdout
    for row in ("dense alone", "BM25 alone", "whole"):
        line = next(line for line in ran.stdout.splitlines() if row in line)
        assert line.count("1.000") == 5, line  # three documents: everything is found, and first
    assert "tiny: 3 questions, 3 documents (1 more without text were left out)" in ran.stdout
    assert "3 passages, 3 embedded in" in ran.stdout
    assert ran.stdout.count("to find (dense alone at 1, BM25 alone at 1, whole at 1)") == 1
    again = run_bench(folder, "--keep-index", tmp_path / "kept", "--beside-recipe")
    assert "3 passages, taken as it was" in again.stdout
    assert "plain recipe: 3 chunks, 3 embedded in" in again.stdout


def test_a_missing_folder_is_told_in_one_line_with_status_1(tmp_path):
    ran = run_bench(tmp_path / "missing")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"There is no folder {tmp_path / 'missing'}")
    assert len(ran.stderr.splitlines()) == 1
