"""What there is to look at is what the catalogue tells: every fact once, with its sentence, as in the answers."""

import pytest

from assistant.explorer import explore
from assistant.explorer_shared import find_shared

GENERATION = 7


@pytest.fixture(scope="module")
def explorer(shipped):
    return explore(shipped, GENERATION)


def names(parts):
    return {part.organisation for part in parts}


def test_everybody_of_the_catalogue_is_told_and_nobody_else(explorer, shipped):
    assert {body.slug for body in explorer.bodies} == {alliance.slug for alliance in shipped.alliances}
    for body in explorer.bodies:
        told = {relation: shipped.facts_of_alliance(body.slug, relation) for relation in ("founder", "host", "member")}
        assert names(body.founders) == {fact.organisation for fact in told["founder"]}
        assert names(body.hosts) == {fact.organisation for fact in told["host"]}
        assert names((*body.members, *body.founders)) >= {fact.organisation for fact in told["member"]}
        assert len(body.figures) == len(shipped.figures_of_alliance(body.slug))


def test_each_fact_has_the_sentence_that_the_catalogue_gives_for_it(explorer, shipped):
    for body in explorer.bodies:
        article = {record.sentence.number: record.sentence.text for record in shipped.sentences_of_article(body.slug)}
        facts = (*body.founders, *body.hosts, *body.members, *body.figures, *body.happenings)
        for proof in [fact.proof for fact in facts] + [*body.disagreements]:
            assert article[proof.number] == proof.text


def test_an_organisation_has_its_part_in_every_body_that_names_it(explorer):
    for body in explorer.bodies:
        for part in (*body.founders, *body.members, *body.hosts):
            assert part in explorer.organisation(part.organisation).parts


def test_a_founding_date_without_a_sentence_is_not_told(explorer, shipped):
    untold = [alliance.slug for alliance in shipped.alliances if not alliance.founded_in]
    assert untold
    assert {body.slug for body in explorer.bodies if body.founded is None} == set(untold)


def test_a_founding_is_told_once_among_what_happened(explorer):
    for body in explorer.bodies:
        foundings = [told for told in body.happenings if told.is_founding]
        assert len({told.date for told in foundings}) == (body.founded is not None)
        assert len([told for told in body.happenings if told.what == "founded"]) <= 1


def test_what_happened_is_in_the_order_of_time(explorer):
    dates = [told.date for told in explorer.happenings]
    assert dates == sorted(dates)
    assert len(dates) == sum(len(body.happenings) for body in explorer.bodies)


def test_who_has_left_is_not_present(explorer):
    past = [(body, part) for body in explorer.bodies for part in body.members if part.is_past]
    assert past
    assert not [part for body, part in past if part.organisation in body.present]


# -- what several share


@pytest.mark.parametrize(
    "pair",
    [
        ("UALink Consortium", "Open Compute Project"),
        ("Frontier Model Forum", "AI Alliance"),
        ("Frontier AI Safety Commitments", "White House Voluntary AI Commitments"),
        ("Partnership on AI", "MLCommons"),
        ("G7 Hiroshima AI Process", "International AI Safety Report"),  # participants beside members
        ("Pax Silica", "AI Safety Summit 2023"),  # participants beside signatories
    ],
)
def test_bodies_share_whom_the_answer_names(pair, explorer, answer):
    first, second = pair
    told = answer(f"Who is in both the {first} and the {second}?") or []
    lines = {sentence.text[2:-1] for sentence in told if sentence.text.startswith("- ")}
    assert lines
    assert {row.name for row in find_shared(explorer, pair).rows} == lines


@pytest.mark.parametrize("pair", [("OpenAI", "Anthropic"), ("Intel", "NVIDIA"), ("France", "India")])
def test_organisations_share_the_bodies_that_the_answer_names(pair, explorer, answer):
    told = answer(f"Which alliances are both {pair[0]} and {pair[1]} in?")
    lines = {sentence.text[2:-1] for sentence in told if sentence.text.startswith("- ")}
    assert lines
    assert {row.name for row in find_shared(explorer, pair).rows} == lines


def test_each_shared_thing_has_its_part_in_each_that_was_chosen(explorer):
    chosen = ["UALink Consortium", "Open Compute Project", "Frontier Model Forum"]
    shared = find_shared(explorer, chosen)
    assert {row.name for row in shared.rows} == {"Google", "Meta", "Microsoft"}
    for row in shared.rows:
        assert [part.slug for part in row.parts] == [body.slug for body in shared.bodies]
        assert {part.organisation for part in row.parts} == {row.name}


def test_an_alias_in_small_letters_is_understood(explorer):
    assert (
        find_shared(explorer, ["ualink", "fmf"]).rows
        == find_shared(explorer, ["UALink Consortium", "Frontier Model Forum"]).rows
    )


def test_a_name_of_both_sorts_is_taken_for_what_the_others_are(explorer):
    assert explorer.organisation("MLCommons")
    assert len(find_shared(explorer, ["MLCommons", "Partnership on AI"]).bodies) == 2
    assert [told.name for told in find_shared(explorer, ["MLCommons", "NVIDIA"]).organisations][0] == "MLCommons"


def test_what_cannot_be_compared_is_said(explorer):
    assert find_shared(explorer, ["UALink Consortium", "Moon Club"]).unknown == ("Moon Club",)
    assert find_shared(explorer, ["UALink Consortium", "OpenAI"]).is_mixed
    ((name, bearers),) = find_shared(explorer, ["CAISI", "UALink Consortium"]).several
    assert name == "CAISI"
    assert len(bearers) == 2


# -- the assistant's


def test_the_assistant_makes_it_once_for_an_index(assistant):
    assert assistant.explorer() is assistant.explorer()


def test_it_is_made_anew_after_a_rebuild(home_of_its_own, write_article, embedder, tmp_path):
    from assistant import Assistant
    from index.build import rebuild

    settings = home_of_its_own(tmp_path)
    with Assistant.open(settings) as own:
        before = own.explorer()
        facts = "alliance: {name: Lantern Club, kind: safety, status: active, founded: 2024-05-02, founders: [Acme]}\n"
        write_article(
            "lantern-club",
            "The Lantern Club was founded on 2 May 2024 by Acme.",
            extra=f"published: 2024-05-03\n{facts}",
            folder=settings.libraries[-1],
        )
        rebuild(settings.libraries, settings.index_folder, embedder)
        assert own.explorer().generation > before.generation
        assert own.explorer().body("lantern-club").founded == "2024-05-02"
        assert before.body("lantern-club") is None
