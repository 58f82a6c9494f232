"""`alliances models`: pulling from a hub goes on where it stopped and keeps nothing wrong; what is there is listed.

The hub is a server on loopback; huggingface_hub and the command run as a user runs them, in a process of their own.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gguf_files import SHAPE, gguf
from hub_server import COMMIT, HubServer

from assistant.errors import ModelMissing
from assistant.models.hub import quantisation_of
from assistant.models.named import HubModel
from assistant.models.store import ModelStore
from assistant.models.weights import shipped_weights
from index.vectors.onnx_model import QUIET_AND_OFFLINE

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "models"]
REPO = "owner/Tale-GGUF"
Q8 = "hf:owner/Tale-GGUF:Q8_0"
MODEL = HubModel("owner", "Tale-GGUF", "Q8_0")
TALE = gguf(tensors=[("t", (512, 512))], data=bytes(range(256)) * 4096)  # 1 MB
FILES = {"tale-Q8_0.gguf": TALE, "tale-Q4_K_M.gguf": gguf(), "mmproj-tale-F16.gguf": gguf()}


@pytest.fixture
def hub():
    with HubServer(REPO, dict(FILES)) as server:
        yield server


@pytest.fixture
def run(hub, tmp_path):
    """Runs `alliances models` in a home of the test's own."""

    def run(*arguments, limit_bytes=None, **environment):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        done = subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            env=user_environment(hub, tmp_path, **environment),
            preexec_fn=limit if limit_bytes else None,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def user_environment(hub, home, **more):
    ours = {"ALLIANCES_HOME": str(home), "HF_ENDPOINT": hub.address, "HF_HOME": str(home / "hf"), "COLUMNS": "200"}
    # The embedding model tells the process that loads it, here that of the tests, to stay offline.
    inherited = {name: value for name, value in os.environ.items() if name not in QUIET_AND_OFFLINE}
    return {**inherited, **ours, **more}


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")


def refusal(done):
    """The line in which a command says why it did nothing."""
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.splitlines()[-1]


# -- pulling


def test_what_is_pulled_is_what_the_hub_has_and_its_checksum_is_kept(run, hub, store):
    done = run("pull", Q8)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"pulled: {Q8}, checksum right\n"
    assert "It needs about" in done.stderr and "licence apache-2.0" in done.stderr
    assert store.path_of(MODEL).read_bytes() == TALE
    record = json.loads((store.folder_of(MODEL) / "pulled.json").read_text())
    assert record["commit"] == COMMIT
    assert [(file["path"], file["size_bytes"]) for file in record["files"]] == [("tale-Q8_0.gguf", len(TALE))]
    assert sorted(path.name for path in store.folder_of(MODEL).glob("*.gguf*")) == ["tale-Q8_0.gguf"]
    assert hub.ranges_asked() == [""]


def test_pulled_again_it_is_hashed_and_not_fetched(run, hub, store):
    run("pull", Q8)
    assert run("pull", "hf:owner/Tale-GGUF:q8_0").returncode == 0
    assert len(hub.ranges_asked()) == 1
    with store.path_of(MODEL).open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    assert run("pull", Q8).returncode == 0
    assert len(hub.ranges_asked()) == 2
    assert store.path_of(MODEL).read_bytes() == TALE


def test_a_connection_that_breaks_is_made_again_where_it_broke(run, hub, store):
    hub.stops = [400_000, 300_000]
    assert run("pull", Q8).returncode == 0
    assert hub.ranges_asked() == ["", "bytes=400000-", "bytes=700000-"]
    assert store.path_of(MODEL).read_bytes() == TALE


def test_a_hub_that_cannot_give_the_rest_is_asked_for_the_whole(run, hub, store):
    hub.stops, hub.ranges = [400_000], False
    assert run("pull", Q8).returncode == 0
    assert store.path_of(MODEL).read_bytes() == TALE


def test_a_connection_that_always_breaks_is_given_up_with_what_came_kept(run, hub, store):
    hub.stops = [400_000] + [0] * 20
    said = refusal(run("pull", Q8))
    assert "broke off" in said and "goes on" in said
    with pytest.raises(ModelMissing, match=r"only in part: 0.4 MB of 1.0 MB. Run `alliances models pull"):
        store.path_of(MODEL)
    assert store.find(MODEL).present_bytes == 400_000
    hub.stops = []
    assert run("pull", Q8).returncode == 0
    assert hub.ranges_asked()[-1] == "bytes=400000-"


def test_ctrl_c_leaves_a_part_that_the_next_command_goes_on_from(run, hub, tmp_path, store):
    hub.pauses_at = 500_000
    process = subprocess.Popen(
        [*COMMAND, "pull", Q8], stderr=subprocess.PIPE, text=True, env=user_environment(hub, tmp_path)
    )
    part = store.folder_of(MODEL) / "tale-Q8_0.gguf.part"
    while not (part.exists() and part.stat().st_size):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    hub.pauses_at = None
    assert process.returncode == 130
    assert "goes on" in said and "Traceback" not in said
    assert part.stat().st_size > 0
    assert run("pull", Q8).returncode == 0
    assert hub.ranges_asked()[-1].startswith("bytes=")
    assert store.path_of(MODEL).read_bytes() == TALE


def test_what_has_not_the_right_checksum_is_not_kept(run, hub, store):
    hub.claims["tale-Q8_0.gguf"] = {"sha256": "0" * 64}
    assert "checksum" in refusal(run("pull", Q8))
    assert list(store.folder_of(MODEL).glob("*.gguf*")) == []


def test_more_than_was_announced_is_not_taken(run, hub, store):
    hub.claims["tale-Q8_0.gguf"] = {"size": 1000}
    assert "checksum" in refusal(run("pull", Q8))
    assert list(store.folder_of(MODEL).glob("*.gguf*")) == []


def test_a_file_that_is_no_model_is_said_to_be_none(run, hub):
    hub.files["tale-Q8_0.gguf"] = b"<html>no model</html>"
    assert "is not a GGUF file" in refusal(run("pull", Q8))


def test_several_parts_are_one_model(run, hub, store):
    for number in (1, 2):
        first = SHAPE if number == 1 else {}
        part = gguf({**first, "split.no": number - 1, "split.count": 2})
        hub.files[f"BF16/tale-BF16-{number:05}-of-00002.gguf"] = part
    assert run("pull", "hf:owner/Tale-GGUF:BF16").returncode == 0
    path = store.path_of(HubModel("owner", "Tale-GGUF", "BF16"))
    assert path.name == "tale-BF16-00001-of-00002.gguf"
    assert path.with_name("tale-BF16-00002-of-00002.gguf").exists()


def test_another_version_replaces_the_one_before(run, hub, store):
    run("pull", Q8, limit_bytes=500_000)
    hub.files["tale-Q8_0.gguf"] = newer = gguf({**SHAPE, "general.name": "newer"})
    assert run("pull", Q8).returncode == 0
    assert store.path_of(MODEL).read_bytes() == newer


# -- refusals


def test_a_quantisation_that_is_not_there_is_answered_with_those_that_are(run):
    said = refusal(run("pull", "hf:owner/Tale-GGUF:Q2_K"))
    assert said == "alliances: owner/Tale-GGUF has no Q2_K. It has: Q4_K_M, Q8_0."


def test_a_repository_that_is_not_there_is_named(run):
    assert "no other/Tale-GGUF" in refusal(run("pull", "hf:other/Tale-GGUF:Q8_0"))


@pytest.mark.parametrize("status", [401, 403])
def test_a_gated_model_says_what_to_do(run, hub, status):
    hub.file_status = status
    said = refusal(run("pull", Q8))
    assert "does not let us have owner/Tale-GGUF" in said and "HF_TOKEN" in said


def test_a_hub_that_fails_or_is_not_there_says_so(run, hub):
    hub.file_status = 500
    assert "status 500" in refusal(run("pull", Q8))
    assert "cannot be asked" in refusal(run("pull", Q8, HF_ENDPOINT="http://127.0.0.1:9"))
    assert "HF_HUB_OFFLINE" in refusal(run("pull", Q8, HF_HUB_OFFLINE="1"))


def test_the_key_goes_to_the_hub_and_not_to_where_it_sends_its_callers(run, hub):
    with HubServer(REPO, dict(FILES)) as storage:
        hub.elsewhere = storage.address.replace("127.0.0.1", "localhost")
        assert run("pull", Q8, HF_TOKEN="hf_secret").returncode == 0
    assert all(headers["authorization"] == "Bearer hf_secret" for _, headers in hub.asked)
    assert storage.asked and all("authorization" not in headers for _, headers in storage.asked)


def test_a_model_that_the_disk_has_no_room_for_is_not_begun(run, hub, store):
    hub.claims["tale-Q8_0.gguf"] = {"size": 10**16}
    said = refusal(run("pull", Q8))
    assert "no room" in said and "10000000.0 GB" in said and "ALLIANCES_HOME" in said
    assert hub.ranges_asked() == []


def test_a_disk_that_fills_up_leaves_a_part_to_go_on_from(run, hub, store):
    assert "cannot be written" in refusal(run("pull", Q8, limit_bytes=500_000))
    assert 0 < store.find(MODEL).present_bytes <= 500_000
    assert run("pull", Q8).returncode == 0
    assert store.path_of(MODEL).read_bytes() == TALE


def test_names_that_lead_out_of_the_folder_are_not_offered(run, hub):
    hub.files = {"../../evil-Q8_0.gguf": gguf(), "a\\..\\evil-Q8_0.gguf": gguf()}
    assert "It has: no GGUF file" in refusal(run("pull", Q8))


# -- what is there


def test_the_list_tells_what_is_there_and_marks_what_is_in_use(run, hub):
    run("pull", Q8, limit_bytes=500_000)
    run("pull", "hf:owner/Tale-GGUF:Q4_K_M")
    done = run(ALLIANCES_MODEL="hf:owner/Tale-GGUF:Q4_K_M")
    there, suggested = done.stdout.split("are free.")
    rows = {line.split()[line.startswith("*")]: line for line in there.splitlines()[1:4]}
    assert rows["smollm2"].split()[1:7] == ["98", "MB", "8,192", "0.25", "GB", "yes"]
    assert "0.5 MB of 1.0 MB" in rows[Q8]
    assert rows["hf:owner/Tale-GGUF:Q4_K_M"].startswith("*")
    assert "4,096" in rows["hf:owner/Tale-GGUF:Q4_K_M"] and "apache-2.0" in rows["hf:owner/Tale-GGUF:Q4_K_M"]
    assert "Llama 3.1 8B Instruct Q4_K_M" in suggested


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("hf:owner/Tale-GGUF:Q6_K", "not on this machine: pull it"),
        ("https://engine.example/v1#tale", "https://engine.example/v1"),
        ("/no/such.gguf", "There is no model file"),
    ],
)
def test_the_list_tells_of_the_model_in_use_wherever_it_is(run, model, told):
    done = run(ALLIANCES_MODEL=model)
    (in_use,) = [line for line in done.stdout.splitlines() if line.startswith("*")]
    assert told in in_use


def test_what_is_removed_is_gone_and_other_models_stay(run, store):
    run("pull", Q8)
    run("pull", "hf:owner/Tale-GGUF:Q4_K_M")
    assert run("remove", Q8).stdout == f"removed: {Q8}, 1.0 MB\n"
    assert [str(pulled.model) for pulled in store.all()] == ["hf:owner/Tale-GGUF:Q4_K_M"]
    assert "is not on this machine" in refusal(run("remove", Q8))
    run("remove", "hf:owner/Tale-GGUF:Q4_K_M")
    assert not store.folder_of(MODEL).parent.parent.exists()


def test_a_pulled_model_answers(run, hub, tmp_path):
    hub.files["smollm2-Q4_1.gguf"] = shipped_weights().read_bytes()
    assert run("pull", "hf:owner/Tale-GGUF:Q4_1").returncode == 0
    script = (
        "import sys; from assistant.models.language_model import open_model; from assistant.settings import Settings\n"
        "model = open_model(Settings.load())\n"
        "print(''.join(model.stream([{'role': 'user', 'content': 'Say hello.'}], max_tokens=8)))"
    )
    environment = user_environment(hub, tmp_path, ALLIANCES_MODEL="hf:owner/Tale-GGUF:Q4_1")
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert said.stdout.strip()


def test_a_damaged_record_is_a_model_that_is_not_there(store):
    for content in ("", "{}", "[]", '{"commit": "c", "files": [{"path": 1}]}', '{"commit": "c", "files": []}'):
        folder = store.folder_of(MODEL)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pulled.json").write_text(content)
        assert store.find(MODEL) is None
        assert store.all() == []


@pytest.mark.parametrize(
    ("path", "quantisation"),
    [
        ("Llama-3.2-3B-Instruct-Q4_K_M.gguf", "Q4_K_M"),
        ("Q8_0/tale-q8_0-00001-of-00003.gguf", "Q8_0"),
        ("tale-UD-IQ2_XXS.gguf", "UD-IQ2_XXS"),
        ("tale.BF16.gguf", "BF16"),
        ("SmolLM2-F16-f16.gguf", "F16"),
        ("gpt-oss-MXFP4.gguf", "MXFP4"),
        ("model.gguf", "MODEL"),
    ],
)
def test_the_quantisation_is_read_from_the_name(path, quantisation):
    assert quantisation_of(path) == quantisation


def test_the_path_of_a_model_stays_in_its_folder(tmp_path):
    folder = ModelStore(tmp_path).folder_of(HubModel("a", "b", "C"))
    assert folder.relative_to(tmp_path) == Path("hub/a/b/C")
