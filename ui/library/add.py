"""The part of the library tab that adds articles: files, text or addresses are read, looked at, and then saved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import AlliancesError
from index.adding.documents import MAX_FILE_BYTES, SUFFIXES
from index.adding.drafts import Item
from ui.access import MAX_UPLOAD_BYTES
from ui.library import desk as at_desk
from ui.library.desk import MAX_AT_ONCE, Desk, Seen
from ui.library.view import counted, notice, reading_html, saved_text, seen_html

PLAIN_HTML: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
AT_ONCE: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
BROKEN = "Something went wrong. Try again; if it happens again, run `alliances doctor`."
_QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_id": "reading"}
_MAX_TITLE_CHARS = 300
_MAX_TEXT_CHARS = 2_000_000
_KEPT_S = 3_600  # what was read and neither saved nor discarded

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was read in one browser tab and waits to be saved; `total` counts what could not be read at once, too."""

    seen: tuple[Seen, ...] = ()
    total: int = 0

    @property
    def correctable(self) -> list[tuple[str, int]]:
        """(title, number) of each article whose front matter was made here."""
        return [
            (one.preview.article.title, number)
            for number, one in enumerate(self.seen)
            if one.is_new and one.preview.article and one.preview.draft and not one.preview.draft.keeps_name
        ]


@dataclass(slots=True)
class _Parts:
    """The components that handlers fill; what is typed and what is shown."""

    files: Any
    title: Any
    text: Any
    addresses: Any
    buttons: list[Any] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)


def in_words(exc: Exception) -> str:
    """What went wrong, for a person; a bug goes to the log."""
    if isinstance(exc, AlliancesError):
        return str(exc)
    _log.error("The library tab failed.", exc_info=exc)
    return BROKEN


def build(gradio: Any, desk: Desk) -> Any:
    """Lay it out and connect it.

    Returns:
        The event after which the library may have changed.
    """
    parts = _inputs(gradio)
    told = gradio.HTML("", elem_id="add-told", **PLAIN_HTML)
    cards = gradio.HTML("", elem_id="add-seen", **PLAIN_HTML)
    with gradio.Row(elem_id="add-decide"):
        save = gradio.Button("Save", elem_id="add-save", variant="primary", visible=False)
        discard = gradio.Button("Discard", elem_id="add-discard", visible=False)
    waiting = gradio.State(Waiting(), time_to_live=_KEPT_S)
    correction, fields = _correction(gradio)
    parts.shown = [waiting, told, cards, save, discard, correction, fields[0]]
    reading = _connect_reading(gradio, desk, parts)
    _connect_correction(gradio, desk, waiting, fields, parts.shown)

    def keep(waiting: Waiting) -> tuple[Any, ...]:
        try:
            saved, refused = saved_text(desk.save(waiting.seen))
        except Exception as exc:  # whatever it is, the page says it in a sentence, and nothing that was read is lost
            return _view(gradio, waiting, notice(in_words(exc), is_failure=True))
        return _view(gradio, Waiting(), notice(saved) + notice(refused, is_failure=True))

    discard.click(lambda: _view(gradio, Waiting()), None, parts.shown, cancels=reading, **AT_ONCE)
    return save.click(keep, waiting, parts.shown, **AT_ONCE)


def _inputs(gradio: Any) -> _Parts:
    limits = (
        f'<p class="hint">{", ".join(SUFFIXES)}; at most {MAX_FILE_BYTES // 1_000_000} MB each, '
        f"{MAX_UPLOAD_BYTES // 1_000_000} MB and {MAX_AT_ONCE} files at once.</p>"
    )
    with gradio.Tabs(elem_id="add-from"):
        with gradio.Tab("Files", elem_id="add-from-files"):
            files = gradio.File(
                elem_id="add-files",
                label="Files",
                file_count="multiple",
                file_types=list(SUFFIXES),
                height=150,
            )
            gradio.HTML(limits, **PLAIN_HTML)
            read_files = gradio.Button("Read the files", elem_id="read-files")
        with gradio.Tab("Text", elem_id="add-from-text"):
            title = gradio.Textbox(label="Title", elem_id="add-title", max_lines=1, max_length=_MAX_TITLE_CHARS)
            text = gradio.Textbox(label="Text", elem_id="add-text", lines=8, max_lines=16, max_length=_MAX_TEXT_CHARS)
            read_text = gradio.Button("Read the text", elem_id="read-text")
        with gradio.Tab("Web", elem_id="add-from-web"):
            addresses = gradio.Textbox(
                label="Addresses of pages, documents or feeds, one a line",
                elem_id="add-addresses",
                lines=3,
                max_lines=10,
                max_length=20_000,
                placeholder="https://example.org/news/an-article",
            )
            read_pages = gradio.Button("Fetch and read", elem_id="read-pages")
    return _Parts(files, title, text, addresses, [read_files, read_text, read_pages])


def _correction(gradio: Any) -> tuple[Any, list[Any]]:
    with gradio.Accordion("Correct what was understood", open=False, visible=False, elem_id="add-correct") as group:
        which = gradio.Dropdown([], label="Article", elem_id="correct-which", filterable=False)
        with gradio.Row():
            title = gradio.Textbox(label="Title", elem_id="correct-title", max_length=_MAX_TITLE_CHARS)
            published = gradio.Textbox(
                label="Published (2024, 2024-07 or 2024-07-18)", elem_id="correct-published", max_length=10
            )
            publisher = gradio.Textbox(label="Publisher", elem_id="correct-publisher", max_length=_MAX_TITLE_CHARS)
        apply = gradio.Button("Correct it", elem_id="correct-apply")
    return group, [which, title, published, publisher, apply]


def _view(gradio: Any, waiting: Waiting, told: str = "", *, is_reading: bool = False) -> tuple[Any, ...]:
    """What `shown` shows of it."""
    new = sum(one.is_new for one in waiting.seen)
    choices = [] if is_reading else waiting.correctable
    return (
        waiting,
        told,
        seen_html(waiting.seen, waiting.total),
        gradio.update(visible=bool(new) and not is_reading, value=f"Save {counted(new, 'article')}"),
        gradio.update(visible=is_reading or bool(waiting.seen), value="Stop" if is_reading else "Discard"),
        gradio.update(visible=bool(choices)),
        gradio.update(choices=choices, value=choices[0][1] if choices else None),
    )


def _connect_reading(gradio: Any, desk: Desk, parts: _Parts) -> list[Any]:
    """Tie each button to the reading of what stands above it."""
    emptied = [parts.files, parts.title, parts.text, parts.addresses]

    def read(items: Sequence[Item], kept: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        if not items:
            yield *_view(gradio, Waiting(), notice("There is nothing to read yet.")), *kept
            return
        progress = [0, len(items)]

        def on_progress(done: int, total: int) -> None:
            progress[:] = done, total

        seen: list[Seen] = []
        yield *_view(gradio, Waiting(), reading_html(*progress), is_reading=True), *kept
        try:
            for one in desk.read(items, on_progress):
                seen.append(one)
                waiting = Waiting(tuple(seen))
                yield *_view(gradio, waiting, reading_html(len(seen), progress[1]), is_reading=True), *kept
        except Exception as exc:  # as above
            yield *_view(gradio, Waiting(tuple(seen)), notice(in_words(exc), is_failure=True)), *kept
            return
        yield *_view(gradio, Waiting(tuple(seen), progress[1]), _told(seen)), None, "", "", ""

    def read_files(paths: list[str] | None) -> Iterator[tuple[Any, ...]]:
        try:
            yield from read(at_desk.files(paths or []), [gradio.skip()] * len(emptied))
        finally:
            _forget(paths or [])

    def from_(items_of: Callable[..., Sequence[Item]]) -> Callable[..., Iterator[tuple[Any, ...]]]:
        def handler(*typed: str) -> Iterator[tuple[Any, ...]]:
            yield from read(items_of(*typed), [gradio.skip()] * len(emptied))

        return handler

    files, text, pages = parts.buttons
    outputs = [*parts.shown, *emptied]
    return [
        files.click(read_files, parts.files, outputs, **_QUEUED),
        text.click(from_(at_desk.pasted), [parts.title, parts.text], outputs, **_QUEUED),
        pages.click(from_(at_desk.addresses), parts.addresses, outputs, **_QUEUED),
    ]


def _told(seen: Sequence[Seen]) -> str:
    new = sum(one.is_new for one in seen)
    refused = sum(one.preview.result.action == "refused" for one in seen)
    parts = [f"{counted(new, 'article')} to save" if new else "Nothing new to save"]
    parts += [f"{refused:,} refused"] if refused else []
    return notice(f"{', '.join(parts)}. {'Look at what was understood, then save.' if new else ''}")


def _forget(paths: Sequence[str]) -> None:
    """Delete uploads: what is wanted of them was read."""
    for path in map(Path, paths):
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()


def _connect_correction(gradio: Any, desk: Desk, waiting: Any, fields: list[Any], shown: list[Any]) -> None:
    which, title, published, publisher, apply = fields

    def fill(number: int | None, waiting: Waiting) -> tuple[str, str, str]:
        if number is None or number >= len(waiting.seen):
            return "", "", ""
        article = waiting.seen[number].preview.article
        return (article.title, article.published or "", article.publisher or "") if article else ("", "", "")

    def correct(number: int | None, waiting: Waiting, title: str, published: str, publisher: str) -> tuple[Any, ...]:
        if number is None or number not in (number for _, number in waiting.correctable):
            return _view(gradio, waiting)
        told = {"title": title.strip(), "published": published.strip(), "publisher": publisher.strip()}
        try:
            seen = desk.correct(waiting.seen, number, **told)
        except Exception as exc:  # as above
            return _view(gradio, waiting, notice(in_words(exc), is_failure=True))
        return _view(gradio, Waiting(tuple(seen), waiting.total), notice("Corrected."))

    which.change(fill, [which, waiting], [title, published, publisher], **AT_ONCE)
    apply.click(correct, [which, waiting, title, published, publisher], shown, **AT_ONCE)
