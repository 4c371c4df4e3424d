"""Who was taken off the channel, by whom, why, and until when. The one place that writes it.

Nobody is removed without somebody of the leadership, in post, who did it: that is asked here,
whoever calls (REQUIREMENTS G14).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, insert, or_, select, update

from gateway.store import schema as t
from gateway.store.types import new_id
from rules.people import Role

_LEADERS = (Role.SLT, Role.HEAD)


class NotALeader(Exception):
    """Whoever asks for it is not of the leadership, or not any more."""


def remove(
    connection: Connection,
    *,
    school_id: str,
    guardian_id: str,
    removed_by: str,
    reason: str,
    begins: date,
    ends: date | None,
    spool_id: str | None,
    now: datetime,
) -> str:
    """Take a guardian off the channel from `begins` to `ends`, both included; return its id.

    Raises:
        NotALeader: `removed_by` holds neither post of the leadership on `begins`.
    """
    _must_lead(connection, school_id, removed_by, begins)
    guardian_id = who_is_now(connection, guardian_id)
    removal_id = new_id(now)
    connection.execute(
        insert(t.removals).values(
            removal_id=removal_id,
            school_id=school_id,
            guardian_id=guardian_id,
            removed_by=removed_by,
            spool_id=spool_id,
            at=now,
            begins=begins,
            ends=ends,
            reason=reason,
        )
    )
    _set(connection, school_id, guardian_id, begins, ends)
    return removal_id


def let_back(
    connection: Connection,
    *,
    school_id: str,
    removal_id: str,
    returned_by: str,
    today: date,
    now: datetime,
) -> bool:
    """End a removal at once; False when it is over already.

    Raises:
        NotALeader: `returned_by` holds neither post of the leadership.
    """
    _must_lead(connection, school_id, returned_by, today)
    r = t.removals.c
    result = connection.execute(
        update(t.removals)
        .where(r.removal_id == removal_id, r.school_id == school_id, r.returned.is_(None))
        .values(returned=now, returned_by=returned_by)
    )
    if not result.rowcount:
        return False
    guardian_id = connection.execute(
        select(r.guardian_id).where(r.removal_id == removal_id)
    ).scalar_one()
    guardian_id = who_is_now(connection, guardian_id)
    # Another of the leadership may have removed them too: that stands until its own end.
    other = in_force(connection, guardian_id, today)
    begins, ends = (other.begins, other.ends) if other is not None else (None, None)
    _set(connection, school_id, guardian_id, begins, ends)
    return True


def find(connection: Connection, school_id: str, removal_id: str) -> Row[Any] | None:
    """Return a removal of this school; None when there is none."""
    r = t.removals.c
    return connection.execute(
        select(t.removals).where(r.removal_id == removal_id, r.school_id == school_id)
    ).first()


def in_force(connection: Connection, guardian_id: str, day: date) -> Row[Any] | None:
    """Return the removal of a guardian that holds on `day`, if one does."""
    r = t.removals.c
    return connection.execute(
        select(t.removals)
        .where(
            r.guardian_id.in_(_all_of(connection, guardian_id)),
            r.returned.is_(None),
            r.begins <= day,
            or_(r.ends.is_(None), r.ends >= day),
        )
        .order_by(r.removal_id.desc())
    ).first()


def of_guardian(connection: Connection, guardian_id: str) -> list[Row[Any]]:
    """Return every removal of a guardian, newest first."""
    r = t.removals.c
    mine = r.guardian_id.in_(_all_of(connection, guardian_id))
    query = select(t.removals).where(mine).order_by(r.removal_id.desc())
    return list(connection.execute(query))


def is_over(row: Row[Any], day: date) -> bool:
    """Whether a removal holds no more on `day`."""
    return row.returned is not None or (row.ends is not None and row.ends < day)


def who_is_now(connection: Connection, guardian_id: str) -> str:
    """Return the contact whom another was merged into since; the same where none was."""
    g, r = t.guardians.c, t.guardian_references.c
    seen = {guardian_id}
    while True:
        kept = connection.execute(
            select(r.guardian_id)
            .join(t.guardians, and_(g.school_id == r.school_id, g.reference == r.reference))
            .where(g.guardian_id == guardian_id, r.guardian_id != guardian_id)
        ).scalar()
        if kept is None or kept in seen:
            return guardian_id
        guardian_id = str(kept)
        seen.add(guardian_id)


def _all_of(connection: Connection, guardian_id: str) -> list[str]:
    """Return the contact, and those merged into them: what was decided of these holds for them."""
    g, r = t.guardians.c, t.guardian_references.c
    merged = connection.execute(
        select(g.guardian_id)
        .join(t.guardian_references, and_(g.school_id == r.school_id, g.reference == r.reference))
        .where(r.guardian_id == guardian_id)
    ).scalars()
    return sorted({guardian_id, *merged})


def _must_lead(connection: Connection, school_id: str, staff_id: str, day: date) -> None:
    s, r = t.staff.c, t.staff_roles.c
    leads = exists().where(
        s.staff_id == staff_id,
        s.school_id == school_id,
        or_(s.ends.is_(None), s.ends >= day),
        r.staff_id == s.staff_id,
        r.role.in_(_LEADERS),
    )
    if not connection.execute(select(leads)).scalar():
        raise NotALeader("only the leadership removes a parent, or lets them back")


def _set(
    connection: Connection,
    school_id: str,
    guardian_id: str,
    begins: date | None,
    ends: date | None,
) -> None:
    g = t.guardians.c
    connection.execute(
        update(t.guardians)
        .where(g.guardian_id == guardian_id, g.school_id == school_id)
        .values(removed_from=begins, removed_until=ends)
    )
