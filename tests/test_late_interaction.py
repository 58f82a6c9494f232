"""The tokens of a sentence that tells it match those of the question better; the marks of a batch do not count."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.late_interaction import match_tokens

TELLING = "Power prices and regulation made OpenAI pause the British data centre."
OTHER = "The British data centre was announced in September 2025."


@pytest.fixture(scope="module")
def matches(embedder):
    def of(question, *sentences):
        asked, *told = embedder.embed_with_tokens([question, *sentences])
        return match_tokens(asked.tokens, [own.tokens for own in told])

    return of


def test_the_sentence_that_tells_it_in_other_words_matches_best(matches):
    telling, other = matches("Why did OpenAI put the British data centre on ice?", TELLING, OTHER)
    assert 1 >= telling > other >= -1


def test_a_match_does_not_depend_on_what_is_beside_it(matches):
    (alone,) = matches("Who paid?", OTHER)
    beside = matches("Who paid?", TELLING + " " + TELLING * 5, OTHER)[1]
    assert alone == pytest.approx(beside, abs=1e-4)


def test_each_token_of_the_question_finds_its_own_best():
    question, sentence = np.eye(384, dtype=np.float32)[:2], np.eye(384, dtype=np.float32)[:3]
    assert match_tokens(question, [sentence]) == [pytest.approx(1.0, abs=1e-5)]
    assert match_tokens(question, [sentence[:1]])[0] < 1


def test_tokens_come_with_the_vector_of_the_text(embedder):
    (found,) = embedder.embed_with_tokens(["The forum met in Geneva."])
    assert found.vector == pytest.approx(embedder.embed(["The forum met in Geneva."])[0], abs=1e-5)
    assert found.tokens.shape == (embedder.count_tokens("The forum met in Geneva.") + 2, 384)  # start and end


def test_no_text_has_no_tokens(embedder):
    assert embedder.embed_with_tokens([]) == []
