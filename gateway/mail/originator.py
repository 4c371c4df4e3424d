"""Reads who claims to have written a message: the From: field, strictly (RFC 5322 §3.6.2).

Of Python's own readers one gives the first and another the second address of
`mum@parent.example <bob@evil.example>`, so none of them decides here. This
reader knows one shape, one mailbox, and calls everything else ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from mailparser.utils import get_addresses

from gateway.mail.addresses import (
    Mailbox,
    NoMailbox,
    fold_mailbox,
    looks_like_address,
    read_mailbox,
)
from gateway.mail.confusables import is_confusable
from gateway.mail.headers import Field
from gateway.mail.limits import DEFAULT_LIMITS, ReadingLimits
from gateway.mail.shown_text import shown
from rules.message import Originator

# Folded name of a guardian -> the folded addresses on record under it.
GuardianNames = Mapping[str, frozenset[str]]
NO_NAMES: GuardianNames = MappingProxyType({})

_AMBIGUOUS = Originator("ambiguous")
_NONE = Originator("none")


def fold_name(name: str) -> str:
    """Return a person's name as it is compared: case folded, single spaces."""
    return " ".join(name.casefold().split())


def read_originator(
    fields: Sequence[Field],
    *,
    guardian_names: GuardianNames = NO_NAMES,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Originator:
    """Return the one author of a message, or that there is none or more than one.

    A display name that is one of `guardian_names` beside another address is flagged.
    """
    named: dict[str, list[Field]] = {}
    for each in fields:
        if len(each.name) <= 8:
            named.setdefault(each.key, []).append(each)
    claims = named.get("from", [])
    if not claims:
        return _NONE
    if len(claims) > 1 or claims[0].malformed:
        return _AMBIGUOUS
    value = claims[0].value
    if len(value.encode("utf-8", "surrogateescape")) > limits.from_read_bytes:
        return Originator("ambiguous", flags=frozenset({"from_too_long"}))
    found = read_mailbox(value)
    if isinstance(found, NoMailbox):
        return _AMBIGUOUS if found is NoMailbox.AMBIGUOUS else _NONE
    folded = fold_mailbox(found)
    if folded is None:
        return _NONE
    if not found.plain and not _second_opinion_agrees(value, found):
        return _AMBIGUOUS
    display_name = shown(found.phrase)
    flags = set(_flags(found, folded, display_name, guardian_names))
    for name in ("sender", "reply-to"):
        if _differs(named.get(name, []), folded):
            flags.add(f"{name.replace('-', '_')}_differs")
    return Originator("single", folded, display_name, frozenset(flags))


def _second_opinion_agrees(value: str, ours: Mailbox) -> bool:
    """Whether mail-parser finds the same single address in a bounded From: value."""
    try:
        theirs = [address for _, address in get_addresses(value) if address]
    except Exception:  # noqa: BLE001 - a library that fails on outside text does not agree with us
        return False
    return [address.lower() for address in theirs] == [f"{ours.local}@{ours.domain}".lower()]


def _flags(
    found: Mailbox, folded: str, display_name: str, guardian_names: GuardianNames
) -> Iterable[str]:
    other = looks_like_address(display_name)
    if other is not None and other != folded:
        yield "display_name_is_other_address"
    if guardian_names.get(fold_name(display_name), frozenset()) - {folded}:
        yield "display_name_matches_guardian_name"
    if not found.local.isascii():
        yield "eai"
    if is_confusable(found.domain):
        yield "confusable_domain"


def _differs(fields: Sequence[Field], folded: str) -> bool:
    values = [each.value for each in fields if not each.malformed]
    if not values:
        return False
    if len(values) > 1 or len(values[0]) > DEFAULT_LIMITS.from_read_bytes:
        return True
    found = read_mailbox(values[0])
    return isinstance(found, NoMailbox) or fold_mailbox(found) != folded
