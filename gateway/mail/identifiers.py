"""Reads Message-ID, In-Reply-To, References and Date, linearly (RFC 5322 §3.6.1, §3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Inside the brackets anything but white space, brackets and controls; one
# bound for all, since a line may not be longer (RFC 5322 §2.1.1).
_IDENTIFIER = re.compile(r"<([^<>\s\x00-\x1f\x7f]{1,990})>")
_MOST_READ = 64_000  # characters
_LONGEST_DATE = 200  # characters


def read_message_id(value: str | None) -> str | None:
    """Return the first identifier of a Message-ID field with its brackets, or None."""
    return next(iter(_identifiers(value or "", 1)), None)


def read_references(
    in_reply_to: Iterable[str], references: Iterable[str], most: int
) -> tuple[str, ...]:
    """Return In-Reply-To's identifiers, then References' (newest last), each once, at most `most`.

    Of a longer list the first and the newest stay: they name the thread and its tip.
    """
    found = [
        identifier
        for value in (*in_reply_to, *references)
        for identifier in _identifiers(value, 10_000)
    ]
    once = list(dict.fromkeys(found))
    if len(once) > most:
        once = [once[0], *once[len(once) - most + 1 :]]
    return tuple(once)


def _identifiers(value: str, most: int) -> list[str]:
    found = []
    for match in _IDENTIFIER.finditer(value[:_MOST_READ]):
        found.append(match[0])
        if len(found) == most:
            break
    return found


def read_date(value: str | None) -> datetime | None:
    """Return the time a Date field claims, aware, or None when it claims none that can be.

    A date without a zone is taken for UTC (RFC 5322 §4.3 on "-0000").
    """
    if not value or len(value) > _LONGEST_DATE:
        return None
    try:
        claimed = parsedate_to_datetime(value)
        if claimed.tzinfo is None:
            claimed = claimed.replace(tzinfo=UTC)
        return claimed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
