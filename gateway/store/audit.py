"""Proves that every accepted message is in exactly one place where a person can see it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.store import journal, register
from gateway.store import schema as t
from rules.effects import Ending

NOT_SETTLED = "not settled yet"


@dataclass(frozen=True, slots=True)
class Rest:
    """Where one message has come to rest; `until` when it waits."""

    spool_id: str
    ending: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """The sum of all: `accepted` equals the sum of `endings`, or `faults` says what is wrong."""

    accepted: int
    endings: dict[str, int]
    faults: tuple[str, ...] = ()
    rests: tuple[Rest, ...] = field(default=(), repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing and the register's chain is unbroken."""
        return not self.faults


def audit(connection: Connection, school_id: str) -> Audit:
    """Account for every message the school has accepted."""
    m = t.messages.c
    rows = connection.execute(
        select(m.spool_id, m.state, m.ending, m.duplicate_of, m.content_key, m.raw_id).where(
            m.school_id == school_id
        )
    ).all()
    evidence = _Evidence(connection, school_id)
    rests: list[Rest] = []
    faults: list[str] = []
    for row in rows:
        rest, fault = evidence.place(row)
        rests.append(rest)
        if fault:
            faults.append(f"{row.spool_id}: {fault}")
    broken = register.verify(connection, school_id)
    faults += [f"register: the chain is broken at row {number}" for number in broken]
    endings = Counter(rest.ending for rest in rests)
    return Audit(len(rows), dict(sorted(endings.items())), tuple(faults), tuple(rests))


class _Evidence:
    """The rows that show where messages are, read once."""

    def __init__(self, connection: Connection, school_id: str) -> None:
        i, o = t.digest_items.c, t.outbox.c
        self._items: dict[str, list[Any]] = {}
        for item in connection.execute(
            select(i.spool_id, i.kind, i.digest_id, i.reads_at)
            .where(i.withdrawn.is_(None) | i.digest_id.is_not(None))  # nobody waits for the others
            .order_by(i.item_id)
        ):
            self._items.setdefault(item.spool_id, []).append(item)
        self._sent: dict[str, Any] = {
            row.key: row
            for row in connection.execute(
                select(o.key, o.state, o.not_before, o.spool_id, o.kind).where(
                    o.school_id == school_id
                )
            )
        }
        self._digest_states: dict[str, set[str]] = {}
        for key, row in self._sent.items():
            if key.startswith("digest/"):
                self._digest_states.setdefault(key.split("/")[1], set()).add(row.state)
        self._offices: dict[str, set[str]] = {}
        for key, row in self._sent.items():
            if key.startswith("office/"):
                self._offices.setdefault(key.split("/")[1], set()).add(row.state)
        self._cases = set(connection.execute(select(t.safeguarding_cases.c.spool_id)).scalars())
        self._copies: dict[str, list[str]] = {}
        self._known: set[str] = set()
        for row in connection.execute(select(t.messages.c.spool_id, t.messages.c.raw_id)):
            self._copies.setdefault(row.raw_id, []).append(row.spool_id)
            self._known.add(row.spool_id)
        self._decided = set(
            connection.execute(
                select(t.journal.c.spool_id).where(t.journal.c.event == "decided")
            ).scalars()
        )

        kept_back = connection.execute(
            select(t.journal.c.detail).where(t.journal.c.event == journal.KEPT_BACK)
        ).scalars()
        self._kept_back: dict[str, str] = {one["answer"]: one["newer"] for one in kept_back}

    def place(self, row: Any) -> tuple[Rest, str]:
        """Return where the message is, and what is missing for it to be there."""
        spool_id = row.spool_id
        if row.state == "received":
            return Rest(spool_id, NOT_SETTLED), ""
        fault = "" if spool_id in self._decided else "settled without a recorded decision"
        ending = row.ending
        match ending:
            case Ending.WAITING | Ending.DELIVERED if spool_id in self._cases:
                # A teacher, or a list of ours, raised it after it had been decided.
                ending, missing = str(Ending.SAFEGUARDING), ""
            case Ending.WAITING | Ending.DELIVERED:
                return self._waiting(row, fault)
            case Ending.REDIRECTED:
                ending, missing = self._redirected(row)
            case Ending.SAFEGUARDING:
                missing = "" if spool_id in self._cases else "no safeguarding case"
            case Ending.OFFICE_QUEUE:
                missing = "" if self._is_listed(spool_id) else "in nobody's list"
            case Ending.DUPLICATE:
                missing = "" if row.duplicate_of in self._known else "its original is not here"
            case Ending.CARRIED_OUT | Ending.REFUSED:
                missing = ""
            case _:
                missing = f"no ending known: {ending}"
        return Rest(spool_id, ending), fault or missing

    def _redirected(self, row: Any) -> tuple[str, str]:
        """Return the ending of a message for the office, and what is missing for it."""
        states = self._offices.get(row.raw_id, set())
        if states - {"failed"}:
            return str(Ending.REDIRECTED), ""
        # One mail to the office stands for all the copies, and so does its place in a list.
        if any(self._is_listed(spool_id) for spool_id in self._copies[row.raw_id]):
            return str(Ending.OFFICE_QUEUE), ""
        missing = "its mail to the office failed and nobody was told"
        return str(Ending.REDIRECTED), missing if states else "no mail to the office"

    def _is_listed(self, spool_id: str) -> bool:
        """Whether the message waits for a list, or stands in one that has not failed."""
        for item in self._items.get(spool_id, ()):
            if item.kind not in ("queue", "list"):
                continue
            mail = self._sent.get(f"queue/{item.digest_id}")
            if item.digest_id is None or (mail is not None and mail.state != "failed"):
                return True
        return False

    def _waiting(self, row: Any, fault: str) -> tuple[Rest, str]:
        spool_id = row.spool_id
        answer = self._sent.get(f"answer/{row.content_key}")
        if answer is not None:
            newer = self._kept_back.get(answer.key) if answer.state == "withdrawn" else None
            if newer is not None:
                return self._shown_with(newer, spool_id, fault)
            return self._answered(spool_id, answer, fault)
        items = [item for item in self._items.get(spool_id, []) if item.kind == "message"]
        if not items:
            held = f"answer/{row.content_key}" not in self._sent and self._returned(spool_id)
            if held:
                return Rest(spool_id, str(Ending.REFUSED)), fault
            if self._is_listed(spool_id):
                return Rest(spool_id, str(Ending.OFFICE_QUEUE)), fault
            return Rest(spool_id, str(Ending.WAITING)), fault or "waits for nobody"
        item = items[0]
        if item.digest_id is None:
            return Rest(spool_id, str(Ending.WAITING), item.reads_at), fault
        states = self._digest_states.get(item.digest_id, set())
        if states == {"sent"}:
            return Rest(spool_id, str(Ending.DELIVERED)), fault
        if "failed" in states or not states:
            what = "failed and nobody was told" if states else "was never written"
            missing = "" if self._is_listed(spool_id) else f"its digest {what}"
            return Rest(spool_id, str(Ending.OFFICE_QUEUE)), fault or missing
        return Rest(spool_id, str(Ending.WAITING), item.reads_at), fault

    def _answered(self, spool_id: str, answer: Any, fault: str) -> tuple[Rest, str]:
        if answer.state == "sent":
            return Rest(spool_id, str(Ending.DELIVERED)), fault
        if answer.state == "withdrawn" and answer.spool_id in self._cases:
            return Rest(spool_id, str(Ending.SAFEGUARDING)), fault  # the alert shows it
        if answer.state in ("failed", "withdrawn"):
            return Rest(spool_id, str(Ending.OFFICE_QUEUE)), fault
        return Rest(spool_id, str(Ending.WAITING), answer.not_before), fault

    def _shown_with(self, newer: str, spool_id: str, fault: str) -> tuple[Rest, str]:
        """Return where an answer is that goes back to its writer beside the `newer` message."""
        if newer in self._cases:
            return Rest(spool_id, str(Ending.SAFEGUARDING)), fault
        items = [item for item in self._items.get(newer, []) if item.kind == "message"]
        if not items:
            return Rest(spool_id, str(Ending.OFFICE_QUEUE)), fault
        if items[0].digest_id is None:
            return Rest(spool_id, str(Ending.WAITING), items[0].reads_at), fault
        return Rest(spool_id, str(Ending.DELIVERED)), fault

    def _returned(self, spool_id: str) -> bool:
        return f"returned/{spool_id}" in self._sent
