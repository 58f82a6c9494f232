"""The library tab: what is known -> HTML. Pure; whatever comes from articles, files or people is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.generations_shown import COLUMNS
from index.adding.own_library import Added
from index.build_report import STEPS, BuildReport, Step
from ui.library.desk import MAX_AT_ONCE, NAMED_SENTENCES, Seen
from ui.text import clean, human_date

MAX_ROWS = 200
_MAX_NAMES = 8
_STEP_WORDS = {
    "load": "Reading the libraries",
    "embed": "Reading the articles",
    "catalogue": "Writing the catalogue",
    "chroma": "Writing the vectors",
    "verify": "Checking the new index",
}
_EMBED_SHARE = 0.6  # of the bar; the other steps share the rest alike
_BEFORE_EMBED = STEPS.index("embed")


def text(value: object) -> str:
    """Text of somebody else's, for HTML."""
    return escape(clean(str(value)))


def notice(message: str, *, is_failure: bool = False) -> str:
    """A message, a paragraph a line; "" for none."""
    lines = "".join(f"<p>{text(line)}</p>" for line in message.splitlines())
    return f'<div class="{"failure" if is_failure else "notice"}">{lines}</div>' if lines else ""


def counted(number: int, thing: str) -> str:
    """How many there are: "1 article", "2 articles"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


# -- the index


def share_done(step: Step) -> float:
    """How much of a rebuild is behind it, from 0 to 1."""
    place = STEPS.index(step.name)
    each = (1 - _EMBED_SHARE) / (len(STEPS) - 1)
    within = _EMBED_SHARE * step.done / step.total if step.name == "embed" and step.total else 0.0
    return each * place + within + (_EMBED_SHARE - each if place > _BEFORE_EMBED else 0.0)


def progress_html(step: Step, articles: int) -> str:
    """A bar, the step in words, and what answers meanwhile."""
    place = STEPS.index(step.name)
    name = next((_STEP_WORDS[name] for name in reversed(STEPS[: place + 1]) if name in _STEP_WORDS), "Beginning")
    told = f": {step.done:,} of {counted(step.total, 'new passage')}" if step.total else ""
    percent = round(100 * share_done(step))
    meanwhile = f"Meanwhile, questions are answered from the {counted(articles, 'article')} of before."
    return (
        f'<div class="rebuild"><p>{name}{told}</p>'
        f'<progress max="100" value="{percent}" aria-label="Rebuild of the index">{percent} %</progress>'
        f'<p class="hint">{meanwhile}</p></div>'
    )


def built_html(report: BuildReport, articles: int) -> str:
    """What the finished rebuild did."""
    changes = ", ".join(
        f"{len(slugs)} {what}"
        for slugs, what in ((report.added, "added"), (report.changed, "changed"), (report.removed, "removed"))
        if slugs
    )
    told = "The index was up to date" if report.unchanged else f"The new index answers{changes and f': {changes}'}"
    return f'<p class="now">Now reading {counted(articles, "article")}.</p><p class="hint">{told}.</p>'


def idle_html(articles: int, own: int) -> str:
    """What is read where nothing has been rebuilt yet."""
    yours = f", {own:,} of them yours" if own else ""
    return f'<p class="now">Reading {counted(articles, "article")}{yours}.</p>'


def outdated_text(changed: int) -> str:
    """That files differ from what the index knows; "" if none does."""
    have = "has" if changed == 1 else "have"
    return f"{counted(changed, 'article')} {have} changed since this index was built." if changed else ""


# -- what is to be added


def reading_html(done: int, total: int) -> str:
    """How far the reading is."""
    return (
        f'<div class="rebuild"><p>Reading {min(done + 1, total):,} of {total:,} …</p>'
        f'<progress max="{max(total, 1)}" value="{done}" aria-label="Reading">{done} of {total}</progress></div>'
    )


def seen_html(seen: Sequence[Seen], total: int = 0) -> str:
    """A card for each file or page that was looked at.

    Args:
        seen: What was looked at.
        total: How many there were; more than were looked at is said.
    """
    more = (
        f'<p class="hint">{total - len(seen):,} more beyond the first {MAX_AT_ONCE}: '
        "save these, then read the rest.</p>"
        if total > len(seen) >= MAX_AT_ONCE
        else ""
    )
    return "".join(_card(one) for one in seen) + more


def _card(seen: Seen) -> str:
    result, article = seen.preview.result, seen.preview.article
    if result.action == "refused":
        return (
            f'<article class="taken refused"><h2>{text(result.origin)}</h2>'
            f'<p class="outcome">Not taken: {text(_reason(result))}</p></article>'
        )
    title = article.title if article else result.origin
    rows: list[tuple[str, str]] = []
    if article:
        published = text(human_date(article.published)) if article.published else "not known"
        rows = [
            ("Published", published),
            ("Publisher", text(article.publisher or "not known")),
            ("Alliances", _names(seen.alliances)),
            ("Organisations", _names(seen.organisations)),
            ("Text", counted(len(article.sentences), "sentence") + _cut(len(article.sentences))),
        ]
        if article.url:
            rows.append(("Address", text(article.url)))
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    source = f'<p class="hint">{text(result.origin)}</p>' if result.origin != title else ""
    warned = f'<p class="hint">Note: {text(result.notice)}.</p>' if result.notice else ""
    return (
        f'<article class="taken {result.action}"><h2>{text(title)}</h2>{source}'
        f'<p class="outcome">{_outcome(result)}</p><dl>{facts}</dl>{warned}</article>'
    )


def _cut(sentences: int) -> str:
    return f"; names are those of the first {NAMED_SENTENCES}" if sentences > NAMED_SENTENCES else ""


def _reason(result: Added) -> str:
    """Why it was refused, without the name that stands above it."""
    return (result.reason or "").removeprefix(f"{result.origin}: ")


def _outcome(result: Added) -> str:
    match result.action:
        case "added":
            return "A new article."
        case "replaced":
            return f"Replaces your article “{text(result.slug)}”."
    return f"Already there as “{text(result.slug)}”: nothing to save."


def _names(names: Sequence[tuple[str, int]]) -> str:
    if not names:
        return "none that the library knows"
    shown = ", ".join(text(name) for name, _ in names[:_MAX_NAMES])
    return shown + (f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else "")


def saved_text(added: Iterable[Added]) -> tuple[str, str]:
    """(what was saved, what was refused after all), each "" if nothing was."""
    added = list(added)
    good = [one for one in added if one.action != "refused"]
    return (
        f"Saved {counted(len(good), 'article')}." if good else "",
        "\n".join(one.reason or one.origin for one in added if one.action == "refused"),
    )


# -- tables


def articles_html(rows: Sequence[Sequence[str]], search: str) -> str:
    """The articles as a table; rows are those of `alliances articles`."""
    if not rows:
        return f'<p class="hint">No article has all the words “{text(search)}” in its title or names.</p>'
    cells = [_article_row(*row) for row in rows[:MAX_ROWS]]
    more = len(rows) - MAX_ROWS
    rest = f'<p class="hint">And {more:,} more: search to see them.</p>' if more > 0 else ""
    caption = counted(len(rows), "article") + (f" with “{text(search)}”" if search.strip() else "")
    return _table(("Title", "Kind", "Founded", "Published", "Library"), cells, caption) + rest


def _article_row(title: str, kind: str, founded: str, published: str, slug: str, library: str) -> str:
    opener = f'<button type="button" class="article-link" data-article="{text(slug)}">{text(title)}</button>'
    cells = (kind, human_date(founded) or "", human_date(published) or "", library)
    return f'<tr><th scope="row">{opener}</th>' + "".join(f"<td>{text(cell)}</td>" for cell in cells) + "</tr>"


def generations_html(rows: Sequence[Sequence[str]], problems: Sequence[str]) -> str:
    """The generations of the index, newest first."""
    cells = [
        f'<tr><th scope="row">{text(row[0])}</th>' + "".join(f"<td>{text(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in reversed(rows)
    ]
    return _table(COLUMNS, cells, "Generations of the index") + notice("\n".join(problems))


def differences_html(before: int, after: int, lines: Sequence[str]) -> str:
    """What has changed from one generation to another."""
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f"<h2>From generation {before} to {after}</h2><ul>{items}</ul>"


def _table(columns: Sequence[str], rows: Sequence[str], caption: str) -> str:
    head = "".join(f'<th scope="col">{text(column)}</th>' for column in columns)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
