"""What the explorer shows: the pictures tell what the tables behind them tell, and no text makes markup."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from standin import HOSTILE
from starlette.datastructures import QueryParams

from assistant.explorer import Body, Explorer, FigureTold, Happening, OrganisationTold, Part, Proof, explore
from index.types import Source
from ui.explorer.choice import chosen_bodies, chosen_happenings, read_choice
from ui.explorer.network import network_of, places, short_name
from ui.explorer.panels import part_html
from ui.explorer.periods import column_of, columns_of
from ui.explorer.table import table_csv
from ui.text import clean

PARTS = ("map", "timeline", "table")
ALLOWED = set(
    """a button circle datalist dd details div dl dt form g h2 h3 input label li line ol option p path rect section
    select span strong summary svg table tbody td text th thead title tr ul""".split()
)


class Markup(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.text += data

    def all(self, name):
        return [value for attribute, value in self.attributes if attribute == name]


@pytest.fixture(scope="module")
def explorer(shipped):
    return explore(shipped, 1)


def shown(explorer, part, query=""):
    return Markup(part_html(explorer, part, QueryParams(query)))


def hostile_explorer(text):
    proof = Proof(text, text, 0, text, (Source("s1", text, text, text, text),))
    part = Part(text, text, text, text, text, text, False, proof)
    body = Body(
        *(text, text, (text,), text, text, proof, proof),
        "2024",
        proof,
        (part,),
        (part,),
        (part,),
        frozenset({text}),
        (FigureTold("members", text, text, proof),),
        (Happening("2024-05", text, text, text, text, True, proof),),
        (proof,),
        proof.sources,
    )
    return Explorer(1, (body,), (OrganisationTold(text, (text,), text, (part,)),))


# -- pictures and the tables behind them


def test_each_node_of_the_map_stands_in_the_table_below_it(explorer):
    drawing, _, table = part_html(explorer, "map", QueryParams("")).partition("</svg>")
    nodes = set(Markup(drawing).all("data-card"))
    assert len(nodes) > len(explorer.bodies)
    assert nodes <= set(Markup(table).all("data-card"))


def test_each_link_of_the_map_is_a_membership(explorer):
    markup = shown(explorer, "map")
    links = set(zip(markup.all("data-from"), markup.all("data-to"), strict=True))
    present = {(f"body:{body.slug}", f"organisation:{name}") for body in explorer.bodies for name in body.present}
    assert links and links <= present


def test_each_dot_of_the_timeline_leads_to_its_entry_in_the_list(explorer):
    markup = shown(explorer, "timeline", "since=")
    ids = [f"event-{number}" for number in markup.all("data-event")]
    assert sorted(ids) == sorted(name for name in markup.all("id") if name.startswith("event-"))
    assert len(ids) == len(explorer.happenings)


def test_a_larger_body_has_a_larger_circle(explorer):
    html = part_html(explorer, "map", QueryParams(""))
    radii = {slug: float(r) for slug, r in re.findall(r'data-card="body:([\w-]+)">.*?<circle[^>]*? r="([\d.]+)"', html)}
    bodies = {body.slug: body for body in network_of(explorer.bodies).bodies}
    of_size = {len(body.present): radii[slug] for slug, body in bodies.items()}
    assert len(of_size) > 2
    assert sorted(of_size, key=of_size.get) == sorted(of_size)
    assert len(set(of_size.values())) == len(of_size)


def test_the_same_network_is_drawn_the_same_way_within_its_bounds(explorer):
    links = network_of(explorer.bodies).links
    found = places(links)
    assert places.__wrapped__(links) == found
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in found.values())


def test_a_body_that_shares_nobody_is_drawn_apart(explorer):
    network = network_of(explorer.bodies)
    others = {
        body.slug: frozenset().union(*(b.present for b in explorer.bodies if b != body)) for body in network.apart
    }
    assert not [body for body in network.apart if body.present & others[body.slug]]
    assert len(network.bodies) + len(network.apart) == len(explorer.bodies)


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (("UALink Consortium", "UALink"), "UALink Consortium"),
        (("Association of Very Long Names of the World", "AVLN", "Very Long Names"), "Very Long Names"),
        (("Association of Very Long Names of the World", "AVLN"), "AVLN"),
        (("Association of Very Long Names of the World", "Long Names Club"), "Association of Very…"),  # an old name?
    ],
)
def test_a_long_name_is_told_by_a_short_form_of_it(names, short):
    assert short_name(names, 20) == short


# -- choosing


def chosen(explorer, query):
    return chosen_bodies(explorer, read_choice(QueryParams(query)))


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("kind=standards", lambda body: body.kind == "standards"),
        ("status=dormant", lambda body: body.status == "dormant"),
        ("since=2023&until=2024", lambda body: body.founded and "2023" <= body.founded[:4] <= "2024"),
        ("name=NVIDIA", lambda body: "NVIDIA" in body.present),
        ("words=anthropic+SAFETY", lambda body: "Anthropic" in str(body) and "safety" in str(body).lower()),
    ],
)
def test_only_bodies_like_the_chosen_are_shown(query, holds, explorer):
    found = chosen(explorer, query)
    assert 0 < len(found) < len(explorer.bodies)
    assert all(map(holds, found))
    if "words" not in query:  # these are not looked for in every field
        assert len(found) == sum(bool(holds(body)) for body in explorer.bodies)


def test_a_name_is_found_while_it_is_typed(explorer):
    assert "Anthropic" in chosen(explorer, "name=anthro")[0].present
    assert len(chosen(explorer, "name=meta")) == len(chosen(explorer, "name=Meta"))


def test_a_field_that_cannot_be_read_chooses_nothing(explorer):
    assert len(chosen(explorer, "since=soon&until=20259&unknown=1&words=%20")) == len(explorer.bodies)


def test_what_happened_in_a_year_is_all_of_it(explorer):
    happened = [told for told in explorer.happenings if told.date.startswith("2025")]
    assert chosen_happenings(explorer, read_choice({"since": "2025", "until": "2025"})) == happened
    text = shown(explorer, "timeline", "since=2025&until=2025").text
    assert all(clean(told.proof.text) in text for told in happened)


def test_what_happened_in_a_month_is_all_of_it(explorer):
    happened = [told for told in explorer.happenings if told.date.startswith("2024-06")]
    assert chosen_happenings(explorer, read_choice({"since": "2024", "until": "2024", "month": "June"})) == happened


@pytest.mark.parametrize(
    ("dates", "month", "columns"),
    [
        (["2024-02-01", "2024-02-29"], 2, [f"2024-02-{day:02}" for day in range(1, 30)]),
        (["2024-02", "2024-02-03"], 2, ["2024-02", *(f"2024-02-{day:02}" for day in range(1, 30))]),
        (["2024", "2024-02-03"], None, ["2024", *(f"2024-{month:02}" for month in range(1, 13))]),
        (["2023-05-01", "2024-05"], 5, ["2023-05", "2024-05"]),
        (["2019-05-01", "2024-05"], None, ["2019", "2020", "2021", "2022", "2023", "2024"]),
        (["1956-07", "2019", "2024-05"], None, ["195", "196", "197", "198", "199", "200", "201", "202"]),
    ],
)
def test_the_columns_are_as_fine_as_the_time_is_short(dates, month, columns):
    found = columns_of(dates, month)
    assert list(found) == columns
    assert [column_of(date, found) in found for date in dates] == [True] * len(dates)


def test_a_decade_leads_to_the_years_in_it():
    found = columns_of(["1956-07", "2013", "2019-01", "2024-05"], None)
    assert (found["201"].since, found["201"].until) == ("2013", "2019")


def test_what_happened_can_be_narrowed_to_a_body_and_a_theme(explorer):
    told = chosen_happenings(explorer, read_choice({"name": "UALink Consortium", "words": "board"}))
    assert told
    assert {happening.body for happening in told} == {"UALink Consortium"}


def test_nothing_like_that_is_said(explorer):
    for part in PARTS[:2]:
        assert re.search("No alliance is like that|nothing like that", shown(explorer, part, "kind=none").text)


# -- lists with sources


def test_what_two_share_is_told_with_a_source_in_each(explorer):
    markup = shown(explorer, "shared", "name=UALink+Consortium&name=Open+Compute+Project")
    assert "5 organisations in both the UALink Consortium and the Open Compute Project" in markup.text
    assert sorted(markup.all("data-article")) == ["open-compute-project-ai"] * 5 + ["ualink-consortium"] * 5


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["UALink Consortium"], "two or more"),
        (["UALink Consortium", "ualink"], "the same"),
        (["UALink Consortium", "Moon Club"], "“Moon Club”"),
        (["UALink Consortium", "OpenAI"], "of both sorts"),
        (["UALink Consortium", "AI Seoul Summit"], "no organisations in both"),
        (["AI Governance Association", "UALink Consortium"], "do not list who is in"),
    ],
)
def test_a_choice_without_a_list_says_why(names, said, explorer):
    assert said in shown(explorer, "shared", "&".join(f"name={name}" for name in names)).text


def test_a_card_tells_every_fact_with_a_source(explorer):
    body = explorer.body("ai-alliance")
    markup = shown(explorer, "body", "name=ai-alliance")
    for told in (*(p.organisation for p in body.members), *(f.value for f in body.figures), "AIA"):
        assert told in markup.text
    assert all(told.text in markup.text for told in body.disagreements)
    sentences = {int(number) for number in markup.all("data-sentence")}
    facts = (*body.founders, *body.members, *body.figures, *body.happenings)
    assert {fact.proof.number for fact in facts} <= sentences


def test_the_card_of_an_organisation_names_its_bodies(explorer):
    markup = shown(explorer, "organisation", "name=NVIDIA")
    bodies = {f"body:{part.slug}" for part in explorer.organisation("NVIDIA").parts}
    assert set(markup.all("data-card")) == bodies


@pytest.mark.parametrize("slug", ["ai-alliance", "ualink-consortium", "bletchley-ai-safety-summit", "mlcommons"])
def test_the_questions_of_a_card_are_answered(slug, assistant):
    questions = shown(assistant.explorer(), "body", f"name={slug}").all("data-ask")
    assert len(questions) > 2
    assert not [question for question in questions if assistant.ask(question).abstained]


def test_what_is_not_there_is_none(explorer):
    assert part_html(explorer, "body", QueryParams("name=none")) is None
    assert part_html(explorer, "nothing", QueryParams("")) is None


# -- the CSV


def test_the_csv_has_every_chosen_body_with_all_its_names(explorer):
    rows = list(csv.DictReader(io.StringIO(table_csv(explorer.bodies))))
    assert [row["alliance"] for row in rows] == [body.name for body in explorer.bodies]
    for row, body in zip(rows, explorer.bodies, strict=True):
        assert set(filter(None, row["named_in_it"].split("; "))) == body.present
        assert row["founded"] == (body.founded or "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(start):
    (row,) = csv.DictReader(io.StringIO(table_csv(hostile_explorer(f"{start}1+1").bodies)))
    assert row["alliance"] == f"'{start}1+1"
    assert not [cell for cell in row.values() if cell.startswith(start)]


# -- text stays text


@pytest.mark.parametrize(
    ("part", "query"),
    [(part, query) for part in PARTS for query in ([], [("kind", "")])]
    + [("body", [("name", HOSTILE)]), ("organisation", [("name", HOSTILE)])],
)
def test_text_from_an_article_or_a_person_makes_no_markup(part, query):
    markup = Markup(part_html(hostile_explorer(HOSTILE), part, QueryParams(query)))
    assert markup.tags <= ALLOWED
    assert not [
        name for name, _ in markup.attributes if name.startswith("on") or name in ("style", "src", "xlink:href")
    ]
    assert not [link for link in markup.all("href") if not re.match(r"https?://|explorer/", link)]
    assert "<script>window.hacked = 1</script>" in markup.text


def test_a_name_that_nobody_bears_makes_no_markup():
    query = QueryParams([("name", HOSTILE), ("name", "another")])
    markup = Markup(part_html(Explorer(1, (), ()), "shared", query))
    assert markup.tags <= ALLOWED
    assert "<script>window.hacked = 1</script>" in markup.text
