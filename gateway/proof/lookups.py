"""What does the DNS say? Asked within limits, and kept as long as the answer holds.

Two silences are told apart: a name that has nothing (an answer), and a server that did not
say (`NotNow`). A message is never called a forgery because a name server was down.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

from gateway.clock import Clock

Kind = Literal["A", "AAAA", "MX", "PTR", "TXT"]
# Addresses and names as text, MX as (preference, name), TXT as octets.
Record = str | bytes | tuple[int, str]

LOOKUP_SECONDS = 5.0  # one question, all servers and retries together
MESSAGE_SECONDS = 15.0  # all questions of one message
MESSAGE_QUESTIONS = 150  # SPF alone may ask 10 times for 10 names each (RFC 7208 §4.6.4)
FAILURE_KEPT_SECONDS = 30.0  # RFC 2308 §7 allows five minutes
KEPT_SECONDS = 3_600.0
KEPT_ANSWERS = 10_000
KEPT_OCTETS = 8_192  # what is longer is asked again: the store is bounded


class NotNow(Exception):
    """The DNS did not say (SERVFAIL, no answer in time): ask again later."""


class NoServers(Exception):
    """There is nobody to ask: none is set, and the system names none."""


@dataclass(frozen=True, slots=True)
class _Kept:
    records: tuple[Record, ...] | None  # None: it did not say
    until: float  # monotonic seconds


class Lookups:
    """Asks the DNS servers, remembering answers for as long as they may be remembered."""

    def __init__(
        self,
        clock: Clock,
        servers: Sequence[str] = (),
        port: int = 53,
        lookup_seconds: float = LOOKUP_SECONDS,
        failure_kept_seconds: float = FAILURE_KEPT_SECONDS,
    ) -> None:
        """`servers` are addresses; without any, those of the system are asked.

        Raises:
            NoServers: there is nobody to ask.
        """
        try:
            self._resolver = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration as error:
            raise NoServers("no DNS server is set, and the system names none") from error
        if servers:
            self._resolver.nameservers = list(servers)
            self._resolver.port = port
        self._resolver.use_edns(0, 0, 1_232)
        self._clock = clock
        self._lookup_seconds = lookup_seconds
        self._failure_kept_seconds = failure_kept_seconds
        self._kept: OrderedDict[tuple[str, Kind], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def asking(self, seconds: float = MESSAGE_SECONDS) -> Asking:
        """Return what may be asked for one message, from now on."""
        return Asking(self, self._clock, self._clock.monotonic() + seconds)

    def find(self, name: str, kind: Kind, seconds: float) -> tuple[Record, ...]:
        """Return the records of `name`, aliases followed; none where there are none.

        Raises:
            NotNow: nobody said, or not within `seconds`.
        """
        key = (name.lower().rstrip("."), kind)
        now = self._clock.monotonic()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and now < kept.until:
                self._kept.move_to_end(key)
                if kept.records is None:
                    raise NotNow("it did not say a moment ago")
                return kept.records
        if seconds <= 0:
            raise NotNow("no time is left")
        try:
            records, lasts = self._ask(*key, min(seconds, self._lookup_seconds))
        except NotNow:
            if seconds >= self._lookup_seconds:  # or it was we who had no patience
                self._keep(key, _Kept(None, now + self._failure_kept_seconds))
            raise
        if sum(_size(record) for record in records) <= KEPT_OCTETS:
            self._keep(key, _Kept(records, now + min(lasts, KEPT_SECONDS)))
        return records

    def _keep(self, key: tuple[str, Kind], kept: _Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_ANSWERS:
                self._kept.popitem(last=False)

    def _ask(self, name: str, kind: Kind, seconds: float) -> tuple[tuple[Record, ...], float]:
        """Return the records and for how many seconds they hold."""
        try:
            # Label by label: a name made by an SPF macro may hold what zone files would escape.
            absolute = dns.name.Name([*(label.encode() for label in name.split(".")), b""])
        except (dns.exception.DNSException, UnicodeError, ValueError):
            return (), 0.0  # no server can have a name that cannot be asked for
        try:
            answer = self._resolver.resolve(
                absolute, kind, raise_on_no_answer=False, lifetime=seconds, search=False
            )
        except dns.resolver.NXDOMAIN as nothing:
            # dnspython has no types for this one.
            said = nothing.response(absolute)  # type: ignore[no-untyped-call]
            return (), float(said.resolve_chaining().minimum_ttl)
        except dns.resolver.YXDOMAIN:
            return (), 0.0
        except (dns.exception.DNSException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        found = tuple(_record(one, kind) for one in answer.rrset or ())
        return found, float(answer.chaining_result.minimum_ttl)


@dataclass(slots=True)
class Asking:
    """The questions of one message: so many, and until then."""

    _lookups: Lookups
    _clock: Clock
    _until: float  # monotonic seconds
    _left: int = field(default=MESSAGE_QUESTIONS)

    def find(self, name: str, kind: Kind) -> tuple[Record, ...]:
        """Return the records of `name`; none where there are none.

        Raises:
            NotNow: nobody said, or this message has asked too much or too long.
        """
        self._left -= 1
        if self._left < 0:
            raise NotNow("too many questions")
        return self._lookups.find(name, kind, self._until - self._clock.monotonic())

    def texts(self, name: str) -> tuple[bytes, ...]:
        """Return the TXT records of `name`, the strings of each joined (RFC 7208 §3.3).

        Raises:
            NotNow: as `find` does.
        """
        return tuple(one for one in self.find(name, "TXT") if isinstance(one, bytes))


def _record(rdata: Any, kind: Kind) -> Record:
    if kind == "MX":
        return int(rdata.preference), str(rdata.exchange.to_text(omit_final_dot=True))
    if kind == "PTR":
        return str(rdata.target.to_text(omit_final_dot=True))
    if kind == "TXT":
        return b"".join(rdata.strings)
    return str(rdata.address)


def _size(record: Record) -> int:
    return len(record[1]) if isinstance(record, tuple) else len(record)
