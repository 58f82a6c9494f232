"""A body that a question describes is known without its name; one that nobody is sure of is not guessed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_index import WordEmbedder, write_library

from assistant.described import DescribedBodies
from index.articles import load_library
from index.build import build_index, open_index, rebuild
from index.names.finder import NameFinder

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import fit_described


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Which two nations initiated the pledge against terrorist content online?", "christchurch-call"),
        ("who was first to sign the Vatican's text on AI ethics", "rome-call"),
        ("since when has there been a campaign against killer robots at the UN?", "stop-killer-robots"),
        ("what has become of the tech pact between Trump and Starmer", "technology-prosperity-deal"),
        (
            "is Apple on the board of the open accelerator interconnect consortium that rivals NVLink",
            "ualink-consortium",
        ),
    ],
)
def test_a_description_finds_its_body(assistant, question, slug):
    found = assistant._current().questions.described.find(question)
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(
    "question",
    [
        "Which alliances were founded in 2023?",
        "What is the oldest alliance in the library?",
        "How many members does it have?",
        "Who won the football world cup in 2018?",
        "Who is the president of Brazil?",
        "How do I bake a sourdough bread?",
        "alliance",
        "?",
        "",
        "a" * 1000,
    ],
)
def test_what_describes_no_body_finds_none(assistant, question):
    assert assistant._current().questions.described.find(question) is None


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("The pledge against terrorist content online: which two nations initiated it?", "New Zealand and France"),
        ("The campaign against killer robots - when was it set up?", "19 October 2012"),
        ("I am looking at the American coalition of hospitals for health AI. Who started it?", "Brian Anderson"),
        ("What is the pledge against terrorist content online after the mosque shootings?", "Christchurch Call"),
    ],
)
def test_a_question_on_a_body_described_is_answered_with_its_name(assistant, question, holds):
    assert holds in assistant.ask(question).text


def test_what_hangs_in_the_air_is_still_asked_back(assistant):
    assert assistant.ask("Which of them is binding?").abstained


def test_a_library_without_questions_and_with_one_body_is_read(tmp_path):
    embedder = WordEmbedder()
    rebuild([write_library(tmp_path / "library")], tmp_path / "index", embedder)
    with open_index(tmp_path / "index", embedder) as index:
        names = NameFinder(index.catalogue.alliances, index.catalogue.organisations, lambda _: True)
        features = DescribedBodies(index.catalogue, names, embedder).features("Which forum did Blue Labs found?")
    assert features.shape == (1, 5)
    assert features[0, 1] == 0  # no questions are known
    assert features[0, 4] == 1  # Blue Labs is named there


def test_a_library_without_bodies_describes_none(tmp_path):
    library = write_library(tmp_path / "library")
    (library / "forum.md").unlink()
    embedder = WordEmbedder()
    build_index(load_library([library]), tmp_path / "index", embedder)
    with open_index(tmp_path / "index", embedder) as index:
        names = NameFinder((), (), lambda _: True)
        assert DescribedBodies(index.catalogue, names, embedder).find("Who writes the standard?") is None


def test_the_fit_finds_the_feature_that_tells():
    random = np.random.default_rng(0)
    meant = random.integers(0, 6, 400)
    described = random.normal(size=(400, 6, 3))
    described[np.arange(400), meant, 1] += 4
    weights, none = fit_described.fit(described, meant, random.normal(size=(100, 6, 3)))
    found = fit_described.shares(described, weights, none)
    assert np.mean(found.argmax(axis=1) == meant) > 0.9
    assert weights[1] > 5 * abs(weights[0])
