"""An assistant over three tiny articles that has evidence for one question, and a model of the test's own to draft it.

Which sentences are evidence is not what its tests are about, so it is given, whatever the fitted weights are.
"""

from contextlib import contextmanager

import pytest
from tiny_index import WordEmbedder, write_library

import assistant.answering
from assistant import Assistant
from assistant.open.evidence import Evidence, Selection
from assistant.settings import Settings
from index.build import open_index, rebuild

QUESTION = "What does the Example Forum publish?"
FACT = "The Example Forum publishes reports on the testing of frontier models."


@contextmanager
def drafting_with(model, folder):
    """The assistant; its evidence is the one fact."""
    settings = Settings.load(home=folder / "home", library=write_library(folder / "library"))
    rebuild(settings.libraries, settings.index_folder, WordEmbedder())
    index = open_index(settings.index_folder, WordEmbedder())
    (record,) = [one for one in index.catalogue.sentences_of_article("forum") if one.sentence.text == FACT]

    def select(asked, hits, catalogue, names, embedder, *_):
        return Selection((Evidence(record, "Example Forum", embedder.embed([FACT])[0], 1.0),))

    with pytest.MonkeyPatch.context() as patch, Assistant(index, WordEmbedder(), model, settings) as opened:
        patch.setattr(assistant.answering, "select_evidence", select)
        yield opened
