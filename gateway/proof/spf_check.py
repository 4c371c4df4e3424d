"""Does the domain of the reverse-path let this machine send for it? (RFC 7208, by pyspf)

pyspf knows the rules; what it is told of the DNS is ours: its own questions take 20 seconds
each and take a server that is down for a name that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import spf

from gateway.mail.addresses import fold_domain
from gateway.proof.lookups import Asking, Kind, NotNow

Outcome = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"]

RECORD_OCTETS = 8_192  # a longer record only keeps us busy
_KINDS: dict[str, Kind] = {"A": "A", "AAAA": "AAAA", "MX": "MX", "PTR": "PTR", "TXT": "TXT"}
_VERSION = re.compile(rb"v=spf1(?: |$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SenderPolicy:
    """What came of it. `domain` is that of the reverse-path, folded; "" where there is none."""

    outcome: Outcome
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """What the machine that gave us the message said of itself."""

    peer: str | None  # its address
    helo: str | None
    reverse_path: str | None  # None: the null path


def check_sender_policy(session: Session, arrived: datetime, asking: Asking) -> SenderPolicy:
    """Return whether `session.peer` may send for the domain of the reverse-path.

    The null path proves no author, so its HELO name is not asked about (RFC 9989 §4.4 counts
    MAIL FROM alone).
    """
    if session.reverse_path is None or session.peer is None:
        return SenderPolicy("none")
    local, _at, last = session.reverse_path.rpartition("@")
    domain = fold_domain(last)
    if domain is None:
        return SenderPolicy("none")
    if "@" in local:
        # pyspf takes the first sign for the parting one, and would ask another domain's policy.
        return SenderPolicy("permerror", domain)
    outcome, _explanation = ask_policy(
        session.peer, session.helo or "unknown", f"{local}@{domain}", arrived, asking
    )
    return SenderPolicy(outcome, domain)


def ask_policy(
    peer: str, helo: str, reverse_path: str, arrived: datetime, asking: Asking
) -> tuple[Outcome, str]:
    """Return the result of check_host (RFC 7208 §4) and the domain's explanation of a fail.

    An empty `reverse_path` asks about the HELO name (§2.4).
    """
    try:
        query = _Query(peer, helo, reverse_path, arrived, asking)
        outcome, _code, explanation = query.check()  # type: ignore[no-untyped-call]  # pyspf's
    except NotNow:
        return "temperror", ""
    except Exception:  # noqa: BLE001 - a library that fails on outside text found no pass
        return "permerror", ""
    return outcome, str(explanation)


class _Query(spf.query):
    """pyspf's evaluation, with our answers."""

    def __init__(
        self, peer: str, helo: str, reverse_path: str, arrived: datetime, asking: Asking
    ) -> None:
        super().__init__(peer, reverse_path, helo)  # type: ignore[no-untyped-call]  # pyspf's
        self.t = str(int(arrived.timestamp()))
        self._asking = asking

    def dns(
        self, name: Any, qtype: str, cnames: Any = None, ignore_void: bool = False
    ) -> list[Any]:
        """Return records as pyspf wants them: TXT as a list of strings."""
        asked = str(name).rstrip(".").lower()
        if not asked or any(not 0 < len(label) < 64 for label in asked.split(".")):
            return []
        kind = _KINDS.get(qtype)
        found = self._asking.find(asked, kind) if kind is not None else ()
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many void lookups")
        if kind != "TXT":
            return list(found)
        return [[one] for one in found if isinstance(one, bytes) and _is_short_enough(one)]

    def validated_ptrs(self) -> list[str]:
        """Return the names of the machine that lead back to it.

        What the DNS does not say makes no match here, and no temperror (RFC 7208 §5.5).
        """
        names = []
        for name in self._or_nothing(self.dns_ptr, self.i)[: spf.MAX_PTR]:
            found = self._or_nothing(self.dns_a, name, self.A)
            if self.cidrmatch(found, self.cidrmax):  # type: ignore[no-untyped-call]  # pyspf's
                names.append(name)
        return names

    def _or_nothing(self, ask: Callable[..., list[Any]], *asked: str) -> list[Any]:
        try:
            return ask(*asked)
        except NotNow:
            return []


def _is_short_enough(record: bytes) -> bool:
    if len(record) > RECORD_OCTETS and _VERSION.match(record):
        raise spf.PermError("the record is too long")
    return True
