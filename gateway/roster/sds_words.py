"""The words of School Data Sync that both of its formats use."""

from __future__ import annotations

from gateway.roster import cells
from gateway.roster.tables import BadRow, Row

_GUARDIANS = frozenset({"parent", "guardian", "relative", "stepparent", "grandparent"})
_OTHERS = frozenset({"aide", "doctor", "child", "administrator", "other", "emergencycontact"})
_HERE = frozenset({"", "active"})
_LEFT = frozenset({"inactive", "deleted", "tobedeleted", "withdrawn", "left", "closed"})


def has_left(status: str) -> bool:
    """Return whether a row says of itself that it no longer holds; raise BadRow if unclear."""
    word = status.casefold()
    if word in _HERE or word in _LEFT:
        return word in _LEFT
    raise BadRow(f"Status is {status!r}; it may be Active or Inactive")


def relationship(role: str) -> str | None:
    """Return what kind of guardian a role makes, None when it makes none.

    Raises:
        BadRow: it is empty or unknown, and nobody's guess would do.
    """
    word = role.casefold()
    if word in _GUARDIANS:
        return word
    if word in _OTHERS:
        return None
    raise BadRow(f"the role is {role!r}; write Parent, Guardian or Relative")


def one_address(row: Row, *keys: str) -> str | None:
    """Return the first of these cells that holds an address; a user name without "@" is none.

    Raises:
        BadRow: there is an "@" in it, and it is no plain address.
    """
    for key in keys:
        if "@" in row[key]:
            return cells.address(row[key], key)
    return None
