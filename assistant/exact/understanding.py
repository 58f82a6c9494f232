"""Which exact question a question is, if it is one: each reader in turn, if it understands it wholly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.exact.intent import Intent
from assistant.exact.read_body import read_body, read_count
from assistant.exact.read_library import read_library, read_namesakes
from assistant.exact.read_organisation import read_organisation, read_pair
from assistant.exact.read_sets import read_sets
from assistant.exact.reading import Reading, as_organisation, as_pair
from assistant.exact.vocabulary import MODAL
from index.names.finder import Mention

_READERS = (read_namesakes, read_sets, read_pair, read_organisation, read_count, read_body, read_library)


def read_intents(reading: Reading, mentions: Sequence[Mention]) -> Iterator[Intent]:
    """What a question may ask of the catalogue, the surest first; nothing when it is not wholly understood.

    Args:
        reading: The question, taken apart.
        mentions: The names in it: one that is a body and an organisation, too, may be asked about as the latter.
    """
    if MODAL.search(reading.masked):
        return
    other = as_organisation(reading, mentions)
    if other is not None and (found := read_organisation(other)):
        yield found
    reading = as_pair(reading, mentions) or reading
    yield from (found for reader in _READERS if (found := reader(reading)))
