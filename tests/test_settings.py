"""Argument before environment before default; a bad value is one clear error that names the setting."""

from __future__ import annotations

import pytest

from assistant.errors import BadSetting
from assistant.settings import Settings


def test_argument_wins_over_environment_and_environment_over_default(monkeypatch, tmp_path):
    assert Settings.load().port == 7860
    monkeypatch.setenv("ALLIANCES_PORT", "7001")
    assert Settings.load().port == 7001
    assert Settings.load(port=7002).port == 7002
    assert Settings.load(port=None, home=tmp_path).port == 7001


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "0"), ("port", "many"), ("context_tokens", "1"), ("threads", "-2"), ("answer_tokens", "999999")],
)
def test_a_bad_value_names_the_setting_and_what_to_change(monkeypatch, name, value):
    monkeypatch.setenv(f"ALLIANCES_{name.upper()}", value)
    with pytest.raises(BadSetting) as raised:
        Settings.load()
    assert f"ALLIANCES_{name.upper()}" in str(raised.value) and "\n" not in str(raised.value)


def test_a_bad_argument_is_the_same_error_and_shows_the_value():
    with pytest.raises(BadSetting, match=r"'port' cannot be 70000") as raised:
        Settings.load(port=70_000)
    assert "\n" not in str(raised.value)


def test_other_variables_of_the_environment_do_not_matter(monkeypatch):
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("ALLIANCES_UNKNOWN", "1")
    assert Settings.load().port == 7860


def test_an_empty_variable_is_as_none_not_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALLIANCES_HOME", raising=False)
    usual = Settings.load().home
    monkeypatch.setenv("ALLIANCES_HOME", "")
    assert Settings.load().home == usual != tmp_path


def test_an_unknown_argument_is_refused():
    with pytest.raises(BadSetting, match="prot"):
        Settings.load(prot=7860)


def test_settings_cannot_be_changed():
    with pytest.raises(Exception, match="frozen"):
        Settings.load().port = 1


def test_both_libraries_are_read_the_shipped_one_first(tmp_path):
    settings = Settings.load(home=tmp_path)
    assert settings.libraries == (settings.library, tmp_path / "articles")


def test_the_address_of_a_chroma_server_is_checked_and_its_password_not_shown(monkeypatch):
    assert Settings.load().chroma_url == ""
    assert Settings.load(chroma_url="http://127.0.0.1:8000").chroma_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("ALLIANCES_CHROMA_URL", "http://me:secret@127.0.0.1:8000")
    with pytest.raises(BadSetting, match="ALLIANCES_CHROMA_URL") as raised:
        Settings.load()
    assert "secret" not in str(raised.value) and "\n" not in str(raised.value)
