"""What can be asked of the catalogue, and how a reader of free wording makes it."""

from __future__ import annotations

from collections.abc import Callable

from assistant.exact.comparison_reading import Comparison
from assistant.exact.comparison_same import Same
from assistant.exact.disagreement import Dispute
from assistant.exact.intent import Intent
from assistant.exact.intent_classifier import Guess
from assistant.exact.order import Order
from assistant.exact.overview import Overview
from assistant.exact.reading import Reading
from assistant.exact.size import Size
from assistant.exact.timeline_reading import Timeline

Request = Intent | Comparison | Same | Order | Size | Timeline | Overview | Dispute
Reader = Callable[[Reading, Guess], Request | None]  # of one intent; None when more is asked than the catalogue knows
