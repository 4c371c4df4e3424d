"""Members of staff leave, and take roles up or lay them down: single changes, by a person here.

The school is never left without an office or a safeguarding lead: what is held would wait in
nobody's list, and a child at risk would be nobody's concern.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from gateway.store import schema as t
from gateway.store.roster_version import hold, renew
from rules.people import Role

_NEEDED = {
    frozenset({Role.OFFICE}): "nobody else holds the role office",
    frozenset({Role.DSL, Role.DEPUTY_DSL}): "nobody else is safeguarding lead (dsl, deputy_dsl)",
}


class PostRefused(Exception):
    """The change cannot be made. The message says why, and what to do first."""


@dataclass(frozen=True, slots=True)
class Post:
    """One member of staff: roles, the last day if one is set, the classes they read for."""

    staff_id: str
    name: str
    address: str
    roles: frozenset[Role]
    ends: date | None  # included
    classes: tuple[str, ...]


def post_at(connection: Connection, school_id: str, address: str) -> Post:
    """Return the member of staff with this address, in whatever case it is written.

    Raises:
        PostRefused: there is none.
    """
    s = t.staff.c
    row = connection.execute(
        select(t.staff).where(s.school_id == school_id, s.address == address.strip().lower())
    ).first()
    if row is None:
        raise PostRefused(f"no member of staff has the address {address}")
    return _post(connection, row)


def end_post(
    connection: Connection, school_id: str, post: Post, last: date, today: date
) -> tuple[str, ...]:
    """Let somebody's post end, `last` included; return the classes nobody else reads for.

    No import takes them on again: see `take_on`.

    Raises:
        PostRefused: they are the last who hold what the school cannot be without.
    """
    _refuse_last(connection, school_id, post, post.roles)
    s = t.staff.c
    connection.execute(
        update(t.staff).where(s.staff_id == post.staff_id).values(ends=last, ended_by="person")
    )
    renew(connection, school_id)
    return _without_reader(connection, post, today)


def take_on(connection: Connection, school_id: str, post: Post) -> None:
    """Let somebody who has left, or was to leave, be staff again."""
    s = t.staff.c
    connection.execute(
        update(t.staff).where(s.staff_id == post.staff_id).values(ends=None, ended_by=None)
    )
    renew(connection, school_id)


def give_role(connection: Connection, school_id: str, post: Post, role: Role, rank: int) -> None:
    """Give somebody a role, or another rank in one that they hold."""
    r = t.staff_roles.c
    if role in post.roles:
        this = and_(r.staff_id == post.staff_id, r.role == role)
        connection.execute(update(t.staff_roles).where(this).values(rank=rank))
    else:
        connection.execute(
            insert(t.staff_roles).values(staff_id=post.staff_id, role=role, rank=rank)
        )
    renew(connection, school_id)


def take_role(connection: Connection, school_id: str, post: Post, role: Role) -> None:
    """Take a role away.

    Raises:
        PostRefused: they do not hold it, or nobody else holds what the school cannot be without.
    """
    if role not in post.roles:
        held = ", ".join(sorted(post.roles)) or "none"
        raise PostRefused(f"{post.name} does not hold the role {role}; held: {held}")
    _refuse_last(connection, school_id, post, frozenset({role}), post.roles - {role})
    r = t.staff_roles.c
    connection.execute(delete(t.staff_roles).where(r.staff_id == post.staff_id, r.role == role))
    renew(connection, school_id)


def _refuse_last(
    connection: Connection,
    school_id: str,
    post: Post,
    going: frozenset[Role],
    staying: frozenset[Role] = frozenset(),
) -> None:
    s, r = t.staff.c, t.staff_roles.c
    # Two who work at the same moment must not each count on the other.
    hold(connection, school_id)
    # Whoever is to leave is no ground to let another go: who leaves first, nobody knows later.
    others = frozenset(
        Role(role)
        for role in connection.execute(
            select(r.role)
            .join(t.staff, s.staff_id == r.staff_id)
            .where(s.school_id == school_id, s.staff_id != post.staff_id, s.ends.is_(None))
        ).scalars()
    )
    for needed, why in _NEEDED.items():
        if going & needed and not (others | staying) & needed:
            raise PostRefused(
                f"{why}, and stays: give it to somebody first with `schoolgate staff role`"
            )


def _without_reader(connection: Connection, post: Post, today: date) -> tuple[str, ...]:
    c, s = t.class_staff.c, t.staff.c
    mine = select(c.class_id).where(c.staff_id == post.staff_id)
    read_by_others = (
        select(c.class_id)
        .join(t.staff, s.staff_id == c.staff_id)
        .where(
            c.staff_id != post.staff_id,
            s.ends.is_(None),
            or_(c.ends.is_(None), c.ends >= today),
        )
    )
    names = select(t.classes.c.name).where(
        t.classes.c.class_id.in_(mine), t.classes.c.class_id.not_in(read_by_others)
    )
    return tuple(connection.execute(names.order_by(t.classes.c.name)).scalars())


def _post(connection: Connection, row: Row[Any]) -> Post:
    r, c = t.staff_roles.c, t.class_staff.c
    roles = connection.execute(select(r.role).where(r.staff_id == row.staff_id)).scalars()
    rooms = connection.execute(
        select(t.classes.c.name)
        .join(t.class_staff, c.class_id == t.classes.c.class_id)
        .where(c.staff_id == row.staff_id)
        .order_by(t.classes.c.name)
    ).scalars()
    held = frozenset(Role(role) for role in roles)
    return Post(row.staff_id, row.name, row.address, held, row.ends, tuple(rooms))
