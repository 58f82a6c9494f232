"""The doctor's checks of the language model: what is there, whether it fits, and what the GPU is used for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gguf_files import gguf

from assistant.checks import Status
from assistant.doctor import examine
from assistant.models.checks import check_gpu, check_memory, check_model
from assistant.probe import run_probe
from assistant.settings import Settings

GB = 10**9
GPU = {"name": "Grand GPU", "free_bytes": 80 * GB, "total_bytes": 80 * GB}


def test_the_model_that_ships_is_there_with_its_licence():
    status, finding, remedy = check_model(Settings.load())
    assert (status, remedy) == (Status.OK, "")
    assert "SmolLM2" in finding and "licence apache-2.0" in finding


def test_a_model_that_was_not_pulled_can_be(tmp_path: Path):
    status, finding, remedy = check_model(Settings.load(home=tmp_path, model="hf:owner/tale:Q8_0"))
    assert status is Status.FAIL
    assert "alliances models pull hf:owner/tale:Q8_0" in finding and "ALLIANCES_MODEL" in remedy


def test_a_name_that_cannot_be_used_fails(tmp_path: Path):
    assert check_model(Settings.load(model="hf:tale"))[0] is Status.FAIL


def test_a_model_that_does_not_fit_is_a_warning_that_names_one_that_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    large = tmp_path / "large.gguf"
    large.write_bytes(gguf())
    os.truncate(large, 2**42)
    monkeypatch.setattr("assistant.models.checks.usable_memory_bytes", lambda: 5 * GB)
    status, finding, remedy = check_memory(Settings.load(model=str(large)))
    assert status is Status.WARN
    assert "5.0 GB available" in finding and "4398.1 GB by the model" in finding
    assert "hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M" in remedy
    assert check_memory(Settings.load())[0] is Status.OK


@pytest.fixture
def probed(monkeypatch: pytest.MonkeyPatch):
    """Has the build of llama.cpp say what a test wants."""

    def probe(*, offload: bool, gpus: list[dict[str, object]]) -> None:
        found = {"offload": offload, "gpus": gpus}
        monkeypatch.setattr("assistant.models.checks.run_probe", lambda name: found)

    return probe


@pytest.fixture
def with_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has an NVIDIA GPU."""
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\necho Grand GPU\n")
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)


@pytest.mark.parametrize(
    ("layers", "status", "told"),
    [
        (-1, Status.OK, "Grand GPU (80.0 GB free) is used, for 31 of 31 layers"),
        (7, Status.OK, "for 7 of 31 layers"),
        (0, Status.WARN, "is not used: ALLIANCES_GPU_LAYERS is 0"),
    ],
)
def test_a_gpu_that_the_build_can_use_is_told_with_the_layers_on_it(probed, layers: int, status: Status, told: str):
    probed(offload=True, gpus=[GPU])
    found = check_gpu(Settings.load(gpu_layers=layers))
    assert found[0] is status and told in found[1]


@pytest.mark.parametrize(("offload", "told"), [(False, "compiled without it"), (True, "finds no driver")])
def test_a_gpu_that_is_not_used_says_why(probed, with_gpu: None, offload: bool, told: str):
    probed(offload=offload, gpus=[])
    status, finding, remedy = check_gpu(Settings.load())
    assert status is Status.WARN and remedy
    assert "Grand GPU is not used" in finding and told in finding


def test_what_is_on_the_gpu_is_not_counted_as_memory(probed, with_gpu: None):
    probed(offload=True, gpus=[GPU])
    on_gpu, on_cpu = (check_memory(Settings.load(gpu_layers=layers))[1] for layers in (-1, 0))
    assert "90 MB by the model" in on_gpu
    assert "0.25 GB by the model" in on_cpu


def test_the_probe_of_this_build_answers():
    assert set(run_probe("llama")) == {"offload", "gpus"}


def test_an_engine_elsewhere_is_named_where_it_is_told_what_is_sent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("assistant.models.remote.models_of", lambda engine, key, limit_s: ["tale"])
    monkeypatch.setenv("ALLIANCES_MODEL", "https://engine.example/v1#tale")
    (network,) = [check for check in examine() if check.name == "Network"]
    assert "go to engine.example" in network.finding
