"""The catalogue of the library that ships, built with a quick embedder: names and facts need no better one."""

from contextlib import contextmanager
from datetime import date

from tiny_index import WordEmbedder

from assistant.settings import SHIPPED_LIBRARY
from index.build import open_index, rebuild
from index.names.finder import NameFinder

TODAY = date(2026, 11, 23)  # on which the tests ask their questions


@contextmanager
def shipped_catalogue(folder):
    """The catalogue, built in this folder."""
    rebuild([SHIPPED_LIBRARY], folder, WordEmbedder())
    with open_index(folder, WordEmbedder()) as index:
        yield index.catalogue


def name_finder(catalogue):
    return NameFinder(catalogue.alliances, catalogue.organisations, lambda word: catalogue.passages_with(word) > 0)
