"""Open safeguarding alerts: who has been told, who acknowledged, whom to tell next and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from gateway.store import threads
from gateway.store.once import insert_once
from gateway.store.schema import messages
from gateway.store.schema import safeguarding_cases as cases

# Asked in every round, so written once: writing a statement takes longer than running it.
_DUE = (
    select(cases.c.spool_id)
    .where(cases.c.state == "open", cases.c.tell_next_at <= bindparam("now"))
    .order_by(cases.c.tell_next_at)
)
_NEXT_DUE = (
    select(cases.c.tell_next_at)
    .where(cases.c.state == "open", cases.c.tell_next_at.is_not(None))
    .order_by(cases.c.tell_next_at)
    .limit(1)
)


def open_case(
    connection: Connection,
    *,
    spool_id: str,
    school_id: str,
    raised: datetime,
    line: Sequence[str],
    told: int,
    tell_next_at: datetime,
    detail: Mapping[str, Any],
) -> bool:
    """Open a case for one message; False when it has one already."""
    values = {
        "spool_id": spool_id,
        "school_id": school_id,
        "raised": raised,
        "state": "open",
        "line": list(line),
        "told": told,
        "tell_next_at": tell_next_at,
        "detail": dict(detail),
    }
    return insert_once(connection, cases, values)


def add_detail(connection: Connection, spool_id: str, **more: Any) -> None:
    """Write more of what belongs to a case."""
    case = find(connection, spool_id)
    if case is not None:
        connection.execute(
            update(cases).where(cases.c.spool_id == spool_id).values(detail={**case.detail, **more})
        )


def find(connection: Connection, spool_id: str) -> Row[Any] | None:
    """Return the case about one message."""
    return connection.execute(select(cases).where(cases.c.spool_id == spool_id)).first()


def kept_from(connection: Connection, spool_id: str) -> frozenset[str]:
    """Return the staff ids of whom the allegation in a message is about: they see none of it."""
    case = find(connection, spool_id)
    return kept_from_of(case) if case is not None else frozenset()


def kept_from_of(case: Row[Any]) -> frozenset[str]:
    """Return the same of a case with its `detail`."""
    return frozenset(case.detail.get("kept_from", ()))


def kept_from_by(
    connection: Connection, school_id: str, originator: str, since: datetime
) -> frozenset[str]:
    """Return whom the allegations from one address (folded), raised after `since`, are about."""
    details = connection.execute(
        select(cases.c.detail)
        .join(messages, messages.c.spool_id == cases.c.spool_id)
        .where(
            cases.c.school_id == school_id,
            cases.c.raised > since,
            messages.c.originator == originator,
        )
    ).scalars()
    return frozenset(one for detail in details for one in detail.get("kept_from", ()))


def kept_from_in(connection: Connection, thread_id: str | None) -> frozenset[str]:
    """Return whom the allegations in one thread are about."""
    details = connection.execute(
        select(cases.c.detail)
        .join(messages, messages.c.spool_id == cases.c.spool_id)
        .where(messages.c.thread_id.is_not(None), messages.c.thread_id == thread_id)
    ).scalars()
    return frozenset(one for detail in details for one in detail.get("kept_from", ()))


def kept_from_with(connection: Connection, spool_id: str) -> frozenset[str]:
    """Return whom the allegations in a message, or in its conversation, are about.

    What is said of a message may give away that the lead has another of the same conversation.
    """
    return kept_from(connection, spool_id) | kept_from_in(
        connection, threads.thread_of(connection, spool_id)
    )


def messages_of(connection: Connection, spool_id: str) -> list[str]:
    """Return the messages that went to the lead together with this one, itself among them.

    Without those that have a case of their own which is not released.
    """
    case = find(connection, spool_id)
    together = case.detail.get("messages", ()) if case is not None else ()
    others = [one for one in together if one != spool_id]
    held = connection.execute(
        select(cases.c.spool_id).where(cases.c.spool_id.in_(others), cases.c.state != "released")
    ).scalars()
    return [spool_id, *sorted(set(others) - set(held))]


def with_the_lead(connection: Connection, thread_id: str) -> list[Row[Any]]:
    """Return which messages of a thread the lead has and has not released, with their cases."""
    return list(
        connection.execute(
            select(messages.c.spool_id, messages.c.arrived, cases.c.state, cases.c.detail)
            .join(cases, cases.c.spool_id == messages.c.spool_id)
            .where(messages.c.thread_id == thread_id, cases.c.state != "released")
        )
    )


def move(connection: Connection, spool_id: str, state: str) -> bool:
    """Set the state and stop telling others; False when there was nothing to change.

    An acknowledgement only ends the telling: it takes nothing back that was released or kept.
    """
    before = ("open",) if state == "acknowledged" else ("open", "acknowledged", "released", "kept")
    result = connection.execute(
        update(cases)
        .where(cases.c.spool_id == spool_id, cases.c.state.in_(before), cases.c.state != state)
        .values(state=state, tell_next_at=None)
    )
    return bool(result.rowcount)


def reopen(
    connection: Connection,
    *,
    spool_id: str,
    line: Sequence[str],
    told: int,
    tell_next_at: datetime,
    detail: Mapping[str, Any],
) -> bool:
    """Open a case again that somebody had dealt with; False when it is open still."""
    result = connection.execute(
        update(cases)
        .where(cases.c.spool_id == spool_id, cases.c.state != "open")
        .values(
            state="open",
            line=list(line),
            told=told,
            tell_next_at=tell_next_at,
            detail=dict(detail),
        )
    )
    return bool(result.rowcount)


def due(connection: Connection, now: datetime) -> list[str]:
    """Return the spool ids of the open cases whose next person is due to be told."""
    return list(connection.execute(_DUE, {"now": now}).scalars())


def take_due(connection: Connection, spool_id: str, now: datetime) -> Row[Any] | None:
    """Return the case if it is still due, held till the commit; None when another has it."""
    return connection.execute(
        select(cases)
        .where(cases.c.spool_id == spool_id, cases.c.state == "open", cases.c.tell_next_at <= now)
        .with_for_update(skip_locked=True)
    ).first()


def tell_next_at_once(connection: Connection, spool_id: str, now: datetime) -> None:
    """Wait no longer for one who cannot be reached, if there is another still to be told.

    When all have been told the timer stays: telling them all again at once, for as long
    as their mail is rejected, would never end.
    """
    case = connection.execute(
        select(cases).where(cases.c.spool_id == spool_id, cases.c.state == "open").with_for_update()
    ).first()
    if case is not None and case.told < len(case.line):
        told_another(connection, spool_id, case.told, now)


def told_another(
    connection: Connection, spool_id: str, told: int, tell_next_at: datetime | None
) -> None:
    """Record that `told` of the line now know, and when the next one is due."""
    connection.execute(
        update(cases)
        .where(cases.c.spool_id == spool_id)
        .values(told=told, tell_next_at=tell_next_at)
    )


def next_due(connection: Connection) -> datetime | None:
    """Return when the next escalation is due, if one is."""
    due: datetime | None = connection.execute(_NEXT_DUE).scalar()
    return due
