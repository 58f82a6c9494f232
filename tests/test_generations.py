"""Old generations are kept to go back to, listed, and removed with all that belongs to them."""

import pytest
from tiny_index import NEW_TEXT, WordEmbedder, ask, change, write_library

from assistant.errors import IndexMissing
from assistant.generations_shown import pick, show_differences, show_generations
from index.build import open_index, rebuild
from index.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexUnreachable
from index.generations import IndexFolder
from index.healing import roll_back


@pytest.fixture
def library(tmp_path):
    return write_library(tmp_path / "library")


@pytest.fixture
def folder(library, tmp_path):
    """An index of two generations; the second has the changed article."""
    rebuild([library], tmp_path / "index", WordEmbedder())
    change(library)
    rebuild([library], tmp_path / "index", WordEmbedder())
    return IndexFolder(tmp_path / "index")


# -- going back


def test_rolling_back_puts_the_generation_before_in_use_and_a_rebuild_undoes_it(library, folder):
    with open_index(folder.root, WordEmbedder()) as reader:
        said = roll_back(folder.root, WordEmbedder())
        assert reader.is_superseded()
    assert said.startswith("Generation 1 answers again, built on 20") and "\n" not in said
    assert NEW_TEXT not in ask(folder.root, NEW_TEXT)
    assert rebuild([library], folder.root, WordEmbedder()).changed == ("consortium",)
    assert NEW_TEXT in ask(folder.root, NEW_TEXT)


def test_with_nothing_to_go_back_to_nothing_changes(folder, tmp_path):
    roll_back(folder.root, WordEmbedder())
    with pytest.raises(IndexMissing, match="no generation to go back to"):
        roll_back(folder.root, WordEmbedder())
    assert folder.current().number == 1
    with pytest.raises(IndexMissing, match="alliances rebuild"):
        roll_back(tmp_path / "none", WordEmbedder())
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("embedder", "damage", "error"),
    [
        (WordEmbedder(), lambda folder: (folder / "catalogue.sqlite").write_bytes(b"no"), IndexDamaged),
        (WordEmbedder("words-2"), lambda folder: None, IndexMismatch),
    ],
    ids=["damaged", "another model"],
)
def test_a_generation_that_cannot_answer_is_not_gone_back_to(folder, embedder, damage, error):
    damage(folder.previous().folder)
    with pytest.raises(error, match="gen-000001"):
        roll_back(folder.root, embedder)
    assert folder.current().number == 2


def test_nothing_is_rolled_back_while_another_builds(folder):
    with folder.lock(), pytest.raises(IndexBusy):
        roll_back(folder.root, WordEmbedder())
    assert folder.current().number == 2


# -- listing


def test_generations_are_listed_with_what_has_changed(folder, capsys):
    show_generations(folder, "words-1")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Generation", "Built", "Articles", "Passages", "Size", "State"]
    assert [(line.split()[0], line.split()[3], line.split()[-1]) for line in lines[1:3]] == [
        ("1", "3", "previous"),
        ("2", "3", "current"),
    ]
    assert lines[3:] == ["", "From generation 1 to 2:", "1 article changed: consortium"]


def test_a_generation_that_cannot_be_read_is_listed_with_the_reason(folder, capsys):
    (folder.root / "gen-000001" / "manifest.json").write_text("{}")
    (folder.root / "gen-000002" / "catalogue.sqlite").write_bytes(b"")
    show_generations(folder, "words-2")
    shown = capsys.readouterr()
    _, first, second, *rest = shown.out.splitlines()
    assert first.rstrip().endswith(" previous, damaged")
    assert second.rstrip().endswith(" current, model words (words-1), damaged")
    assert "manifest.json" in rest[1] and "catalogue.sqlite" in rest[3]
    assert "What has changed cannot be told" in shown.err


def test_two_generations_are_compared_both_ways_and_an_unknown_one_is_named(folder, capsys):
    show_differences(*pick(folder, [2, 1]))
    assert "From generation 2 to 1:" in capsys.readouterr().out
    show_differences(*pick(folder, [2, 2]))
    assert "nothing has changed" in capsys.readouterr().out
    with pytest.raises(IndexMissing, match=r"no generation 7 .* There is: 1, 2\."):
        pick(folder, [2, 7])


# -- removing


class RemovedStores:
    """Remembers the generations whose stores were removed; the server can be out of reach."""

    def __init__(self, error=None):
        self.names = []
        self._error = error

    def __call__(self, chroma):
        self.names.append(chroma.parent.name)
        if self._error:
            raise self._error


def test_what_is_removed_takes_its_store_with_it_and_what_is_kept_does_not(library, folder):
    rebuild([library], folder.root, WordEmbedder(), force=True)
    (folder.root / "gen-000009.tmp" / "chroma").mkdir(parents=True)
    removed = RemovedStores()
    folder.remove_old(None, removed)
    assert removed.names == ["gen-000009.tmp"]
    rebuild([library], folder.root, WordEmbedder(), force=True)
    assert [generation.number for generation in folder.generations()] == [3, 4]


def test_without_its_server_a_leftover_stays_until_the_next_time(folder):
    leftover = folder.root / "gen-000009.tmp"
    (leftover / "chroma").mkdir(parents=True)
    folder.remove_leftovers(RemovedStores(IndexUnreachable("not there")))
    assert leftover.exists()
    folder.remove_leftovers(RemovedStores(IndexMismatch("of another kind")))
    assert not leftover.exists()


def test_the_size_is_that_of_all_files(folder):
    generation = folder.current()
    before = generation.size_bytes()
    (generation.chroma / "more").write_bytes(b"x" * 1000)
    assert generation.size_bytes() == before + 1000
