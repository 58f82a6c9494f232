"""A file is made once; what is missing, damaged or half-made is made again."""

import multiprocessing

import pytest

from index.made_once import make_once, sha256_of

DATA = b"made with much work"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "kept" / "model.bin"


def write(path):
    path.write_bytes(DATA)


def refuse(path):
    raise AssertionError(f"{path} is made again")


def test_file_is_made_once(target):
    assert make_once(target, 1, write) == target
    assert target.read_bytes() == DATA
    make_once(target, 1, refuse)
    assert sorted(path.name for path in target.parent.iterdir()) == [".lock", "model.bin", "model.bin.sha256"]
    assert target.with_name("model.bin.sha256").read_text() == f"{sha256_of(target)}  model.bin\n"


@pytest.mark.parametrize("damage", ["model.bin", "model.bin.sha256"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", None])
def test_damaged_file_is_made_again(target, damage, data):
    make_once(target, 1, write)
    path = target.with_name(damage)
    path.unlink() if data is None else path.write_bytes(data)
    make_once(target, 1, write)
    assert target.read_bytes() == DATA
    make_once(target, 1, refuse)


def test_failure_leaves_nothing_and_the_old_file_as_it_was(target):
    def fail(path):
        path.write_bytes(b"half")
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        make_once(target, 1, fail)
    assert [path.name for path in target.parent.iterdir()] == [".lock"]


def test_what_a_killed_process_left_is_swept_away(target):
    target.parent.mkdir()
    (target.parent / "model.bin.4711.part").write_bytes(b"half")
    make_once(target, 1, write)
    assert not list(target.parent.glob("*.part*"))


def test_nothing_is_begun_on_a_full_disk(target):
    with pytest.raises(OSError, match="nearly full"):
        make_once(target, 1 << 62, refuse)


def make(target, times):
    def count(path):
        with times.get_lock():
            times.value += 1
        path.write_bytes(DATA)

    make_once(target, 1, count)


def test_two_processes_make_it_once(target):
    spawn = multiprocessing.get_context("fork")
    times = spawn.Value("i", 0)
    processes = [spawn.Process(target=make, args=(target, times)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert times.value == 1
