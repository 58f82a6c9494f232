"""The model writes with the number of threads that is the fastest lately, and its answer does not depend on it."""

import random

import pytest

from assistant.models.writing_threads import WritingThreads, choices_for

TOKENS = 2000
MAX_LOSS = 1.05  # times as long as the best choice alone
BUSY = (7.7, 17.9)  # milliseconds a token with one thread and with two, as measured
IDLE = (6.8, 6.0)
EQUAL = (7.0, 7.0)


def written(times, noise=0.05):
    """Writes tokens that take as long as `times` tells: the time taken, that of each choice alone, and the choices."""
    chance = random.Random(1)
    threads, taken, alone, used = WritingThreads([1, 2]), 0.0, [0.0, 0.0], []
    for place in range(TOKENS):
        took = [time * max(0.5, chance.gauss(1, noise)) for time in times(place)]
        alone = [sum(pair) for pair in zip(alone, took, strict=True)]
        used.append(threads.count)
        taken += took[threads.count - 1]
        threads.took(took[threads.count - 1])
    return taken, alone, used


@pytest.mark.parametrize("times", [BUSY, IDLE, EQUAL], ids=["busy", "idle", "equal"])
@pytest.mark.parametrize("noise", [0.0, 0.05, 0.25])
def test_writing_takes_hardly_longer_than_with_the_better_choice(times, noise):
    taken, alone, _ = written(lambda _: times, noise)
    assert taken < MAX_LOSS * min(alone)


@pytest.mark.parametrize(("times", "best"), [(BUSY, 1), (IDLE, 2)])
def test_the_faster_choice_writes_nearly_all(times, best):
    assert written(lambda _: times)[2].count(best) > 0.9 * TOKENS


def test_what_changes_is_noticed():
    taken, alone, used = written(lambda place: IDLE if place // 500 % 2 else BUSY)
    assert taken < min(alone)
    assert used[400:500].count(1) > 80 and used[900:1000].count(2) > 80


def test_one_slow_token_changes_little():
    def times(place):
        return (6.8, 60.0) if place == 100 else IDLE

    assert written(times)[2][100:].count(2) > 0.9 * (TOKENS - 100)


def test_each_choice_is_tried_at_first():
    assert set(written(lambda _: BUSY)[2][:10]) == {1, 2}


def test_what_is_set_stays():
    threads = WritingThreads([3])
    for seconds in (1.0, 100.0, 0.1):
        threads.took(seconds)
        assert threads.count == 3


@pytest.mark.parametrize(("cores", "choices"), [(1, (1,)), (2, (1, 2)), (8, (7, 8))])
def test_all_cores_write_or_one_less(cores, choices):
    assert choices_for(cores) == choices
