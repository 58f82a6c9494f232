"""A GGUF file is looked at before llama.cpp loads it: what cannot be a model is refused, whatever its bytes are."""

import os
import struct

import gguf_files
import pytest
from gguf_files import SHAPE, gguf
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelDamaged, ModelMissing
from assistant.models.file import look_at
from assistant.models.header import BadHeader, read_header
from assistant.models.weights import shipped_weights


@pytest.fixture
def written(tmp_path):
    """Writes bytes to a file."""

    def write(content, name="model.gguf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """One file for all examples of a property."""
    return tmp_path_factory.mktemp("examples") / "model.gguf"


def test_a_header_tells_texts_numbers_lists_and_the_size_of_the_tensors(written):
    header = read_header(written(gguf({**SHAPE, "per.layer": [3, 5, 4]})))
    assert header.text("general.architecture") == "llama"
    assert header.number("llama.block_count") == 4
    assert header.number("per.layer") == 5
    assert header.lengths["tokenizer.ggml.tokens"] == 3
    assert header.tensor_bytes == 8 * 4 * 4
    assert (header.text("no.such.key"), header.number("no.such.key")) == ("", 0)


def test_the_header_of_a_published_model_is_read():
    file = look_at(shipped_weights())
    assert (file.architecture, file.licence) == ("llama", "apache-2.0")
    assert (file.number("block_count"), file.number("attention.head_count_kv")) == (30, 3)
    assert file.header.lengths["tokenizer.ggml.tokens"] == 49152
    assert "<|im_start|>" in file.header.text("tokenizer.chat_template")
    assert 0.99 * file.size_bytes > file.tensor_bytes > 0.9 * file.size_bytes


def with_length(length):
    """A file whose first key claims to be that long."""
    whole = gguf()
    return whole[:24] + struct.pack("<Q", length) + whole[32:]


def listing(kind, length):
    """A file with one list, of which only the beginning is there."""
    start = struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + gguf_files.text("list")
    return start + struct.pack("<IIQ", gguf_files.LIST, kind, length) + bytes(64)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"A text, whatever its name says.", "is not a GGUF file"),
        (b"GGUF\x03\x00\x00\x00", "cut off"),
        (gguf(version=1), "of version 1"),
        (gguf(version=0x03000000), "of version 50331648"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 2**60, 9), "damaged header: 1152921504606846976 tensors"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 1, 2**60), "1152921504606846976 metadata entries"),
        (with_length(2**63), "cut off"),
        (with_length(2000), "cut off|text of 2000 bytes"),
        (listing(gguf_files.TEXT, 2**60), "a list of 1152921504606846976 texts"),
        (listing(gguf_files.UINT64, 2**60), "cut off"),
        (listing(gguf_files.LIST, 2), "a value of type 9"),
        (listing(77, 2), "a value of type 77"),
        (gguf({"general.alignment": 3}), "an alignment of 3"),
        (gguf(tensors=[("t", (2,) * 9)]), "9 dimensions"),
        (gguf(tensors=[("t", (2**40, 2**40))], data=bytes(64)), "cut off: .* bytes are missing"),
        (gguf()[:-1], "cut off: 1 bytes are missing"),
    ],
)
def test_what_cannot_be_a_model_is_refused_with_the_reason(written, content, said):
    with pytest.raises(BadHeader, match=said):
        read_header(written(content))


def test_a_key_that_comes_twice_is_refused(written):
    once = gguf_files.text("k") + gguf_files.value(1)
    with pytest.raises(BadHeader, match="two values of 'k'"):
        read_header(written(struct.pack("<4sIQQ", b"GGUF", 3, 0, 2) + once + once))


def test_every_cut_of_a_file_is_noticed(written):
    whole = gguf()
    for length in range(len(whole)):
        with pytest.raises(BadHeader):
            read_header(written(whole[:length]))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_behind_the_magic_are_read_or_refused(file, behind):
    file.write_bytes(b"GGUF\x03\x00\x00\x00" + behind)
    try:
        read_header(file)
    except BadHeader as exc:
        assert len(str(exc)) < 200


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(gguf()) - 1), st.sampled_from([1, 4, 8]), st.binary(min_size=8, max_size=8)),
        min_size=1,
        max_size=4,
    )
)
def test_a_file_with_bytes_changed_is_read_or_refused(file, changes):
    content = bytearray(gguf())
    for start, length, new in changes:
        content[start : start + length] = new[:length]
    file.write_bytes(content)
    try:
        header = read_header(file)
    except BadHeader:
        return
    assert 0 <= header.tensor_bytes <= len(content)
    assert all(isinstance(header.number(key), int) for key in header.metadata)


def test_a_file_that_does_not_say_what_it_is_is_no_model(written):
    with pytest.raises(ModelDamaged, match="what kind of model"):
        look_at(written(gguf({"general.name": "x"})))


def test_a_path_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ModelDamaged, match="is a folder"):
        look_at(tmp_path)
    with pytest.raises(ModelDamaged, match="cannot be read"):
        look_at(tmp_path / "nul\0l.gguf")
    with pytest.raises(ModelMissing, match="There is no model file"):
        look_at(tmp_path / "none.gguf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ModelDamaged, match="is not a file"):
        look_at(tmp_path / "pipe.gguf")


# -- several parts


def part(number, count=2):
    first = SHAPE if number == 0 else {}
    return gguf({**first, "split.no": number, "split.count": count}, tensors=[("t", (8, 4))])


def test_a_model_in_parts_is_one_model(written):
    second = written(part(1), "tale-00002-of-00002.gguf")
    file = look_at(written(part(0), "tale-00001-of-00002.gguf"))
    assert file.name == "tale"
    assert file.parts == (file.path, second)
    assert file.tensor_bytes == 2 * 8 * 4 * 4
    assert file.size_bytes == len(part(0)) + len(part(1))


def test_a_missing_a_cut_and_a_later_part_are_refused(written):
    first = written(part(0), "tale-00001-of-00002.gguf")
    with pytest.raises(ModelMissing, match="00002-of-00002"):
        look_at(first)
    second = written(part(1)[:-4], "tale-00002-of-00002.gguf")
    with pytest.raises(ModelDamaged, match="00002-of-00002.*cut off"):
        look_at(first)
    second.write_bytes(part(1))
    with pytest.raises(ModelDamaged, match="Name the first"):
        look_at(second)
