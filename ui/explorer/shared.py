"""What several alliances or organisations share, as a list with sources. Pure."""

from __future__ import annotations

from assistant.exact.wording import counted, join_names
from assistant.explorer import Explorer
from assistant.explorer_shared import Row, Shared, find_shared
from assistant.followups.said import with_article
from ui.explorer.card import card_button, proof_button
from ui.explorer.choice import text
from ui.explorer.map import highlighted, node_id

MAX_NAMES = 8


def shared_view(explorer: Explorer, names: list[str]) -> str:
    """The list; a hint while there are fewer than two names."""
    wanted = list(dict.fromkeys(filter(None, names)))[:MAX_NAMES]
    if len(wanted) < 2:
        return _view('<p class="hint">Choose two or more from the lists.</p>')
    shared = find_shared(explorer, wanted)
    if problem := _problem(shared):
        return _view(f'<p class="hint">{text(problem)}</p>')
    return _view(_told(shared), highlighted(_nodes(shared)))


def _view(content: str, attribute: str = "") -> str:
    return f'<div data-view="shared" {attribute}>{content}</div>'


def _problem(shared: Shared) -> str:
    if shared.unknown:
        names = join_names(f"“{name}”" for name in shared.unknown)
        return f"The articles know no alliance or organisation called {names}. Choose from the list."
    if shared.several:
        name, bearers = shared.several[0]
        return f"“{name}” may mean {' or '.join(bearers)}. Choose one of them."
    if shared.is_mixed:
        return "Choose alliances alone, or organisations alone: these are of both sorts."
    if len(shared.bodies) + len(shared.organisations) < 2:
        return "These are the same. Choose another one."
    unlisted = [with_article(body.name) for body in shared.bodies if not body.present]
    return f"The articles do not list who is in {join_names(unlisted)}." if unlisted else ""


def _told(shared: Shared) -> str:
    many = len(shared.rows)
    if shared.bodies:
        names = [with_article(body.name) for body in shared.bodies]
        what = f"{many or 'no'} {'organisation' if many == 1 else 'organisations'}"
        opening = f"The articles name {what} in {_both(names)}, as far as they list the members"
    else:
        names = [told.name for told in shared.organisations]
        opening = f"The articles name {_both(names)} in {counted(many, 'alliance')}"
        opening = opening if many else f"The articles name no alliance with {_both(names)}"
    if not many:
        return f"<p>{text(opening)}.</p>"
    chosen = [body.name for body in shared.bodies] or names
    columns = ["Name", *(["Kind"] if shared.bodies else []), *chosen]
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in columns)
    rows = "".join(_row(row, is_body=not shared.bodies) for row in shared.rows)
    return (
        f'<p>{text(opening)}:</p><div class="scroller" tabindex="0" role="region" aria-label="What they share">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _both(names: list[str]) -> str:
    return f"{'both ' if len(names) == 2 else ''}{join_names(names)}"


def _row(row: Row, *, is_body: bool) -> str:
    card = node_id("body", row.parts[0].slug) if is_body else node_id("organisation", row.name)
    kind = "" if is_body else f"<td>{text(row.kind or '')}</td>"
    parts = "".join(f"<td>{text(part.told)} {proof_button(part.proof)}</td>" for part in row.parts)
    return f'<tr><th scope="row">{card_button(card, row.name)}</th>{kind}{parts}</tr>'


def _nodes(shared: Shared) -> set[str]:
    if shared.bodies:
        chosen = {node_id("body", body.slug) for body in shared.bodies}
        return chosen | {node_id("organisation", row.name) for row in shared.rows}
    chosen = {node_id("organisation", told.name) for told in shared.organisations}
    return chosen | {node_id("body", row.parts[0].slug) for row in shared.rows}
