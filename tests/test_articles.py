"""An article is read whole and checked; what is wrong is said with its file, line and field, all at once."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import MAX_ARTICLE_BYTES, load_library, read_article
from index.errors import LibraryError
from index.front_matter import MAX_FRONT_MATTER_CHARS, InvalidYaml, parse_article_fields
from index.types import Membership, Organisation, Source

FULL = """---
title: Example Forum
slug: forum
author: Ann Writer
publisher: Example Press
published: 2024-07
url: https://example.org/forum
added: 2026-11-23
file: forum.txt
language: en
alliance:
  name: Example Forum
  aliases: [EF, "The Forum"]
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs]
  members:
    - role: member
      as_of: 2024
      until: 2025-02
      note: left again
      names: [Blue Labs, Green Works]
    - {role: board, names: [Red Institute]}
sources:
  - {id: s1, title: About us, publisher: Example Forum, date: 2023-07-26, url: "http://example.org"}
  - {id: s12, title: Members, publisher: Example Press}
---
# Example Forum

The Example Forum studies safety. [s1]
It has two members. [s1, s12]
"""


def load(folder):
    return load_library([folder])


def problems_of(folder):
    """The lines of the error that loading a folder raises, without the folder's path."""
    with pytest.raises(LibraryError) as caught:
        load(folder)
    return str(caught.value).replace(f"{folder}/", "").split("\n")


@pytest.fixture
def front_matter_problems(tmp_path):
    """The problems of a front matter, whose first line is line 2 of a.md."""

    def check(text):
        with pytest.raises(InvalidYaml) as caught:
            parse_article_fields(text, Path("a.md"))
        return [str(problem) for problem in caught.value.problems]

    return check


# -- what is read


def test_every_field_of_the_front_matter_is_read(tmp_path):
    (tmp_path / "forum.md").write_text(FULL)
    article = read_article(tmp_path / "forum.md")
    assert (article.slug, article.title, article.path) == ("forum", "Example Forum", tmp_path / "forum.md")
    assert (article.published, article.publisher, article.added) == ("2024-07", "Example Press", "2026-11-23")
    assert article.url == "https://example.org/forum"
    assert article.digest == hashlib.sha256(FULL.encode()).hexdigest()
    assert article.sources == (
        Source("s1", "About us", "Example Forum", "2023-07-26", "http://example.org"),
        Source("s12", "Members", "Example Press"),
    )
    alliance = article.alliance
    assert (alliance.name, alliance.aliases, alliance.kind) == ("Example Forum", ("EF", "The Forum"), "safety")
    assert (alliance.status, alliance.founded, alliance.founders) == ("active", "2023-07-26", ("Blue Labs",))
    assert alliance.members == (
        Membership("Blue Labs", "member", None, "2024", "2025-02", "left again"),
        Membership("Green Works", "member", None, "2024", "2025-02", "left again"),
        Membership("Red Institute", "board"),
    )
    assert [(s.number, s.heading, s.source_ids) for s in article.sentences] == [
        (0, "Example Forum", ("s1",)),
        (1, "Example Forum", ("s1", "s12")),
    ]


def test_a_title_is_all_that_a_front_matter_needs(write_article, tmp_path):
    article = read_article(write_article("note", "One sentence."))
    assert (article.slug, article.title, article.alliance, article.sources) == ("note", "Note", None, ())


def test_yaml_never_turns_words_into_other_values():
    fields = parse_article_fields("title: yes\nauthor: 0123\npublisher: null\npublished: 2024-07", Path("a.md"))
    assert (fields.title, fields.author, fields.publisher, fields.published) == ("yes", "0123", "null", "2024-07")


def test_an_empty_field_is_a_field_left_out():
    assert parse_article_fields("title: T\nauthor:\nurl: ''", Path("a.md")).author is None


def test_names_are_cleaned_as_the_body_is():
    fields = parse_article_fields('title: "  Mo\\u0065\\u0308t\\u200b \\u202e Lab "', Path("a.md"))
    assert fields.title == "Moët Lab"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_make_no_difference(tmp_path, ending, mark):
    path = tmp_path / "forum.md"
    path.write_bytes((mark + FULL.replace("\n", ending)).encode())
    article = read_article(path)
    assert article.title == "Example Forum"
    assert [s.text for s in article.sentences] == ["The Example Forum studies safety.", "It has two members."]


def test_a_folder_gives_its_articles_sorted_and_nothing_else(write_article, tmp_path):
    for slug in ("b", "a", "README", "LICENSE", ".hidden"):
        write_article(slug, "One sentence.")
    (tmp_path / "notes.txt").write_text("no article")
    (tmp_path / "folder.md").mkdir()
    assert [article.slug for article in load(tmp_path).articles] == ["a", "b"]


def test_a_missing_folder_counts_as_empty(write_article, tmp_path):
    write_article("a", "One sentence.")
    assert len(load_library([tmp_path, tmp_path / "nowhere"]).articles) == 1


def test_every_named_organisation_is_in_the_library_once(tmp_path):
    (tmp_path / "forum.md").write_text(FULL)
    (tmp_path / "organisations.yaml").write_text("Blue Labs: {aliases: [BL], kind: company}\nZeta: {}\n")
    assert load(tmp_path).organisations == (
        Organisation("Blue Labs", ("BL",), "company"),
        Organisation("Green Works"),
        Organisation("Red Institute"),
        Organisation("Zeta"),
    )


def test_a_later_folder_tells_an_organisation_anew(write_article, tmp_path):
    write_article("a", "One sentence.")
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "organisations.yaml").write_text("Blue Labs: {kind: company}\n")
    (own / "organisations.yaml").write_text("Blue Labs: {aliases: [BL]}\n")
    assert load_library([tmp_path, own]).organisations == (Organisation("Blue Labs", ("BL",)),)


# -- what is refused: front matter

ALLIANCE = "title: T\nalliance:\n  name: A\n  kind: safety\n  status: active\n"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("author: A", "a.md:2:", "field 'title' is missing"),
        ("title:", "a.md:2:", "field 'title' is empty"),
        ('title: "\\u200b"', "a.md:2:", "field 'title'"),
        ("title: [T]", "a.md:2:", "field 'title': \"['T']\" is not a plain text"),
        ("title: T\nauthr: A", "a.md:3:", "unknown field 'authr' (did you mean 'author'?)"),
        ("title: T\nqqq: A", "a.md:3:", "unknown field 'qqq'; known here: title, slug, author"),
        ("title: T\nslug: My_Name", "a.md:3:", "field 'slug': 'My_Name'"),
        ("title: T\npublished: July 2024", "a.md:3:", "field 'published': 'July 2024' is not a date: write 2024"),
        ("title: T\npublished: 2024-13", "a.md:3:", "field 'published': '2024-13' is not a day of the calendar"),
        ("title: T\npublished: 2023-02-29", "a.md:3:", "is not a day of the calendar"),
        ("title: T\nurl: example.org", "a.md:3:", "field 'url': 'example.org' is not a web address"),
        ("title: T\nurl: 'javascript:alert(1)'", "a.md:3:", "is not a web address"),
        ('title: T\nurl: "https://a.org/\\u202egpj"', "a.md:3:", "is not a web address"),
        ("title: T\nalliance: A", "a.md:3:", "field 'alliance': 'A' is not a group of lines"),
        ("title: T\nalliance: {name: A, status: active}", "a.md:3:", "field 'alliance.kind' is missing"),
        (ALLIANCE.replace("safety", "safty"), "a.md:5:", "'safty' is not one of open-source, "),
        (ALLIANCE.replace("safety", "safty"), "a.md:5:", "(did you mean 'safety'?)"),
        (ALLIANCE.replace("active", "gone"), "a.md:6:", "field 'alliance.status': 'gone' is not one of active, "),
        (ALLIANCE + "  foundd: 2023", "a.md:7:", "unknown field 'alliance.foundd' (did you mean 'founded'?)"),
        (ALLIANCE + "  founders: Meta", "a.md:7:", "field 'alliance.founders': 'Meta' is not a list"),
        (ALLIANCE + "  founders:\n  - Meta\n  -", "a.md:9:", "field 'alliance.founders.2' is empty"),
        (
            ALLIANCE + "  members:\n  - role: board\n    names: [A]\n  - role: memer\n    names: [A]",
            "a.md:10:",
            "field 'alliance.members.2.role': 'memer' is not one of founder, ",
        ),
        (
            ALLIANCE + "  members:\n  - role: board\n    names: []",
            "a.md:9:",
            "field 'alliance.members.1.names': '[]' names nothing",
        ),
        (
            ALLIANCE + "  members:\n  - role: board\n    names: [A]\n    asof: 2023",
            "a.md:10:",
            "unknown field 'alliance.members.1.asof' (did you mean 'as_of'?)",
        ),
        ("title: T\nsources:\n- id: x1\n  title: a\n  publisher: b", "a.md:4:", "field 'sources.1.id': 'x1'"),
        ("title: T\nsources:\n- id: s1\n  title: a", "a.md:4:", "field 'sources.1.publisher' is missing"),
        ("title: T\nauthor: A\ntitle: U", "a.md:4:", "field 'title' stands here twice"),
        (ALLIANCE + "  name: B", "a.md:7:", "field 'name' stands here twice"),
        ("title: &x T\nauthor: *x", "a.md:3:", "YAML aliases (*name) are not allowed here"),
        ("title: 'T", "a.md:2:", "not valid YAML: "),
        ("title: T\n\tauthor: A", "a.md:3:", "not valid YAML: "),
        ("title: T\nauthor: a\x01b", "a.md:3:", "characters are not allowed"),
        ("title: " + "[" * 90_000 + "]" * 90_000, "a.md:2:", "not valid YAML: nested too deeply"),
        ("title: T\n? [a]\n: b", "a.md:3:", "a field's name must be a plain word"),
        ("- title", "a.md:2:", "expected lines of the form 'field: value'"),
        ("", "a.md:2:", "expected lines of the form 'field: value'"),
        ("# only a comment", "a.md:2:", "expected lines of the form 'field: value'"),
        ("x" * (MAX_FRONT_MATTER_CHARS + 1), "a.md:2:", f"over {MAX_FRONT_MATTER_CHARS} characters"),
        ("title: " + "T" * 2001, "a.md:2:", "field 'title'"),
    ],
)
def test_a_wrong_front_matter_is_told_with_line_and_field(front_matter_problems, text, place, said):
    (problem,) = front_matter_problems(text)
    assert problem.startswith(place)
    assert said in problem
    assert "\n" not in problem
    assert len(problem) < 400


def test_every_mistake_of_a_front_matter_is_told_at_once(front_matter_problems):
    problems = front_matter_problems("author: A\npublished: soon\nqqq: 1\nsources: [{id: 1}]")
    fields = ["title", "published", "qqq", "sources.1.id", "sources.1.title", "sources.1.publisher"]
    lines = ["2", "3", "4", "5", "5", "5"]
    told = sorted((problem.split("'")[1], problem.split(":")[1]) for problem in problems)
    assert told == sorted(zip(fields, lines, strict=True))


def test_tags_of_yaml_run_nothing(tmp_path):
    target = tmp_path / "made"
    fields = parse_article_fields(f"title: !!python/object/apply:os.mkdir '{target}'", Path("a.md"))
    assert fields.title == str(target)
    assert not target.exists()


def test_nested_aliases_cannot_fill_the_memory(front_matter_problems):
    lines = ["a: &a [x, x]"] + [
        f"{b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefghij", "bcdefghijk", strict=True)
    ]
    assert "aliases" in front_matter_problems("\n".join(lines))[0]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("title: T\n\t-[]{}&*!|>'\"%@#,?\x00\u202e2024sé\ud800"), max_size=60))
def test_any_text_is_a_front_matter_or_a_list_of_problems(text):
    try:
        assert parse_article_fields(text, Path("a.md")).title
    except InvalidYaml as exc:
        assert exc.problems
        assert all(problem.line >= 2 and problem.message for problem in exc.problems)


# -- what is refused: files


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "a.md:1: the file is empty"),
        (b" \n\n", "a.md:1: the file is empty"),
        (b"Just text.\n", "a.md:1: no front matter: the first line must be '---'"),
        (b"\n---\ntitle: T\n---\nText.\n", "a.md:1: no front matter"),
        (b"---\ntitle: T\nText.\n", "a.md:1: the front matter does not end: close it with a line '---'"),
        (b"---\ntitle: T\n---\n", "a.md:4: the article has no text after its front matter"),
        (b"---\ntitle: T\n---\n\n# Heading\n\n![picture](x.png)\n", "a.md:4: the article has no text"),
        (b"---\ntitle: T\n---\nText.\0\n", "a.md:1: not a text file (it holds zero bytes)"),
        ("---\ntitle: T\n---\nText.\n".encode("utf-16"), "a.md:1: not a text file"),
        ("---\ntitle: T\n---\n\nCafé.\n".encode("latin-1"), "a.md:5: not UTF-8 text: save the file as UTF-8"),
        (b"x" * (MAX_ARTICLE_BYTES + 1), "a.md:1: 5 MB of text; an article holds at most 5 MB"),
        (b"---\ntitle: T\nslug: b\n---\nText.\n", "a.md:1: field 'slug': 'b' is not the file's name, 'a'"),
    ],
)
def test_a_file_that_is_no_article_is_told_with_its_line(tmp_path, data, said):
    (tmp_path / "a.md").write_bytes(data)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith(said)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(InvalidYaml, match=r"a\.md:1: cannot be read: No such file"):
        read_article(tmp_path / "a.md")


def test_a_file_name_that_no_text_can_hold_is_told(tmp_path):
    path = tmp_path / "a\udcff.md"
    try:
        path.write_text("---\ntitle: T\n---\nText.\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert "rename the file" in problems_of(tmp_path)[0]


@pytest.mark.parametrize("marker", ["[s2]", "[s1, s2]", "[s1,\ns2]"])
def test_a_source_that_is_referred_to_and_not_listed_is_told_with_its_line(write_article, tmp_path, marker):
    write_article("a", f"First. [s1]\n\nSecond. {marker}", extra="sources: [{id: s1, title: A, publisher: B}]\n")
    assert problems_of(tmp_path) == ["a.md:8: source 's2' is not listed in the front matter"]


def test_a_source_that_is_listed_twice_is_told(write_article, tmp_path):
    write_article(
        "a", "Text. [s1]", extra="sources: [{id: s1, title: A, publisher: B}, {id: s1, title: C, publisher: D}]\n"
    )
    assert problems_of(tmp_path) == ["a.md:1: source 's1' is defined twice"]


def test_markers_are_plain_text_where_no_sources_are_listed(write_article):
    assert [s.text for s in read_article(write_article("a", "See [s1] there.")).sentences] == ["See [s1] there."]


# -- what is refused: the library as a whole


def test_the_same_name_in_two_folders_is_told_with_both_files(write_article, tmp_path):
    one, two = write_article("a", "One.", folder=tmp_path / "x"), write_article("a", "Two.", folder=tmp_path / "y")
    with pytest.raises(LibraryError) as caught:
        load_library([tmp_path / "x", tmp_path / "y"])
    assert str(caught.value) == f"{two}:1: {one} has the same name: rename one of the two files"


def test_an_organisation_under_its_other_name_is_told_with_the_right_one(tmp_path):
    (tmp_path / "forum.md").write_text(FULL)
    (tmp_path / "organisations.yaml").write_text("Azure Laboratories: {aliases: [Blue Labs]}\n")
    assert problems_of(tmp_path) == [
        "forum.md:1: 'Blue Labs' is another name of 'Azure Laboratories': use that one in the front matter"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A: {kind: compny}", "organisations.yaml:1: field 'A.kind': 'compny'"),
        ("A: {}\nB:\n  alias: [x]", "organisations.yaml:3: unknown field 'B.alias' (did you mean 'aliases'?)"),
        ("A: {}\nB: {}\nA: {}", "organisations.yaml:3: field 'A' stands here twice"),
        ("A: company", "organisations.yaml:1: field 'A': 'company' is not a group of lines"),
        ("", "organisations.yaml:1: the file is empty"),
        ("- A", "organisations.yaml:1: expected lines of the form 'field: value'"),
    ],
)
def test_a_wrong_organisations_file_is_told_with_line_and_field(tmp_path, text, said):
    (tmp_path / "organisations.yaml").write_text(text)
    assert problems_of(tmp_path)[0].startswith(said)


def test_the_problems_of_all_files_are_told_at_once(write_article, tmp_path):
    write_article("a", "Text.", extra="authr: X\n")
    (tmp_path / "b.md").write_text("no front matter")
    (tmp_path / "c.md").write_text("")
    write_article("good", "Text.")
    assert [problem.split(":")[0] for problem in problems_of(tmp_path)] == ["a.md", "b.md", "c.md"]


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted(tmp_path):
    for number in range(50):
        (tmp_path / f"{number:02}.md").write_text("")
    problems = problems_of(tmp_path)
    assert len(problems) == 21
    assert problems[-1] == "... and 30 more"
