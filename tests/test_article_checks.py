"""A writer is told what is wrong with an article, by file and line, and nothing else; nothing wrong, nothing told."""

import pytest

from index.article_checks import check_articles
from index.errors import LibraryError

GOOD = """---
title: Example Forum
published: 2026-11
alliance:
  name: Example Forum
  aliases: [EF]
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs]
  host: [Arm]
  members:
    - role: member
      as_of: 2024-05
      names:
        - Zebra Systems
        - Arm
    - {role: board, since: 2024-03, names: [Blue Labs]}
  events:
    - {date: 2024-03, what: first test suite}
  figures:
    - {what: members, value: '65', as_of: 2024-05}
sources:
  - {id: s1, title: About, publisher: Example Forum, date: 2024-05}
---

The Example Forum was founded on 26 July 2023 by Blue Labs. [s1]
Arm hosts the Example Forum. [s1]

## Members

Zebra Systems and Advanced Machines are members of the Example Forum as of May 2024. [s1]
Blue Labs joined the board of the Example Forum in March 2024, when the first test suite appeared. [s1]
As of May 2024, the Example Forum has 65 members. [s1]
"""
ORGANISATIONS = "Arm: {aliases: [Advanced Machines]}\n"


@pytest.fixture
def check(tmp_path):
    """Checks an article and gives the problems as (line, message)."""
    (tmp_path / "organisations.yaml").write_text(ORGANISATIONS)

    def check(text):
        path = tmp_path / "forum.md"
        path.write_text(text)
        count, problems = check_articles([path], [tmp_path])
        assert count == 1
        assert all(problem.path == path for problem in problems)
        return [(problem.line, problem.message) for problem in problems]

    return check


def test_a_good_article_has_no_problem(check):
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("title: Example Forum", "title: Other", 2, "the title does not hold the alliance's name, 'Example Forum'"),
        ("founded: 2023-07-26", "founded: 2023-07-27", 9, "founding date, '27 July 2023'"),
        ("founders: [Blue Labs]", "founders: [Blue Labs, Nobody]", 10, "no sentence tells that 'Nobody' founded it"),
        ("host: [Arm]", "host: [Blue Labs]", 11, "no sentence tells that 'Blue Labs' hosts it"),
        ("        - Arm", "        - Nobody", 17, "no sentence names 'Nobody'"),
        ("        - Arm", "        - Advanced Machines", 1, "is another name of 'Arm'"),
        ("        - Arm", "        - Zebra Systems", 16, "'Zebra Systems' is listed twice as member"),
        ("      as_of: 2024-05", "      as_of: 2025", 16, "tells the year of `as_of`, 2025"),
        ("      as_of: 2024-05", "      as_of: 2024-05\n      until: 2023", 17, "left before the day of `as_of`"),
        ("since: 2024-03", "since: 2024-04", 18, "no sentence tells that 'Blue Labs' joined in 'April 2024'"),
        ("{date: 2024-03, what: f", "{date: 2024-02, what: f", 20, "'first test suite' with its date, 'February 2024'"),
        ("what: first test suite", "what: new rules", 20, "no sentence tells 'new rules' with its date, 'March 2024'"),
        ("value: '65'", "value: '66'", 22, "'members' with its value, '66' and its year, 2024"),
        ("date: 2024-05}", "date: 2027}", 24, "the source 's1' appeared after the article"),
        ("has 65 members. [s1]", "has 65 members.", 34, "a sentence without a source: 'As of May 2024"),
        ("[s1]\nArm hosts", "[s9]\nArm hosts", 27, "source 's9' is not listed"),
        ("Arm hosts the Ex", "It is hosted by Arm, says the Ex", 28, "'It' points back"),
        ("Arm hosts the Example Forum.", "Arm hosts the Example Forum:", 28, "not a whole sentence"),
        ("Arm hosts the Example Forum. [s1]", "Arm hosts the Example Forum. [s1] " * 2, 28, "in the article twice"),
        ("Zebra Systems and", "Zebra Systems left. [s1]\n\nZebra and", 32, "but the sentence tells of leaving"),
        ("kind: safety", "kind: sfety", 7, "did you mean 'safety'?"),
    ],
)
def test_each_problem_is_told_with_its_line(check, old, new, line, said):
    assert GOOD.count(old) == 1
    told = check(GOOD.replace(old, new))
    assert (line, True) in [(at, said in message) for at, message in told], told


def test_a_source_that_nothing_refers_to_is_told(check):
    more = GOOD.replace("sources:\n", "sources:\n  - {id: s2, title: Old, publisher: P}\n")
    assert check(more) == [(24, "no sentence refers to the source 's2'")]


def test_an_article_of_too_many_words_is_told(check):
    ((line, message),) = check(GOOD + "The Example Forum met again in Paris. [s1]\n".replace("again", "again " * 1000))
    assert line == 2
    assert "an article has at most 1,000" in message


def test_an_article_without_sources_and_facts_is_free(check):
    assert check("---\ntitle: A Note\n---\nIt rains here\n") == []


def test_a_folder_stands_for_its_articles_and_the_count_is_theirs(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(GOOD)
    (tmp_path / "README.md").write_text("no article")
    count, problems = check_articles([tmp_path], [])
    assert count == 2
    assert {problem.path.name for problem in problems} == {"a.md", "b.md"}  # without organisations.yaml


def test_a_mistake_in_organisations_yaml_is_told(tmp_path):
    (tmp_path / "organisations.yaml").write_text("Arm: {aliasses: [AM]}\n")
    _, problems = check_articles([tmp_path], [tmp_path])
    assert [(problem.path.name, problem.line) for problem in problems] == [("organisations.yaml", 1)]


def test_a_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(LibraryError, match="nowhere.md: there is no such file or folder"):
        check_articles([tmp_path / "nowhere.md"], [])
