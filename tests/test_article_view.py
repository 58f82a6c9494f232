"""A whole article is shown as text under its headings, with the quoted sentence marked."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.types import ArticleRecord, Sentence, SentenceRecord, Source
from ui.article import article_html

SOURCE = Source("s", "A report", "A Publisher", "2023-12", "https://example.org/report")
ARTICLE = ArticleRecord("forum", "The Forum", Path("forum.md"), "2024-07-18", "A Publisher", None, None, (SOURCE,))


def records(*sentences, passage="p1", heading=""):
    return [
        SentenceRecord(number, "forum", "The Forum", passage, Sentence(number, text, heading))
        for number, text in enumerate(sentences)
    ]


def test_the_quoted_sentence_is_marked_and_no_other():
    html = article_html(ARTICLE, records("One.", "Two."), 1)
    assert '<p>One. <mark tabindex="-1">Two.</mark></p>' in html
    assert html.count("<mark") == 1


def test_passages_are_paragraphs_under_their_heading():
    sentences = [
        *records("One."),
        *records("Two.", heading="Members"),
        *records("Three.", passage="p2", heading="Members"),
    ]
    assert "<p>One.</p><h3>Members</h3><p>Two.</p><p>Three.</p>" in article_html(ARTICLE, sentences, None)


def test_date_publisher_and_sources_are_told():
    html = article_html(ARTICLE, [], None)
    assert "A Publisher · published 18 July 2024" in html
    assert 'href="https://example.org/report"' in html and "A Publisher · December 2023" in html


@given(st.text("<>&'/ab=\" "))
def test_no_text_makes_markup(text):
    source = Source(text, text, text, text, text)
    article = ArticleRecord(text, text, Path(), text, text, text, text, (source,))
    plain = ArticleRecord("x", "x", Path(), "x", "x", "x", "x", (Source("x", "x", "x", "x", "x"),))
    html = article_html(article, records(text, heading=text or "x"), 0)
    assert html.count("<") <= article_html(plain, records("x", heading="x"), 0).count("<") + 4  # links, if it is one
    assert "<script" not in html
