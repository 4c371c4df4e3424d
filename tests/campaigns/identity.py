"""Is anybody taken for a guardian who is not, and is every honest guardian known?

`python -m tests.campaigns.identity`: ten thousand forged combinations, five hundred honest
messages, three hundred forged
ones through a running gateway; the figures, and every one that went wrong.
"""

from __future__ import annotations

import smtplib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from gateway.clock import SystemClock
from gateway.mail.authentication import Border
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.proof.judge import prove
from gateway.proof.lookups import Lookups
from gateway.proof.spf_check import Session
from gateway.store import schema as t
from gateway.work.reader import Reader
from rules.effects import Ending
from rules.links import LinkStanding
from rules.message import Authenticity, Envelope, Inbound
from rules.people import Directory, Guardian, Link, SchoolClass
from rules.standing import Standing, establish
from rules.topic_packs import compile_packs
from tests.campaigns.identity_forged import (
    EVIL,
    GOOGLE,
    GUARDIAN,
    POSTFIX,
    RESULTS,
    Forged,
    combinations,
)
from tests.campaigns.identity_honest import HOST, IDS, Honest, honest
from tests.dns_server import DnsServer, dns_server
from tests.staged import staged
from tests.test_a_conversation import KHAN, STAFF, on
from tests.test_a_conversation import ROOM as OAK

FAMILIES = (("P1", "Ben", "Okoro", "3B", "Amina Okoro", GUARDIAN),)
ROOM = SchoolClass("oak", "Oak", "oak@class.oakfield.example")
ARRIVED = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
FORGED, HONEST, AT_THE_DOOR = 10_000, 500, 300
BORDERS = {
    "google": Border(authserv_ids=(GOOGLE,)),
    "postfix": Border(authserv_ids=(POSTFIX,)),
    "rspamd": Border(authserv_ids=(HOST,)),
    "m365": Border("m365"),
    "own": None,
    "none": None,
}
# The forger's own domain is in perfect order; the guardian's lets nobody else send.
ZONE = {
    "parent.example": [{"TXT": "v=spf1 ip4:192.0.2.1 -all"}],
    "_dmarc.parent.example": [{"TXT": "v=DMARC1; p=reject"}],
    "evil.example": [{"TXT": "v=spf1 ip4:203.0.113.66 -all"}],
    "_dmarc.evil.example": [{"TXT": "v=DMARC1; p=none"}],
}
REVERSE_PATHS = (GUARDIAN, EVIL, None, "x@parent.example.evil.example", "x@mail.parent.example")


@dataclass
class Figures:
    """What came of it; `faults` names each that went wrong."""

    asked: int = 0
    standings: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterable[str]:
        """Tell it."""
        yield f"{self.asked} asked, {len(self.faults)} wrong; {dict(self.standings)}"
        yield from self.faults[:50]


def inbound(octets: bytes, border: str) -> Inbound:
    """Read a message as an installation behind `border` does."""
    reader = Reader(DEFAULT_LIMITS, BORDERS[border], compile_packs(()))
    envelope = Envelope("0", ARRIVED, EVIL, ROOM.address, len(octets))
    return reader.inbound(envelope, octets, "127.0.0.1")


def directory(message: Inbound, address: str, link: str = "linked") -> Directory:
    """Return what the roster says: one guardian at `address`, whose link is as told."""
    mailbox = message.content.originator.mailbox
    if mailbox != address or link == "nobody":
        return Directory("Oakfield", ROOM, (ROOM,))
    if link == "pupil":
        return Directory("Oakfield", ROOM, (ROOM,), pupil_id="p1")
    rooms = ("elm",) if link == "other-class" else ("oak",)
    standing = LinkStanding.WAITING if link == "waiting" else LinkStanding.ACTIVE
    tie = Link("p1", "Ben Okoro", rooms, barred=link == "barred", standing=standing)
    guardian = Guardian("g1", "Amina Okoro", (tie,), removed=link == "removed")
    return Directory("Oakfield", ROOM, (ROOM,), guardians=(guardian,))


def try_forged(ones: Iterable[Forged], lookups: Lookups) -> Figures:
    """Ask of each who wrote it: nobody may come out a guardian."""
    figures = Figures()
    for one in ones:
        octets = one.octets()
        message = inbound(octets, one.border)
        mailbox = message.content.originator.mailbox
        if one.border == "own" and mailbox is not None:
            path = REVERSE_PATHS[list(RESULTS).index(one.result) % len(REVERSE_PATHS)]
            session = Session("203.0.113.66", "mail.evil.example", path)
            author = mailbox.rpartition("@")[2]
            proof = prove(octets, author, session, ARRIVED, lookups.asking())
            authenticity = proof.authenticity or Authenticity.UNVERIFIED
            message = Inbound(message.envelope, message.content, authenticity)
        standing = establish(message, directory(message, GUARDIAN, one.link)).standing
        figures.asked += 1
        figures.standings[standing] += 1
        if standing is Standing.GUARDIAN:
            figures.faults.append(one.name)
    return figures


def try_honest(ones: Iterable[Honest]) -> Figures:
    """Ask of each who wrote it: everybody should come out a guardian."""
    figures = Figures()
    for number, one in enumerate(ones):
        message = inbound(one.octets, one.style)
        standing = establish(message, directory(message, one.address)).standing
        figures.asked += 1
        figures.standings[standing] += 1
        if standing is not Standing.GUARDIAN:
            figures.faults.append(f"{number} {one.style}: {message.authenticity}")
    return figures


def through_the_door(count: int, folder: Path) -> Figures:
    """Give forged messages to a running gateway and live through the day; say what went wrong."""
    # A NUL is refused at the door. What the roster says of the guardian is that she is linked.
    chosen = [
        one
        for one in combinations(max(FORGED, count * 80), 11)
        if one.border == "postfix" and one.link == "linked" and one.form != "null"
    ][:count]
    figures = Figures()
    with staged(folder, on(24, 9), STAFF, FAMILIES) as gateway:
        with smtplib.SMTP("127.0.0.1", gateway.port, timeout=60) as line:
            for one in chosen:
                line.sendmail(EVIL, [OAK], one.octets())
        gateway.stage.advance_to(on(24, 18))
        gateway.stage.settle()
        with gateway.store.read() as connection:
            rows = connection.execute(select(t.messages)).all()
        for row in rows:
            figures.asked += 1
            figures.standings[row.ending] += 1
            if row.guardian_id or row.ending not in (Ending.OFFICE_QUEUE, Ending.DUPLICATE):
                figures.faults.append(f"{row.spool_id}: {row.ending}")
        told = {mail.recipient for mail in gateway.taken}
        figures.faults += [one for one in (KHAN, GUARDIAN) if one in told]
        figures.faults += gateway.audit().faults
    return figures


def names_served() -> AbstractContextManager[DnsServer]:
    """Run the name server that knows the guardian's domain and the forger's."""
    return dns_server(ZONE)


def lookups_at(server: DnsServer) -> Lookups:
    """Return our own asking of that server."""
    return Lookups(SystemClock(), ["127.0.0.1"], server.port)


def main() -> int:
    """Run both, print the figures; 1 when a bar is missed."""
    began = time.monotonic()
    with names_served() as server:
        forged = try_forged(combinations(FORGED), lookups_at(server))
    real = try_honest(honest(HONEST))
    with tempfile.TemporaryDirectory() as folder:
        door = through_the_door(AT_THE_DOOR, Path(folder))
    print("at the door:", *door.lines(), sep="\n  ")
    print("forged:", *forged.lines(), sep="\n  ")
    print("honest:", *real.lines(), sep="\n  ")
    print(f"{time.monotonic() - began:.0f} s; styles: {', '.join(IDS)}")
    return 1 if forged.faults or door.faults or len(real.faults) > HONEST * 0.005 else 0


if __name__ == "__main__":
    sys.exit(main())
