"""How many threads write: as many as have written fastest lately.

The threads of llama.cpp wait for each other hundreds of times a token, so a token takes as long as the busiest core
makes it. With nothing else on two cores, two threads wrote 1.1 to 1.3 times as fast as one; beside one busy program,
0.4 to 0.8 times as fast. Who else computes is not asked, each choice is timed instead:

1. each choice writes its first few tokens;
2. then the one with the smallest time a token writes on. Its time is an exponential mean, so a change shows at once;
3. of the others nothing is heard meanwhile, so with each token they are believed to be a little faster, until one of
   them is tried again. The slower it was, the later that is.

On times measured on two cores, idle and busy, this takes 1 to 3 % longer than the better choice alone.
"""

from __future__ import annotations

from collections.abc import Sequence

_FIRST_TOKENS = 4  # of each choice
_NEWEST_WEIGHT = 0.25  # of a token's time in the mean
_MOST = 2  # times the mean is what one token may count, so that a single slow one tells little
_HOPE = 0.998  # by which the times of the others shrink with each token; one twice as slow is tried every 100 tokens


def choices_for(cores: int) -> tuple[int, ...]:
    """All cores, or one less: for whatever else runs, the check of the draft above all."""
    return tuple(sorted({max(1, cores - 1), cores}))


class WritingThreads:
    """The number of threads for the next token, chosen by the time that tokens took."""

    def __init__(self, choices: Sequence[int]) -> None:
        """Begin with the first of the choices, with nothing known of any."""
        self._choices = tuple(choices)
        self._times_s = [0.0] * len(choices)  # a token; what is not known is worth a try
        self._written = [0] * len(choices)
        self._chosen = 0

    @property
    def count(self) -> int:
        """Threads for the next token."""
        return self._choices[self._chosen]

    def took(self, seconds: float) -> None:
        """Learn how long a token took with `count` threads, and choose anew."""
        at, times = self._chosen, self._times_s
        if self._written[at]:
            seconds = min(seconds, _MOST * times[at])
        self._written[at] += 1
        weight = max(_NEWEST_WEIGHT, 1 / self._written[at])  # of the first tokens, the plain mean
        self._times_s = [
            time + weight * (seconds - time) if place == at else _HOPE * time for place, time in enumerate(times)
        ]
        if self._written[at] >= _FIRST_TOKENS:
            self._chosen = min(range(len(times)), key=lambda place: (self._times_s[place], place))
