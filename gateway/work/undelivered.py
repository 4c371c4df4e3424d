"""An answer did not reach the parent: the promise holds again, and its writer sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, select

from gateway.school import School
from gateway.store import cases, digests, promises
from gateway.store import schema as t
from gateway.work.kept_back import written
from rules.calendar import NoReadingTime
from rules.instruction import Action

LATEST = timedelta(days=7)  # mail hosts give up after five days (RFC 5321 §4.5.4.1)
_WHY = "It could not be delivered to the parent"


def not_delivered(
    connection: Connection,
    school: School,
    *,
    outbox_id: str,
    key: str,
    spool_id: str,
    queued: datetime,
    now: datetime,
) -> str:
    """Undo what the answer queued under `key` about `spool_id` had kept; return its words.

    A teacher is shown both in the next digest. Words of the safeguarding lead are not returned:
    they are for nobody else.
    """
    promises.reopen_answered(connection, spool_id, queued)
    case = cases.find(connection, spool_id)
    if case is not None and case.state != "released":
        # What the lead has is no longer the teacher's to answer.
        promises.keep(connection, how="senior", now=now, spool_ids=[spool_id], waiting_too=True)
    answer = next(iter(written(connection, [key])), None)
    if answer is None or answer.action == Action.LEAD_ANSWER:
        return ""
    if answer.action == Action.ANSWER and answer.staff_id is not None:
        _show(connection, school, answer.staff_id, answer.text, outbox_id, spool_id, now)
    return answer.text


def came_back(
    connection: Connection, school: School, spool_id: str, report: bytes, now: datetime
) -> None:
    """Do the same for the answer about `spool_id` that a mail host has sent back as `report`.

    The report quotes its Message-ID; where it does not, the newest answer is meant.
    """
    o = t.outbox.c
    sent = connection.execute(
        select(t.outbox)
        .where(
            o.school_id == school.school_id,
            o.spool_id == spool_id,
            o.kind == "answer",
            o.state == "sent",
            o.queued > now - LATEST,
        )
        .order_by(o.queued.desc())
    ).all()
    named = [row for row in sent if row.message_id.strip("<>").encode() in report]
    for row in (named or sent)[:1]:
        not_delivered(
            connection,
            school,
            outbox_id=row.outbox_id,
            key=row.key,
            spool_id=spool_id,
            queued=row.queued,
            now=now,
        )


def _show(
    connection: Connection,
    school: School,
    staff_id: str,
    text: str,
    outbox_id: str,
    spool_id: str,
    now: datetime,
) -> None:
    """Let the message and the answer stand in the next digest of whoever wrote the answer."""
    message = connection.execute(select(t.messages).where(t.messages.c.spool_id == spool_id)).one()
    before = _given_to(connection, spool_id, staff_id)
    promise = promises.find(connection, spool_id)
    writer = school.staffing(connection, now).everybody.get(staff_id)
    if writer is None or before is None:
        return
    try:
        reads_at = school.calendar_of(writer.address).next_cut(now)
    except NoReadingTime:
        reads_at = now  # the digests hand it over, or let it wait
    digests.add_item(
        connection,
        key=f"{spool_id}/{staff_id}/undelivered/{outbox_id}",
        spool_id=spool_id,
        staff_id=staff_id,
        kind="message",
        reads_at=reads_at,
        due=promises.due_told(promise) if promise is not None else before.due,
        guardian_id=message.guardian_id,
        class_id=message.class_id,
        detail={
            **before.detail,
            "note": "The office knows that your answer did not arrive.",
            "kept_back": text,
            "kept_back_why": _WHY,
        },
        now=now,
    )


def _given_to(connection: Connection, spool_id: str, staff_id: str) -> Row[tuple[object]] | None:
    i = t.digest_items.c
    return connection.execute(
        select(t.digest_items)
        .where(i.spool_id == spool_id, i.staff_id == staff_id, i.kind.in_(digests.SHOWN_KINDS))
        .order_by(i.item_id)
        .limit(1)
    ).first()
