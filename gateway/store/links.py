"""Links between guardians and children: who has one, how it stands, and single changes of them.

Nothing is written in the journal here: whoever calls says who asked for it, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    exists,
    insert,
    or_,
    select,
    update,
)

from gateway.store import schema as t
from gateway.store.roster_version import renew, renew_for
from rules.links import LinkStanding
from rules.links import standing_for_new as standing_beside


class LinkRefused(Exception):
    """The link cannot be as asked. The message says why, in words for the office."""


_HELD = select(t.pupils.c.pupil_id).order_by(t.pupils.c.pupil_id).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link as the store has it, with the names on both sides. Dates in the school's zone."""

    guardian_id: str
    guardian_reference: str
    guardian_name: str
    pupil_id: str
    pupil_reference: str
    pupil_name: str
    kind: str
    parental_responsibility: bool
    may_message: bool
    may_receive: bool
    barred: bool
    restricted_reason: str | None
    standing: LinkStanding  # on the day asked about: active by a lapsed approval is waiting
    priority: int | None
    begins: date | None
    ends: date | None  # the last day, included
    approved_until: date | None  # the last day of the approval that it is active by

    @property
    def is_active(self) -> bool:
        """Whether it counts among the child's links. A bar wins over everything."""
        return self.standing is LinkStanding.ACTIVE and not self.barred


def holds_on(day: Any) -> ColumnElement[bool]:
    """The condition that a link holds on `day`, a date or a bound parameter, however it stands."""
    link = t.links.c
    return and_(
        or_(link.begins.is_(None), link.begins <= day), or_(link.ends.is_(None), link.ends >= day)
    )


def is_active_on(day: Any) -> ColumnElement[bool]:
    """The condition that a link is active on `day`: it holds, is approved if need be, unbarred.

    The last day of an approval is its last: no round has to run for it to end.
    """
    link = t.links.c
    return and_(
        link.standing == LinkStanding.ACTIVE,
        link.barred.is_(False),
        or_(link.approved_until.is_(None), link.approved_until >= day),
        holds_on(day),
    )


_LINKS = (
    select(
        t.links,
        t.guardians.c.reference.label("guardian_reference"),
        t.guardians.c.name.label("guardian_name"),
        t.pupils.c.reference.label("pupil_reference"),
        t.pupils.c.given_name,
        t.pupils.c.family_name,
    )
    .join(t.guardians, t.guardians.c.guardian_id == t.links.c.guardian_id)
    .join(t.pupils, t.pupils.c.pupil_id == t.links.c.pupil_id)
)


def links_of_pupil(connection: Connection, pupil_id: str, today: date) -> tuple[LinkRow, ...]:
    """Return a child's links that have not ended, in the order of the records."""
    return _found(connection, today, t.links.c.pupil_id == pupil_id)


def links_of_guardian(connection: Connection, guardian_id: str, today: date) -> tuple[LinkRow, ...]:
    """Return a guardian's links that have not ended."""
    return _found(connection, today, t.links.c.guardian_id == guardian_id)


def find_link(
    connection: Connection, guardian_id: str, pupil_id: str, today: date
) -> LinkRow | None:
    """Return the link between the two; None when there is none, or it has ended."""
    c = t.links.c
    return next(
        iter(_found(connection, today, c.guardian_id == guardian_id, c.pupil_id == pupil_id)), None
    )


def active_links(connection: Connection, pupil_id: str, today: date) -> int:
    """Return how many active links a child has that have not ended, those still to begin too."""
    return sum(row.is_active for row in links_of_pupil(connection, pupil_id, today))


def hold(connection: Connection, children: ColumnElement[bool]) -> None:
    """Let nobody else link or invite these pupils until the commit."""
    connection.execute(_HELD.where(children)).all()


def hold_child(connection: Connection, pupil_id: str) -> None:
    """Let nobody else link or invite this pupil until the commit."""
    hold(connection, t.pupils.c.pupil_id == pupil_id)


def standing_for_new(connection: Connection, pupil_id: str, today: date) -> LinkStanding:
    """Return how one more link of this child stands: ACTIVE while fewer than two are.

    Nobody else links the child before the commit, so that two at once do not make three.
    """
    hold_child(connection, pupil_id)
    return standing_beside(active_links(connection, pupil_id, today))


def link(
    connection: Connection,
    school_id: str,
    guardian_id: str,
    pupil_id: str,
    *,
    now: datetime,
    today: date,
    standing: LinkStanding,
    kind: str = "guardian",
    parental_responsibility: bool | None = None,
    may_message: bool = True,
    may_receive: bool = True,
) -> LinkRow:
    """Tie a guardian to a child from today, or open again a link that ended; return it.

    A link that holds keeps its flags, and takes the `standing` given. `now` is not recorded:
    the caller's journal has it. Without `parental_responsibility` a new link has it.

    Raises:
        LinkRefused: the two are not of this school, or the guardian is barred from the child.
    """
    del now
    _must_be_ours(connection, school_id, guardian_id, pupil_id)
    c = t.links.c
    this = and_(c.guardian_id == guardian_id, c.pupil_id == pupil_id)
    known = connection.execute(select(t.links).where(this)).first()
    if known is not None and known.barred:
        raise LinkRefused("the school's records bar this person from the child")
    if known is None:
        connection.execute(
            insert(t.links).values(
                guardian_id=guardian_id,
                pupil_id=pupil_id,
                kind=kind,
                parental_responsibility=parental_responsibility is not False,
                may_message=may_message,
                may_receive=may_receive,
                barred=False,
                came_by="person",
                standing=standing,
                begins=today,
            )
        )
    else:
        values: dict[str, Any] = {"standing": standing}
        if known.ends is not None and known.ends < today:
            values |= {"begins": today, "ends": None, "approved_until": None}
        if parental_responsibility is not None:
            values["parental_responsibility"] = parental_responsibility
        connection.execute(update(t.links).where(this).values(**values))
    renew(connection, school_id)
    found = find_link(connection, guardian_id, pupil_id, today)
    assert found is not None  # just written
    return found


def unlink(connection: Connection, guardian_id: str, pupil_id: str, *, today: date) -> bool:
    """End the link at once; False when there is none that holds.

    Yesterday is its last day: an unlinking must hold from the moment it is written. It counts
    as refused, so that no import opens it again. A bar that is on the link stays on record.
    """
    c = t.links.c
    result = connection.execute(
        update(t.links)
        .where(
            c.guardian_id == guardian_id,
            c.pupil_id == pupil_id,
            or_(c.ends.is_(None), c.ends >= today),
        )
        .values(ends=today - timedelta(days=1), standing=LinkStanding.REFUSED, approved_until=None)
    )
    if result.rowcount:
        renew_for(connection, guardian_id)
    return bool(result.rowcount)


def set_standing(
    connection: Connection, guardian_id: str, pupil_id: str, standing: LinkStanding
) -> bool:
    """Let a link stand otherwise; False when there is none. A bar stays whatever the standing.

    An approval that it was active by counts no longer: `approvals.approve` sets its own.
    """
    c = t.links.c
    result = connection.execute(
        update(t.links)
        .where(c.guardian_id == guardian_id, c.pupil_id == pupil_id)
        .values(standing=standing, approved_until=None)
    )
    if result.rowcount:
        renew_for(connection, guardian_id)
    return bool(result.rowcount)


def _found(
    connection: Connection, today: date, *conditions: ColumnElement[bool]
) -> tuple[LinkRow, ...]:
    c = t.links.c
    rows = connection.execute(
        _LINKS.where(*conditions, or_(c.ends.is_(None), c.ends >= today)).order_by(
            c.priority.is_(None), c.priority, c.pupil_id, c.guardian_id
        )
    )
    return tuple(_link_row(row, today) for row in rows)


def standing_on(standing: str, approved_until: date | None, today: date) -> LinkStanding:
    """Return how a stored link stands today: active by an approval that has lapsed is waiting."""
    if standing == LinkStanding.ACTIVE and approved_until is not None and approved_until < today:
        return LinkStanding.WAITING
    return LinkStanding(standing)


def _link_row(row: Row[Any], today: date) -> LinkRow:
    return LinkRow(
        row.guardian_id,
        row.guardian_reference,
        row.guardian_name,
        row.pupil_id,
        row.pupil_reference,
        f"{row.given_name} {row.family_name}",
        row.kind,
        row.parental_responsibility,
        row.may_message,
        row.may_receive,
        row.barred,
        row.restricted_reason,
        standing_on(row.standing, row.approved_until, today),
        row.priority,
        row.begins,
        row.ends,
        row.approved_until,
    )


def _must_be_ours(connection: Connection, school_id: str, guardian_id: str, pupil_id: str) -> None:
    for table, key, value in (
        (t.guardians, "guardian_id", guardian_id),
        (t.pupils, "pupil_id", pupil_id),
    ):
        found = select(exists().where(table.c[key] == value, table.c.school_id == school_id))
        if not connection.execute(found).scalar():
            raise LinkRefused("there is nobody like that on this school's roster")
