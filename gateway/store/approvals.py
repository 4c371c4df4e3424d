"""Approvals: who let somebody be linked beyond the usual, why, and until when (G6).

An approval always ends. From the day after its last, the link is active no longer, whether
or not a round has run since; the round only writes down how it stands then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from gateway.store import schema as t
from gateway.store.links import LinkRefused
from gateway.store.roster_version import renew_for
from gateway.store.types import new_id
from rules.links import LinkStanding

WARNING = timedelta(days=14)  # before the last day
LONGEST = timedelta(days=366)  # an approval for ever would be a third link by habit


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. `reason` is for the office and the leadership alone."""

    approval_id: str
    guardian_id: str
    pupil_id: str
    approved_by: str
    at: datetime
    reason: str
    begins: date
    ends: date  # the last day, included
    begun: datetime | None  # when its link was opened
    warned: datetime | None
    ended: datetime | None


def approve(
    connection: Connection,
    guardian_id: str,
    pupil_id: str,
    *,
    approved_by: str,
    reason: str,
    begins: date,
    ends: date,
    today: date,
    now: datetime,
) -> str:
    """Let a link be active from `begins` to `ends`, both included; return the approval's id.

    It takes the place of an earlier one. The link becomes active on `begins`; until then it
    waits, however it stood.

    Raises:
        LinkRefused: there is no such link, it is barred or restricted, no reason is given, or the
            dates are the wrong way round, past, or further apart than a year.
    """
    c = t.links.c
    this = and_(c.guardian_id == guardian_id, c.pupil_id == pupil_id)
    known = connection.execute(select(t.links).where(this)).first()
    if known is None:
        raise LinkRefused("there is no link between the two on record")
    if known.barred:
        raise LinkRefused(
            "the school's records bar this person from the child: only the records lift a bar"
        )
    if known.restricted_reason:
        raise LinkRefused("a restriction is on record: only the records lift it")
    if not reason.strip():
        raise LinkRefused("an approval needs a reason")
    if ends < begins:
        raise LinkRefused(f"the last day, {ends}, is before the first, {begins}")
    if ends < today:
        raise LinkRefused(f"the last day, {ends}, is past")
    if ends - begins > LONGEST:
        raise LinkRefused("an approval holds for a year at most: approve it again then")
    a = t.link_approvals.c
    connection.execute(
        update(t.link_approvals)
        .where(a.guardian_id == guardian_id, a.pupil_id == pupil_id, a.ended.is_(None))
        .values(ended=now)
    )
    approval_id = new_id(now)
    connection.execute(
        insert(t.link_approvals).values(
            approval_id=approval_id,
            guardian_id=guardian_id,
            pupil_id=pupil_id,
            approved_by=approved_by,
            at=now,
            reason=reason.strip(),
            begins=begins,
            ends=ends,
            begun=now if begins <= today else None,
        )
    )
    opened = {"standing": LinkStanding.ACTIVE, "approved_until": ends}
    waits = {"standing": LinkStanding.WAITING, "approved_until": None}
    values = opened if begins <= today else waits
    connection.execute(update(t.links).where(this).values(**values))
    renew_for(connection, guardian_id)
    return approval_id


def approvals_of(connection: Connection, guardian_id: str) -> tuple[Approval, ...]:
    """Return every approval that a guardian ever had, the newest first."""
    a = t.link_approvals.c
    rows = connection.execute(
        select(t.link_approvals)
        .where(a.guardian_id == guardian_id)
        .order_by(a.at.desc(), a.approval_id.desc())
    )
    return tuple(_approval(row) for row in rows)


def open_approvals(connection: Connection, school_id: str) -> tuple[Approval, ...]:
    """Return the school's approvals that have not been ended, the first to end first."""
    a, g = t.link_approvals.c, t.guardians.c
    rows = connection.execute(
        select(t.link_approvals)
        .join(t.guardians, g.guardian_id == a.guardian_id)
        .where(g.school_id == school_id, a.ended.is_(None))
        .order_by(a.ends, a.approval_id)
    )
    return tuple(_approval(row) for row in rows)


def begin(connection: Connection, approval: Approval, now: datetime) -> bool:
    """Open the link of an approval whose first day has come; False when there is nothing to open.

    It is opened once, however late. What somebody has refused or ended since it was given, or the
    records have barred or restricted, stays shut.
    """
    a, c = t.link_approvals.c, t.links.c
    first = connection.execute(
        update(t.link_approvals)
        .where(a.approval_id == approval.approval_id, a.begun.is_(None), a.ended.is_(None))
        .values(begun=now)
    )
    if not first.rowcount:
        return False
    result = connection.execute(
        update(t.links)
        .where(
            c.guardian_id == approval.guardian_id,
            c.pupil_id == approval.pupil_id,
            c.standing.not_in((LinkStanding.ACTIVE, LinkStanding.REFUSED)),
            or_(c.ends.is_(None), c.ends >= approval.begins),
            c.barred.is_(False),
            or_(c.restricted_reason.is_(None), c.restricted_reason == ""),
        )
        .values(standing=LinkStanding.ACTIVE, approved_until=approval.ends)
    )
    if result.rowcount:
        renew_for(connection, approval.guardian_id)
    return bool(result.rowcount)


def warned(connection: Connection, approval_id: str, now: datetime) -> bool:
    """Record that the office was told of the end; False when it was told before."""
    a = t.link_approvals.c
    result = connection.execute(
        update(t.link_approvals)
        .where(a.approval_id == approval_id, a.warned.is_(None), a.ended.is_(None))
        .values(warned=now)
    )
    return bool(result.rowcount)


def end(connection: Connection, approval: Approval, now: datetime) -> bool:
    """Write down that an approval is over and its link waits; False when it was before."""
    a, c = t.link_approvals.c, t.links.c
    result = connection.execute(
        update(t.link_approvals)
        .where(a.approval_id == approval.approval_id, a.ended.is_(None))
        .values(ended=now)
    )
    if not result.rowcount:
        return False
    connection.execute(
        update(t.links)
        .where(
            c.guardian_id == approval.guardian_id,
            c.pupil_id == approval.pupil_id,
            c.approved_until == approval.ends,
        )
        .values(standing=LinkStanding.WAITING, approved_until=None)
    )
    renew_for(connection, approval.guardian_id)
    return True


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        row.approval_id,
        row.guardian_id,
        row.pupil_id,
        row.approved_by,
        row.at,
        row.reason,
        row.begins,
        row.ends,
        row.begun,
        row.warned,
        row.ended,
    )
