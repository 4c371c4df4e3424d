"""Signed addresses: one action on one message by one person, until a day, in a local part.

A token is base32 of: one byte (version, key slot, action), the item's id (10
bytes), the last valid day (2 bytes), and 128 bits of HMAC-SHA256 over all of
it and the person (RELIABILITY I2). The person is not in the token: it is
whoever the mail is verified to come from, so a token in other hands is worth
nothing and tells nothing. Base32 in lower case survives mail systems that fold case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from gateway.store.types import id_number, id_text
from rules.instruction import Action

VERSION = 1
TAG_BYTES = 16
DAY_ZERO = date(2020, 1, 1)
TOKEN_LENGTH = 47  # 29 bytes in base32
_CODES = {action: code for code, action in enumerate(Action)}
_ACTIONS = {code: action for action, code in _CODES.items()}
PREFIXES = {Action.BOUNCE: "b"} | dict.fromkeys(
    (Action.ANSWER, Action.OFFICE_ANSWER, Action.LEAD_ANSWER), "r"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as read, before anyone has shown to be the person it was signed for."""

    action: Action
    item_id: str
    last_day: date
    signed: bytes
    tag: bytes


class Keys:
    """The signing key, and the one before it while the keys are being changed."""

    def __init__(self, current: bytes, previous: bytes | None = None) -> None:
        if len(current) < 32 or (previous is not None and len(previous) < 32):
            raise ValueError("a token key needs at least 32 bytes")
        self._keys = (current,) if previous is None else (current, previous)

    def sign(self, action: Action, item_id: str, person: str, last_day: date) -> str:
        """Return the token text. `person` is a staff id ("" for a bounce address)."""
        head = bytes([VERSION << 5 | _CODES[action]])
        days = (last_day - DAY_ZERO).days
        signed = head + id_number(item_id).to_bytes(10, "big") + days.to_bytes(2, "big")
        tag = _tag(self._keys[0], signed, person)
        return base64.b32encode(signed + tag).decode().rstrip("=").lower()

    def hashes(self, purpose: bytes, text: str) -> tuple[str, ...]:
        """Return what a secret `text` is stored as: by the current key first, then the one before.

        `purpose` keeps a hash made for one thing from being right for another.
        """
        octets = purpose + b"\0" + text.encode()
        return tuple(hmac.new(key, octets, hashlib.sha256).hexdigest() for key in self._keys)

    def is_for(self, token: Token, person: str) -> bool:
        """Whether `token` was signed for `person`, in constant time."""
        found = False
        for key in self._keys:
            found |= hmac.compare_digest(_tag(key, token.signed, person), token.tag)
        return found


def _tag(key: bytes, signed: bytes, person: str) -> bytes:
    return hmac.new(key, signed + person.encode(), hashlib.sha256).digest()[:TAG_BYTES]


def read_token(text: str) -> Token | None:
    """Return the token in `text`, or None when it has not the shape of one."""
    if len(text) != TOKEN_LENGTH or not text.isascii():
        return None
    try:
        octets = base64.b32decode(text.upper() + "=")
    except ValueError:
        return None
    code = octets[0] & 31
    if octets[0] >> 5 != VERSION or code not in _ACTIONS:
        return None
    return Token(
        _ACTIONS[code],
        id_text(int.from_bytes(octets[1:11], "big")),
        DAY_ZERO + timedelta(days=int.from_bytes(octets[11:13], "big")),
        octets[:13],
        octets[13:],
    )


def local_part(action: Action, token: str) -> str:
    """Return the local part carrying `token`: r+ for answers, b+ for bounces, else a+."""
    return f"{PREFIXES.get(action, 'a')}+{token}"


def token_in(local: str) -> Token | None:
    """Return the token in a local part such as `r+…`, or None when there is none."""
    prefix, plus, text = local.partition("+")
    if not plus or prefix not in {"r", "a", "b"}:
        return None
    token = read_token(text)
    return token if token and PREFIXES.get(token.action, "a") == prefix else None
