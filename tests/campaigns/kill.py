"""Kills a running gateway again and again while mail comes in, and counts what became of it.

`python -m tests.campaigns.kill`: 20 times `kill -9` at random moments while 2,000
messages come in over a minute or more, from senders that try again as mail
servers do. What was answered 250 must be there once, with all that follows from
it once; what the smarthost got twice must be the same mail (RFC 1047).
"""

from __future__ import annotations

import queue
import random
import re
import smtplib
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gateway.store.schema import messages, raw_messages
from tests.campaigns.corpus import until_all_have_read
from tests.installation import DOMAIN, DSL, HEAD, OFFICE, Installation, authenticated, installed
from tests.mailroom import Delivery, mailroom
from tests.senders import Submission, connect, submit

CLASSES = ("3a", "3b", "3c")
MARK = re.compile(r"\bref(\d{5})end\b")
# What a parent may write, and where it must be seen.
WORDS = (
    ("teacher", "Which reading book should come home on Friday, please?"),
    ("office", "Ben is poorly and will not be in school today."),
    ("dsl", "Ben told me that his uncle hits him and he is scared to go home. Please help."),
    ("list", "I am new here, and nobody has linked me to the class yet."),
)
WEIGHTS = (60, 25, 5, 10)
REMINDER, BETWEEN_ENTRIES = "We promised an answer by", "\n----\n"
STORE_BUSY = "code=SQLITE_BUSY"
SMARTHOST_CONNECTIONS = 4  # the default of outbound.connections
TOLD_AGAIN_AFTER = timedelta(minutes=15)  # safeguarding.escalate_after_minutes of the policy
FIRST_250_WITHIN_SECONDS = 10.0
PATIENCE_SECONDS = 180.0  # a busy machine only takes longer; the figures say how long
SETTLED_WITHIN_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Size:
    """How big a campaign is."""

    kills: int
    messages: int
    seconds: float
    clients: int = 6


FULL = Size(kills=20, messages=2_000, seconds=75.0)
SHORT = Size(kills=3, messages=100, seconds=9.0, clients=4)


@dataclass(slots=True)
class Figures:
    """What one campaign came to."""

    size: Size
    seconds: float = 0.0
    kills: int = 0
    attempts: int = 0
    answered_250: int = 0
    broken: int = 0
    other_replies: Counter[str] = field(default_factory=Counter)
    restarts: list[float] = field(default_factory=list)
    first_250: list[float] = field(default_factory=list)
    stored: int = 0
    repeats_stored: int = 0
    endings: dict[str, int] = field(default_factory=dict)
    store_busy: int = 0
    mails_out: int = 0
    same_mail_again: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the figures as text."""
        return [
            f"{self.kills} kills while {self.size.messages} messages came in over "
            f"{self.seconds:.0f} s from {self.size.clients} senders",
            f"  attempts {self.attempts}, answered 250 {self.answered_250}, "
            f"line broken {self.broken}, other replies {dict(self.other_replies)}",
            f"  restart to greeting: longest {max(self.restarts, default=0):.1f} s; "
            f"restart to first 250: longest {max(self.first_250, default=0):.1f} s",
            f"  stored {self.stored}: {self.stored - self.repeats_stored} distinct, "
            f"{self.repeats_stored} repeats of a lost 250",
            f"  endings: {sum(self.endings.values())} = "
            + ", ".join(f"{count} {name}" for name, count in self.endings.items()),
            f"  mails out {self.mails_out}, of which the same mail again (RFC 1047): "
            f"{self.same_mail_again}",
            f"  rounds that found the store busy: {self.store_busy}",
            f"  FAULTS: {len(self.faults)}",
            *(f"    {fault}" for fault in self.faults[:40]),
        ]


@dataclass(slots=True)
class Senders:
    """Several mail servers that bring a list of messages, each until it is answered 250."""

    port: int
    figures: Figures
    accepted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _work: queue.SimpleQueue[tuple[float, Submission]] = field(default_factory=queue.SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, submissions: Sequence[Submission], seconds: float, clients: int) -> None:
        """Begin to send, evenly over `seconds`."""
        began = time.monotonic()
        for number, submission in enumerate(submissions):
            self._work.put((began + seconds * number / len(submissions), submission))
        self._threads = [threading.Thread(target=self._bring, daemon=True) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    @property
    def at_work(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _bring(self) -> None:
        client: smtplib.SMTP | None = None
        while True:
            try:
                not_before, submission = self._work.get_nowait()
            except queue.Empty:
                break
            time.sleep(max(0.0, not_before - time.monotonic()))
            code = 0
            while code != 250:
                try:
                    client = client or connect(self.port)
                    code, words = submit(client, submission)
                except (smtplib.SMTPException, OSError):
                    code, words = 0, ""
                self._note(submission, code, words)
                if code != 250:
                    if client is not None:
                        client.close()
                        client = None
                    time.sleep(0.2)
        if client is not None:
            client.close()

    def _note(self, submission: Submission, code: int, words: str) -> None:
        with self._lock:
            self.figures.attempts += 1
            if code == 250:
                self.figures.answered_250 += 1
                self.accepted[submission.name].append(time.monotonic())
            elif code == 0:
                self.figures.broken += 1
            else:
                self.figures.other_replies[f"{code} {words}"] += 1


def run(size: Size, folder: Path, seed: int = 20261123) -> Figures:
    """Run one campaign; no `faults` in its figures: nothing was lost, nothing done twice."""
    figures = Figures(size)
    chance = random.Random(seed)
    with (
        mailroom(folder / "mail", lambda: datetime.now(UTC)) as (smarthost_port, taken),
        installed(folder, smarthost_port) as school,
    ):
        submissions = _submissions(size.messages, chance)
        _take_on(school, size.messages)
        senders = Senders(school.port, figures)
        gateway = school.serve()
        gateway.wait_until_open()
        began = time.monotonic()
        senders.start(submissions, size.seconds, size.clients)
        for moment in sorted(chance.uniform(0.02, 0.98) * size.seconds for _ in range(size.kills)):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            gateway.kill()
            figures.kills += 1
            gateway = school.serve()
            restarted = time.monotonic()
            figures.restarts.append(gateway.wait_until_open())
            # Killed again before it is at work, it would show nothing.
            first = _first_250_since(senders, restarted)
            if first is not None:
                figures.first_250.append(first)
            elif senders.at_work:
                figures.faults.append(f"no 250 within {PATIENCE_SECONDS} s of a restart")
        while senders.at_work:
            time.sleep(0.1)
        figures.seconds = time.monotonic() - began
        school.settled_audit(SETTLED_WITHIN_SECONDS)
        code = gateway.terminate()
        if code != 0:
            figures.faults.append(f"SIGTERM: serve ended with {code}")
        # What was leased at a kill, and what waits for a window, goes out on a clock that jumps.
        code = school.serve(*until_all_have_read(school)).wait(900)
        # Ended before its time, it would only show that nobody has read anything yet.
        assert code == 0, f"the rehearsed windows ended with {code}: {school.log_tail()}"
        # A round that found the store busy for five seconds is run again; no other may fail.
        troubles = school.troubles()
        figures.store_busy = sum(STORE_BUSY in line for line in troubles)
        figures.faults += [line for line in troubles if STORE_BUSY not in line]
        _judge(school, senders, taken, figures)
    return figures


def _first_250_since(senders: Senders, restarted: float) -> float | None:
    while time.monotonic() - restarted < PATIENCE_SECONDS:
        times = [at for each in list(senders.accepted.values()) for at in list(each)]
        if (latest := max(times, default=0.0)) > restarted:
            return min(at for at in times if at > restarted) - restarted if latest else None
        if not senders.at_work:
            return None
        time.sleep(0.02)
    return None


def _submissions(count: int, chance: random.Random) -> list[Submission]:
    return [_submission(number, chance) for number in range(count)]


def _submission(number: int, chance: random.Random) -> Submission:
    kind, words = chance.choices(WORDS, WEIGHTS)[0]
    domain = "new.example" if kind == "list" else "parent.example"
    writer = f"writer{number}@{domain}"
    recipient = f"{CLASSES[number % len(CLASSES)]}@{DOMAIN}"
    octets = authenticated(domain) + (
        f"From: Writer {number} <{writer}>\r\nTo: {recipient}\r\nSubject: A question\r\n"
        f"Message-ID: <{number}.kill@{domain}>\r\n\r\n{words}\r\nref{number:05}end\r\n"
    ).encode("ascii")
    return Submission(f"{number:05} {kind}", writer, recipient, octets)


def _take_on(school: Installation, count: int) -> None:
    staff = [
        (f"Teacher {room}", f"teacher-{room}@oakfield.example", "teacher", room, 0)
        for room in CLASSES
    ]
    # A guardian each: at most three notices a day go to one.
    families = [
        (f"P{n}", "Ben", f"Family{n}", CLASSES[n % 3], f"Parent {n}", f"writer{n}@parent.example")
        for n in range(count)
    ]
    school.take_on(staff, families)


def _judge(
    school: Installation, senders: Senders, taken: Sequence[Delivery], figures: Figures
) -> None:
    audit = school.audit()
    figures.endings = audit["endings"]
    figures.stored = audit["accepted"]
    faults = figures.faults
    if not audit["whole"] or audit["sum"] != audit["accepted"]:
        faults.append(f"the audit is not whole: {audit['faults'][:5]}")
    faults += [f"at rest nowhere: {name}" for name in ("waiting",) if name in audit["endings"]]
    _judge_stored(_stored(school), audit, senders, figures)
    _judge_sent(taken, senders, figures)
    with sqlite3.connect(school.folder / "schoolgate.db") as connection:
        answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            faults.append(f"integrity_check: {answer}")


def _stored(school: Installation) -> dict[str, list[str]]:
    """Return the spool ids of each message sent, by its mark."""
    store = school.store()
    query = select(messages.c.spool_id, raw_messages.c.octets).join(raw_messages)
    found: dict[str, list[str]] = defaultdict(list)
    with store.read() as connection:
        for row in connection.execute(query):
            mark = MARK.search(row.octets.decode("ascii"))
            found[mark[1] if mark else "no mark"].append(row.spool_id)
    store.close()
    return found


def _judge_stored(
    stored: dict[str, list[str]], audit: dict[str, Any], senders: Senders, figures: Figures
) -> None:
    """Everything answered 250 is there; of its copies one is acted upon."""
    ending = {one["id"]: one["ending"] for one in audit["messages"]}
    accepted = {name[:5] for name in senders.accepted}
    figures.repeats_stored = sum(len(ids) - 1 for ids in stored.values())
    lost = accepted - set(stored)
    figures.faults += [f"LOST: {mark} was answered 250 and is not in the store" for mark in lost]
    for mark, ids in stored.items():
        acted = [spool_id for spool_id in ids if ending.get(spool_id) != "duplicate of"]
        if len(acted) != 1:
            figures.faults.append(f"{mark}: {len(acted)} of {len(ids)} copies were acted upon")


def _judge_sent(taken: Sequence[Delivery], senders: Senders, figures: Figures) -> None:
    """No effect left twice but as the very same mail; and each message's reader got it."""
    figures.mails_out = len(taken)
    figures.same_mail_again = len(taken) - len({one.message_id for one in taken})
    if figures.same_mail_again > figures.kills * SMARTHOST_CONNECTIONS:
        figures.faults.append("the same mail again more often than once a kill and connection")
    once: dict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
    for one in taken:
        for mark in _marks(one):
            once[mark, one.recipient][one.message_id] = one.dated
    for (mark, recipient), mails in once.items():
        if len(mails) > 1 and not (recipient in (DSL, HEAD) and _told_again(mails.values())):
            figures.faults.append(f"DOUBLED: {mark} left as {len(mails)} mails to {recipient}")
    for name in senders.accepted:
        mark, _, kind = name.partition(" ")
        readers = _readers(kind, int(mark))
        if not any((mark, reader) in once for reader in readers):
            figures.faults.append(f"LOST: {name} reached none of {readers}")


def _told_again(times: Iterable[datetime]) -> bool:
    """Tell whether mails are so far apart that they repeat an alert nobody acknowledged."""
    ordered = sorted(times)
    return all(later - earlier >= TOLD_AGAIN_AFTER for earlier, later in pairwise(ordered))


def _marks(delivery: Delivery) -> Iterable[str]:
    """Return the messages a mail of ours shows for the first time, or answers.

    Nobody in this school answers, so that each is shown again when its promise has passed.
    """
    entries = delivery.text.split(BETWEEN_ENTRIES)
    marks = {mark for one in entries if REMINDER not in one for mark in MARK.findall(one)}
    answered = re.match(r"<(\d+)\.kill@", str(delivery.message["In-Reply-To"] or ""))
    if answered:
        marks.add(f"{int(answered[1]):05}")
    return marks


def _readers(kind: str, number: int) -> tuple[str, ...]:
    match kind:
        case "teacher":
            return (f"teacher-{CLASSES[number % len(CLASSES)]}@oakfield.example",)
        case "dsl":
            return (DSL, HEAD)
        case _:
            return (OFFICE,)


def main() -> int:
    """Run the full campaign, print the figures, and return 1 when anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-kill-") as scratch:
        figures = run(FULL, Path(scratch))
    print("\n".join(figures.lines()))
    late = max(figures.first_250) > FIRST_250_WITHIN_SECONDS
    if late:
        print(f"The first 250 after a restart took more than {FIRST_250_WITHIN_SECONDS} s.")
    print("Nothing is lost." if not figures.faults else f"{len(figures.faults)} faults.")
    return 1 if figures.faults or late else 0


if __name__ == "__main__":
    sys.exit(main())
