"""What a newcomer wants to find, found without help: by what the page says, not by how it is made."""

import pytest
from browser import WIDE, Visitor, launched, served
from hostile_files import pdf, pdf_text

from assistant import Assistant

IN_BOTH = ["AMD", "Google", "Intel", "Meta", "Microsoft"]
SECRETARIAT = "The secretariat of the Zephyr Compact is in Bergen."
PDF_LINES = (
    (20, 72, 720, "The Zephyr Compact"),
    (11, 72, 680, "The Zephyr Compact is an agreement of ports that share computers for the study of tides."),
    (11, 72, 666, SECRETARIAT),
)


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(assistant):
    with served(assistant) as url:
        yield url


@pytest.fixture
def newcomer(browser, url):
    """A browser that has never seen the page; afterwards, nothing may have asked another machine."""
    context = browser.new_context(viewport=WIDE)
    visitor = Visitor(context, url)
    yield visitor
    context.close()
    assert (visitor.outside, visitor.dialogs) == ([], [])


def open_tab(page, *names):
    for name in names:
        page.get_by_role("tab", name=name, exact=True).click()


def ask(visitor, question, answers=1):
    visitor.page.get_by_placeholder("Ask about AI alliances").fill(question)
    visitor.page.get_by_role("button", name="Ask", exact=True).click()
    visitor.wait_until_idle(answers)


def quotes(page):
    """The sentences highlighted beside the chat."""
    return page.eval_on_selector_all("#sources mark", "all => all.map(mark => mark.textContent)")


def test_who_is_in_both_is_found_in_the_chat(newcomer):
    ask(newcomer, "Which companies are in both the UALink Consortium and the Open Compute Project?")
    rows = newcomer.page.locator("#chat li").all_inner_texts()
    assert [row.split(".")[0] for row in rows[: len(IN_BOTH)]] == IN_BOTH  # then questions to go on with
    told = " ".join(quotes(newcomer.page))
    assert "the UALink Consortium" in told and "the Open Compute Project" in told
    assert not [name for name in IN_BOTH if told.count(name) < 2]  # named by a sentence on each


def test_who_is_in_both_is_found_on_the_map(newcomer):
    page = newcomer.page
    open_tab(page, "Explorer", "Map")
    page.get_by_label("First").fill("UALink Consortium")
    page.get_by_label("Second").fill("Open Compute Project")
    rows = page.get_by_role("region", name="What they share").get_by_role("rowheader")
    rows.first.wait_for()
    assert rows.all_inner_texts() == IN_BOTH
    near = page.eval_on_selector_all(".node.near title", "all => all.map(title => title.textContent.split(':')[0])")
    assert sorted(near) == sorted([*IN_BOTH, "UALink Consortium", "Open Compute Project"])
    page.get_by_role("button", name="Source:").first.click()
    assert "UALink" in page.get_by_role("dialog", name="Article").locator("mark").inner_text()


def test_what_happened_in_2025_is_found_on_the_timeline_and_in_the_chat(newcomer, assistant):
    page = newcomer.page
    ask(newcomer, "What happened in 2025?")
    quoted, answer = quotes(page), newcomer.chat()
    assert len(quoted) >= 20
    open_tab(page, "Explorer", "Timeline")
    for label in ("From", "to"):
        page.get_by_role("combobox", name=label, exact=True).select_option("2025")
    happened = [told for told in assistant.explorer().happenings if told.date.startswith("2025")]
    page.get_by_role("paragraph").filter(has_text=f"{len(happened)} events, 2025,").wait_for()
    listed = page.get_by_role("list", name="2025").get_by_role("listitem")
    assert listed.count() == len(happened)
    assert f"of {len(happened)}; " in answer  # all of them; a part of them is shown
    told = " ".join(listed.all_inner_texts())
    assert not [quote for quote in quoted if quote not in told]


def test_a_pdf_is_added_and_answers_a_question(browser, home_of_its_own, tmp_path):
    settings = home_of_its_own(tmp_path / "home")
    file = tmp_path / "zephyr.pdf"
    file.write_bytes(pdf([pdf_text(*PDF_LINES)]))
    with Assistant.open(settings) as assistant, served(assistant) as url:
        count = len(assistant.articles())
        context = browser.new_context(viewport=WIDE)
        visitor = Visitor(context, url)
        page = visitor.page
        ask(visitor, "Where is the secretariat of the Zephyr Compact?")
        assert "Bergen" not in visitor.chat()
        open_tab(page, "Library")
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_text("zephyr.pdf").first.wait_for()
        page.get_by_role("button", name="Read the files").click()
        page.get_by_role("button", name="Save").click()
        page.get_by_text(f"Now reading {count + 1} articles.").first.wait_for(timeout=300_000)
        open_tab(page, "Chat")
        ask(visitor, "Where is the secretariat of the Zephyr Compact?", answers=2)
        assert "Bergen" in visitor.chat()
        assert SECRETARIAT in quotes(page)
        page.get_by_role("button", name="Open the article").first.click()
        assert page.get_by_role("dialog", name="Article").locator("mark").inner_text() == SECRETARIAT
        assert visitor.outside == []
        context.close()
