"""The chat is drawn often enough to be followed, and no oftener."""

from itertools import count

from ui.chat.layout import REDRAW_S, paced


def drawn(changes, step_s):
    """What is drawn when the clock goes on by so much at each look."""
    ticks = count()
    return list(paced(changes, lambda: next(ticks) * step_s))


def test_changes_that_come_at_once_are_drawn_once():
    assert drawn([True] * 40, 0) == [True]


def test_changes_that_come_slowly_are_all_drawn():
    assert drawn([True] * 3, 2 * REDRAW_S) == [True] * 3


def test_a_change_held_back_is_drawn_with_the_next_sign_of_life():
    assert drawn([True, True, False, False], 0) == [True, True, False]


def test_signs_of_life_draw_nothing():
    assert drawn([False, False], 0) == [False, False]
