"""What does a single cell say: a reference, an address, a day, yes or no?"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from gateway.mail.addresses import Mailbox, fold_mailbox, read_mailbox
from gateway.roster.tables import BadRow

REFERENCE_LENGTH = 64  # as the store keeps it
LANGUAGE_LENGTH = 35  # the same; RFC 5646 §4.4.1 asks for no more
ADDRESS_LENGTH = 320
YES = frozenset({"y", "yes", "true", "t", "1"})
NO = frozenset({"n", "no", "false", "f", "0"})
_ROUNDED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_ISO_DAYS = ("%Y-%m-%d", "%Y%m%d")


def needed(value: str, column: str) -> str:
    """Return `value`; raise BadRow when it is empty."""
    if not value:
        raise BadRow(f"{column} is empty")
    return value


def short(value: str, column: str, most: int = REFERENCE_LENGTH) -> str:
    """Return `value`; raise BadRow when the store could not keep all of it."""
    if len(value) > most:
        raise BadRow(f"{column} has {len(value)} characters; at most {most} can be kept")
    return value


def reference(value: str, column: str) -> str:
    """Return somebody's id in the records; raise BadRow when it cannot be one."""
    if _ROUNDED.fullmatch(value):
        # 123456789012 becomes 1.23457E+11, and so do all its neighbours.
        raise BadRow(f"{column} is {value!r}: a spreadsheet has rounded it; export it again")
    return short(needed(value, column), column)


def address(value: str, column: str) -> str:
    """Return the folded address in a cell that must hold exactly one."""
    folded = _folded(needed(value, column))
    if folded is None:
        raise BadRow(f"{column} is not one plain address: {value!r}")
    return short(folded, column, ADDRESS_LENGTH)


def flag(
    value: str,
    column: str,
    yes: frozenset[str] = YES,
    no: frozenset[str] = NO,
    shown: tuple[str, str] = ("yes", "no"),
) -> bool | None:
    """Return what a yes-or-no cell says, None when it is empty."""
    word = value.casefold()
    if not word:
        return None
    if word in yes:
        return True
    if word in no:
        return False
    raise BadRow(f"{column} is {value!r}; write {shown[0]} or {shown[1]}")


def day(value: str, column: str, forms: tuple[str, ...] = _ISO_DAYS) -> date | None:
    """Return the day in a cell, None when it is empty. Only the `forms` given are read.

    What follows a "T" is left aside: a time of the day.
    """
    if not value:
        return None
    found = _day(value.partition("T")[0].strip(), forms)
    if found is None:
        example = date(2026, 9, 1).strftime(forms[0])
        raise BadRow(f"{column} is {value!r}, not a day such as {example}")
    return found


def whole_number(value: str, column: str) -> int | None:
    """Return the number in a cell, None when it is empty."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > 6:
        raise BadRow(f"{column} is {value!r}, not a whole number")
    return int(value)


def one_line(*parts: str) -> str:
    """Return a name from its parts, each once separated by one space."""
    return " ".join(" ".join(parts).split())


@lru_cache(maxsize=200_000)
def _folded(value: str) -> str | None:
    mailbox = read_mailbox(value)
    return fold_mailbox(mailbox) if isinstance(mailbox, Mailbox) else None


@lru_cache(maxsize=4096)
def _day(value: str, forms: tuple[str, ...]) -> date | None:
    for form in forms:
        try:
            found = datetime.strptime(value, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 < found.year < 2200:
            return found
    return None
