"""The library to look at: every body and organisation with its facts, each with the sentence that tells it.

Made from the catalogue once for each index, and then plain data: pictures, tables and cards are drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.citing import Citations
from assistant.exact.comparison import defining_sentence
from assistant.exact.disagreement import Dispute, tell_dispute
from assistant.exact.happenings import happenings_of
from assistant.exact.present_members import facts_of_membership, without_gone
from assistant.exact.status import status_sentence
from assistant.exact.wording import distinct_roles, role_phrase
from index.catalogue import Catalogue
from index.types import AllianceRecord, Fact, SentenceRecord, Source


@dataclass(frozen=True, slots=True)
class Proof:
    """The sentence that tells a fact: the `number`th of the article `slug`, with the publications behind it."""

    slug: str
    title: str
    number: int
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation in a body in one role; `told` is the role in words, with its date where the sentence has it."""

    slug: str
    body: str
    organisation: str
    kind: str | None
    role: str
    told: str
    is_past: bool
    proof: Proof


@dataclass(frozen=True, slots=True)
class FigureTold:
    """A number that a source gives of a body, as of an ISO 8601 date."""

    what: str
    value: str
    as_of: str | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a body on an ISO 8601 date, as exact as known."""

    date: str
    what: str
    slug: str
    body: str
    kind: str
    is_founding: bool
    proof: Proof


@dataclass(frozen=True, slots=True)
class Body:
    """An alliance with all that the articles tell of it.

    Attributes:
        founded: ISO 8601; None where no sentence tells it.
        founders, hosts, members: Members are those in any other role, former ones, too.
        present: Names of the organisations in it now, as far as they are listed.
    """

    slug: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    status: str
    status_proof: Proof | None
    definition: Proof | None
    founded: str | None
    founded_proof: Proof | None
    founders: tuple[Part, ...]
    hosts: tuple[Part, ...]
    members: tuple[Part, ...]
    present: frozenset[str]
    figures: tuple[FigureTold, ...]
    happenings: tuple[Happening, ...]
    disagreements: tuple[Proof, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class OrganisationTold:
    """An organisation with its parts in the bodies."""

    name: str
    aliases: tuple[str, ...]
    kind: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Explorer:
    """The bodies and the organisations of one generation of the index, each by name."""

    generation: int
    bodies: tuple[Body, ...]
    organisations: tuple[OrganisationTold, ...]
    _by_slug: dict[str, Body] = field(init=False, repr=False, compare=False)
    _by_name: dict[str, OrganisationTold] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_slug", {body.slug: body for body in self.bodies})
        object.__setattr__(self, "_by_name", {organisation.name: organisation for organisation in self.organisations})

    def body(self, slug: str) -> Body | None:
        """The body that this article describes, or None."""
        return self._by_slug.get(slug)

    def organisation(self, name: str) -> OrganisationTold | None:
        """The organisation of exactly this name, or None."""
        return self._by_name.get(name)

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """Everything that happened, by date."""
        every = (happening for body in self.bodies for happening in body.happenings)
        return tuple(sorted(every, key=lambda told: (told.date, not told.is_founding, told.body)))


def explore(catalogue: Catalogue, generation: int) -> Explorer:
    """Everything there is to look at in a generation of the index."""
    maker = _Maker(catalogue)
    bodies = tuple(maker.body(alliance) for alliance in catalogue.alliances)
    parts: dict[str, list[Part]] = {}
    for body in bodies:
        for part in (*body.founders, *body.members, *body.hosts):
            parts.setdefault(part.organisation, []).append(part)
    organisations = (
        OrganisationTold(known.name, known.aliases, known.kind, tuple(parts[known.name]))
        for known in catalogue.organisations
        if known.name in parts
    )
    return Explorer(generation, bodies, tuple(organisations))


class _Maker:
    """Puts bodies together; knows every sentence that tells a fact."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kinds = {organisation.name: organisation.kind for organisation in catalogue.organisations}
        self._proofs: dict[int, Proof] = {}
        self._happenings = self._by_body()

    def body(self, alliance: AllianceRecord) -> Body:
        catalogue, slug = self._catalogue, alliance.slug
        founders = catalogue.facts_of_alliance(slug, "founder")
        members = catalogue.facts_of_alliance(slug, "member")
        founding = {fact.organisation for fact in founders}
        others = [fact for fact in members if fact.role != "founder" or fact.organisation not in founding]
        # Who is in it is the same as in an answer on what bodies share; of what is signed, who signed it.
        is_signed = any(fact.role == "signatory" for fact in members)
        present = without_gone(facts_of_membership(slug, catalogue, is_signed=is_signed))
        status, definition = status_sentence(alliance, catalogue), defining_sentence(alliance, catalogue)
        founded = self._sentence(alliance.founded_in) if alliance.founded and alliance.founded_in else None
        return Body(
            slug=slug,
            name=alliance.name,
            aliases=alliance.aliases,
            kind=alliance.kind,
            status=alliance.status,
            status_proof=self._proof(status) if status else None,
            definition=self._proof(definition) if definition else None,
            founded=alliance.founded if founded else None,
            founded_proof=founded,
            founders=self._parts(founders, slug),
            hosts=self._parts(catalogue.facts_of_alliance(slug, "host"), slug),
            members=self._parts(others, slug),
            present=frozenset(fact.organisation for fact in present),
            figures=tuple(
                FigureTold(figure.what, figure.value, figure.as_of, self._sentence(figure.sentence_id))
                for figure in catalogue.figures_of_alliance(slug)
            ),
            happenings=self._happenings[slug],
            disagreements=self._disagreements(alliance),
            sources=catalogue.articles[slug].sources,
        )

    def _parts(self, facts: Sequence[Fact], slug: str) -> tuple[Part, ...]:
        """One part an organisation and role, in the order of the article."""
        by_organisation: dict[str, list[Fact]] = {}
        for fact in facts:
            by_organisation.setdefault(fact.organisation, []).append(fact)
        return tuple(self._part(fact, slug) for told in by_organisation.values() for fact in distinct_roles(told))

    def _part(self, fact: Fact, slug: str) -> Part:
        proof = self._sentence(fact.sentence_id)
        return Part(
            slug=slug,
            body=fact.alliance,
            organisation=fact.organisation,
            kind=self._kinds.get(fact.organisation),
            role=fact.role,
            told=role_phrase(fact, proof.text),
            is_past=fact.until is not None,
            proof=proof,
        )

    def _by_body(self) -> dict[str, tuple[Happening, ...]]:
        """What happened to each body, by date: the same as in the chat."""
        bodies = {alliance.slug: alliance for alliance in self._catalogue.alliances}
        found: dict[str, list[Happening]] = {slug: [] for slug in bodies}
        for entry in happenings_of(bodies, self._catalogue):
            body, proof = entry.body, self._proof(entry.told)
            found[body.slug].append(
                Happening(entry.date, entry.what, body.slug, body.name, body.kind, entry.is_founding, proof)
            )
        return {slug: tuple(told) for slug, told in found.items()}

    def _disagreements(self, alliance: AllianceRecord) -> tuple[Proof, ...]:
        """What the article says of sources that disagree."""
        citations = Citations(self._catalogue)
        tell_dispute(Dispute((alliance,), frozenset()), self._catalogue, citations)
        quotes = [citation.quote for citation in citations.all()]
        records = self._catalogue.sentences_of_article(alliance.slug)
        return tuple(self._proof(record) for record in records if record.sentence.text in quotes)

    def _sentence(self, sentence_id: int) -> Proof:
        if sentence_id not in self._proofs:  # one sentence often tells of many members
            self._proofs[sentence_id] = self._proof(self._catalogue.sentences([sentence_id])[sentence_id])
        return self._proofs[sentence_id]

    def _proof(self, record: SentenceRecord) -> Proof:
        sources = self._catalogue.articles[record.slug].sources
        backing = tuple(source for source in sources if source.id in record.sentence.source_ids)
        return Proof(record.slug, record.title, record.sentence.number, record.sentence.text, backing)
