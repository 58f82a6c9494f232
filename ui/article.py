"""A whole article as the page shows it: its text, the quoted sentence marked, its sources. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from index.types import ArticleRecord, SentenceRecord, Source
from ui.text import clean, human_date, link, safe_link


def article_html(article: ArticleRecord, sentences: Sequence[SentenceRecord], quoted: int | None) -> str:
    """Heading, text in paragraphs under their headings, sources.

    Args:
        article: What is known of the article.
        sentences: All of its sentences, in their order.
        quoted: The number of the sentence to mark; None marks none.
    """
    published = human_date(article.published)
    byline = " · ".join(filter(None, (article.publisher, f"published {published}" if published else None)))
    return (
        f'<h2 id="article-title">{escape(clean(article.title))}</h2>'
        f'<p class="byline">{escape(clean(byline))}</p>'
        + (f"<p>{link(article.url, 'The article at its publisher')}</p>" if safe_link(article.url) else "")
        + "".join(_sections(sentences, quoted))
        + _sources(article.sources)
    )


def _sections(sentences: Sequence[SentenceRecord], quoted: int | None) -> Iterator[str]:
    """The passages are the paragraphs: the catalogue does not keep those of the file."""
    for heading, section in groupby(sentences, key=lambda record: record.sentence.heading):
        if heading:
            yield f"<h3>{escape(clean(heading))}</h3>"
        for _, paragraph in groupby(section, key=lambda record: record.passage_id):
            yield "<p>" + " ".join(_sentence(record, quoted) for record in paragraph) + "</p>"


def _sentence(record: SentenceRecord, quoted: int | None) -> str:
    text = escape(clean(record.sentence.text))
    return f'<mark tabindex="-1">{text}</mark>' if record.sentence.number == quoted else text


def _sources(sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    items = "".join(
        f"<li>{link(source.url, source.title)} "
        f"<span>{escape(clean(' · '.join(filter(None, (source.publisher, human_date(source.date))))))}</span></li>"
        for source in sources
    )
    return f'<h3>Sources of the article</h3><ul class="publications">{items}</ul>'
