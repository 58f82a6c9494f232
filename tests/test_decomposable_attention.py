"""The tokens of a sentence that tells it answer those of the question better; what stands beside it does not count."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.open import decomposable_attention
from assistant.open.decomposable_attention import match_tokens

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
import attention_network

TELLING = "Power prices and regulation made OpenAI pause the British data centre."
OTHER = "The British data centre was announced in September 2025."


@pytest.fixture(scope="module")
def matches(embedder):
    def of(question, *sentences):
        asked, *told = embedder.embed_with_tokens([question, *sentences])
        return match_tokens(asked.tokens, [own.tokens for own in told])

    return of


@pytest.mark.parametrize(
    ("question", "telling", "other"),
    [
        ("Why did OpenAI put the British data centre on ice?", TELLING, OTHER),
        ("When did they announce the British data centre?", OTHER, TELLING),
        (
            "Who is in charge of the harbour forum?",
            "Jane Doe has been the executive director of the Harbour Forum since May 2024.",
            "The Harbour Forum was founded by Blue Labs in May 2024.",
        ),
    ],
)
def test_the_sentence_that_tells_it_in_other_words_matches_better(matches, question, telling, other):
    of_telling, of_other = matches(question, telling, other)
    assert of_telling > of_other + 1  # nats


def test_a_match_does_not_depend_on_what_is_beside_it(matches):
    (alone,) = matches("Who paid?", OTHER)
    beside = matches("Who paid?", TELLING + " " + TELLING * 5, OTHER)[1]
    assert alone == pytest.approx(beside, abs=1e-3)


def test_no_sentences_have_no_scores(matches):
    assert matches("Who paid?") == []


def test_what_is_written_after_the_fit_scores_as_the_network_that_was_fitted(embedder, tmp_path, monkeypatch):
    asked, told = embedder.embed_with_tokens(["Who paid?", TELLING])
    torch.manual_seed(0)
    network = attention_network.Network(asked.tokens.shape[1]).eval()
    torch.nn.init.normal_(network.out.weight)  # before a fit, it compares nothing
    torch.nn.init.normal_(network.importance)
    expected = network(torch.tensor(asked.tokens), torch.tensor(told.tokens)[None], torch.ones(1, len(told.tokens)) > 0)
    monkeypatch.setattr(attention_network, "FITTED", tmp_path / "fitted.npz")
    network.write()
    with (tmp_path / "fitted.npz").open("rb") as file:
        fitted = decomposable_attention.read_fitted(file)
    monkeypatch.setattr(decomposable_attention, "_fitted", lambda: fitted)
    assert match_tokens(asked.tokens, [told.tokens]) == [
        pytest.approx(float(expected.detach()), abs=0.05)
    ]  # half precision


def test_tokens_come_with_the_vector_of_the_text(embedder):
    (found,) = embedder.embed_with_tokens(["The forum met in Geneva."])
    assert found.vector == pytest.approx(embedder.embed(["The forum met in Geneva."])[0], abs=1e-5)
    assert found.tokens.shape == (embedder.count_tokens("The forum met in Geneva.") + 2, 2 * embedder.dimension)


def test_the_first_half_of_a_token_is_the_same_word_wherever_it_stands_and_the_second_is_not(embedder):
    one, other = embedder.embed_with_tokens(["the bank of the river", "the bank of my savings"])
    alone, in_context = np.split(one.tokens[2] - other.tokens[2], 2)  # "bank"
    assert np.abs(alone).max() < 1e-4 < 0.05 < np.abs(in_context).max()


def test_no_text_has_no_tokens(embedder):
    assert embedder.embed_with_tokens([]) == []
