"""The sources beside the chat: turns in, HTML out. Pure.

Everything that comes from a person or an article is escaped; the few tags and links around it are written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

from assistant.types import Answer, Citation
from index.types import Passage
from ui.chat.turn import Stage, Turn
from ui.text import clean, human_date, link, safe_link


def sources_html(turns: Sequence[Turn]) -> str:
    """The sources panel: the newest answer's cards, then those of earlier answers, folded."""
    current, earlier = (turns[-1] if turns else None), reversed(turns[:-1])
    folded = "".join(_folded(turn) for turn in earlier if turn.citations)
    past = f'<h3 class="earlier">Earlier answers</h3>{folded}' if folded else ""
    return f"<h2>Sources</h2>{_current(current)}{past}"


def _current(turn: Turn | None) -> str:
    if turn is not None and turn.citations:
        return _cards(turn)
    return f'<p class="hint">{escape(_why_no_sources(turn))}</p>'


def _why_no_sources(turn: Turn | None) -> str:
    match turn:
        case None:
            return "The sentences that an answer rests on will stand here, highlighted in their articles."
        case Turn(stage=Stage.WAITING | Stage.WORKING):
            return "They follow with the answer."
        case Turn(stage=Stage.STOPPED):
            return "The answer was stopped before it was finished."
        case Turn(stage=Stage.FAILED):
            return "No answer, so no sources."
        case Turn(answer=Answer(abstained=True, kind=kind)) if kind != "smalltalk":
            return "The articles do not tell, so there is nothing to show."
    return "Nothing was claimed, so there is nothing to show."


def _folded(turn: Turn) -> str:
    return f"<details><summary>{escape(clean(turn.question))}</summary>{_cards(turn)}</details>"


def anchor(turn: Turn, citation: Citation) -> str:
    """The id of a citation's card, which its marker in the chat leads to."""
    return f"source-{turn.number}-{citation.number}"


def _cards(turn: Turn) -> str:
    return "".join(
        _card(citation, anchor(turn, citation), turn.passages.get(citation.passage_id)) for citation in turn.citations
    )


def _card(citation: Citation, anchor: str, passage: Passage | None) -> str:
    return (
        f'<article class="source" id="{anchor}" tabindex="-1" aria-label="Source {citation.number}">'
        f'<h3><span class="number">{citation.number}</span> {escape(clean(citation.title))}</h3>'
        f"{_byline(citation)}"
        f"<blockquote>{_highlighted(citation.quote, passage.text if passage else '')}</blockquote>"
        f"{_publications(citation)}{_opener(citation, passage)}</article>"
    )


def _opener(citation: Citation, passage: Passage | None) -> str:
    """The button that shows the whole article, at the quoted sentence; none once a rebuild has removed it."""
    if passage is None:
        return ""
    quoted = next((sentence.number for sentence in passage.sentences if sentence.text == citation.quote), "")
    return (
        f'<button type="button" class="open-article" data-article="{escape(citation.slug)}" '
        f'data-sentence="{quoted}">Open the article</button>'
    )


def _byline(citation: Citation) -> str:
    """Publisher and date of the article itself; a source's publisher stands beside that source's own date."""
    of_a_source = citation.publisher in {source.publisher for source in citation.sources}
    publisher = "Article in the library" if of_a_source or not citation.publisher else citation.publisher
    byline = " · ".join(filter(None, (publisher, human_date(citation.published))))
    return f'<p class="byline">{escape(clean(byline))}</p>'


def _highlighted(quote: str, passage: str) -> str:
    """The passage with the quote marked in it; the quote alone where the passage does not hold it."""
    quote, passage = clean(quote), clean(passage)
    before, found, after = passage.partition(quote) if quote else (passage, "", "")
    if not found:
        return f"<mark>{escape(quote)}</mark>"
    return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"


def _publications(citation: Citation) -> str:
    """What can be read elsewhere: the publications behind the sentence, and the citation's own address."""
    items = "".join(_publication_items(citation))
    label = "The highlighted sentence rests on:" if citation.sources else "To be read at:"
    return f'<p class="byline">{label}</p><ul class="publications">{items}</ul>' if items else ""


def _publication_items(citation: Citation) -> Iterator[str]:
    shown = set()
    for source in citation.sources:
        shown.add(source.url)
        byline = " · ".join(filter(None, (clean(source.publisher), human_date(source.date))))
        yield f"<li>{link(source.url, source.title)} <span>{escape(clean(byline))}</span></li>"
    if citation.url not in shown and (address := safe_link(citation.url)):
        yield f"<li>{link(address, urlsplit(address).hostname or address)}</li>"
