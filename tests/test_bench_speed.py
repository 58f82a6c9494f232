"""What bench/speed.py asks of each side, and the model of random weights that it can be given."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import synthetic_model  # noqa: E402
from recipe import write_prompt  # noqa: E402
from speed import Figures, follow_up  # noqa: E402
from speed_prompts import facts_in  # noqa: E402

from assistant.models.file import look_at  # noqa: E402
from assistant.models.language_model import open_model  # noqa: E402
from assistant.models.weights import shipped_weights  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from prompts import fill_in  # noqa: E402

FACTS, OTHER_FACTS = ["Alpha was founded in 2019.", "Alpha has 12 members."], ["Beta is in Oslo."]


def ours(question, facts):
    return fill_in("answer", {"question": question, "facts": facts})


def test_a_follow_up_of_ours_has_the_facts_of_one_prompt_and_the_question_of_the_next():
    asked = follow_up(ours("When was Alpha founded?", FACTS), ours("Where is Beta?", OTHER_FACTS))
    assert asked == ours("Where is Beta?", FACTS)


def test_a_follow_up_of_the_recipe_has_the_passages_of_one_prompt_and_the_question_of_the_next():
    first, second = write_prompt("When was Alpha founded?", FACTS), write_prompt("Where is Beta?", OTHER_FACTS)
    assert follow_up(first, second) == write_prompt("Where is Beta?", FACTS)


def test_facts_of_a_prompt_are_counted():
    assert [facts_in(ours("Where is it?", facts)) for facts in (FACTS, OTHER_FACTS)] == [2, 1]


def test_how_many_times_slower_is_the_median_over_pairs():
    figures = Figures()
    for recipe, assistant in ((2.0, 1.0), (9.0, 1.0), (4.0, 1.0)):
        figures.note("first", "plain recipe", recipe)
        figures.note("first", "assistant", assistant)
    assert figures.times_slower("first", "first") == 4.0


@pytest.fixture
def small(monkeypatch, tmp_path):
    """The synthetic model with one narrow layer."""
    shape = {"LAYERS": 1, "WIDTH": 256, "HEADS": 4, "KEY_VALUE_HEADS": 4, "FEED_FORWARD": 512}
    for name, size in shape.items():
        monkeypatch.setattr(synthetic_model, name, size)
    synthetic_model.write_model(tmp_path / "model.gguf")
    return tmp_path / "model.gguf"


def test_the_synthetic_model_has_the_tokens_of_llama_and_those_that_ship_among_them(small):
    header = look_at(small).header
    assert header.lengths["tokenizer.ggml.tokens"] == header.lengths["tokenizer.ggml.token_type"] == 128_256
    assert header.text("tokenizer.chat_template") == look_at(shipped_weights()).header.text("tokenizer.chat_template")


def test_the_synthetic_model_writes(small, tmp_path):
    model = open_model(Settings.load(home=tmp_path, model=str(small)))
    assert "".join(model.stream([{"role": "user", "content": "Hello"}], max_tokens=8))
    model.close()


def test_the_same_seed_gives_the_same_bytes(small, tmp_path):
    synthetic_model.write_model(tmp_path / "again.gguf")
    assert (tmp_path / "again.gguf").read_bytes() == small.read_bytes()


def test_the_whole_synthetic_model_is_as_large_as_that_of_the_hub_in_q4_k_m():
    size_bytes = sum(tensor.size_bytes for tensor in synthetic_model.tensors_of_model())
    assert size_bytes == pytest.approx(0.8e9, rel=0.02)
