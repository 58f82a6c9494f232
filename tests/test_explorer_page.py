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


def test_what_two_share_is_brought_out_on_the_map(visit):
    visitor = visit("map")
    visitor.page.get_by_label("First").fill("OpenAI")
    visitor.page.get_by_label("Second").fill("Anthropic")
    table = visitor.wait_for("[data-view=shared] table")
    cards = [button.get_attribute("data-card") for button in table.query_selector_all("tbody th button")]
    assert "body:frontier-model-forum" in cards
    near = visitor.page.eval_on_selector_all(".node.near", "nodes => nodes.map(node => node.dataset.card)")
    assert sorted(near) == sorted([*cards, "organisation:OpenAI", "organisation:Anthropic"])


def test_a_third_can_be_chosen(visit):
    visitor = visit("map")
    visitor.page.click(".one-more")
    for field, name in enumerate(("UALink Consortium", "Open Compute Project", "Frontier Model Forum")):
        visitor.page.fill(f"form[data-explore=shared] input >> nth={field}", name)
    visitor.wait_for("[data-view=shared] th:text-is('Frontier Model Forum')")
    rows = visitor.page.eval_on_selector_all("[data-view=shared] tbody th", "rows => rows.map(row => row.innerText)")
    assert rows == ["Google", "Meta", "Microsoft"]


def test_a_dot_leads_to_its_entry_in_the_list(visit):
    visitor = visit("timeline")
    visitor.page.click("svg .event >> nth=20")
    assert visitor.page.evaluate("document.activeElement.id") == "event-20"


def test_the_timeline_is_zoomed_from_all_years_to_a_month_and_back(visit, assistant):
    visitor = visit("timeline")
    dates = [told.date for told in assistant.explorer().happenings]
    visitor.page.click("button:text-is('← All years')")
    visitor.wait_for(f"[data-view=timeline] p:has-text('{len(dates)} events')")
    for period, start in (("[data-since='2024']", "2024"), ("[data-month=June]", "2024-06")):
        visitor.page.click(f"svg .way{period}")
        there = [date for date in dates if date.startswith(start)]
        visitor.wait_for(f"[data-view=timeline] p:has-text('{len(there)} events')")
        assert len(visitor.page.query_selector_all(".events > li")) == len(there)
    visitor.page.click("button:text-is('← All of 2024')")
    visitor.wait_for("svg .way[data-month=June]")


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


LABELS = """() => {
    const seen = [...document.querySelectorAll(".map-frame .labels text")]
        .filter(label => getComputedStyle(label).visibility === "visible").map(label => label.getBoundingClientRect());
    const cover = (one, other) => one.left + 1 < other.right && other.left + 1 < one.right
        && one.top + 2 < other.bottom && other.top + 2 < one.bottom; // a box is higher than its letters
    return [seen.length, seen.filter((one, index) => seen.slice(0, index).some(other => cover(one, other))).length];
}"""


@pytest.mark.parametrize("size", [WIDE, SMALL_PHONE], ids=["wide", "phone"])
def test_no_label_covers_another_one_and_nearer_each_is_seen(size, visit):
    visitor = visit("map", size)
    visitor.wait_for(".map-frame .labels .crowded", state="attached")
    labels = []
    for _ in range(6):
        labels.append(visitor.page.evaluate(LABELS))
        visitor.page.click(".map-tools [aria-label='Zoom in']")
    assert [covered for _, covered in labels] == [0] * 6
    assert labels[0][0] > 20
    assert labels[-1][0] == len(visitor.page.query_selector_all(".map-frame .node"))


def centre(visitor, card):
    box = visitor.page.query_selector(f'.node[data-card="{card}"] :is(circle, rect)').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_wheel_zooms_where_the_mouse_is_and_dragging_moves(visit):
    visitor = visit("map")
    card, other = "body:ai-alliance", "body:ualink-consortium"
    visitor.page.locator(".map-frame").scroll_into_view_if_needed()
    before, elsewhere = centre(visitor, card), centre(visitor, other)
    visitor.page.mouse.move(*before)
    visitor.page.mouse.wheel(0, -500)
    visitor.wait_for(".map-frame.zoomed")
    assert centre(visitor, card) == pytest.approx(before, abs=2)
    assert centre(visitor, other) != pytest.approx(elsewhere, abs=20)
    visitor.page.mouse.down()
    visitor.page.mouse.move(before[0] - 60, before[1] - 40, steps=4)
    visitor.page.mouse.up()
    assert centre(visitor, card) == pytest.approx((before[0] - 60, before[1] - 40), abs=2)
    assert visitor.page.query_selector("[data-card-place] h2") is None  # nothing was chosen by that
    visitor.page.click("text=Whole map")
    assert centre(visitor, card) == pytest.approx(before, abs=2)


def test_the_wheel_scrolls_the_page_where_the_whole_map_is_seen(visit):
    visitor = visit("map")
    visitor.page.hover(".map-frame")
    visitor.page.mouse.wheel(0, 300)
    visitor.page.wait_for_function("document.querySelector('#tab-explorer').scrollTop > 100")


def test_the_keyboard_alone_goes_over_the_map(visit):
    visitor = visit("map")
    visitor.page.focus(".map-frame")
    aimed = []
    for key in ("ArrowLeft", "ArrowLeft", "+", "ArrowUp"):
        visitor.page.keyboard.press(key)
        aimed.append(visitor.page.inner_text(".map-frame [role=status]"))
    assert len(set(aimed)) == 3  # the plus has moved nothing
    assert visitor.page.query_selector(".map-frame.zoomed")
    visitor.page.keyboard.press("Enter")
    name = visitor.wait_for("[data-card-place] h2").inner_text()
    assert aimed[-1].startswith(name)
    assert visitor.page.evaluate("document.activeElement.matches('[data-card-place]')")


def touch(session, kind, *points):
    points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_two_fingers_zoom_and_one_need_not_hit_exactly(visit):
    visitor = visit("map", SMALL_PHONE)
    visitor.page.locator(".map-frame").scroll_into_view_if_needed()
    box = visitor.page.query_selector(".map-frame").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})
    touch(session, "touchStart", (x - 20, y), (x + 20, y))
    for far in (40, 60, 80):
        touch(session, "touchMove", (x - far, y), (x + far, y))
    touch(session, "touchEnd")
    visitor.wait_for(".map-frame.zoomed")
    assert visitor.page.query_selector("[data-card-place] h2") is None
    visitor.page.click("text=Whole map")
    x, y = centre(visitor, "body:open-model-initiative")
    touch(session, "touchStart", (x + 12, y + 8))
    touch(session, "touchEnd")
    assert visitor.wait_for("[data-card-place] h2").inner_text() == "Open Model Initiative"


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
