"""How much memory a model needs is known before it is loaded, and one that does not fit is refused with advice."""

import pytest
from gguf_files import SHAPE, gguf

from assistant.models.devices import Gpu, gpus
from assistant.models.file import look_at
from assistant.models.fit import choose_gpu_layers
from assistant.models.needs import Shape, fits, layers_on_gpu, left_for_memory, needs, needs_of
from assistant.models.suggested import SUGGESTIONS, largest_fitting

GB = 10**9
LLAMA_8B = Shape(
    layers=32, heads=32, key_value_heads=8, key_length=128, value_length=128, feed_forward=14_336, vocabulary=128_256
)


@pytest.fixture
def model(tmp_path):
    """A file that claims a certain size; the disk does not hold it, as nothing is written."""

    def make(size_bytes=5 * GB, **shape):
        path = tmp_path / "model.gguf"
        path.write_bytes(gguf({**SHAPE, **{f"llama.{key}": value for key, value in shape.items()}}))
        with path.open("r+b") as file:
            file.truncate(size_bytes)
        return look_at(path)

    return make


def test_the_context_takes_two_bytes_a_number_of_each_key_and_value():
    assert needs(0, LLAMA_8B, 2048).context_bytes == 2 * 32 * 8 * (128 + 128) * 2048 == 268_435_456


def test_the_whole_is_the_sum_of_what_it_is_made_of_and_said_so():
    needed = needs(5 * GB, LLAMA_8B, 2048)
    assert needed.scores_bytes == 256 * 2048 * 32 * 4 == 67_108_864
    assert needed.total_bytes == 5 * GB + needed.context_bytes + needed.scores_bytes + needed.scratch_bytes
    assert str(needed) == "5.5 GB (weights 5.0 GB, context 0.27 GB, scratch 0.22 GB)"


def test_lengths_that_the_header_leaves_out_follow_from_the_width(model):
    needed = needs_of(model(), 1024)
    assert needed.context_bytes == 2 * 4 * 2 * (8 + 8) * 1024  # layers 4, heads 2 of 64 / 8 numbers
    told = needs_of(model(**{"attention.key_length": 16, "attention.value_length": 8}), 1024)
    assert told.context_bytes == needed.context_bytes * 24 // 16


def test_layers_that_differ_count_as_the_largest(model):
    assert (
        needs_of(model(**{"attention.head_count_kv": [1, 8, 2, 1]}), 1024).context_bytes
        == 4 * needs_of(model(), 1024).context_bytes
    )


def test_a_context_longer_than_the_model_was_trained_for_is_not_paid_for(model):
    assert needs_of(model(), 100_000) == needs_of(model(), 4096)


def test_some_memory_stays_free():
    assert fits(GB, 2 * GB)
    assert not fits(GB, GB)


# -- refusals


def test_a_model_that_fits_is_not_refused(model):
    assert choose_gpu_layers(model(), 2048, -1, free_bytes=6 * GB, gpus=[]) == 0


def test_a_refusal_tells_the_sizes_and_what_would_fit(model):
    with pytest.raises(MemoryError) as refusal:
        choose_gpu_layers(model(), 2048, -1, free_bytes=3 * GB, gpus=[])
    said = str(refusal.value)
    assert "needs about 5.1 GB" in said and "3.0 GB are free" in said
    assert "Llama 3.2 3B Instruct Q4_K_M fits, with about 2.5 GB" in said
    assert "`alliances models pull hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M`" in said


def test_where_a_shorter_context_fits_that_is_the_advice(model):
    large = model(context_length=131_072, block_count=64, **{"attention.head_count_kv": 8})
    with pytest.raises(MemoryError, match="with ALLIANCES_CONTEXT_TOKENS=2048 it fits"):
        choose_gpu_layers(large, 131_072, -1, free_bytes=6 * GB, gpus=[])


def test_where_nothing_fits_nothing_is_advised(model):
    with pytest.raises(MemoryError) as refusal:
        choose_gpu_layers(model(), 2048, -1, free_bytes=GB // 10, gpus=[])
    assert str(refusal.value).endswith("0.10 GB are free")


def test_a_header_that_claims_nonsense_is_refused_like_a_large_model(model):
    with pytest.raises(MemoryError):
        choose_gpu_layers(model(block_count=2**63), 2048, -1, free_bytes=6 * GB, gpus=[])


# -- graphics memory


def gpu(free_gb):
    return Gpu("a GPU", int(free_gb * GB), 80 * GB)


@pytest.mark.parametrize(("free_gb", "layers"), [(80, 5), (3, 2), (0.01, 0)])
def test_as_many_layers_as_the_graphics_memory_takes_go_there(model, free_gb, layers):
    assert choose_gpu_layers(model(), 2048, -1, free_bytes=6 * GB, gpus=[gpu(free_gb)]) == layers


def test_two_gpus_take_more_than_one(model):
    assert choose_gpu_layers(model(), 2048, -1, free_bytes=6 * GB, gpus=[gpu(3), gpu(3)]) == 5


def test_what_the_user_sets_is_done(model):
    for wanted, done in ((0, 0), (3, 3), (99, 5)):
        assert choose_gpu_layers(model(), 2048, wanted, free_bytes=6 * GB, gpus=[gpu(80)]) == done


def test_a_model_on_the_gpu_needs_little_of_the_machines_memory(model):
    assert choose_gpu_layers(model(), 2048, -1, free_bytes=GB, gpus=[gpu(80)]) == 5
    with pytest.raises(MemoryError):
        choose_gpu_layers(model(), 2048, 0, free_bytes=GB, gpus=[gpu(80)])


def test_what_is_not_on_the_gpu_is_left_for_the_memory():
    needed = needs(4 * GB, LLAMA_8B, 2048)
    assert left_for_memory(needed, 32, 0) == needed.total_bytes
    half = needed.scratch_bytes + (needed.weights_bytes + needed.context_bytes) // 2
    assert left_for_memory(needed, 31, 16) == half  # with flash attention, which the GPU has, no scores are kept
    assert left_for_memory(needed, 32, 33) == needed.scratch_bytes
    assert layers_on_gpu(needed, 32, []) == 0


def test_asking_for_gpus_works_in_every_build():
    assert all(one.free_bytes <= one.total_bytes for one in gpus())


# -- suggestions


def test_the_estimated_sizes_are_near_those_of_the_published_files():
    published_gb = (0.808, 1.321, 2.019, 3.422, 4.921, 8.541)
    for suggestion, size_gb in zip(SUGGESTIONS, published_gb, strict=True):
        assert suggestion.size_bytes == pytest.approx(size_gb * GB, rel=0.015)


@pytest.mark.parametrize(
    ("free_gb", "title"),
    [
        (1, None),
        (1.5, "Llama 3.2 1B Instruct Q4_K_M"),
        (3, "Llama 3.2 3B Instruct Q4_K_M"),
        (7, "Llama 3.1 8B Instruct Q4_K_M"),
        (64, "Llama 3.1 8B Instruct Q8_0"),
    ],
)
def test_the_largest_model_that_fits_is_suggested(free_gb, title):
    found = largest_fitting(int(free_gb * GB), 2048)
    assert (found and found.title) == title
