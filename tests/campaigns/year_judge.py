"""Was everybody given what they should be, when they should be, and once?

What was meant stands in the store, what was done in the smarthost's notes, and what is right
comes from the oracle alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from gateway.store import schema as t
from gateway.store.audit import audit
from gateway.store.engine import Store
from tests.campaigns.year_oracle import Oracle
from tests.campaigns.year_school import TEACHERS
from tests.campaigns.year_sink import Taken, fingerprint, text_of

Verdict = tuple[list[str], dict[str, int], str]
_MARK = re.compile(r"\byr(\d{5})end\b")


class Judge:
    """Looks through one store and one smarthost's notes; `verdict` says it all."""

    def __init__(
        self, store: Store, school_id: str, taken: Sequence[Taken], oracle: Oracle
    ) -> None:
        self._store = store
        self._school_id = school_id
        self._taken = taken
        self._oracle = oracle
        self._figures: Counter[str] = Counter()
        self._lines: list[str] = []

    def verdict(self) -> Verdict:
        """Return the faults, the figures, and the digest of what was given when."""
        self._figures["mails out"] = len(self._taken)
        with self._store.read() as connection:
            faults = [
                *self._nothing_outside(),
                *self._nothing_twice(connection),
                *self._every_message_at_its_cut(connection),
                *self._every_digest_whole(connection),
                *self._all_accounted_for(connection),
            ]
            self._note_notices(connection)
        whole = "\n".join(sorted(self._lines)).encode()
        return faults, dict(self._figures), hashlib.sha256(whole).hexdigest()

    def _nothing_outside(self) -> Iterator[str]:
        for one in self._taken:
            if one.recipient not in TEACHERS:
                continue
            self._figures["mails to teachers"] += 1
            if not self._oracle.is_open(one.recipient, one.at):
                self._figures["outside"] += 1
                yield f"OUTSIDE: {one.recipient} was given mail at {one.at}"

    def _nothing_twice(self, connection: Connection) -> Iterator[str]:
        sent = {
            row.message_id: row
            for row in connection.execute(
                select(t.outbox.c.message_id, t.outbox.c.state, t.outbox.c.octets)
            )
        }
        times = Counter(one.message_id for one in self._taken)
        yield from (f"TWICE: {name} left {n} times" for name, n in times.items() if n > 1)
        for one in self._taken:
            row = sent.get(one.message_id)
            if row is None or row.state != "sent" or fingerprint(row.octets) != one.fingerprint:
                yield f"{one.message_id} is not what the outbox says it sent"
        for name, row in sent.items():
            if row.state != "sent" or name not in times:
                self._figures[f"not sent, {row.state}"] += 1
                if row.state != "withdrawn":
                    yield f"NOT SENT: {name} is {row.state}"

    def _every_message_at_its_cut(self, connection: Connection) -> Iterator[str]:
        """What was meant for a teacher: given to whom the policy says, exactly at the cut."""
        items, m, d = t.digest_items, t.messages, t.digests
        query = (
            select(
                m.c.message_id, m.c.arrived, m.c.recipient, d.c.cut, items.c.withdrawn,
                t.staff.c.address, items.c.reads_at,
            )
            .join(m, m.c.spool_id == items.c.spool_id)
            .join(t.staff, t.staff.c.staff_id == items.c.staff_id)
            .outerjoin(d, d.c.digest_id == items.c.digest_id)
            .where(items.c.kind == "message")
        )  # fmt: skip
        for row in connection.execute(query):
            if row.withdrawn is not None:
                self._figures["taken back"] += 1
                continue
            self._figures["given to a teacher"] += 1
            who, cut = self._oracle.reader(row.recipient.partition("@")[0], row.arrived)
            self._lines.append(f"{row.message_id}|{row.address}|{row.cut}|{row.reads_at}")
            if (row.address, row.cut) != (who, cut):
                yield (
                    f"{row.message_id} of {row.arrived} was given to {row.address} at {row.cut}, "
                    f"and not to {who} at {cut}"
                )

    def _every_digest_whole(self, connection: Connection) -> Iterator[str]:
        """One digest a reader and cut, sent at the cut, with exactly its messages in it."""
        wanted: dict[str, Counter[str]] = defaultdict(Counter)
        entries = select(t.digest_items.c.digest_id, t.messages.c.message_id).join(
            t.messages, t.messages.c.spool_id == t.digest_items.c.spool_id
        )
        for row in connection.execute(entries.where(t.digest_items.c.kind == "message")):
            wanted[row.digest_id or ""][_number(row)] += 1
        at = {one.message_id: one.at for one in self._taken}
        pages: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in connection.execute(select(t.outbox).where(t.outbox.c.key.like("digest/%"))):
            pages[row.key.split("/")[1]].append(row)
        staff = dict(connection.execute(select(t.staff.c.staff_id, t.staff.c.address)).all())
        held: set[tuple[str, datetime]] = set()
        for digest in connection.execute(select(t.digests)):
            who = staff[digest.staff_id]
            if who not in TEACHERS:
                continue
            self._figures["digests"] += 1
            if (who, digest.cut) in held:
                yield f"TWICE: two digests for {who} at {digest.cut}"
            held.add((who, digest.cut))
            shown: Counter[str] = Counter()
            for page in pages[digest.digest_id]:
                shown.update(set(_MARK.findall(text_of(page.octets))))
                if at.get(page.message_id) != digest.cut:
                    yield f"LATE: {who} was given the digest of {digest.cut} later"
            missing = wanted[digest.digest_id] - shown
            if missing or not pages[digest.digest_id]:
                yield f"{who} at {digest.cut}: {len(missing)} messages are not in the digest"

    def _all_accounted_for(self, connection: Connection) -> Iterator[str]:
        found = audit(connection, self._school_id)
        self._figures["accepted"] = found.accepted
        self._figures.update({f"in the end {name}": n for name, n in found.endings.items()})
        if not found.is_whole or sum(found.endings.values()) != found.accepted:
            yield f"the audit is not whole: {found.faults[:3]}"
        if found.endings.get("waiting"):
            yield f"{found.endings['waiting']} still wait"

    def _note_notices(self, connection: Connection) -> None:
        n, m = t.notices, t.messages
        query = select(n.c.kind, n.c.address, n.c.at, m.c.message_id).join(
            m, m.c.spool_id == n.c.spool_id
        )
        for row in connection.execute(query):
            self._figures["notices"] += 1
            self._lines.append(f"notice|{row.message_id}|{row.kind}|{row.address}|{row.at}")
        to_parents = [one for one in self._taken if one.recipient.endswith("home.example")]
        self._lines += [f"mail|{one.recipient}|{one.at}" for one in to_parents]


def _number(row: Row[Any]) -> str:
    return f"{int(row.message_id[1:].partition('.')[0]):05}"
