"""bench/checker.py: the same claims each time, right ones apart from wrong ones, and halves that share nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

from checker import WRITTEN, check_all, make_claims, read_written, shares  # noqa: E402
from claim_sources import read_pool  # noqa: E402

from assistant.settings import SHIPPED_LIBRARY  # noqa: E402
from index.articles import load_library  # noqa: E402


@pytest.fixture(scope="module")
def pool():
    return read_pool(load_library([SHIPPED_LIBRARY]))


@pytest.fixture(scope="module")
def made(pool):
    return make_claims(pool, per_sort=20, seed=3)


def test_the_same_seed_makes_the_same_claims(pool, made):
    assert made == make_claims(pool, per_sort=20, seed=3) != make_claims(pool, per_sort=20, seed=4)


def test_there_are_at_least_400_claims_of_20_sorts(pool, made):
    assert len({claim.sort for claim in made}) >= 20 and len(made) >= 400
    assert len(read_written(WRITTEN, pool)) >= 120


def test_only_the_sentence_itself_is_left_as_it_was(made):
    assert {claim.sort for claim in made if claim.text == claim.source.text} == {"the sentence itself"}


def test_claims_about_the_same_sentence_are_in_the_same_half(pool, made):
    halves = {}
    for claim in made + read_written(WRITTEN, pool):
        assert halves.setdefault(claim.source.text, claim.half) == claim.half
    assert set(halves.values()) == {"tuning", "reporting"}


def test_few_wrong_claims_pass_and_most_right_ones_do(pool, made, embedder):
    passed, caught = shares(check_all(made + read_written(WRITTEN, pool), embedder))
    assert passed > 0.8 and caught >= 0.98
