"""What are the secrets of this installation? From files of their own or the environment only."""

from __future__ import annotations

import base64
import binascii
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.config.settings import Settings, SettingsFaults

KEY_BYTES = 32
OUTBOUND_PASSWORD = "SCHOOLGATE_OUTBOUND_PASSWORD"  # noqa: S105  # the variable's name
STORE_PASSWORD = "SCHOOLGATE_STORE_PASSWORD"  # noqa: S105  # the variable's name
TOKEN_KEY = "SCHOOLGATE_TOKEN_KEY"  # noqa: S105  # the variable's name
PREVIOUS_TOKEN_KEY = "SCHOOLGATE_PREVIOUS_TOKEN_KEY"  # noqa: S105  # the variable's name


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everything that must not be printed, and is not."""

    token_key: bytes = field(repr=False)
    previous_token_key: bytes | None = field(default=None, repr=False)
    outbound_password: str | None = field(default=None, repr=False)
    store_password: str | None = field(default=None, repr=False)


class _Unusable(Exception):
    """One secret cannot be used; the words never contain it."""


def load_secrets(settings: Settings, environ: Mapping[str, str]) -> Secrets:
    """Return the secrets `settings` point to. A variable in `environ` wins over a file.

    Raises:
        SettingsFaults: one is missing, unreadable, too short, or readable by everybody.
    """
    reader = _Reader(environ)
    token_key = reader.key(TOKEN_KEY, "tokens.key_file", settings.tokens.key_file)
    previous = reader.key(
        PREVIOUS_TOKEN_KEY, "tokens.previous_key_file", settings.tokens.previous_key_file
    )
    outbound = reader.password(
        OUTBOUND_PASSWORD, "outbound.password_file", settings.outbound.password_file
    )
    store = reader.password(STORE_PASSWORD, "store.password_file", settings.store.password_file)
    if settings.outbound.username is not None and outbound is None and not reader.faults:
        reader.faults.append(
            "outbound.password_file: is missing: a username needs a password, "
            f"in a file or in {OUTBOUND_PASSWORD}"
        )
    if reader.faults or token_key is None:
        raise SettingsFaults(f"schoolgate.toml: {fault}" for fault in reader.faults)
    return Secrets(token_key, previous, outbound, store)


def key_text(key: bytes) -> str:
    """Return a token key as the one line its file holds."""
    return base64.b64encode(key).decode("ascii") + "\n"


class _Reader:
    """Reads secrets one by one and keeps every fault for the end."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        self._environ = environ

    def password(self, variable: str, place: str, path: Path | None) -> str | None:
        """Return the password of this place, None where none is set or a fault was noted."""
        try:
            return self._text(variable, path)
        except _Unusable as error:
            self.faults.append(f"{place}: {error}")
            return None

    def key(self, variable: str, place: str, path: Path | None) -> bytes | None:
        """Return the key of this place, None where none is set or a fault was noted."""
        try:
            text = self._text(variable, path)
            return None if text is None else _key_in(text)
        except _Unusable as error:
            self.faults.append(f"{place}: {error}")
            return None

    def _text(self, variable: str, path: Path | None) -> str | None:
        if variable in self._environ:
            text = self._environ[variable]
        elif path is not None:
            text = _read(path)
        else:
            return None
        if not text.strip():
            raise _Unusable("the secret is empty")
        return text.strip("\r\n")


def _read(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _Unusable(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _Unusable(f"{path} is not UTF-8 text") from error
    if mode & stat.S_IRWXO:
        raise _Unusable(f"{path} can be read by everybody on this machine; chmod 600 it")
    return text


def _key_in(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _Unusable("is not base64; `schoolgate init` makes a good one") from error
    if len(key) < KEY_BYTES:
        raise _Unusable(f"the key has {len(key)} bytes, and needs at least {KEY_BYTES}")
    return key
