"""Exact answers over the library that ships: what the front matter says, no name or date without a cited sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from assistant.citing import Citations
from assistant.exact.answers import tell
from assistant.exact.intent import Intent
from assistant.exact.wording import join_names
from assistant.settings import SHIPPED_LIBRARY
from assistant.time_spans import TimeSpan
from assistant.words import find_dates
from index.articles import load_library
from index.fact_sentences import names_pattern, spoken_date
from index.front_matter import ROLES

SLUGS = [article.slug for article in load_library([SHIPPED_LIBRARY]).articles if article.alliance]
KINDS = ("company", "university", "government", "nonprofit")


def year_span(year):
    return TimeSpan(date(year, 1, 1), date(year, 12, 31), f"in {year}")


@dataclass
class Told:
    """An exact answer with the quotations behind each of its sentences."""

    sentences: list
    quotes: list[list[str]]
    slugs: set[str]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


class Library:
    """The catalogue, and the front matter that it was made from."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.facts = {article.slug: article.alliance for article in load_library([SHIPPED_LIBRARY]).articles}
        self.spellings = {o.name: [o.name, *o.aliases] for o in catalogue.organisations}
        self.kinds = {o.name: o.kind for o in catalogue.organisations}
        for alliance in catalogue.alliances:  # "Partnership on AI" is an organisation too: a member of another body
            own = self.spellings.get(alliance.name, [])
            self.spellings[alliance.name] = [*own, alliance.name, *alliance.aliases]
        self._names = names_pattern(list(self.spellings))

    def alliance(self, slug):
        return next(alliance for alliance in self.catalogue.alliances if alliance.slug == slug)

    def organisation(self, name):
        return next(organisation for organisation in self.catalogue.organisations if organisation.name == name)

    def tell(self, relation, slug=None, organisation=None, **limits):
        intent = Intent(
            relation,
            ((self.alliance(slug),),) if slug else (),
            (self.organisation(organisation),) if organisation else (),
            **limits,
        )
        citations = Citations(self.catalogue)
        sentences = tell(intent, self.catalogue, citations)
        by_number = {citation.number: citation for citation in citations.all()}
        quotes = [[by_number[number].quote for number in sentence.citations] for sentence in sentences]
        return Told(sentences, quotes, {citation.slug for citation in by_number.values()})

    def names_in(self, text):
        """Whole names only: no "Singapore" in "National University of Singapore"."""
        return set(self._names.findall(text))

    def untold(self, told, asked=None):
        """Names and dates in the answer's sentences that no sentence cited there holds."""
        missing = []
        for sentence, quotes in zip(told.sentences, told.quotes, strict=True):
            known = [date for quote in quotes for date in find_dates(quote)]
            missing += [date for date in find_dates(sentence.text) if not any(map(date.agrees_with, known))]
            for name in self.names_in(sentence.text) - {asked}:
                spelled = names_pattern(self.spellings[name])
                if not any(spelled.search(quote) for quote in quotes):
                    missing.append(name)
        return missing


@pytest.fixture(scope="module")
def library(shipped):
    return Library(shipped)


# -- one alliance


@pytest.mark.parametrize("slug", SLUGS)
def test_the_founders_are_those_of_the_front_matter(library, slug):
    founders = library.facts[slug].founders
    told = library.tell("founders", slug)
    if not founders:
        assert told.sentences == []  # so that the passages are asked
        return
    role = "founders" if len(founders) > 1 else "founder"
    assert told.text.startswith(f"The articles name {join_names(founders)} as {role} of ")
    assert len(told.sentences) == 1
    assert not library.untold(told) and told.slugs == {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_founding_date_is_as_exact_as_in_the_front_matter(library, slug):
    date = library.facts[slug].founded
    told = library.tell("founded", slug)
    if date is None:
        assert told.sentences == []  # so that the passages are asked
        return
    preposition = "on" if date.count("-") == 2 else "in"
    assert told.sentences[0].text.endswith(f" founded {preposition} {spoken_date(date)}.")
    assert all(
        sentence.text == f"“{quotes[0]}”" for sentence, quotes in zip(told.sentences[1:], told.quotes[1:], strict=True)
    )
    assert not library.untold(told) and told.slugs == {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_members_are_those_of_the_front_matter_each_with_its_sentence(library, slug):
    members = {member.organisation for member in library.facts[slug].members}
    told = library.tell("members", slug)
    if not members:
        assert told.sentences == []  # so that the passages are asked
        return
    assert f"name {len(members)} " in told.sentences[0].text
    assert members <= library.names_in(told.text) <= members | {library.facts[slug].name}
    assert all(sentence.citations for sentence in told.sentences)
    assert not library.untold(told) and told.slugs == {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_members_by_role_are_those_in_this_role(library, slug):
    facts = library.facts[slug].members
    for role in {member.role for member in facts}:
        signing = {"signatory", "founder"} if role == "signatory" else {role}  # founders have signed, too
        expected = {member.organisation for member in facts if member.role in signing}
        told = library.tell("members", slug, role=role)
        assert library.names_in(told.text) - {library.facts[slug].name} == expected - {library.facts[slug].name}
        assert f"name {len(expected)} " in told.text and not library.untold(told)
    absent = next(role for role in ROLES if role not in {member.role for member in facts})
    assert library.tell("members", slug, role=absent).sentences == []


@pytest.mark.parametrize("slug", SLUGS)
def test_members_by_kind_are_those_of_this_kind(library, slug):
    members = {member.organisation for member in library.facts[slug].members}
    for kind in KINDS:
        expected = {name for name in members if library.kinds[name] == kind}
        told = library.tell("members", slug, kind=kind)
        beside = [s.text for s in told.sentences if s.text.startswith("Listed beside them: ")]
        if beside:  # bodies among states
            assert kind == "government"
            expected |= {name for name in members if library.kinds[name] == "body"} & library.names_in(beside[0])
        if not expected and told.sentences:  # of some bodies the founders only are told
            assert told.text.startswith("The articles name ") and " as founders of " in told.text
            expected = {name for name in library.facts[slug].founders if library.kinds[name] == kind}
        assert library.names_in(told.text) - {library.facts[slug].name} == expected
        assert not library.untold(told)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_member_that_left_is_never_listed_without_the_date(library, slug):
    told = library.tell("members", slug)
    for member in library.facts[slug].members:
        if member.until:
            lines = [sentence.text for sentence in told.sentences if member.organisation in sentence.text]
            assert any(f"until {spoken_date(member.until)}" in line for line in lines), member


def test_founders_of_a_kind_leave_out_the_others(library):
    assert "Canada and France" in library.tell("founders", "gpai", kind="government").text
    assert library.tell("founders", "gpai", kind="university").sentences == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_hosts_are_those_of_the_front_matter(library, slug):
    hosts = library.facts[slug].host
    told = library.tell("host", slug)
    if not hosts:
        assert told.sentences == []  # so that the passages are asked
        return
    assert told.text.startswith(f"The articles name {join_names(hosts)} as host")
    assert not library.untold(told) and told.slugs == {slug}


def test_the_bodies_of_a_year_are_those_of_the_front_matters_by_date(library):
    founded = sorted((a.founded, a.name) for a in filter(None, library.facts.values()) if a.founded)
    for year in range(2011, 2027):
        told = library.tell("bodies", span=year_span(year))
        expected = [f"- {name}: {spoken_date(day)}." for day, name in founded if day.startswith(str(year))]
        assert [sentence.text for sentence in told.sentences[1:]] == expected
        assert not told.sentences or f"name {len(expected)} bod" in told.sentences[0].text
        assert not library.untold(told)
    assert library.tell("bodies", span=year_span(1999)).sentences == []


# -- one organisation


def test_what_an_organisation_hosts_is_told_with_its_sentences(library):
    told = library.tell("hosted_by", organisation="Linux Foundation")
    expected = {a.name for a in filter(None, library.facts.values()) if "Linux Foundation" in a.host}
    assert {line.text.removeprefix("- ").partition(":")[0] for line in told.sentences[1:]} == expected
    assert told.text.startswith(f"The articles name Linux Foundation as a host of {len(expected)} alliances:")
    assert not library.untold(told)


def test_every_membership_of_every_organisation_is_told_with_its_sentence(library):
    for organisation in library.catalogue.organisations:
        facts = library.catalogue.facts_of_organisation(organisation.name)
        told = library.tell("belongs_to", organisation=organisation.name)
        opening, *lines = told.sentences
        assert len(lines) == len({fact.alliance for fact in facts})
        assert opening.text.startswith(f"The articles name {organisation.name} in {len(lines)} alliance")
        assert all(sentence.citations for sentence in told.sentences)
        assert not library.untold(told), organisation.name


def test_the_memberships_are_those_of_the_front_matter(library):
    for name in ("Meta", "Google", "Wiz", "X", "Canada", "MLCommons", "Apple"):
        expected = {
            alliance.name
            for alliance in filter(None, library.facts.values())
            if name in {*alliance.founders, *alliance.host, *(member.organisation for member in alliance.members)}
        }
        told = library.tell("belongs_to", organisation=name)
        assert {line.text.removeprefix("- ").partition(":")[0] for line in told.sentences[1:]} == expected


def test_what_an_organisation_founded_is_what_it_is_a_founder_of(library):
    told = library.tell("founded_by", organisation="Meta")
    listed = [line.text.removeprefix("- ").partition(":")[0] for line in told.sentences[1:]]
    expected = {
        alliance.name
        for alliance in filter(None, library.facts.values())
        if "Meta" in alliance.founders or ("Meta", "founder") in {(m.organisation, m.role) for m in alliance.members}
    }
    assert set(listed) == expected >= {"AI Alliance", "Partnership on AI", "UALink Consortium"}
    assert not library.untold(told)
    assert library.tell("founded_by", organisation="Alibaba").sentences == []


# -- yes or no


@pytest.mark.parametrize("slug", SLUGS)
def test_a_member_gets_a_yes_and_one_that_left_does_not(library, slug):
    alliance = library.facts[slug]
    for name in {member.organisation for member in alliance.members}:
        has_left = all(member.until for member in alliance.members if member.organisation == name)
        told = library.tell("is_member", slug, name)
        assert told.text.startswith("No longer: " if has_left else "Yes: "), name
        assert f"name {name} in " in told.text
        assert not library.untold(told) and told.slugs == {slug}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_stranger_is_not_said_to_be_outside_only_not_to_be_named(library, slug):
    alliance = library.facts[slug]
    inside = {*alliance.founders, *(member.organisation for member in alliance.members)}
    outside = [o.name for o in library.catalogue.organisations if o.name not in inside and o.name != alliance.name]
    for name in outside[::20]:
        told = library.tell("is_member", slug, name)
        if not inside or not told.sentences:  # nothing is listed, or an article speaks of it in other words
            assert told.sentences == []  # so that the passages are asked
            continue
        assert f"The articles do not name {name} among " in told.text
        assert len(inside & library.names_in(told.text)) == (len(inside) if len(inside) <= 15 else 8)
        assert not library.untold(told, asked=name)


@pytest.mark.parametrize(
    ("slug", "name", "start"),
    [
        ("ai-alliance", "IBM", "Yes: "),
        ("partnership-on-ai", "Apple", "Yes: "),
        ("coalition-for-secure-ai", "Wiz", "No longer: "),
        (
            "frontier-model-forum",
            "Meta",
            "The articles do not name Meta among the founders of the Frontier Model Forum",
        ),
        ("frontier-model-forum", "IBM", "The articles do not name IBM among the founders of the Frontier Model Forum"),
        ("mlcommons", "Intel", "The articles name only some of the founders of MLCommons"),
        ("ellis", "Microsoft", "The articles name only some of the founders of the European Laboratory"),
    ],
)
def test_founders_are_told_from_members(library, slug, name, start):
    told = library.tell("is_founder", slug, name)
    assert told.text.startswith(start) and not library.untold(told, asked=name)


@pytest.mark.parametrize(
    ("names", "expected"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C, D"], "A, B and C, D")]
)
def test_names_are_joined_as_a_person_does(names, expected):
    assert join_names(names) == expected


# -- what a question takes for granted


@pytest.mark.parametrize(
    ("slug", "year", "start"),
    [("frontier-model-forum", 2023, "Yes: "), ("ai-alliance", 2019, "No: "), ("stargate", 2025, "Yes: ")],
)
def test_whether_a_body_was_founded_then_is_told_with_its_date(library, slug, year, start):
    told = library.tell("was_founded", slug, span=year_span(year))
    assert told.text.startswith(start) and spoken_date(library.facts[slug].founded) in told.text
    assert not library.untold(told)


def test_why_it_was_founded_then_is_denied_only_if_it_was_not(library):
    told = library.tell("was_founded", "ai-alliance", span=year_span(2019), wants_reason=True)
    assert "do not say that the AI Alliance was founded in 2019" in told.text
    assert library.tell("was_founded", "ai-alliance", span=year_span(2023), wants_reason=True).sentences == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_member_is_never_said_to_have_refused(library, slug):
    for member in library.facts[slug].members:
        told = library.tell("has_refused", slug, member.organisation, wants_reason=True)
        assert told.sentences == [] or "do not say that" in told.text and not library.untold(told)


def test_when_a_member_joined_is_told_from_the_sentence_with_the_date(library):
    told = library.tell("when_joined", "frontier-model-forum", "Meta")
    assert told.text == "The articles name Meta in the Frontier Model Forum: member since May 2024."
    assert not library.untold(told)


def test_who_founded_when_is_told_of_founders_only(library):
    assert "5 December 2023" in library.tell("when_founded", "ai-alliance", "Meta").text
    assert "do not name OpenAI among the founders" in library.tell("when_founded", "rome-call", "OpenAI").text


def test_the_role_asked_about_is_told_from_another(library):
    assert library.tell("is_member", "agentic-ai-foundation", "Snowflake", role="gold").text.startswith("Yes: ")
    told = library.tell("is_member", "agentic-ai-foundation", "Snowflake", role="platinum")
    assert "do not name Snowflake as a platinum member" in told.text and "gold member" in told.text
    assert library.tell("is_member", "coalition-for-secure-ai", "EY", role="sponsor").sentences == []  # a premier one


@pytest.mark.parametrize(("order", "names"), [("first", {"IBM", "Microsoft"}), ("last", {"Salesforce"})])
def test_who_joined_first_and_last_is_told_where_every_joining_is_dated(library, order, names):
    told = library.tell("members", "rome-call", order=order)
    assert names <= library.names_in(told.text) and not library.untold(told)
    assert library.tell("members", "ai-ran-alliance", order=order).sentences == []


def test_of_several_pairs_one_that_the_catalogue_does_not_hold_is_quoted(library):
    bodies = tuple((library.alliance(slug),) for slug in ("frontier-model-forum", "ai-alliance"))
    intent = Intent("is_member", bodies, (library.organisation("Microsoft"),))
    first, second = tell(intent, library.catalogue, Citations(library.catalogue))
    assert first.text.startswith("Yes: ") and "absent from the AI Alliance" in second.text


def test_of_several_bodies_each_is_told_or_none(library):
    bodies = tuple((library.alliance(slug),) for slug in ("c2pa", "mlcommons"))
    assert tell(Intent("founders", bodies), library.catalogue, Citations(library.catalogue)) == []


def test_a_number_that_the_sources_do_not_give_is_not_counted_from_a_list(library):
    assert library.tell("members", "rome-call", role="signatory", is_counting=True).sentences == []


def test_a_disagreement_about_something_else_is_not_told_beside_a_number(library):
    told = library.tell("figure", "africa-declaration-on-ai", counted=frozenset({"signatori"}), is_counting=True)
    assert "49 of the 55 states" in told.text and "size of the summit" not in told.text


def test_members_at_a_time_are_the_founders_and_those_listed_or_joined_by_then(answer):
    then = " ".join(sentence.text for sentence in answer("Who were the members of the Frontier Model Forum in 2023?"))
    assert all(name in then for name in ("Anthropic", "Google", "Microsoft", "OpenAI"))
    assert "Amazon" not in then and "Meta" not in then  # both joined in May 2024
    assert answer("Who were the members of the Frontier Model Forum in 2020?") == []


def test_what_somebody_is_in_a_body_is_told_without_a_yes(answer):
    (told,) = answer("In what capacity does Meta belong to the AI Alliance?")
    assert told.text.startswith("The articles name Meta in the AI Alliance (founder")
    (denied,) = answer("In what capacity does Apple belong to the Frontier Model Forum?")
    assert denied.text.startswith("The articles do not name Apple among the members")
