"""Sends every message of the corpus through a running gateway and asks where each one is.

`python -m tests.campaigns.corpus`: three runs on fresh stores, as from a linked
guardian, as from a verified stranger, and as from nobody in particular; then the
files as they lie on the disk, line ends and all.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gateway.mail.addresses import Mailbox, fold_mailbox, read_mailbox
from gateway.mail.limits import TooMuch
from gateway.mail.read import read_message
from rules.calendar import SchoolCalendar
from tests.corpus import as_sent, messages_in
from tests.installation import DOMAIN, Installation, authenticated, installed
from tests.mailroom import Delivery, is_clean, mailroom
from tests.senders import Submission, send_all
from tests.shared import SHARED

KINDS = ("linked guardian", "verified, not linked", "unverified", "as on the disk")
CLASSES = ("3a", "3b", "3c")
NOT_AN_ADDRESS = "somebody@elsewhere.example"
SETTLED_WITHIN_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One file of the corpus; `originator` as our strict reader sees it, None when not single."""

    name: str
    octets: bytes
    originator: str | None


@dataclass(slots=True)
class Run:
    """The figures of one run."""

    kind: str
    sent: int
    replies: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    linked: int = 0
    seconds_to_accept: float = 0.0
    seconds_to_settle: float = 0.0
    endings: dict[str, int] = field(default_factory=dict)
    endings_after_reading: dict[str, int] = field(default_factory=dict)
    mails_out: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the figures as text."""
        return [
            f"{self.kind}: {self.sent} sent"
            + (f", {self.linked} of them from a guardian on the roster" if self.linked else ""),
            *(f"  {count:5} x {words}" for words, count in self.replies.most_common()),
            *(f"        {name}" for name in self.refused[:10]),
            f"  accepted in {self.seconds_to_accept:.1f} s, settled after "
            f"{self.seconds_to_settle:.1f} s more",
            f"  endings: {_counted(self.endings)}",
            f"  after the next windows: {_counted(self.endings_after_reading)}",
            f"  mails out: {self.mails_out}",
            f"  FAULTS: {len(self.faults)}",
            *(f"    {fault}" for fault in self.faults),
        ]


def _counted(endings: dict[str, int]) -> str:
    return f"{sum(endings.values())} = " + ", ".join(f"{n} {name}" for name, n in endings.items())


def samples(folder: Path) -> list[Sample]:
    """Return the whole messages of the corpus."""
    found = []
    for name, octets in messages_in(folder):
        try:
            originator = read_message(as_sent(octets)).originator.mailbox
        except TooMuch:
            originator = None
        found.append(Sample(name, octets, originator))
    return found


def run(kind: str, chosen: Sequence[Sample], folder: Path) -> Run:
    """Send `chosen` to a gateway with an empty store, and account for each."""
    figures = Run(kind, len(chosen))
    with (
        mailroom(folder / "mail", lambda: datetime.now(UTC)) as (smarthost_port, taken),
        installed(folder, smarthost_port) as school,
    ):
        submissions = _submissions(kind, chosen)
        linked = _take_on_families(school, kind, submissions, chosen)
        figures.linked = sum(one.originator in linked for one in chosen)
        gateway = school.serve()
        gateway.wait_until_open()
        began = time.monotonic()
        accepted = _send(school, submissions, figures, as_they_are=kind == KINDS[3])
        figures.seconds_to_accept = time.monotonic() - began
        began = time.monotonic()
        audit = school.settled_audit(SETTLED_WITHIN_SECONDS)
        figures.seconds_to_settle = time.monotonic() - began
        figures.endings = audit["endings"]
        _check(audit, accepted, figures, "after settling")
        _end(gateway.terminate(), figures, "SIGTERM")
        code = school.serve(*until_all_have_read(school)).wait(900)
        _end(code, figures, "the rehearsal of the next windows")
        audit = school.audit()
        figures.endings_after_reading = audit["endings"]
        _check(audit, accepted, figures, "after the next windows")
        if "waiting" in audit["endings"]:
            figures.faults.append("something still waits after the next windows")
        figures.faults += school.troubles()
        figures.faults += _unclean(taken)
        figures.mails_out = len(taken)
    return figures


def _submissions(kind: str, chosen: Sequence[Sample]) -> list[Submission]:
    return [_submission(kind, number, sample) for number, sample in enumerate(chosen)]


def _submission(kind: str, number: int, sample: Sample) -> Submission:
    address = sample.originator or NOT_AN_ADDRESS
    octets = as_sent(sample.octets)
    if kind == KINDS[2]:
        octets = authenticated(address.rpartition("@")[2], "fail") + octets
    elif kind == KINDS[3]:
        octets = sample.octets
    else:
        octets = authenticated(address.rpartition("@")[2]) + octets
    path = address if address.isascii() and not set(address) & set(' "[]') else NOT_AN_ADDRESS
    recipient = f"{CLASSES[_room(address)]}@{DOMAIN}"
    return Submission(f"{number:04} {sample.name}", path, recipient, octets)


def _room(address: str) -> int:
    return sum(address.encode()) % len(CLASSES)


def _take_on_families(
    school: Installation, kind: str, submissions: Sequence[Submission], chosen: Sequence[Sample]
) -> set[str]:
    """Import three classes, and each writer as a guardian where the roster can hold the address."""
    staff = [
        (f"Teacher {room}", f"teacher-{room}@oakfield.example", "teacher", room, 0)
        for room in CLASSES
    ]
    wanted = {one.originator for one in chosen if one.originator} if kind == KINDS[0] else set()
    addresses = sorted(one for one in wanted if _can_be_imported(one))
    school.take_on(
        staff,
        [
            (f"P{n}", f"Child{n}", "Corpus", CLASSES[_room(one)], f"Guardian {n}", one)
            for n, one in enumerate(addresses)
        ],
    )
    return set(addresses)


def _can_be_imported(address: str) -> bool:
    found = read_mailbox(address)
    return isinstance(found, Mailbox) and fold_mailbox(found) == address


def _send(
    school: Installation, submissions: Sequence[Submission], figures: Run, *, as_they_are: bool
) -> int:
    """Return how many were answered 250; every other answer must be one that is asked for."""
    answers = send_all(school.port, submissions)
    for answer in answers:
        figures.replies[f"{answer.code} {answer.words}"] += 1
        unclean = not is_clean(answer.submission.octets)
        # Octets that cannot be a message on the wire are refused, and nothing else is.
        wanted = "550 5.6.11" if unclean else "250 2"
        if answer.code != 250:
            figures.refused.append(answer.submission.name)
        # The client ends a message without a last line end; that alone mends some files.
        mended = as_they_are and answer.code == 250 and _mended(answer.submission.octets)
        if not (mended or f"{answer.code} {answer.words}".startswith(wanted)):
            figures.faults.append(
                f"{answer.submission.name}: {answer.code} {answer.words}, not {wanted}"
            )
    if len(answers) != len(submissions):
        figures.faults.append(f"{len(answers)} answers to {len(submissions)} messages")
    return sum(answer.code == 250 for answer in answers)


def _mended(octets: bytes) -> bool:
    return is_clean(octets + b"\r\n") or is_clean(octets.removesuffix(b"\r") + b"\r\n")


def _check(audit: dict[str, object], accepted: int, figures: Run, when: str) -> None:
    messages = audit["messages"]
    assert isinstance(messages, list)
    ids = {one["id"] for one in messages}
    if not audit["whole"]:
        figures.faults.append(f"{when}: the audit is not whole: {audit['faults']}")
    if not audit["accepted"] == audit["sum"] == accepted == len(ids) == len(messages):
        figures.faults.append(
            f"{when}: {accepted} answered 250, {audit['accepted']} in the store, "
            f"{audit['sum']} with an ending, {len(ids)} ids"
        )
    if any(one["ending"] == "not settled yet" for one in messages):
        figures.faults.append(f"{when}: something is not settled")


def _end(code: int, figures: Run, what: str) -> None:
    if code != 0:
        figures.faults.append(f"{what}: serve ended with {code}")


def until_all_have_read(school: Installation) -> list[str]:
    """Return the options of a rehearsal that goes on until after the next day's windows.

    Its clock stands still between jumps, so a busy machine has all the time it needs.
    """
    school.take_another_port()
    policy = school.configuration().policy
    now = datetime.now(UTC)
    opening = SchoolCalendar.of(policy).next_opening(now + timedelta(hours=24))
    until = opening + timedelta(hours=12)
    return [
        "--rehearse-from", now.isoformat(), "--until", until.isoformat(),
        "--speed", "0", "--jump",
    ]  # fmt: skip


def _unclean(taken: Sequence[Delivery]) -> list[str]:
    return [f"a mail to {one.recipient} is not clean" for one in taken if not one.is_clean]


def main() -> int:
    """Run all of it, print the figures, and return 1 when anything is wrong."""
    folder = SHARED / "corpus"
    if not folder.exists():
        print("needs shared/corpus, which a user's clone does not have")
        return 1
    chosen = samples(folder)
    single = sum(one.originator is not None for one in chosen)
    print(f"{len(chosen)} messages in the corpus, {single} with a single From", flush=True)
    faults = 0
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="schoolgate-corpus-") as scratch:
            figures = run(kind, chosen, Path(scratch))
        print("\n".join(figures.lines()), flush=True)
        faults += len(figures.faults)
    print("Nothing is lost." if not faults else f"{faults} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
