"""What has changed between two generations is told in articles and in facts."""

from contextlib import ExitStack

import pytest
from tiny_index import CONSORTIUM, WordEmbedder

from index.build import rebuild
from index.differences import Differences, compare
from index.generations import IndexFolder
from index.manifest import read_manifest
from index.reading import open_catalogue

BEFORE = """---
title: Example Forum
alliance:
  name: Example Forum
  kind: safety
  status: active
  founded: 2023-07-26
  founders: [Blue Labs]
  host: [Blue Labs]
  members:
    - {role: member, as_of: 2024-05, names: [Green Labs, Red Labs]}
  events:
    - {date: 2024-05-21, what: launched a fund}
  figures:
    - {what: members, value: 2 laboratories, as_of: 2024-05}
sources:
  - {id: s1, title: About, publisher: Example Forum}
---
The Example Forum was founded on 26 July 2023 by Blue Labs. [s1]
As of May 2024, its members are Green Labs and Red Labs. [s1]
On 21 May 2024, the Example Forum launched a fund. [s1]
The Example Forum is hosted by Blue Labs. [s1]
As of May 2024, the Example Forum had 2 laboratories as members. [s1]
"""
AFTER = (
    BEFORE.replace("2024-05, names: [Green Labs, Red Labs]", "2026-05, names: [Green Labs, White Labs]")
    .replace(
        "As of May 2024, its members are Green Labs and Red Labs",
        "As of May 2026, its members are Green Labs and White Labs",
    )
    .replace("    - {date: 2024-05-21, what: launched a fund}\n", "    - {date: 2025-01-15, what: opened an office}\n")
    .replace(
        "On 21 May 2024, the Example Forum launched a fund", "On 15 January 2025, the Example Forum opened an office"
    )
)


@pytest.fixture
def differences(tmp_path):
    """Compares the libraries that two dictionaries of slugs and texts describe."""

    def build(library):
        folder = tmp_path / "library"
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.md"):
            old.unlink()
        for slug, text in library.items():
            (folder / f"{slug}.md").write_text(text, encoding="utf-8")
        rebuild([folder], tmp_path / "index", WordEmbedder(), force=True)
        return IndexFolder(tmp_path / "index").current()

    def compare_libraries(before, after):
        with ExitStack() as stack:
            opened = []
            for generation in (build(before), build(after)):
                manifest = read_manifest(generation.manifest)
                catalogue = open_catalogue(generation, manifest)
                stack.callback(catalogue.close)
                opened.append((manifest, catalogue))
            return compare(*opened)

    return compare_libraries


def test_articles_and_facts_that_came_and_went_are_told(differences):
    found = differences({"forum": BEFORE, "old": CONSORTIUM}, {"forum": AFTER, "new": CONSORTIUM})
    assert found == Differences(
        added=("new",),
        changed=("forum",),
        removed=("old",),
        facts_added=(
            "Example Forum, 2025-01-15: opened an office",
            "White Labs is a member of Example Forum (member)",
        ),
        facts_gone=(
            "Example Forum, 2024-05-21: launched a fund",
            "Red Labs is a member of Example Forum (member)",
        ),
    )


def test_facts_of_an_article_that_is_gone_are_gone(differences):
    found = differences({"forum": BEFORE, "old": CONSORTIUM}, {"old": CONSORTIUM})
    assert "Blue Labs founded Example Forum" in found.facts_gone
    assert "Example Forum was founded on 2023-07-26" in found.facts_gone
    assert "Blue Labs hosts Example Forum" in found.facts_gone
    assert "Example Forum, members: 2 laboratories (as of 2024-05)" in found.facts_gone
    assert found.facts_added == ()


def test_the_same_articles_built_twice_differ_in_nothing(differences):
    assert not differences({"forum": BEFORE}, {"forum": BEFORE})
