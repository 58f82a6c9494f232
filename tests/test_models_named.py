"""The setting `model` names the shipped model, a file, a hub's model or an engine; what cannot be used is refused."""

from pathlib import Path

import pytest

from assistant.errors import BadSetting
from assistant.models.named import HubModel, RemoteEngine, Shipped, read_name


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("smollm2", Shipped()),
        ("/models/tale.gguf", Path("/models/tale.gguf")),
        ("~/tale.gguf", Path("~/tale.gguf").expanduser()),
        ("tale.gguf", Path("tale.gguf").absolute()),
        ("hf:owner/Tale-GGUF:q4_k_m", HubModel("owner", "Tale-GGUF", "Q4_K_M")),
        ("https://host/v1#tale", RemoteEngine("https://host/v1", "tale")),
        ("HTTPS://host:8443/v1/#org/Tale-3B", RemoteEngine("https://host:8443/v1", "org/Tale-3B")),
        ("http://127.0.0.1:8080/v1#tale", RemoteEngine("http://127.0.0.1:8080/v1", "tale")),
        ("http://localhost:11434/v1#llama3.2:3b", RemoteEngine("http://localhost:11434/v1", "llama3.2:3b")),
        ("http://[::1]:8080/v1#tale", RemoteEngine("http://[::1]:8080/v1", "tale")),
    ],
)
def test_a_name_is_read(text, named):
    assert read_name(text) == named


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hf:owner/tale", "hf:OWNER/REPO:QUANT"),
        ("hf:../../etc:Q8_0", "hf:OWNER/REPO:QUANT"),
        ("hf:owner/..:Q8_0", "hf:OWNER/REPO:QUANT"),
        ("hf:owner/tale:../Q8_0", "hf:OWNER/REPO:QUANT"),
        ("https://host/v1", "the name of a model"),
        ("https:///v1#tale", "the name of a model"),
        ("https://host:port/v1#tale", "cannot be read"),
        ("http://host/v1#tale", "unencrypted"),
        ("http://10.0.0.1/v1#tale", "unencrypted"),
        ("http://127.0.0.1.example.org/v1#tale", "unencrypted"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_right_form(text, said):
    with pytest.raises(BadSetting, match=said):
        read_name(text)


@pytest.mark.parametrize("text", ["https://me:sk-secret@host/v1#tale", "https://host/v1?key=sk-secret#tale"])
def test_a_key_in_the_address_is_refused_and_not_repeated(text):
    with pytest.raises(BadSetting, match="ALLIANCES_API_KEY") as refusal:
        read_name(text)
    assert "sk-secret" not in str(refusal.value)


def test_only_an_engine_on_this_machine_is_local():
    assert read_name("http://127.0.0.1:1/v1#x").is_local
    assert not read_name("https://host:1/v1#x").is_local
    assert read_name("https://host:1/v1#x").host == "host:1"
