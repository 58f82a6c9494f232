"""Articles -> passages: neighbouring sentences under one heading, as long as the embedding model reads well.

1. Sentences are taken in order; a new heading starts a new passage.
2. A passage is closed before it would exceed `MAX_TOKENS`.
3. A last piece shorter than `MIN_TOKENS` joins the passage before it when both fit in `MAX_TOKENS`,
   heading or not, so that no passage is a lone half-sentence.
4. A single sentence longer than `MAX_TOKENS` (a member list) is a passage of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from index.types import Article, Passage, Sentence

MAX_TOKENS = 200  # all-MiniLM-L6-v2 reads 256 tokens, title and heading included
MIN_TOKENS = 40
PASSAGE_FORMAT = f"sentences-1:{MIN_TOKENS}-{MAX_TOKENS}"


def split_article(article: Article, count_tokens: Callable[[str], int]) -> list[Passage]:
    """Cut an article into passages that together hold each of its sentences exactly once, in order.

    Args:
        article: The article.
        count_tokens: Tokens of a text, by the embedding model's own tokenizer.
    """
    groups: list[tuple[int, list[Sentence]]] = []  # (tokens, sentences)
    for sentence in article.sentences:
        tokens = count_tokens(sentence.text)
        if groups:
            size, sentences = groups[-1]
            if sentences[-1].heading == sentence.heading and size + tokens <= MAX_TOKENS:
                groups[-1] = (size + tokens, [*sentences, sentence])
                continue
        groups.append((tokens, [sentence]))
    return [_passage(article, sentences) for _, sentences in _join_short(groups)]


def _join_short(groups: list[tuple[int, list[Sentence]]]) -> list[tuple[int, list[Sentence]]]:
    joined: list[tuple[int, list[Sentence]]] = []
    for size, sentences in groups:
        if joined and min(size, joined[-1][0]) < MIN_TOKENS and joined[-1][0] + size <= MAX_TOKENS:
            joined[-1] = (joined[-1][0] + size, joined[-1][1] + sentences)
        else:
            joined.append((size, sentences))
    return joined


def _passage(article: Article, sentences: list[Sentence]) -> Passage:
    text = " ".join(sentence.text for sentence in sentences)
    heading = sentences[0].heading
    key = "\x1f".join((article.slug, article.title, heading, str(sentences[0].number), text))
    return Passage(
        hashlib.sha256(key.encode()).hexdigest()[:16], article.slug, article.title, heading, tuple(sentences)
    )
