"""Sentences of the catalogue -> numbered citations, each sentence once, in the order of first use."""

from __future__ import annotations

from assistant.tables import is_row
from assistant.types import CheckedSentence, Citation
from index.catalogue import Catalogue
from index.types import SentenceRecord


class Citations:
    """The citations of one answer while it is written."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._numbers: dict[int, int] = {}
        self._citations: list[Citation] = []

    def cite(self, record: SentenceRecord) -> int:
        """The number of this sentence's citation."""
        if record.id not in self._numbers:
            self._numbers[record.id] = len(self._citations) + 1
            self._citations.append(self._citation(record, len(self._citations) + 1))
        return self._numbers[record.id]

    def all(self) -> tuple[Citation, ...]:
        """The citations so far, by number."""
        return tuple(self._citations)

    def _citation(self, record: SentenceRecord, number: int) -> Citation:
        article = self._catalogue.articles[record.slug]
        sources = tuple(source for source in article.sources if source.id in record.sentence.source_ids)
        first = next((source for source in sources if source.url), None)
        return Citation(
            number=number,
            title=article.title,
            slug=article.slug,
            url=article.url or (first.url if first else None),
            published=article.published,
            quote=record.sentence.text,
            passage_id=record.passage_id,
            publisher=article.publisher or (sources[0].publisher if sources else None),
            sources=sources,
        )


def with_numbers(sentence: CheckedSentence) -> str:
    """A sentence as it is shown: "... by IBM and Meta. [1]".

    The row of a table holds its numbers itself, and a line that opens a list leaves them to the rows of the list.
    """
    if is_row(sentence.text) or sentence.text.endswith(":"):
        return sentence.text
    return " ".join([sentence.text, *(f"[{number}]" for number in sentence.citations)])


def join_sentences(sentences: list[CheckedSentence]) -> str:
    """The text of an answer: sentences joined by blanks, list items and rows of a table on lines of their own."""
    return "".join(separator(i, sentence) + with_numbers(sentence) for i, sentence in enumerate(sentences))


def separator(position: int, sentence: CheckedSentence) -> str:
    """What stands before a sentence of an answer: nothing before the first, a new line before a list item.

    A blank line stands before a table, or Markdown would take it as a part of the list above it.
    """
    if position == 0:
        return ""
    if is_row(sentence.text):
        return "\n\n" if "\n" in sentence.text else "\n"
    return "\n" if sentence.text.startswith("- ") else " "
