"""The library tab shows what is known in words, and what comes from elsewhere as text only."""

import re
from pathlib import Path

import pytest
from standin import HOSTILE

from index.adding.own_library import Added
from index.adding.preview import Preview
from index.build_report import STEPS, BuildReport, Step
from index.types import Article, Sentence
from ui.library.add import Waiting
from ui.library.desk import MAX_AT_ONCE, NAMED_SENTENCES, Seen, addresses, files, pasted
from ui.library.view import (
    MAX_ROWS,
    articles_html,
    built_html,
    differences_html,
    generations_html,
    notice,
    outdated_text,
    progress_html,
    saved_text,
    seen_html,
    share_done,
)

SENTENCES = (Sentence(0, "It was founded.", ""),)


def seen(action="added", title="A Note", origin="note.txt", slug="note", names=(), **options):
    article = Article("note", title, Path("note.md"), "", **{"sentences": SENTENCES} | options)
    return Seen(Preview(Added(origin, slug, action), None, article), tuple(names))


def report(**options):
    fields = {"unchanged": False, "added": (), "changed": (), "removed": ()} | options
    return BuildReport(2, counts={}, passages_embedded=0, passages_reused=0, seconds=1.0, **fields)


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_bar_goes_from_nothing_to_nearly_all_and_never_back():
    embedding = [Step("embed", done, 4) for done in range(5)]
    before, after = STEPS[: STEPS.index("embed")], STEPS[STEPS.index("embed") + 1 :]
    shares = [share_done(step) for step in (*map(Step, before), *embedding, *map(Step, after))]
    assert shares == sorted(shares)
    assert shares[0] == 0 and 0.9 < shares[-1] < 1


def test_the_progress_says_what_is_done_and_what_answers_meanwhile():
    told = words(progress_html(Step("embed", 3, 10), 100))
    assert "Reading the articles: 3 of 10 new passages" in told
    assert "answered from the 100 articles of before" in told


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (
            report(added=("a", "b"), removed=("c",)),
            "Now reading 101 articles. The new index answers: 2 added, 1 removed.",
        ),
        (report(unchanged=True), "Now reading 101 articles. The index was up to date."),
    ],
)
def test_a_finished_rebuild_says_what_is_read_now(done, told):
    assert words(built_html(done, 101)) == told


def test_a_card_tells_what_was_understood():
    names = (("AI Alliance", 3), ("MLCommons", 1))
    told = words(seen_html([seen(published="2024-07", publisher="The Press", names=names)]))
    for part in (
        "A Note",
        "note.txt",
        "A new article.",
        "July 2024",
        "The Press",
        "AI Alliance, MLCommons",
        "1 sentence",
    ):
        assert part in told


def test_a_card_says_what_is_not_known():
    told = words(seen_html([seen()]))
    assert "Published not known Publisher not known Alliances none that the library knows" in told


@pytest.mark.parametrize(
    ("action", "told"), [("replaced", "Replaces your article “note”."), ("unchanged", "Already there as “note”")]
)
def test_a_card_says_what_saving_would_do(action, told):
    assert told in words(seen_html([seen(action)]))


def test_a_card_says_where_names_were_looked_for():
    assert "names are those of the first" not in seen_html([seen()])
    assert f"names are those of the first {NAMED_SENTENCES}" in seen_html([seen(sentences=SENTENCES * 1000)])


def test_a_refusal_is_told_without_its_name_twice():
    refused = Seen(Preview(Added("scan.pdf", None, "refused", "scan.pdf: holds no text")))
    assert words(seen_html([refused])) == "scan.pdf Not taken: holds no text"


def test_more_than_is_read_at_once_is_said():
    many = [seen()] * MAX_AT_ONCE
    assert "12 more beyond the first" in seen_html(many, MAX_AT_ONCE + 12)
    assert "beyond" not in seen_html(many, MAX_AT_ONCE)


def test_nothing_of_somebody_elses_is_markup():
    shown = (
        seen_html(
            [seen(title=HOSTILE, origin=HOSTILE, slug=HOSTILE, publisher=HOSTILE, names=[(HOSTILE, 1)], url=HOSTILE)]
        )
        + seen_html([Seen(Preview(Added(HOSTILE, None, "refused", HOSTILE)))])
        + articles_html([[HOSTILE] * 6], HOSTILE)
        + articles_html([], HOSTILE)
        + generations_html([[HOSTILE] * 6], [HOSTILE])
        + differences_html(1, 2, [HOSTILE])
        + notice(HOSTILE)
    )
    assert not re.search(r"<(?:script|img)", shown)
    assert shown.count("&lt;script&gt;") >= 15
    for attribute in re.findall(r'="([^"]*)"', shown):
        assert "<" not in attribute


def test_a_long_list_of_articles_is_cut_and_says_so():
    rows = [["T", "", "", "", f"t{number}", "yours"] for number in range(MAX_ROWS + 3)]
    shown = articles_html(rows, "")
    assert shown.count("data-article") == MAX_ROWS
    assert "And 3 more" in shown and f"{MAX_ROWS + 3} articles" in shown


@pytest.mark.parametrize(("changed", "told"), [(0, ""), (1, "1 article has"), (2, "2 articles have")])
def test_changed_files_are_counted(changed, told):
    assert outdated_text(changed).startswith(told) and bool(outdated_text(changed)) == bool(told)


def test_what_was_refused_after_all_is_told_beside_what_was_saved():
    added = [Added("a", "a", "added"), Added("b", None, "refused", "b: is gone")]
    assert saved_text(added) == ("Saved 1 article.", "b: is gone")


# -- what is read


def test_files_of_one_name_are_told_apart():
    assert [item.origin for item in files(["/x/1/a.pdf", "/x/2/a.pdf", "/x/3/b.pdf"])] == [
        "a.pdf",
        "a (2).pdf",
        "b.pdf",
    ]


def test_an_address_is_never_a_file():
    items = addresses(" example.org/post \n\n/etc/passwd\nfile:///etc/passwd\nhttp://example.org:8000/x\n")
    assert [item.origin for item in items] == [
        "https://example.org/post",
        "https:///etc/passwd",
        "file:///etc/passwd",
        "http://example.org:8000/x",
    ]
    assert not any(item.path or item.data for item in items)


@pytest.mark.parametrize(
    ("title", "text", "name", "begins"),
    [
        ("My note", "Body.", "My note.txt", b"# My note\n\nBody."),
        ("", "First line\nBody.", "First line.txt", b"First line\nBody."),
        ("", "---\ntitle: Own\n---\n\nBody.", "Own.txt", b"---\ntitle: Own"),
        ("a/../b", "Body.", "a .. b.txt", b"# a/../b"),
    ],
)
def test_a_pasted_text_is_a_file_named_by_its_title(title, text, name, begins):
    (item,) = pasted(title, text)
    assert item.origin == name
    assert item.data.startswith(begins)


def test_nothing_pasted_is_nothing():
    assert pasted("A title", " \n ") == []


def test_only_what_was_made_here_can_be_corrected():
    assert Waiting((seen(),)).correctable == []
