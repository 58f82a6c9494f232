"""What the setting `model` can name: the model that ships, a file, one pulled from a hub, an engine elsewhere."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import BadSetting

SHIPPED_MODEL = "smollm2"
KEY_VARIABLE = "ALLIANCES_API_KEY"

_NAME = r"[A-Za-z0-9_][\w.-]*"  # one that begins with a point could lead out of a folder
_HUB = re.compile(rf"hf:(?P<owner>{_NAME})/(?P<repository>{_NAME}):(?P<quantisation>{_NAME})")


@dataclass(frozen=True, slots=True)
class Shipped:
    """The model that comes with the install."""


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model of a hub: `hf:OWNER/REPO:QUANT`. The quantisation is kept in capitals."""

    owner: str
    repository: str
    quantisation: str

    def __str__(self) -> str:
        return f"hf:{self.repo_id}:{self.quantisation}"

    @property
    def repo_id(self) -> str:
        """What the hub calls it."""
        return f"{self.owner}/{self.repository}"


@dataclass(frozen=True, slots=True)
class RemoteEngine:
    """An OpenAI-compatible engine: `https://host/v1#name`.

    Attributes:
        url: Up to `/v1`, without a stroke at its end.
        model: What the engine calls the model.
    """

    url: str
    model: str

    @property
    def host(self) -> str:
        """The host, with its port if that is not the usual one."""
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine."""
        return _is_loopback(urlsplit(self.url).hostname or "")


Named = Shipped | Path | HubModel | RemoteEngine


def read_name(text: str) -> Named:
    """What a value of the setting names; whether it is there is not looked at.

    Raises:
        BadSetting: It begins like a model of a hub or an address, but is none that can be used.
    """
    text = text.strip()
    if text == SHIPPED_MODEL:
        return Shipped()
    if text.startswith("hf:"):
        return read_hub_name(text)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _engine(text)
    return Path(text).expanduser().absolute()


def read_hub_name(text: str) -> HubModel:
    """The model of a hub that is named.

    Raises:
        BadSetting: It is not of the form `hf:OWNER/REPO:QUANT`.
    """
    match = _HUB.fullmatch(text)
    if match is None:
        raise BadSetting(
            f"'{text}' does not name a model of a hub. Write hf:OWNER/REPO:QUANT, as in "
            "hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M."
        )
    return HubModel(match["owner"], match["repository"], match["quantisation"].upper())


def _engine(text: str) -> RemoteEngine:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as exc:
        raise BadSetting(f"The address of the model's engine cannot be read: {exc}. {_LIKE_THIS}") from None
    if parts.username is not None or parts.password is not None or parts.query:
        # Not repeated: what stands there may be a key.
        raise BadSetting(f"The address of the model's engine must hold no key. Put it into {KEY_VARIABLE}.")
    if not host or not parts.fragment:
        raise BadSetting(f"The address '{text}' does not tell the name of a model. {_LIKE_THIS}")
    if parts.scheme.lower() == "http" and not _is_loopback(host):
        raise BadSetting(
            f"The engine '{text}' would be spoken to unencrypted. Write https; http is for engines on this machine."
        )
    return RemoteEngine(f"{parts.scheme.lower()}://{parts.netloc}{parts.path.rstrip('/')}", parts.fragment)


_LIKE_THIS = "Write https://HOST/v1#NAME, as in http://127.0.0.1:8080/v1#llama-3.2-3b-instruct."


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
