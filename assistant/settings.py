"""The settings: what they are, where they come from, what they may be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import BadSetting

MIN_PASSWORD_CHARS = 8
SHIPPED_LIBRARY = Path(__file__).resolve().parent.parent / "articles"


class Settings(BaseSettings):
    """Order of precedence: argument, environment (`ALLIANCES_HOME`, `ALLIANCES_MODEL` ...), default."""

    model_config = SettingsConfigDict(env_prefix="ALLIANCES_", frozen=True, extra="forbid", env_ignore_empty=True)

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("alliance-assistant", appauthor=False)),
        description="Folder for the index, the models and your own articles.",
    )
    library: Path = Field(SHIPPED_LIBRARY, description="Folder of the articles that ship. Needs a rebuild.")
    model: str = Field(
        "smollm2",
        description="`smollm2`, the path of a .gguf file, `hf:OWNER/REPO:QUANT` (pulled before), or an engine, "
        "`https://HOST/v1#NAME`.",
    )
    context_tokens: int = Field(2048, ge=512, le=131_072, description="Context length of the model, in tokens.")
    threads: int | None = Field(
        None,
        ge=1,
        le=256,
        description="CPU threads; by default, every core it may use to read, all or one less to write.",
    )
    gpu_layers: int = Field(-1, ge=-1, description="Layers on the GPU if the build has one: -1 as many as fit, 0 none.")
    answer_tokens: int = Field(160, ge=16, le=2048, description="Longest draft, in tokens.")
    host: str = Field(
        "127.0.0.1",
        description="Address of the page; with a password, any of this machine, or `0.0.0.0` for all.",
    )
    auth: SecretStr | None = Field(
        None, description="Name and password of the page, as `name:password`; by default, it asks for none."
    )
    trusted_hosts: str = Field(
        "",
        description="Hosts that `add` may fetch from though not public, such as `wiki.intranet, 127.0.0.1:8000`.",
    )
    port: int = Field(7860, ge=1, le=65535, description="Port of the page.")
    chroma_url: str = Field(
        "",
        description="Chroma server for the vectors, such as `http://127.0.0.1:8000`; by default, a folder of the index "
        "holds them. Needs a rebuild.",
    )

    reranker: str = Field(
        "",
        description="Folder of a cross-encoder for sentence-transformers that puts the best thirty passages in order; "
        "slower. By default, none.",
    )

    @field_validator("chroma_url")
    @classmethod
    def _check_chroma_url(cls, url: str) -> str:
        if not url.strip():
            return ""
        from index.vectors.store import (
            check_chroma_url,  # with numpy; without a server, not needed to list the settings
        )

        return check_chroma_url(url)

    @field_validator("auth")
    @classmethod
    def _check_auth(cls, auth: SecretStr | None) -> SecretStr | None:
        if auth is None or not auth.get_secret_value():
            return None
        name, _, password = auth.get_secret_value().partition(":")
        if not name or len(password) < MIN_PASSWORD_CHARS:
            raise ValueError(f"it is 'name:password', the password of at least {MIN_PASSWORD_CHARS} characters")
        return auth

    @classmethod
    def load(cls, **arguments: Any) -> Settings:
        """Read the environment; `arguments` that are not None win.

        Raises:
            BadSetting: A value cannot be used.
        """
        try:
            return cls(**{name: value for name, value in arguments.items() if value is not None})
        except ValidationError as exc:
            first = exc.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "setting"
            if first["type"] == "value_error":  # our own sentence; the value may hold a password
                wrong = f"cannot be used: {first['ctx']['error']}"
            else:
                wrong = f"cannot be {first.get('input')!r}: {first['msg'].lower()}"
            raise BadSetting(
                f"Setting '{name}' {wrong.rstrip('.')}. Change the option, or the variable ALLIANCES_{name.upper()}."
            ) from exc

    @property
    def login(self) -> tuple[str, str] | None:
        """Name and password of the page; None where it asks for none."""
        if self.auth is None:
            return None
        name, _, password = self.auth.get_secret_value().partition(":")
        return name, password

    @property
    def trusted_host_list(self) -> tuple[str, ...]:
        """`trusted_hosts` as single hosts, "host" or "host:port"."""
        return tuple(host.strip() for host in self.trusted_hosts.split(",") if host.strip())

    @property
    def index_folder(self) -> Path:
        """Where the index generations lie."""
        return self.home / "index"

    @property
    def models_folder(self) -> Path:
        """Where requantised and pulled models lie."""
        return self.home / "models"

    @property
    def own_library(self) -> Path:
        """The user's own articles."""
        return self.home / "articles"

    @property
    def feedback_file(self) -> Path:
        """What the user thought of answers, as a question file."""
        return self.home / "feedback.yaml"

    @property
    def libraries(self) -> tuple[Path, ...]:
        """Folders that the index is built from."""
        return (self.library, self.own_library)
