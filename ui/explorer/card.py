"""The card of a body or of an organisation: all its facts, each with the sentence that tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.exact.wording import upper_first
from assistant.explorer import Body, OrganisationTold, Part, Proof
from assistant.followups.said import with_article
from ui.explorer.choice import text
from ui.text import clean, human_date, link


def body_card(body: Body) -> str:
    """Everything that the articles tell of a body."""
    also = _also_called(body.name, body.aliases)
    facts = [
        ("Kind", text(body.kind)),
        ("Status", text(body.status) + (_quoted(body.status_proof) if body.status_proof else "")),
        ("Founded", _dated(body.founded, body.founded_proof)),
        ("Founders", _parts(body.founders, of_body=True)),
        ("Host", _parts(body.hosts, of_body=True)),
        ("In it", _parts([part for part in body.members if not part.is_past], of_body=True)),
        ("Were in it", _parts([part for part in body.members if part.is_past], of_body=True)),
    ]
    return (
        f"<h2>{text(body.name)}</h2>{also}{_quoted(body.definition) if body.definition else ''}"
        f"{_facts(facts)}{_figures(body)}{_disagreements(body)}{_happenings(body)}{_ask(_questions(body))}{_sources(body)}"
    )


def organisation_card(organisation: OrganisationTold) -> str:
    """The bodies that an organisation founded, hosts, is in or has left."""
    also = _also_called(organisation.name, organisation.aliases)
    founded = [part for part in organisation.parts if part.role == "founder" and not part.is_past]
    hosted = [part for part in organisation.parts if part.role == "host" and not part.is_past]
    present = [part for part in organisation.parts if part.role not in ("founder", "host") and not part.is_past]
    past = [part for part in organisation.parts if part.is_past]
    facts = [
        ("Kind", text(organisation.kind or "")),
        ("Founder of", _parts(founded, of_body=False)),
        ("Host of", _parts(hosted, of_body=False)),
        ("In", _parts(present, of_body=False)),
        ("Was in", _parts(past, of_body=False)),
    ]
    questions = [f"Which alliances is {with_article(organisation.name)} in?"]
    return f"<h2>{text(organisation.name)}</h2>{also}{_facts(facts)}{_ask(questions)}"


def card_button(card: str, label: str) -> str:
    """A button that opens a card: `body:SLUG` or `organisation:NAME`."""
    return f'<button type="button" class="plain" data-card="{text(card)}">{text(label)}</button>'


def proof_button(proof: Proof) -> str:
    """A button that opens the article at the sentence that tells something."""
    return (
        f'<button type="button" class="proof" data-article="{text(proof.slug)}" data-sentence="{proof.number}" '
        f'title="{text(proof.text)}" aria-label="Source: {text(proof.text)}">source</button>'
    )


def publications(proof: Proof) -> str:
    """Who published what a sentence rests on, as links."""
    told = (f"{link(source.url, source.publisher)}{_on(source.date)}" for source in proof.sources)
    return ", ".join(dict.fromkeys(told))


def _also_called(name: str, aliases: Iterable[str]) -> str:
    others = [alias for alias in aliases if alias.casefold().removeprefix("the ") != name.casefold()]
    return f'<p class="byline">Also called {text(", ".join(others))}</p>' if others else ""


def _on(date: str | None) -> str:
    return f" ({text(human_date(date) or '')})" if date else ""


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{label}</dt><dd>{told}</dd>" for label, told in facts if told)
    return f'<dl class="facts">{rows}</dl>'


def _dated(date: str | None, proof: Proof | None) -> str:
    return f"{text(human_date(date) or '')} {proof_button(proof)}" if date and proof else ""


def _quoted(proof: Proof) -> str:
    return f'<p class="told">“{text(proof.text)}” {proof_button(proof)}</p>'


def _parts(parts: Sequence[Part], *, of_body: bool) -> str:
    """Those told by the same sentence in the same words stand together: "Member, as of May 2026: A, B".

    "Founder" and "host" stand beside the list already, so here only their date does.
    """

    def told_alike(part: Part) -> tuple[str, str, int]:
        return part.told, part.proof.slug, part.proof.number

    groups = []
    for _, alike in groupby(sorted(parts, key=told_alike), key=told_alike):
        group = list(alike)
        names = ", ".join(
            card_button(f"organisation:{part.organisation}", part.organisation)
            if of_body
            else card_button(f"body:{part.slug}", part.body)
            for part in group
        )
        role, told = group[0].role, group[0].told
        told = told.removeprefix(role).lstrip(", ") if role in ("founder", "host") else told
        role_told = f'<span class="role">{text(upper_first(told))}:</span> ' if told else ""
        groups.append(f"<li>{role_told}{names} {proof_button(group[0].proof)}</li>")
    return f"<ul>{''.join(groups)}</ul>" if groups else ""


def _figures(body: Body) -> str:
    if not body.figures:
        return ""
    rows = "".join(
        f"<tr><td>{text(upper_first(figure.what))}</td><td>{text(figure.value)}</td>"
        f"<td>{text(human_date(figure.as_of) or 'not told')} {proof_button(figure.proof)}</td></tr>"
        for figure in body.figures
    )
    head = '<tr><th scope="col">What</th><th scope="col">Number</th><th scope="col">As of</th></tr>'
    return f"<h3>Figures</h3><table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _disagreements(body: Body) -> str:
    quotes = "".join(map(_quoted, body.disagreements))
    return f"<h3>Where sources disagree</h3>{quotes}" if quotes else ""


def _happenings(body: Body) -> str:
    items = "".join(
        f'<li><span class="role">{text(human_date(told.date) or "")}:</span> {text(told.what)} '
        f"{proof_button(told.proof)}</li>"
        for told in body.happenings
    )
    return f"<h3>What happened</h3><ul>{items}</ul>" if items else ""


def _questions(body: Body) -> list[str]:
    """What the facts of the card answer."""
    name = with_article(body.name)
    newest = max((told.date[:4] for told in body.happenings), default="")
    held = {
        f"What is {name}?": body.definition is not None,
        f"Who are the members of {name}?": bool(body.members),
        f"Who founded {name}?": bool(body.founders),
        f"What happened with {name} in {newest}?": bool(newest),
    }
    return [question for question, is_held in held.items() if is_held]


def _ask(questions: Iterable[str]) -> str:
    buttons = "".join(
        f'<button type="button" class="ask-about" data-ask="{text(question)}">{text(question)}</button>'
        for question in questions
    )
    return f'<h3>Ask about this</h3><p class="asks">{buttons}</p>' if buttons else ""


def _sources(body: Body) -> str:
    items = "".join(
        f"<li>{link(source.url, source.title)} "
        f"<span>{text(' · '.join(filter(None, (clean(source.publisher), human_date(source.date)))))}</span></li>"
        for source in body.sources
    )
    opener = (
        f'<p><button type="button" class="open-article" data-article="{text(body.slug)}">Open the article</button></p>'
    )
    return f'<h3>Sources</h3>{opener}<ul class="publications">{items}</ul>'
