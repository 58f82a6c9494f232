"""A press text as users have them, added by one command, is asked about like any article of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from index.adding.add import add_articles

SEED = Path(__file__).resolve().parent.parent.parent / "shared" / "seed" / "meta-ibm-open-ai-challenge.txt"

pytestmark = pytest.mark.skipif(not SEED.is_file(), reason="the user's own article is not part of the project")


@pytest.fixture(scope="module")
def with_seed(tmp_path_factory, settings, home_of_its_own):
    home = tmp_path_factory.mktemp("seed")
    (added,) = add_articles([str(SEED)], home / "articles", settings.library)
    assert (added.action, added.slug) == ("added", "meta-ibm-open-ai-challenge")
    with Assistant.open(home_of_its_own(home)) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which supercomputer did Meta unveil?", ["SuperCluster"]),
        ("What approach should influential AI players adopt?", ["co-opetition"]),
        ("Which two companies joined forces in the open AI challenge?", ["Meta", "IBM"]),
    ],
)
def test_it_answers_from_the_added_article(with_seed, question, expected):
    answer = with_seed.ask(question)
    assert all(word in answer.text for word in expected), answer.text
    slugs = {citation.slug for citation in answer.citations}
    assert slugs & {"meta-ibm-open-ai-challenge", "ai-alliance"}


def test_a_number_of_members_is_not_made_up_for_it(with_seed):
    assert with_seed.ask("How many members does it have?").abstained
    chat = with_seed.conversation()
    chat.ask("Which two companies joined forces in the open AI challenge?")
    answer = chat.ask("How many members does it have?")
    assert answer.abstained or "AI Alliance" in answer.text
