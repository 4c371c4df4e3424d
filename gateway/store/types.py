"""Column types both databases share, and the ids of our rows."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# Crockford's base32: no i, l, o, u, so an id can be read out on the telephone.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 16
ID_BYTES = 10


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in, aware UTC out; SQLite would return it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant: it would silently be taken for UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id(now: datetime) -> str:
    """Return a new row id: 48 bits of milliseconds, then 32 random bits, so ids sort by time."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    return id_text((milliseconds << 32) | secrets.randbits(32))


def made_at(row_id: str) -> datetime:
    """Return when a row id was made: UTC, to the millisecond."""
    return datetime.fromtimestamp((id_number(row_id) >> 32) / 1000, tz=UTC)


def id_text(number: int) -> str:
    """Return the 16 characters of an 80-bit number."""
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def id_number(text: str) -> int:
    """Return the 80-bit number of an id; ValueError when it is none."""
    if len(text) != ID_LENGTH:
        raise ValueError("not an id")
    number = 0
    for letter in text:
        number = number << 5 | _ALPHABET.index(letter)
    return number
