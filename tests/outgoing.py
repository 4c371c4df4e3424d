"""Rows to send, and the school they belong to, for the tests of sending."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from gateway.store import outbox
from gateway.store.engine import Store
from gateway.store.outbox import Leased, Outgoing, Priority
from gateway.store.schema import (
    attempts,
    guardian_addresses,
    guardians,
    links,
    pupils,
    schools,
    staff,
)
from gateway.store.schema import outbox as outbox_table
from tests.clocks import MONDAY_MORNING

MUM = "mum@parent.example"


def a_school(store: Store) -> None:
    """Write down a school, a teacher, a guardian with one address, and her child."""
    with store.begin() as connection:
        for table, values in (
            (schools, {"school_id": "school", "name": "Elm", "domain": "elm.example"}),
            (staff, {"staff_id": "teacher", "name": "T", "address": "t@elm.example"}),
            (pupils, {"pupil_id": "ben", "reference": "1", "given_name": "B", "family_name": "B"}),
            (
                guardians,
                {"guardian_id": "mum", "reference": "1", "name": "Mum", "home_language": "en"},
            ),
            (guardian_addresses, {"guardian_id": "mum", "address": MUM}),
        ):
            connection.execute(insert(table).values({"school_id": "school"} | values))
        connection.execute(
            insert(links).values(
                guardian_id="mum",
                pupil_id="ben",
                kind="mother",
                parental_responsibility=True,
                may_message=True,
                may_receive=True,
                barred=False,
            )
        )


def outgoing(key: str, **changes: Any) -> Outgoing:
    """Return a message to be sent, fit to be changed in what a test is about."""
    message_id = f"<{key}@elm.example>"
    plain = Outgoing(
        key=key,
        school_id="school",
        kind="notice",
        priority=Priority.NOTICE,
        recipient=f"{key}@parent.example",
        reverse_path="b@elm.example",
        message_id=message_id,
        octets=f"Message-ID: {message_id}\r\nSubject: s\r\n\r\n.dot\r\nbody {key}\r\n".encode(),
        not_before=MONDAY_MORNING,
    )
    return replace(plain, **changes)


def queue(store: Store, *rows: Outgoing, now: datetime = MONDAY_MORNING) -> list[str | None]:
    """Queue rows in one transaction and return their ids."""
    with store.begin() as connection:
        return [outbox.add(connection, row, now) for row in rows]


def take(store: Store, now: datetime, limit: int = 10, seconds: float = 900) -> list[Leased]:
    """Lease what is due."""
    with store.begin() as connection:
        return list(outbox.lease(connection, now, seconds, limit))


def states(store: Store) -> dict[str, int]:
    """Return how many rows are in each state."""
    with store.read() as connection:
        return outbox.counts(connection)


def row_of(store: Store, key: str) -> Any:
    """Return one row of the outbox."""
    with store.read() as connection:
        return connection.execute(select(outbox_table).where(outbox_table.c.key == key)).one()


def attempts_of(store: Store, key: str) -> list[Any]:
    """Return the attempts made for one row, first to last."""
    with store.read() as connection:
        return list(
            connection.execute(
                select(attempts)
                .join(outbox_table, outbox_table.c.outbox_id == attempts.c.outbox_id)
                .where(outbox_table.c.key == key)
                .order_by(attempts.c.number)
            )
        )
