"""A question is held against those that a sentence is known to answer, if both are about the same."""

from __future__ import annotations

import pytest
from tiny_index import write_library

from assistant.open.answerability import scores
from assistant.open.asked import Asked
from assistant.open.evidence import find_candidates
from index.build import open_index, rebuild
from index.names.finder import NameFinder

ASKED = """"The Example Forum was founded":
  - when did the Example Forum get off the ground?
  - was Blue Labs one of the parents of the Example Forum?
"The Example Forum publishes":
  - what does the Example Forum put on paper?
"""


@pytest.fixture(scope="module")
def candidates(tmp_path_factory, embedder):
    """Each candidate of a question by the first words of its sentence, and its score."""
    folder = tmp_path_factory.mktemp("own")
    library = write_library(folder / "library")
    (library / "forum.questions.yaml").write_text(ASKED, encoding="utf-8")
    rebuild([library], folder / "index", embedder)
    with open_index(folder / "index", embedder) as index:
        names = NameFinder(
            index.catalogue.alliances, index.catalogue.organisations, lambda w: index.catalogue.passages_with(w) > 0
        )

        def find(question):
            asked = Asked(question, embedder.embed([question])[0], index.catalogue, names)
            found = find_candidates(asked, [], index.catalogue, names, embedder)
            return {
                " ".join(candidate.record.sentence.text.split()[3:5]): (candidate.own_questions, score)
                for candidate, score in zip(found, scores(asked, found, embedder), strict=True)
            }

        yield find


def test_a_sentence_is_found_by_words_that_only_its_questions_hold(candidates):
    found = candidates("When did the Example Forum get off the ground?")
    assert found["was founded"][0].closeness == pytest.approx(0.9, abs=0.01)
    assert max(found, key=lambda words: found[words][1]) == "was founded"


def test_a_sentence_without_questions_is_told_from_one_that_is_not_alike(candidates):
    found = candidates("What does the Example Forum put on paper?")
    assert found["is a"][0] is None
    assert found["was founded"][0].closeness < found["publishes reports"][0].closeness


def test_a_question_about_somebody_else_does_not_count(candidates):
    alike, other = (
        candidates(f"Was {name} one of the parents of the Example Forum?")["was founded"][0].closeness
        for name in ("Blue Labs", "it")
    )
    assert alike > 0.8 > other
