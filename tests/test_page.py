"""The page, in a real browser: it answers with sources, can be stopped; nothing on it runs or phones home."""

import http.client
import json
import os
import queue
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import PHONE, WIDE, Visitor, launched, served
from standin import CRASHED, HOSTILE, PLAIN, StandIn

from assistant.errors import BadSetting
from assistant.evaluation.questions import read_questions
from ui.chat.tab import BROKEN, CROWDED, UNREADABLE
from ui.server import check_address, listen

FOUNDERS = "Who founded the AI Alliance?"
UNTOLD = "What is the capital of France?"


@pytest.fixture(scope="module")
def browser():
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def real_url(assistant):
    with served(assistant) as url:
        yield url


@pytest.fixture(scope="module")
def stand_in():
    return StandIn()


@pytest.fixture(scope="module")
def stand_in_url(stand_in):
    with served(stand_in) as url:
        yield url


@pytest.fixture
def visit(browser, stand_in):
    """Opens a page as a new visitor; afterwards, none may have caused a request to another machine."""
    stand_in.release.clear()
    stand_in.ended = queue.SimpleQueue()
    contexts, visitors = [], []

    def open_page(url, size=WIDE):
        contexts.append(browser.new_context(viewport=size))
        visitors.append(Visitor(contexts[-1], url))
        return visitors[-1]

    yield open_page
    stand_in.release.set()
    for context in contexts:
        context.close()
    assert [visitor.outside for visitor in visitors] == [[]] * len(visitors)


def test_an_answer_stands_beside_the_sentence_it_rests_on(visit, real_url, assistant):
    visitor = visit(real_url)
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle()
    assert "IBM" in visitor.chat()
    number = visitor.page.inner_text("#chat a.cite >> nth=0")
    card = visitor.wait_for(f".source:has(.number:text-is('{number}'))")
    quote = card.query_selector("mark").inner_text()
    texts = [sentence.text for hit in assistant.search(quote) for sentence in hit.passage.sentences]
    assert quote in texts
    assert len(card.query_selector("blockquote").inner_text()) > len(quote)  # in its passage


def test_a_marker_leads_to_its_card(visit, real_url):
    visitor = visit(real_url + "/?__theme=dark")
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle()
    visitor.page.click("#chat a.cite >> nth=0")
    assert visitor.page.evaluate("document.activeElement.id") == "source-1-1"
    assert FOUNDERS in visitor.chat()  # the page was not loaded anew


def test_a_card_opens_the_article_at_the_sentence_and_escape_leads_back(visit, real_url):
    visitor = visit(real_url)
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle()
    visitor.wait_for(".source mark")
    quote = visitor.page.inner_text(".source mark >> nth=0")
    visitor.page.focus(".source .open-article >> nth=0")
    visitor.page.keyboard.press("Enter")
    marked = visitor.wait_for("#article[open] mark")
    assert marked.inner_text() == quote
    assert marked.evaluate("mark => document.activeElement === mark && mark.getBoundingClientRect().top > 0")
    assert visitor.page.inner_text("#article h2") == "AI Alliance"
    visitor.page.keyboard.press("Escape")
    assert not visitor.page.is_visible("#article")
    assert visitor.page.evaluate("document.activeElement.className") == "open-article"


def test_what_the_articles_do_not_tell_looks_different_and_offers_what_they_tell(visit, real_url):
    visitor = visit(real_url)
    visitor.ask(UNTOLD)
    visitor.wait_until_idle()
    visitor.wait_for("#chat .abstained")
    assert visitor.page.query_selector("#sources .source") is None
    visitor.page.click("#chat button.ask >> nth=0")
    visitor.wait_until_idle(answers=2)
    assert len(visitor.page.query_selector_all("#chat .abstained")) == 1


def test_a_table_can_be_sorted_by_keyboard_and_copied(visit, real_url):
    visitor = visit(real_url)
    visitor.allow_clipboard()
    visitor.ask("How do the Frontier Model Forum and MLCommons differ?")
    visitor.wait_until_idle()
    first = "#chat tbody tr:first-child td >> nth=0"
    columns = "rows => rows.map(row => row.cells[1].textContent)"
    before = visitor.page.eval_on_selector_all("#chat tbody tr", columns)
    visitor.page.focus("#chat button.sort >> nth=0")
    visitor.page.keyboard.press("Enter")
    ascending = visitor.page.eval_on_selector_all("#chat tbody tr", columns)
    visitor.page.keyboard.press("Enter")
    descending = visitor.page.eval_on_selector_all("#chat tbody tr", columns)
    assert sorted(before) == sorted(ascending)
    assert ascending == descending[::-1] != before
    assert visitor.page.get_attribute("#chat th[aria-sort]", "aria-sort") == "descending"
    visitor.page.click("#chat .copy-table")
    visitor.wait_for("#chat .copy-table:text-is('Copied')")
    lines = visitor.clipboard().split("\n")
    assert lines[0] == "\tFrontier Model Forum\tMLCommons"
    assert visitor.page.inner_text(first).split("\n")[0].startswith(lines[1].split("\t")[1][:10])


def test_an_answer_is_copied_with_its_sources_as_footnotes(visit, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.allow_clipboard()
    visitor.ask("first")
    visitor.wait_until_idle()
    visitor.page.click("#chat .copy-answer")
    visitor.wait_for("#chat .copy-answer:text-is('Copied')")
    assert f"{PLAIN} [^1-1]" in visitor.clipboard()
    assert "[^1-1]: " in visitor.clipboard()


def test_the_last_question_is_edited_or_asked_again_in_its_place(visit, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("first")
    visitor.wait_until_idle()
    visitor.page.click("#retry")
    visitor.wait_for("#chat :text('This is question 1')")
    visitor.wait_until_idle()
    visitor.page.focus("#edit")
    visitor.page.keyboard.press("Enter")
    visitor.wait_for("#examples", state="visible")  # the conversation is empty again
    visitor.page.wait_for_function("document.activeElement.matches('#question textarea')")
    assert visitor.page.input_value("#question textarea") == "first"
    visitor.ask("other")
    visitor.wait_until_idle()
    assert "first" not in visitor.chat()
    assert "This is question 1" in visitor.chat()


def test_a_verdict_with_a_word_is_kept(visit, stand_in, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("judge me")
    visitor.wait_until_idle()
    visitor.page.click("#not-helpful")
    visitor.wait_for("#not-helpful:has-text('✓')")
    visitor.wait_for("#note input").fill("too short")
    visitor.page.press("#note input", "Enter")
    visitor.wait_for("#note input[placeholder^='Noted, with']")
    assert "too short" in stand_in.settings.feedback_file.read_text("utf-8")
    assert read_questions([stand_in.settings.feedback_file])


def test_conversations_are_kept_found_renamed_taken_up_and_deleted(visit, stand_in_url):
    visitor = visit(stand_in_url)
    for question in ("apples", "pears"):
        visitor.ask(question)
        visitor.wait_until_idle()
        visitor.page.click("#new-chat")
        visitor.wait_for("#examples", state="visible")
    visitor.page.reload()
    visitor.page.click("#conversations-button")
    visitor.wait_for("#conversations[open]")
    assert visitor.names() == ["pears", "apples"]
    visitor.page.fill("#conversations input[type=search]", "APPLE")
    assert visitor.names() == ["apples"]
    visitor.page.click("#conversations :text-is('Rename')")
    visitor.page.fill("#conversations li input", "<b>fruit</b>")
    visitor.page.press("#conversations li input", "Enter")
    assert visitor.names() == ["<b>fruit</b>"]
    visitor.page.click("#conversations .open")
    visitor.wait_for("#chat :text('apples')")
    visitor.ask("more")
    visitor.wait_until_idle(answers=2)
    assert "This is question 2" in visitor.chat()
    visitor.page.click("#conversations-button")
    visitor.page.fill("#conversations input[type=search]", "pears")
    visitor.page.click("#conversations :text-is('Delete')")
    visitor.page.click("#conversations :text-is('Really delete')")
    assert visitor.names() == []
    visitor.page.fill("#conversations input[type=search]", "")
    assert visitor.names() == ["<b>fruit</b>"]


def test_a_conversation_is_exported_with_its_citations(visit, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("hostile " + HOSTILE)
    visitor.wait_until_idle()
    visitor.wait_for("#record [data-id]", state="attached")
    visitor.page.click("#conversations-button")
    markdown, as_json = (visitor.download(f"#conversations :text-is('{kind}')") for kind in ("Markdown", "JSON"))
    assert "[^1-1]: " in markdown
    assert "<" not in markdown and not re.search(r"(?<!\\)(?:\\\\)*\[(?!\^)", markdown)
    assert json.loads(as_json)["turns"][0]["answer"]["citations"][0]["quote"] == HOSTILE
    assert visitor.page.evaluate("window.hacked") is None


def test_what_the_browser_keeps_is_only_text(visit, stand_in_url):
    visitor = visit(stand_in_url)
    hostile = json.dumps({"name": HOSTILE, "saved": 1, "kept": "{", "texts": [[1, HOSTILE, HOSTILE]]})
    visitor.page.evaluate("text => localStorage.setItem('alliances.conversation.x', text)", hostile)
    visitor.page.click("#conversations-button")
    assert visitor.names() == [HOSTILE]
    visitor.page.click("#conversations .open")
    visitor.wait_for("#chat .failure")
    assert visitor.page.inner_text("#chat .failure") == UNREADABLE
    assert visitor.page.evaluate("window.hacked") is None


def test_the_tabs_are_reached_by_keyboard(visit, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.page.focus("#tab-chat-button")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.wait_for("#tab-explorer", state="visible")
    assert not visitor.page.is_visible("#question")


def test_an_example_asks_itself_and_the_examples_go(visit, real_url):
    visitor = visit(real_url)
    example = visitor.page.inner_text("#examples button >> nth=0")
    visitor.page.click("#examples button >> nth=0")
    visitor.wait_until_idle()
    assert example in visitor.chat()
    assert not visitor.page.is_visible("#examples")


def test_a_filter_narrows_the_answers_is_told_and_cleared(visit, real_url):
    visitor = visit(real_url)
    assert not visitor.page.is_visible("#filter-since")  # folded away
    visitor.page.click("#filter > button")
    visitor.page.get_by_label("Alliances").fill("Frontier Model")
    visitor.wait_for("[role=option]:has-text('Frontier Model Forum')")
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_label("Dated since").fill("2025")
    visitor.wait_for("#filter > button:has-text('Filter: Frontier Model Forum; since 2025')")
    visitor.ask("What happened in 2025?")
    visitor.wait_until_idle()
    assert "With the filter: Frontier Model Forum; since 2025" in visitor.chat()
    assert "Event of the Frontier Model Forum in 2025" in visitor.chat()
    visitor.page.click("#filter-clear")
    visitor.wait_for("#filter > button:not(:has-text('Filter:'))")
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle(answers=2)
    assert visitor.chat().count("With the filter") == 1 and "IBM" in visitor.chat()


def test_a_filter_that_is_no_date_is_said_in_a_sentence(visit, real_url):
    visitor = visit(real_url)
    visitor.page.click("#filter > button")
    visitor.page.get_by_label("Dated since").fill("soon")
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle()
    assert "'soon' is no date" in visitor.page.inner_text("#chat .failure")


def test_nothing_is_wider_than_a_phone(visit, real_url):
    visitor = visit(real_url, PHONE)
    assert visitor.overflow() <= 0
    visitor.ask(FOUNDERS)
    visitor.wait_until_idle()
    visitor.wait_for(".source mark")
    assert visitor.overflow() <= 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_the_chat_can_be_read(visit, real_url, theme):
    visitor = visit(f"{real_url}/?__theme={theme}")
    assert visitor.hard_to_read() == []
    visitor.ask("How do the Frontier Model Forum and MLCommons differ?")
    visitor.wait_until_idle()
    visitor.ask(UNTOLD)
    visitor.wait_until_idle(answers=2)
    assert visitor.hard_to_read() == []
    visitor.page.click("#conversations-button")
    visitor.wait_for("#conversations[open] .open")
    assert visitor.hard_to_read() == []


def test_answers_are_announced_politely_and_tables_have_a_name(visit, real_url):
    visitor = visit(real_url)
    assert visitor.page.get_attribute("#chat [role=log]", "aria-live") == "polite"
    visitor.ask("How do the Frontier Model Forum and MLCommons differ?")
    visitor.wait_until_idle()
    visitor.wait_for("#chat .table[aria-label=Table]")


def test_stop_is_heard_while_the_model_computes(visit, stand_in, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("wait")
    visitor.wait_for("#chat .cite")
    visitor.page.click("#stop")
    visitor.wait_for("#chat :text('Stopped.')")
    assert not stand_in.release.is_set()
    stand_in.release.set()
    assert stand_in.ended.get(timeout=10) == ("wait", False)
    visitor.ask("again")  # the next question is answered
    visitor.wait_until_idle(answers=2)
    assert "This is question 2" in visitor.chat()


def test_a_question_after_stop_waits_for_the_model_to_let_go(visit, stand_in, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("wait")
    visitor.wait_for("#chat .cite")
    visitor.page.click("#stop")
    visitor.wait_for("#chat :text('Stopped.')")
    visitor.ask("again")
    visitor.wait_for("#chat .thinking")
    stand_in.release.set()
    visitor.wait_until_idle(answers=2)
    assert "This is question 2" in visitor.chat()


def test_closing_the_tab_stops_the_model(visit, stand_in, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("wait")
    visitor.wait_for("#chat .cite")
    visitor.page.close()
    other = visit(stand_in_url)
    other.ask("other")
    other.wait_until_idle()  # although the first answer is not released, its place is free
    assert stand_in.ended.get(timeout=10) == ("other", True)
    stand_in.release.set()
    assert stand_in.ended.get(timeout=10) == ("wait", False)


def test_a_new_chat_forgets_the_old_one(visit, stand_in_url):
    visitor = visit(stand_in_url)
    visitor.ask("first")
    visitor.wait_until_idle()
    visitor.page.click("#new-chat")
    visitor.wait_for("#examples", state="visible")
    assert PLAIN not in visitor.chat()
    assert PLAIN not in visitor.sources()
    visitor.ask("second")
    visitor.wait_until_idle()
    assert "This is question 1" in visitor.chat()


def test_each_tab_has_its_own_conversation(visit, stand_in_url):
    one, two = visit(stand_in_url), visit(stand_in_url)
    one.ask("first")
    one.wait_until_idle()
    two.ask("second")
    two.wait_until_idle()
    assert "This is question 1" in two.chat()
    assert "first" not in two.chat()


def test_eight_tabs_of_one_browser_load_and_the_first_still_answers(browser, stand_in_url):
    context = browser.new_context()  # a browser has six connections for one address
    tabs = [Visitor(context, stand_in_url) for _ in range(8)]
    tabs[0].ask("first")
    tabs[0].wait_until_idle()
    assert "This is question 1" in tabs[0].chat()
    context.close()


def test_hostile_text_is_only_text(visit, stand_in_url):
    visitor = visit(stand_in_url)
    assert "<b>" in visitor.page.inner_text("#examples")
    visitor.ask("hostile " + HOSTILE)
    visitor.wait_until_idle()
    visitor.wait_for(".source mark")
    assert visitor.chat().count(HOSTILE) == 3  # in the question, in the answer and in a question to go on with
    assert HOSTILE in visitor.sources()
    for place in ("#chat .message", "#sources"):
        for tag in ("script", "img", "iframe", "form", "style", "strong", "h1", ".katex", "[onmouseover]", "[onload]"):
            assert visitor.page.query_selector(f"{place} {tag}") is None
    visitor.page.click(".open-article")
    visitor.wait_for("#article[open] mark")
    assert visitor.page.inner_text("#article").count(HOSTILE) == 3  # title, publisher, sentence
    assert visitor.page.query_selector("#article :is(script, img, iframe, form, style, svg, strong, a)") is None
    links = visitor.page.eval_on_selector_all("#chat a, #sources a", "all => all.map(a => a.href)")
    assert {urlsplit(link).hostname for link in links} == {"127.0.0.1", "example.org"}
    assert visitor.page.evaluate("window.hacked") is None
    assert visitor.dialogs == []


@pytest.mark.parametrize(
    ("question", "sentence"), [("fail", CRASHED.replace("`", "")), ("break", BROKEN.replace("`", ""))]
)
def test_what_goes_wrong_is_said_in_a_sentence(visit, stand_in_url, question, sentence):
    visitor = visit(stand_in_url)
    visitor.ask(question)
    visitor.wait_until_idle()
    assert visitor.page.inner_text("#chat .failure") == sentence
    assert "Error" not in visitor.chat()


def test_a_question_that_waits_is_told_its_place_and_then_answered(visit, stand_in, stand_in_url):
    busy, late = visit(stand_in_url), visit(stand_in_url)
    busy.ask("wait")
    busy.wait_for("#chat .cite")
    late.ask("late")
    late.wait_for("#chat .thinking:has-text('Waiting: 1 question before yours')")
    stand_in.release.set()
    late.wait_until_idle()
    assert "This is question 1" in late.chat()


def test_a_full_line_is_said_at_once(visit, stand_in_url, monkeypatch):
    monkeypatch.setattr("ui.chat.line.PLACES", 1)
    busy, late = visit(stand_in_url), visit(stand_in_url)
    busy.ask("wait")
    busy.wait_for("#chat .cite")
    late.ask("late")
    late.wait_until_idle()
    assert "Too many questions are waiting: 1 question before yours" in late.page.inner_text("#chat .failure")


def test_a_full_queue_is_said_at_once(visit, stand_in_url):
    visitor = visit(stand_in_url)

    def refuse(route):
        route.fulfill(status=503, content_type="application/json", body='{"detail": "Queue is full."}')

    visitor.page.route("**/gradio_api/queue/join*", refuse)
    visitor.ask("late")
    visitor.wait_until_idle()
    assert visitor.page.inner_text("#chat .failure") == CROWDED


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"Host": "evil.example"}, 400),
        ("GET", {"Origin": "http://evil.example"}, 403),
        ("GET", {"Origin": "null"}, 403),
        ("GET", {"Origin": "http://127.0.0.1:1"}, 403),  # another server on this machine
        ("POST", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_other_sites_are_turned_away(stand_in_url, method, headers, status):
    assert _request(stand_in_url, method, "/", headers=headers).status == status


def test_the_page_may_load_its_own_things_only(stand_in_url):
    headers = _request(stand_in_url, "GET", "/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("slug", ["no-such-article", "..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E"])
def test_only_articles_of_the_library_are_opened(stand_in_url, slug):
    assert _request(stand_in_url, "GET", f"/article/{slug}").status == 404
    assert _request(stand_in_url, "GET", "/article/forum?sentence=1").status == 200


def test_this_machine_is_served():
    check_address("127.0.0.1", 0)
    check_address("localhost", 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_only_this_machine_is_served(host):
    with pytest.raises(BadSetting, match="--host 127.0.0.1"):
        check_address(host, 0)


def test_a_port_in_use_is_named():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(BadSetting, match=rf"Port {port} .*--port"):
            check_address("127.0.0.1", port)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to another process")
def test_ctrl_c_ends_it_cleanly():
    program = (
        "from standin import StandIn; from ui import serve; "
        "serve(StandIn(), host='127.0.0.1', port=0, on_ready=lambda url: print(url, flush=True))"
    )
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 0


def _request(url, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    data = json.dumps(body) if body is not None else None
    connection.request(method, path, data, {"Content-Type": "application/json"} | (headers or {}))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response
