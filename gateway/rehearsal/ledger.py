"""What did the gateway write down since we last looked? The rows behind a rehearsal's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from gateway.store import people
from gateway.store import schema as t
from gateway.store.engine import Store

REMINDERS = ("overdue", "late")  # items that say to a reader, and to the office: unanswered


@dataclass(frozen=True, slots=True)
class Entries:
    """New rows: messages that came in, readers' items and outgoing mail that were made."""

    messages: tuple[Row[Any], ...]
    items: tuple[Row[Any], ...]
    outgoing: tuple[Row[Any], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that came of a message: it went to `who` at `at`, or waits until then."""

    at: datetime
    who: str
    what: str  # the outbox's kind, or the item's for what comes in a digest
    state: str  # "sent", "waits", "failed", "withdrawn"


class Ledger:
    """Reads the store of a running program; never writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: set[str] = set()

    def new_entries(self) -> Entries:
        """Return what was written since the last call."""
        with self._store.read() as connection:
            messages = connection.execute(select(t.messages).order_by(t.messages.c.spool_id)).all()
            items = connection.execute(select(t.digest_items)).all()
            outgoing = connection.execute(select(t.outbox).order_by(t.outbox.c.outbox_id)).all()
        return Entries(
            tuple(row for row in messages if self._is_new(row.spool_id)),
            tuple(row for row in items if self._is_new(row.item_id)),
            tuple(row for row in outgoing if self._is_new(row.outbox_id)),
        )

    def staff_name(self, staff_id: str) -> str:
        """Return the name of a member of staff."""
        with self._store.read() as connection:
            query = select(t.staff.c.name).where(t.staff.c.staff_id == staff_id)
            return str(connection.execute(query).scalar() or staff_id)

    def guardian_names(self, guardian_ids: Iterable[str | None]) -> list[str]:
        """Return these guardians' names, in order."""
        wanted = [guardian_id for guardian_id in guardian_ids if guardian_id is not None]
        with self._store.read() as connection:
            names = people.guardian_names(connection, wanted)
        return [names[guardian_id] for guardian_id in wanted if guardian_id in names]

    def outgoing_by_message_id(self) -> dict[str, Row[Any]]:
        """Return every outbox row by its Message-ID, as they stand now."""
        with self._store.read() as connection:
            return {row.message_id: row for row in connection.execute(select(t.outbox))}

    def items_in(self, digest_id: str) -> tuple[Row[Any], ...]:
        """Return what one digest holds."""
        with self._store.read() as connection:
            query = select(t.digest_items).where(t.digest_items.c.digest_id == digest_id)
            return tuple(connection.execute(query))

    def item_outcome(self, item_id: str) -> Outcome | None:
        """Return what has become of a reader's item by now.

        None for a reminder that has not come: it is planned with the promise, and taken back
        when the promise is kept.
        """
        i, o = t.digest_items.c, t.outbox.c
        with self._store.read() as connection:
            item = connection.execute(select(t.digest_items).where(i.item_id == item_id)).one()
            kind = "office-queue" if item.kind in ("queue", "list", "late") else item.kind
            rows = connection.execute(
                select(t.outbox).where(
                    o.key.startswith(f"digest/{item.digest_id}/")
                    | (o.key == f"queue/{item.digest_id}")
                )
            ).all()
        if item.kind in REMINDERS and item.digest_id is None:
            return None
        who = self.staff_name(item.staff_id)
        if item.digest_id is None or not rows:
            return Outcome(item.reads_at, who, kind, "waits")
        return Outcome(rows[0].finished or rows[0].not_before, who, kind, _state(rows[0]))

    def outgoing_outcome(self, outbox_id: str, name_of: Mapping[str, str]) -> Outcome:
        """Return what has become of an outgoing mail by now."""
        with self._store.read() as connection:
            row = connection.execute(
                select(t.outbox).where(t.outbox.c.outbox_id == outbox_id)
            ).one()
        who = name_of.get(row.recipient, row.recipient)
        return Outcome(row.finished or row.not_before, who, row.kind, _state(row))

    def _is_new(self, row_id: str) -> bool:
        if row_id in self._seen:
            return False
        self._seen.add(row_id)
        return True


def _state(row: Row[Any]) -> str:
    return "waits" if row.state in ("waiting", "leased") else str(row.state)
