"""Offers to link: what somebody may say yes to by a signed address, and who did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from gateway.store import schema as t
from gateway.store.types import new_id

DONE, OVERTAKEN = "done", "overtaken"


def offer(
    connection: Connection,
    *,
    school_id: str,
    kind: str,
    now: datetime,
    spool_id: str | None = None,
    guardian_id: str | None = None,
    pupil_id: str | None = None,
    address: str | None = None,
    asked_by: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> str:
    """Return the id of an open offer of just this, made now unless it was made before."""
    o = t.link_offers.c
    values = {
        "school_id": school_id,
        "spool_id": spool_id,
        "kind": kind,
        "guardian_id": guardian_id,
        "pupil_id": pupil_id,
        "address": address,
        "asked_by": asked_by,
    }
    same = [o[name] == value for name, value in values.items()]
    known = connection.execute(
        select(o.offer_id).where(*same, o.decided.is_(None)).order_by(o.offer_id).limit(1)
    ).scalar()
    if known is not None:
        return str(known)
    offer_id = new_id(now)
    connection.execute(
        insert(t.link_offers).values(offer_id=offer_id, at=now, detail=dict(detail or {}), **values)
    )
    return offer_id


def offer_to_approve(
    connection: Connection, school_id: str, pairs: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Write down that each of these links, by guardian and pupil, is put to the leadership."""
    values = [
        {
            "offer_id": new_id(now),
            "school_id": school_id,
            "kind": "third",
            "guardian_id": guardian_id,
            "pupil_id": pupil_id,
            "at": now,
            "detail": {"verb": "approve"},
        }
        for guardian_id, pupil_id in pairs
    ]
    if values:
        connection.execute(insert(t.link_offers), values)


def put_to_the_leadership(connection: Connection, school_id: str) -> set[tuple[str, str]]:
    """Return the links, by guardian and pupil, that were ever put to the leadership."""
    o = t.link_offers.c
    rows = connection.execute(
        select(o.guardian_id, o.pupil_id).where(o.school_id == school_id, o.kind == "third")
    )
    return {(row.guardian_id, row.pupil_id) for row in rows}


def find(connection: Connection, school_id: str, offer_id: str) -> Row[Any] | None:
    """Return an offer of this school; None when there is none."""
    o = t.link_offers.c
    return connection.execute(
        select(t.link_offers).where(o.offer_id == offer_id, o.school_id == school_id)
    ).first()


def decide(
    connection: Connection, offer_id: str, *, by: str, now: datetime, how: str = DONE
) -> bool:
    """Record that an offer was carried out; False when it was decided before."""
    o = t.link_offers.c
    result = connection.execute(
        update(t.link_offers)
        .where(o.offer_id == offer_id, o.decided.is_(None))
        .values(decided=now, decided_by=by, decision=how)
    )
    return bool(result.rowcount)


def close_beside(connection: Connection, spool_id: str, *, by: str, now: datetime) -> None:
    """Let the other offers about one message be over: somebody has decided who wrote it."""
    o = t.link_offers.c
    connection.execute(
        update(t.link_offers)
        .where(o.spool_id == spool_id, o.kind == "address", o.decided.is_(None))
        .values(decided=now, decided_by=by, decision=OVERTAKEN)
    )
