"""Which exact question a question is, if it is one: each reader in turn, the first that understands it wholly."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.exact.intent import Intent
from assistant.exact.read_body import read_body
from assistant.exact.read_library import read_library
from assistant.exact.read_organisation import read_organisation, read_pair
from assistant.exact.read_sets import read_sets
from assistant.exact.reading import Reading, as_organisation, as_pair
from index.names import Mention

_READERS = (read_sets, read_pair, read_organisation, read_body, read_library)


def read_intent(reading: Reading, mentions: Sequence[Mention]) -> Intent | None:
    """What a question asks of the catalogue, or None when it is not wholly understood.

    Args:
        reading: The question, taken apart.
        mentions: The names in it: one that is a body and an organisation, too, may be asked about as the latter.
    """
    other = as_organisation(reading, mentions)
    if other is not None and (found := read_organisation(other)):
        return found
    reading = as_pair(reading, mentions) or reading
    return next((found for reader in _READERS if (found := reader(reading))), None)
