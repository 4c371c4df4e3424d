"""Where is the store? The address a person wrote, made absolute and free of passwords."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql+psycopg"


def store_url(value: str, folder: Path) -> str:
    """Return `value` as a database address; a relative SQLite path is taken from `folder`.

    Takes "sqlite:///schoolgate.db", a bare path, or "postgresql://user@host/name".

    Raises:
        ValueError: no durable store is meant, or a password is written in it.
    """
    if value.startswith(SQLITE) or "://" not in value:
        path = value.removeprefix(SQLITE)
        if path in ("", ":memory:") or path.startswith("file:"):
            raise ValueError("names no file, so accepted mail would be lost at the next restart")
        return f"{SQLITE}{(folder / path).absolute()}"
    parts = urlsplit(value)
    if parts.scheme not in ("postgresql", POSTGRESQL):
        raise ValueError(
            f'"{parts.scheme}://" is not a store we know; write sqlite:///schoolgate.db '
            "or postgresql://user@host/name"
        )
    if parts.password is not None:
        raise ValueError("has a password in it; put it in a file and name that in password_file")
    if not parts.path.strip("/"):
        raise ValueError("names no database; write postgresql://user@host/name")
    return urlunsplit(parts._replace(scheme=POSTGRESQL))


def with_password(url: str, password: str | None) -> str:
    """Return a PostgreSQL address with its password, for the driver only; never print it."""
    if password is None or not url.startswith(POSTGRESQL):
        return url
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))
