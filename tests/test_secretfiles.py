"""Passwords and keys: from files of their own or the environment, and never printed."""

import base64
from pathlib import Path

import pytest

from gateway.config.secretfiles import Secrets, key_text, load_secrets
from gateway.config.settings import Settings, SettingsFaults, load_settings

KEY = bytes(range(32))
TEXT = """
[gateway]
domain = "class.oakfield.example"
hostname = "mail.oakfield.example"
[outbound]
host = "smtp.oakfield.example"
username = "schoolgate"
password_file = "outbound.password"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schoolgate.toml").write_text(TEXT)
    put(tmp_path / "schoolgate.key", key_text(KEY))
    put(tmp_path / "outbound.password", "hunter2 \n")
    return tmp_path


def put(path: Path, text: str, mode: int = 0o600) -> None:
    path.write_text(text)
    path.chmod(mode)


def settings_in(folder: Path) -> Settings:
    return load_settings(folder / "schoolgate.toml")


def refusal(folder: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsFaults) as refused:
        load_secrets(settings_in(folder), environ or {})
    return str(refused.value)


def test_secrets_come_from_the_files_that_are_named(folder):
    secrets = load_secrets(settings_in(folder), {})
    assert secrets == Secrets(KEY, None, "hunter2 ", None)


def test_the_environment_wins_over_a_file(folder):
    environ = {
        "SCHOOLGATE_OUTBOUND_PASSWORD": "other",
        "SCHOOLGATE_PREVIOUS_TOKEN_KEY": base64.b64encode(KEY).decode(),
    }
    secrets = load_secrets(settings_in(folder), environ)
    assert secrets.outbound_password == "other"
    assert secrets.previous_token_key == KEY


def test_no_secret_is_ever_shown(folder):
    secrets = load_secrets(settings_in(folder), {})
    shown = f"{secrets!r} {secrets} {settings_in(folder)!r}"
    assert "hunter2" not in shown
    assert repr(KEY) not in shown
    assert base64.b64encode(KEY).decode() not in shown


def test_a_secret_that_everybody_can_read_is_refused(folder):
    (folder / "schoolgate.key").chmod(0o644)
    assert refusal(folder) == (
        f"schoolgate.toml: tokens.key_file: {folder}/schoolgate.key can be read by everybody on "
        "this machine; chmod 600 it"
    )


def test_all_that_is_wrong_with_the_secrets_is_named_at_once_and_without_them(folder):
    put(folder / "schoolgate.key", base64.b64encode(b"hunter2").decode())
    put(folder / "outbound.password", "\n")
    words = refusal(folder)
    assert words.splitlines() == [
        "schoolgate.toml: tokens.key_file: the key has 7 bytes, and needs at least 32",
        "schoolgate.toml: outbound.password_file: the secret is empty",
    ]
    assert "hunter2" not in words


def test_a_username_needs_a_password(folder):
    text = TEXT.replace('password_file = "outbound.password"', "")
    (folder / "schoolgate.toml").write_text(text)
    assert "a username needs a password" in refusal(folder)


def test_a_missing_or_spoilt_key_says_what_makes_a_good_one(folder):
    put(folder / "schoolgate.key", "not a key!")
    assert "is not base64; `schoolgate init` makes a good one" in refusal(folder)
    (folder / "schoolgate.key").unlink()
    assert "schoolgate.key cannot be read: No such file or directory" in refusal(folder)
