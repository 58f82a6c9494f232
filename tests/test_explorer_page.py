"""The explorer in a real browser: a newcomer finds what the articles tell, by mouse, by keyboard and on a phone."""

import csv

import pytest
from browser import WIDE, Visitor, launched, served

SMALL_PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(assistant):
    with served(assistant) as url:
        yield url


@pytest.fixture
def visit(browser, url):
    """Opens the explorer at one of its tabs; afterwards, nothing may have asked another machine, or gone wrong."""
    opened = []

    def open_tab(tab="map", size=WIDE):
        context = browser.new_context(viewport=size)
        visitor = Visitor(context, url)
        wrong = []
        visitor.page.on("pageerror", lambda error: wrong.append(str(error)))
        opened.append((context, visitor, wrong))
        visitor.page.click("#tab-explorer-button")
        visitor.page.click(f"#explorer-{tab}-button")
        visitor.wait_for(f"[data-view={tab}] :is(svg, table)")
        return visitor

    yield open_tab
    for context, _, _ in opened:
        context.close()
    assert [(visitor.outside, wrong) for _, visitor, wrong in opened] == [([], [])] * len(opened)


def test_a_panel_is_fetched_when_it_is_first_seen(browser, url):
    context = browser.new_context(viewport=WIDE)
    visitor = Visitor(context, url)
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/explorer/" in request.url else None)
    visitor.page.wait_for_timeout(500)
    assert asked == []
    visitor.page.click("#tab-explorer-button")
    visitor.wait_for("[data-view=map] svg")
    assert [address for address in asked if "timeline" in address or "table" in address] == []
    context.close()


def test_a_newcomer_finds_who_is_in_both(visit):
    visitor = visit("map")
    visitor.page.get_by_label("First").fill("UALink Consortium")
    visitor.page.get_by_label("Second").fill("Open Compute Project")
    table = visitor.wait_for("[data-view=shared] table")
    rows = [row.inner_text() for row in table.query_selector_all("tbody th")]
    assert rows == ["AMD", "Google", "Intel", "Meta", "Microsoft"]
    near = visitor.page.eval_on_selector_all(".node.near", "nodes => nodes.map(node => node.dataset.card)")
    assert {f"organisation:{name}" for name in rows} | {"body:ualink-consortium"} <= set(near)
    visitor.page.click("[data-view=shared] .proof >> nth=0")
    assert "UALink" in visitor.wait_for("#article mark").inner_text()


def test_a_third_can_be_chosen(visit):
    visitor = visit("map")
    visitor.page.click(".one-more")
    for field, name in enumerate(("UALink Consortium", "Open Compute Project", "Frontier Model Forum")):
        visitor.page.fill(f"form[data-explore=shared] input >> nth={field}", name)
    visitor.wait_for("[data-view=shared] th:text-is('Frontier Model Forum')")
    rows = visitor.page.eval_on_selector_all("[data-view=shared] tbody th", "rows => rows.map(row => row.innerText)")
    assert rows == ["Google", "Meta", "Microsoft"]


def test_a_newcomer_finds_what_happened_in_a_year(visit, assistant):
    visitor = visit("timeline")
    visitor.page.select_option("[data-panel=timeline] [name=since]", label="2025")
    visitor.page.select_option("[data-panel=timeline] [name=until]", label="2025")
    happened = [told for told in assistant.explorer().happenings if told.date.startswith("2025")]
    visitor.wait_for(f"[data-view=timeline] p:has-text('{len(happened)} events')")
    assert len(visitor.page.query_selector_all(".events > li")) == len(happened)
    visitor.page.click("svg .event >> nth=20")
    assert visitor.page.evaluate("document.activeElement.id") == "event-20"


def test_a_node_shows_its_card_and_its_neighbours(visit):
    visitor = visit("map")
    visitor.page.click('.node[data-card="body:frontier-model-forum"] circle', force=True)
    visitor.wait_for("[data-card-place] h2:text-is('Frontier Model Forum')")
    near = visitor.page.eval_on_selector_all(".node.near", "nodes => nodes.map(node => node.dataset.card)")
    names = ("Amazon", "Anthropic", "Google", "Meta", "Microsoft", "OpenAI")
    assert sorted(near) == ["body:frontier-model-forum", *(f"organisation:{name}" for name in names)]
    visitor.page.mouse.click(*corner(visitor.page.query_selector("[data-view=map] svg")))
    visitor.page.wait_for_selector("[data-view=map] svg:not(.chosen)")


def corner(element):
    box = element.bounding_box()
    return box["x"] + 3, box["y"] + 3


def test_the_map_follows_its_form(visit):
    visitor = visit("map")
    visitor.page.get_by_label("Kind").select_option("standards")
    visitor.page.wait_for_function("document.querySelectorAll('.labels .body').length < 20")
    kinds = visitor.page.eval_on_selector_all(
        "[data-view=map] tbody td:nth-child(2)", "all => all.map(c => c.innerText)"
    )
    assert set(kinds) <= {"standards", ""}


def test_the_keyboard_alone_opens_a_card_and_comes_back(visit):
    visitor = visit("table")
    button = visitor.page.locator("[data-view=table] tbody button.plain").first
    button.focus()
    visitor.page.keyboard.press("Enter")
    assert visitor.wait_for("dialog[open] h2").inner_text() == button.inner_text()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.evaluate("document.activeElement.innerText") == button.inner_text()


def test_a_question_of_a_card_is_asked_in_the_chat(visit):
    visitor = visit("table")
    visitor.page.fill("[data-panel=table] input[name=words]", "Frontier Model Forum")
    visitor.page.click("[data-view=table] tbody button:text-is('Frontier Model Forum')")
    visitor.page.click("dialog[open] button:text-is('Who founded the Frontier Model Forum?')")
    visitor.wait_until_idle()
    assert visitor.page.query_selector("dialog[open]") is None
    assert "Anthropic, Google, Microsoft and OpenAI" in visitor.chat()


def names(visitor):
    return visitor.page.eval_on_selector_all("[data-view=table] tbody th", "rows => rows.map(row => row.innerText)")


def test_the_table_is_sorted_by_its_heads(visit, assistant):
    visitor = visit("table")
    bodies = {body.name: body for body in assistant.explorer().bodies}
    visitor.page.click("th button:text-is('Founded')")
    founded = [bodies[name].founded for name in names(visitor)]
    assert founded == [*sorted(filter(None, founded)), *[None] * founded.count(None)]
    visitor.page.click("th button:text-is('Named in it')")
    visitor.page.click("th button:text-is('Named in it')")
    sizes = [len(bodies[name].present) for name in names(visitor)]
    assert sizes == sorted(sizes, reverse=True)
    assert visitor.page.get_attribute("th:has(button:text-is('Named in it'))", "aria-sort") == "descending"


def test_what_the_table_shows_is_downloaded(visit, tmp_path):
    visitor = visit("table")
    visitor.page.get_by_label("Status").select_option("dormant")
    visitor.page.wait_for_function("document.querySelectorAll('[data-view=table] tbody tr').length < 10")
    with visitor.page.expect_download() as download:
        visitor.page.click("text=Download as CSV")
    download.value.save_as(tmp_path / "alliances.csv")
    with (tmp_path / "alliances.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sorted(row["alliance"] for row in csv.DictReader(file)) == sorted(names(visitor))


@pytest.mark.parametrize("tab", ["map", "timeline", "table"])
def test_nothing_is_wider_than_a_small_phone(tab, visit):
    assert visit(tab, SMALL_PHONE).overflow() <= 0
