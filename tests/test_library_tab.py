"""The library tab, in a real browser: what is added is looked at, saved and answered from; it can be taken back."""

import contextlib
import json
import shutil
import signal
import subprocess

import pytest
from browser import PHONE, WIDE, Visitor, launched, served
from hostile_files import pdf, pdf_text
from playwright.sync_api import TimeoutError
from small_library import CONSORTIUM, FORUM
from standin import HOSTILE, StandIn
from web_server import Page, WebServer

from assistant import Assistant, Settings
from assistant.models.language_model import open_model
from index.articles import article_files
from index.build import open_index, rebuild
from index.generations import IndexFolder
from ui.app import build_page

PRESSED_AT_MOST, KEY_PATIENCE_MS = 8, 6_000
SECRETARIAT = "The secretariat of the Zephyr Compact is in Bergen."
NOTE = f"The Zephyr Compact\n\nThe Example Forum wrote about the Zephyr Compact. {SECRETARIAT}\n"
PDF_LINES = (
    (20, 72, 720, "The Zephyr Compact"),
    (11, 72, 680, "The Example Forum wrote about the Zephyr Compact."),
    (11, 72, 666, SECRETARIAT),
)


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture
def server():
    with WebServer({"/compact": Page(f"<html><body><h1>Compact</h1><p>{NOTE}</p></body></html>".encode())}) as server:
        yield server


@pytest.fixture(scope="module")
def built(tmp_path_factory, embedder):
    """A folder with a library of two articles that ships, and its index."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "shipped").mkdir()
    for slug, text in {"forum": FORUM, "consortium": CONSORTIUM}.items():
        (folder / "shipped" / f"{slug}.md").write_text(text, encoding="utf-8")
    rebuild([folder / "shipped"], folder / "index", embedder)
    return folder


@pytest.fixture
def library(tmp_path, built, embedder, server):
    """An assistant over that, with a library of the user's own that is still empty."""
    shutil.copytree(built / "index", tmp_path / "home" / "index")
    trusted = f"127.0.0.1:{server.port}"
    settings = Settings.load(home=tmp_path / "home", library=built / "shipped", trusted_hosts=trusted)
    index = open_index(settings.index_folder, embedder)
    with Assistant(index, embedder, open_model(settings), settings) as assistant:
        yield assistant


@pytest.fixture
def visit(browser, library):
    """Opens the library tab as a new visitor; afterwards, none may have caused a request to another machine."""
    visitors = []
    with served(library) as url:

        def open_tab(size=WIDE, query=""):
            visitors.append(Visitor(browser.new_context(viewport=size), url + query))
            visitors[-1].page.get_by_role("tab", name="Library").click()
            visitors[-1].wait_for("#library-table table")
            return visitors[-1]

        yield open_tab
        for visitor in visitors:
            visitor.page.context.close()
    assert [(visitor.outside, visitor.dialogs) for visitor in visitors] == [([], [])] * len(visitors)


def upload(visitor, tmp_path, **contents):
    paths = []
    for name, content in contents.items():
        paths.append(tmp_path / name.replace("__", "."))
        paths[-1].write_bytes(content if isinstance(content, bytes) else content.encode())
    visitor.page.set_input_files("#add-files input[type=file]", paths)
    visitor.wait_for("#add-files .file")
    visitor.page.click("#read-files")
    visitor.wait_for("#add-discard:text-is('Discard')")


def save(visitor):
    visitor.page.click("#add-save")
    wait_for_status(visitor, "Now reading")


def wait_for_status(visitor, text):
    visitor.wait_for(f"#library-status .now:has-text('{text}')")
    return visitor.page.inner_text("#library-status")


def own(library):
    return [path.stem for path in article_files(library.settings.own_library)]


def test_a_pdf_is_looked_at_saved_and_answered_from(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, compact__pdf=pdf([pdf_text(*PDF_LINES)]))
    card = visitor.page.inner_text("#add-seen .taken")
    assert "compact.pdf" in card and "Example Forum" in card and "A new article." in card
    assert own(library) == []
    save(visitor)
    assert "Now reading 3 articles." in visitor.page.inner_text("#library-status")
    assert "from 3 articles" in visitor.wait_for("#top p:has-text('3 articles')").inner_text()
    visitor.page.get_by_role("tab", name="Chat").click()
    visitor.ask("Where is the secretariat of the Zephyr Compact?")
    visitor.wait_until_idle()
    assert "Bergen" in visitor.chat()


def test_one_bad_file_is_told_in_words_and_the_others_go_in(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, empty__txt="", broken__pdf=b"%PDF-1.4 broken", note__txt=NOTE)
    told = visitor.page.inner_text("#add-seen")
    assert "empty.txt" in told and "the file is empty" in told and "is damaged" in told
    assert "Traceback" not in told and "/" not in told  # no folder of this machine either
    save(visitor)
    assert own(library) == ["note"]


def test_what_is_discarded_is_not_saved(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    visitor.page.click("#add-discard")
    visitor.wait_for("#add-save", state="hidden")
    assert visitor.page.inner_text("#add-seen").strip() == ""
    assert own(library) == []


def test_a_pasted_text_is_corrected_before_it_is_saved(visit, library):
    visitor = visit()
    page = visitor.page
    page.get_by_role("tab", name="Text", exact=True).click()
    page.fill("#add-title :is(input, textarea)", "A compact")
    page.fill("#add-text textarea", SECRETARIAT)
    page.click("#read-text")
    visitor.wait_for("#add-seen .taken")
    page.click("#add-correct > button")
    # The fields are filled in a moment later, and would overwrite what is typed before.
    page.wait_for_function("document.querySelector('#correct-title :is(input, textarea)')?.value")
    page.fill("#correct-published :is(input, textarea)", "2025-13")
    page.click("#correct-apply")
    assert "2025-13" in visitor.wait_for("#add-told .failure").inner_text()
    page.fill("#correct-published :is(input, textarea)", "2025-03-04")
    page.fill("#correct-publisher :is(input, textarea)", "The Press")
    page.click("#correct-apply")
    visitor.wait_for("#add-seen :text('4 March 2025')")
    save(visitor)
    record = next(record for record in library.articles() if record.slug == "a-compact")
    assert (record.published, record.publisher) == ("2025-03-04", "The Press")


def test_a_page_is_fetched_and_a_private_address_is_not(visit, server):
    visitor = visit()
    visitor.page.get_by_role("tab", name="Web", exact=True).click()
    visitor.page.fill("#add-addresses textarea", f"{server.address('/compact')}\nhttp://10.0.0.1/\n/etc/passwd")
    visitor.page.click("#read-pages")
    visitor.wait_for("#add-discard:text-is('Discard')")
    assert visitor.page.locator("#add-seen .added").count() == 1
    assert visitor.page.locator("#add-seen .refused").count() == 2


def test_an_article_of_ones_own_is_removed_after_a_question(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    save(visitor)
    page = visitor.page
    page.click("#library-remove > button")
    page.click("#remove-which input")
    page.click("#remove-which [role=option]")
    page.keyboard.press("Escape")
    page.click("#remove-ask")
    visitor.wait_for("#remove-confirm", state="visible")
    assert own(library) == ["note"]
    page.click("#remove-confirm")
    assert "1 removed" in wait_for_status(visitor, "Now reading 2 articles.")
    assert own(library) == []


def test_a_text_is_added_and_removed_by_keyboard_alone(visit, library):
    visitor = visit()
    way = []

    def go_to(selector):
        way.extend(visitor.press_tab_to(selector))

    visitor.page.focus("#tab-library-button")
    go_to("#add-from-text-button")
    visitor.page.keyboard.press("Enter")
    go_to("#add-title :is(input, textarea)")
    visitor.page.keyboard.type("Zephyr")
    go_to("#add-text textarea")
    visitor.page.keyboard.type(NOTE)
    for button in ("#read-text", "#add-save"):
        visitor.wait_for(button, state="visible")
        go_to(button)
        visitor.page.keyboard.press("Enter")
    wait_for_status(visitor, "Now reading 3 articles.")
    assert own(library) == ["zephyr"]
    go_to("#library-remove > button")
    visitor.page.keyboard.press("Enter")
    visitor.wait_for("#remove-which input", state="visible")

    def press_until(place, keys, effect):
        """Gradio draws what a server's answer changes anew, and a key pressed meanwhile is lost."""
        for _ in range(PRESSED_AT_MOST):
            if visitor.page.is_visible(place):
                go_to(place)
                for key in keys:
                    visitor.page.keyboard.press(key)
            with contextlib.suppress(TimeoutError):
                return visitor.page.wait_for_selector(effect, timeout=KEY_PATIENCE_MS)
        raise AssertionError(f"{keys} at {place} do nothing")

    press_until("#remove-which input", ("ArrowDown", "Enter"), "#remove-which .token")
    press_until("#remove-ask", ("Enter",), "#remove-confirm")
    press_until("#remove-confirm", ("Enter",), "#library-status .now:has-text('Now reading 2 articles.')")
    assert own(library) == []
    assert [name for name, is_seen in way if not is_seen] == []


def test_what_changed_is_shown_and_can_be_undone_and_done_again(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    save(visitor)
    visitor.page.click("#library-history > button")
    visitor.wait_for("#history-back", state="visible")
    visitor.page.click("#history-compare")
    assert "1 article added: note" in visitor.wait_for("#history-told ul").inner_text()
    visitor.page.click("#history-back")
    assert "1 article has changed" in wait_for_status(visitor, "Reading 2 articles")
    assert IndexFolder(library.settings.index_folder).current().number == 1
    visitor.page.click("#library-rebuild")
    wait_for_status(visitor, "Now reading 3 articles.")


def test_the_articles_are_searched_as_one_types(visit):
    visitor = visit()
    visitor.page.fill("#library-search :is(input, textarea)", "cable")
    visitor.wait_for("#library-table caption:has-text('1 article with')")
    visitor.page.click("#library-table .article-link")
    assert "Cable Consortium" in visitor.wait_for("dialog[open]").inner_text()


def test_the_chat_answers_while_another_builds_and_that_is_told(visit, library, tmp_path):
    visitor = visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    with IndexFolder(library.settings.index_folder).lock():
        visitor.page.click("#add-save")
        assert "is building the index" in visitor.wait_for("#library-status .failure").inner_text()
        visitor.page.get_by_role("tab", name="Chat").click()
        visitor.ask("Who founded the Example Forum?")
        visitor.wait_until_idle()
        assert "Blue Labs" in visitor.chat()
    assert own(library) == ["note"]  # saved all the same; a rebuild takes it in


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be paused")
def test_a_question_is_answered_while_a_rebuild_runs_and_every_tab_hears_of_its_end(
    visit, library, tmp_path, monkeypatch
):
    begun = []

    def pause(*arguments, **options):
        begun.append(start(*arguments, **options))
        begun[-1].send_signal(signal.SIGSTOP)
        return begun[-1]

    start = subprocess.Popen
    visitor, other = visit(), visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    monkeypatch.setattr("assistant.rebuilding.subprocess.Popen", pause)
    visitor.page.click("#add-save")
    visitor.wait_for("#library-status progress")
    for tab in (visitor, other):
        tab.page.get_by_role("tab", name="Chat").click()
        tab.ask("Who founded the Example Forum?")
        tab.wait_until_idle()
        assert "Blue Labs" in tab.chat()
    assert len(library.articles()) == 2
    other.page.get_by_role("tab", name="Explorer").click()
    other.page.click("#explorer-table-button")
    other.page.select_option("[data-panel=table] [name=kind]", "standards")
    other.page.wait_for_function("document.querySelectorAll('[data-view=table] tbody tr').length < 2")
    other.page.click("#explorer-timeline-button")
    other.page.click("button:text-is('← All years')")
    other.wait_for("[data-view=timeline]:not(:has(button:text-is('← All years')))")
    other.page.click("#explorer-table-button")
    begun[0].send_signal(signal.SIGCONT)
    other.wait_for("#news:text-is('Now reading 3 articles.')")
    assert "from 3 articles" in other.page.inner_text("#top p")
    other.wait_for("[data-panel=table][data-state=filled]")
    assert other.page.input_value("[data-panel=table] [name=kind]") == "standards"  # what was chosen stays
    other.page.click("#explorer-timeline-button")
    other.wait_for("[data-panel=timeline][data-state=filled] [data-view]:not(:has(button:text-is('← All years')))")
    chosen = other.page.eval_on_selector_all("[data-panel=timeline] [name]", "all => all.map(one => one.value)")
    assert set(chosen) == {""}
    other.page.get_by_role("tab", name="Library").click()
    other.wait_for("#library-table caption:has-text('3 articles')")


def test_hostile_text_is_only_text(visit, tmp_path):
    visitor = visit()
    title = json.dumps(HOSTILE)
    upload(
        visitor,
        tmp_path,
        hostile__md=f"---\ntitle: {title}\npublisher: {title}\n---\n\nThe Example Forum met. {HOSTILE}\n",
    )
    assert "<script>" in visitor.page.inner_text("#add-seen")
    save(visitor)
    assert "<script>" in visitor.page.inner_text("#library-table")
    assert visitor.page.query_selector("#library :is(script, img, iframe, form)") is None
    assert visitor.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("query", ["", "/?__theme=dark"])
def test_nothing_is_wider_than_a_phone(visit, tmp_path, query):
    visitor = visit(PHONE, query)
    upload(visitor, tmp_path, note__txt=NOTE, a_very_long_name_that_has_no_blank_to_break_it_at_anywhere__txt="x" * 300)
    assert visitor.overflow() <= 0


def test_uploads_are_gone_once_they_are_read(visit, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "private"))
    visitor = visit()
    upload(visitor, tmp_path, note__txt=NOTE)
    assert [path for path in (tmp_path / "private").rglob("*") if path.is_file()] == []


def test_a_page_that_others_may_reach_cannot_change_the_library():
    config = build_page(StandIn()).get_config_file()
    shown = {component["props"].get("elem_id") for component in config["components"]}
    assert "library-closed" in shown and not shown & {"add-files", "add-save", "library-rebuild", "remove-ask"}
