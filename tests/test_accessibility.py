"""Everybody can use the page: by keyboard, with a screen reader, in light and dark, on a phone and a wide screen."""

import pytest
from browser import Visitor, launched, served

SIZES = [{"width": 360, "height": 740}, {"width": 768, "height": 1024}, {"width": 1600, "height": 900}]
DIFFER = "How do the Frontier Model Forum and MLCommons differ?"
UNTOLD = "What is the capital of France?"
TEXT = "The Frontier Model Forum wrote about a Zephyr Compact. " + "A" * 200


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
    """Opens the page as a new visitor."""
    contexts = []

    def open_page(theme="light", size=SIZES[-1]):
        contexts.append(browser.new_context(viewport=size, reduced_motion="reduce"))
        return Visitor(contexts[-1], f"{url}/?__theme={theme}")

    yield open_page
    for context in contexts:
        context.close()


# -- what the page shows, from the beginning of each view on


def first_visit(visitor):
    visitor.page.click("#filter > button")
    visitor.wait_for("#filter-since")


def answers(visitor):
    visitor.ask(DIFFER)
    visitor.wait_until_idle()
    visitor.ask(UNTOLD)
    visitor.wait_until_idle(answers=2)
    visitor.page.click("#not-helpful")
    visitor.wait_for("#note")


def article(visitor):
    visitor.ask(DIFFER)
    visitor.wait_until_idle()
    visitor.page.click(".open-article >> nth=0")
    visitor.wait_for("#article[open] mark")


def conversations(visitor):
    visitor.ask(DIFFER)
    visitor.wait_until_idle()
    visitor.page.click("#conversations-button")
    visitor.wait_for("#conversations[open] .open")


def open_explorer(visitor, part):
    visitor.page.click("#tab-explorer-button")
    visitor.page.click(f"#explorer-{part}-button")
    visitor.wait_for(f"[data-view={part}] :is(svg, table)")


def map_(visitor):
    open_explorer(visitor, "map")
    for field, name in enumerate(("UALink Consortium", "Open Compute Project")):
        visitor.page.fill(f"form[data-explore=shared] input >> nth={field}", name)
    visitor.wait_for("[data-view=shared] table")
    visitor.page.click("text=The map as a table")
    visitor.page.click("[data-view=map] details tbody button >> nth=0")
    visitor.wait_for("[data-card-place] h2")


def timeline(visitor):
    open_explorer(visitor, "timeline")


def table(visitor):
    open_explorer(visitor, "table")
    visitor.page.click("th button:text-is('Founded')")


def card(visitor):
    open_explorer(visitor, "table")
    visitor.page.click("[data-view=table] tbody button:text-is('AI Alliance')")
    visitor.wait_for("dialog[open] h2")


def library(visitor):
    visitor.page.click("#tab-library-button")
    visitor.wait_for("#library-table table")
    visitor.page.click("#library-history > button")
    visitor.wait_for("#history-table table")


def adding(visitor):
    visitor.page.click("#tab-library-button")
    visitor.page.click("#add-from-text-button")
    visitor.page.get_by_label("Title").first.fill("A title that is long enough to need more than one line on a phone")
    visitor.page.get_by_label("Text", exact=True).last.fill(TEXT)
    visitor.page.click("#read-text")
    visitor.wait_for("#add-seen .taken")
    visitor.page.click("#add-correct > button")
    visitor.wait_for("#correct-apply")


VIEWS = [first_visit, answers, article, conversations, map_, timeline, table, card, library, adding]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_all_of_it_can_be_read_named_and_needs_no_scrolling_sideways(visit, view, theme):
    visitor = visit(theme)
    view(visitor)
    assert visitor.nameless() == []
    for size in SIZES:
        visitor.page.set_viewport_size(size)
        assert (size["width"], visitor.overflow()) == (size["width"], 0)
        assert visitor.hard_to_read() == []


# -- by keyboard alone


def unseen(way):
    """What had the focus without showing it."""
    return [name for name, is_seen in way if not is_seen]


def press(visitor, *keys):
    for key in keys:
        visitor.page.keyboard.press(key)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_question_is_asked_and_its_proof_opened_by_keyboard(visit, size):
    visitor = visit(size=size)
    visitor.page.wait_for_function("document.activeElement.matches('#question textarea')")
    visitor.page.keyboard.type(DIFFER)
    press(visitor, "Enter")
    visitor.wait_until_idle()
    visitor.page.wait_for_function("document.activeElement.matches('#question textarea')")
    way = visitor.press_tab_to("#chat a.cite", "Shift+Tab")
    press(visitor, "Enter")
    assert visitor.page.evaluate("document.activeElement.matches('.source')")
    way += visitor.press_tab_to(".open-article")
    press(visitor, "Enter")
    assert visitor.wait_for("#article[open] mark").evaluate("mark => document.activeElement === mark")
    press(visitor, "Escape")
    way += visitor.press_tab_to("#conversations-button", "Shift+Tab")
    press(visitor, "Enter")
    visitor.wait_for("#conversations[open]")
    way += visitor.press_tab_to("#conversations .open")
    press(visitor, "Escape")
    assert unseen(way) == []


def test_the_map_and_its_table_are_used_by_keyboard(visit):
    visitor = visit()
    way = visitor.press_tab_to("#tab-explorer-button")
    press(visitor, "Enter")
    visitor.wait_for("[data-view=map] svg")
    way += visitor.press_tab_to("form[data-explore=shared] input")
    visitor.page.keyboard.type("OpenAI")
    way += visitor.press_tab_to("label + label input")
    visitor.page.keyboard.type("Anthropic")
    visitor.wait_for("[data-view=shared] table")
    way += visitor.press_tab_to(".map-frame")
    press(visitor, "ArrowLeft", "+", "Enter")
    visitor.page.wait_for_function("document.activeElement.matches('[data-card-place]:has(h2)')")
    way += visitor.press_tab_to("[data-card-place] .proof")
    way += visitor.press_tab_to("[data-view=map] summary")
    press(visitor, "Enter")
    way += visitor.press_tab_to("[data-view=map] details tbody button")
    name = visitor.page.evaluate("document.activeElement.textContent")
    press(visitor, "Enter")
    visitor.wait_for(f"[data-card-place] h2:text-is('{name}')")
    assert unseen(way) == []


def test_the_timeline_is_narrowed_and_an_event_proved_by_keyboard(visit):
    visitor = visit()
    timeline(visitor)
    visitor.page.focus("#explorer-timeline-button")
    way = visitor.press_tab_to("[name=month]")
    visitor.page.keyboard.type("June")
    visitor.wait_for("[data-view=timeline] p:has-text('June 2025 to 2026')")
    way += visitor.press_tab_to("[data-view=timeline] button.way")
    press(visitor, "Enter")
    visitor.wait_for("[data-view=timeline]:not(:has(button:text-is('← All years')))")
    way += visitor.press_tab_to(".events .proof")
    press(visitor, "Enter")
    visitor.wait_for("#article[open] mark")
    assert unseen(way) == []


def test_the_table_is_sorted_and_a_card_opened_by_keyboard(visit):
    visitor = visit()
    open_explorer(visitor, "table")
    visitor.page.focus("#explorer-table-button")
    way = visitor.press_tab_to("th:nth-child(3) .sort")
    press(visitor, "Enter")
    assert visitor.page.get_attribute("[data-view=table] th:nth-child(3)", "aria-sort") == "ascending"
    way += visitor.press_tab_to("[data-view=table] tbody button.plain")
    press(visitor, "Enter")
    visitor.wait_for("dialog[open] h2")
    press(visitor, "Escape")
    assert unseen(way) == []


ORDER = {
    "chat": ["Chat", "Explorer", "Library", "New chat", "Conversations", "Who founded", "Filter", "Question", "Ask"],
    "library": ["Library", "Add articles", "Files", "Text", "Web", "Click to upload", "Read the files", "Articles"],
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
@pytest.mark.parametrize("tab", ORDER)
def test_tab_goes_in_the_order_of_reading(visit, tab, size):
    visitor = visit(size=size)
    visitor.page.click(f"#tab-{tab}-button")
    visitor.wait_for("#library-table table" if tab == "library" else "#question")
    visitor.page.focus("#tab-chat-button" if tab == "chat" else "#tab-explorer-button")
    way = visitor.press_tab_to("#ask" if tab == "chat" else "#library-search textarea")
    names = iter(["button: Chat", *(name for name, _ in way)])
    assert [label for label in ORDER[tab] if not any(f": {label}" in name for name in names)] == []
    assert unseen(way) == []
    assert visitor.page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0


# -- as a screen reader has it


HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest("dialog:not([open])"))
    .map(one => Number(one.tagName[1]))"""


@pytest.mark.parametrize("view", VIEWS)
def test_headings_leave_no_level_out_and_tables_have_headers(visit, view):
    visitor = visit()
    view(visitor)
    levels = visitor.page.evaluate(HEADINGS)
    assert levels[0] == 1
    assert not [(one, next_) for one, next_ in zip(levels, levels[1:], strict=False) if next_ > one + 1]
    tables = visitor.page.locator("table:visible")
    assert not [table for table in tables.all() if not table.locator("thead th").count()]


def test_who_says_what_and_what_is_folded_is_told(visit):
    visitor = visit()
    page = visitor.page
    visitor.ask(DIFFER)
    visitor.wait_until_idle()
    assert page.get_by_role("group", name="Question").inner_text() == DIFFER
    assert "MLPerf" in page.get_by_role("group", name="Answer").inner_text()
    page.get_by_role("button", name="Filter", exact=True, expanded=False).click()
    page.get_by_role("button", name="Filter", exact=True, expanded=True).wait_for()


def test_a_long_answer_is_read_from_its_beginning_and_scrolled_by_hand(visit):
    visitor = visit()
    visitor.ask("What happened in 2025?")
    visitor.wait_until_idle()
    scrolled = "document.querySelector('#chat .bubble-wrap').scrollTop"
    assert visitor.page.evaluate(scrolled) == 0
    visitor.page.hover("#chat li >> nth=2")
    visitor.page.mouse.wheel(0, 300)
    visitor.page.wait_for_function(f"{scrolled} > 200")
    visitor.page.click("#helpful")
    visitor.wait_for("#helpful:has-text('✓')")
    assert visitor.page.evaluate(scrolled) > 200
    visitor.ask(UNTOLD)
    visitor.wait_until_idle(answers=2)
    assert visitor.page.evaluate(scrolled) > 1000


def test_what_changes_is_announced(visit):
    visitor = visit()
    live = "all => all.map(one => one.getAttribute('aria-live') ?? one.getAttribute('role'))"
    assert visitor.page.eval_on_selector_all("#chat [role=log], #news", live) == ["polite", "status"]
    open_explorer(visitor, "timeline")
    visitor.page.select_option("[data-panel=timeline] [name=month]", "June")
    visitor.wait_for("[data-panel=timeline] [role=status]:has-text('events, June')", state="attached")


def test_each_picture_has_its_table_or_list(visit):
    visitor = visit()
    open_explorer(visitor, "map")
    drawn = visitor.page.locator(".map-frame .node circle").count()
    apart = visitor.page.locator("[data-view=map] .apart li").count()
    visitor.page.click("text=The map as a table")
    rows = visitor.page.get_by_role("region", name="The map as a table").get_by_role("rowheader").count()
    assert rows == drawn + apart
    open_explorer(visitor, "timeline")
    picture = visitor.page.get_by_role("img", name="the list below tells the same")
    assert picture.locator("circle").count() == visitor.page.locator(".events > li").count()
