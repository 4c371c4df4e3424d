"""Invite codes as the store has them: hashes, never the codes; tries that failed; acceptances."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from gateway.store import schema as t
from gateway.store.links import hold
from gateway.store.once import insert_once
from gateway.store.types import new_id

How = Literal["letter", "mail"]
State = Literal["open", "used", "revoked", "expired"]

# Held until the commit: of two mails with one code, the second finds it used.
_BY_HASH = (
    select(t.invites)
    .where(
        t.invites.c.school_id == bindparam("school_id"),
        t.invites.c.code_hash.in_(bindparam("hashes", expanding=True)),
    )
    .with_for_update()
)

# Whoever changes who is linked to a child, or has a code, waits for whoever does so just now.


@dataclass(frozen=True, slots=True)
class InviteRow:
    """One invite with the names of whom it is for."""

    invite_id: str
    pupil_id: str
    pupil_reference: str
    pupil_name: str
    guardian_id: str
    guardian_reference: str
    guardian_name: str
    slot: int
    how: How
    issued: datetime
    expires: datetime
    state: State
    used: datetime | None
    revoked: datetime | None


def add(
    connection: Connection,
    *,
    school_id: str,
    pupil_id: str,
    guardian_id: str,
    slot: int,
    code_hash: str,
    how: How,
    now: datetime,
    expires: datetime,
    issued_by: str | None = None,
) -> str:
    """Write down a new invite, of whose code only the hash is kept; return its id."""
    invite_id = new_id(now)
    connection.execute(
        insert(t.invites).values(
            invite_id=invite_id,
            school_id=school_id,
            pupil_id=pupil_id,
            guardian_id=guardian_id,
            slot=slot,
            code_hash=code_hash,
            issued=now,
            issued_by=issued_by,
            how=how,
            expires=expires,
        )
    )
    return invite_id


def state_of(row: Row[Any], now: datetime) -> State:
    """Return how an invite stands at `now`."""
    if row.used is not None:
        return "used"
    if row.revoked is not None:
        return "revoked"
    return "open" if now < row.expires else "expired"


def of_pupil(connection: Connection, pupil_id: str) -> list[Row[Any]]:
    """Return every invite there was for a child, the oldest first."""
    query = select(t.invites).where(t.invites.c.pupil_id == pupil_id)
    return list(connection.execute(query.order_by(t.invites.c.invite_id)))


def hold_children(
    connection: Connection, school_id: str, hashes: Iterable[Collection[str]]
) -> None:
    """Let nobody else link or invite the children of these codes until the commit.

    Done before any invite is held, and in one order, so that two never wait for each other.
    """
    i = t.invites.c
    wanted = sorted({one for each in hashes for one in each})
    children = select(i.pupil_id).where(i.school_id == school_id, i.code_hash.in_(wanted))
    hold(connection, t.pupils.c.pupil_id.in_(children))


def find_by_hash(
    connection: Connection, school_id: str, hashes: Collection[str]
) -> Row[Any] | None:
    """Return the invite whose code has one of these hashes; nobody changes it until the commit."""
    values = {"school_id": school_id, "hashes": sorted(hashes)}
    return connection.execute(_BY_HASH, values).first()


def find(connection: Connection, school_id: str, invite_id: str) -> Row[Any] | None:
    """Return one invite."""
    i = t.invites.c
    query = select(t.invites).where(i.school_id == school_id, i.invite_id == invite_id)
    return connection.execute(query).first()


def spend(
    connection: Connection, invite_id: str, address: str, spool_id: str, now: datetime
) -> bool:
    """Use a code up; False when somebody did before, or it was revoked."""
    i = t.invites.c
    result = connection.execute(
        update(t.invites)
        .where(i.invite_id == invite_id, i.used.is_(None), i.revoked.is_(None))
        .values(used=now, used_from=address, spool_id=spool_id)
    )
    return result.rowcount == 1


def revoke(connection: Connection, invite_id: str, now: datetime) -> bool:
    """Make a code useless; False when it was used or revoked before."""
    i = t.invites.c
    result = connection.execute(
        update(t.invites)
        .where(i.invite_id == invite_id, i.used.is_(None), i.revoked.is_(None))
        .values(revoked=now)
    )
    return result.rowcount == 1


def revoke_open(connection: Connection, guardian_id: str, pupil_id: str, now: datetime) -> int:
    """Make every unused code of this contact for this child useless; return how many it were."""
    i = t.invites.c
    result = connection.execute(
        update(t.invites)
        .where(
            i.guardian_id == guardian_id,
            i.pupil_id == pupil_id,
            i.used.is_(None),
            i.revoked.is_(None),
        )
        .values(revoked=now)
    )
    return result.rowcount


def all_invites(connection: Connection, school_id: str, now: datetime) -> tuple[InviteRow, ...]:
    """Return every invite of the school, the newest first."""
    i, p, g = t.invites.c, t.pupils.c, t.guardians.c
    rows = connection.execute(
        select(
            t.invites,
            p.reference.label("pupil_reference"),
            p.given_name,
            p.family_name,
            g.reference.label("guardian_reference"),
            g.name.label("guardian_name"),
        )
        .join(t.pupils, p.pupil_id == i.pupil_id)
        .join(t.guardians, g.guardian_id == i.guardian_id)
        .where(i.school_id == school_id)
        .order_by(i.invite_id.desc())
    )
    return tuple(
        InviteRow(
            row.invite_id,
            row.pupil_id,
            row.pupil_reference,
            f"{row.given_name} {row.family_name}",
            row.guardian_id,
            row.guardian_reference,
            row.guardian_name,
            row.slot,
            row.how,
            row.issued,
            row.expires,
            state_of(row, now),
            row.used,
            row.revoked,
        )
        for row in rows
    )


def count_wrong(
    connection: Connection,
    *,
    spool_id: str,
    school_id: str,
    address: str,
    tried: int,
    now: datetime,
) -> None:
    """Remember a mail whose codes did not work; once, however often it is settled."""
    values = {"spool_id": spool_id, "school_id": school_id, "address": address}
    insert_once(connection, t.wrong_codes, values | {"at": now, "tried": tried}, ("spool_id",))


def wrong_since(
    connection: Connection, school_id: str, address: str | None, since: datetime
) -> tuple[int, int]:
    """Return how many wrong codes and failing mails there were; `address` None: from everybody."""
    w = t.wrong_codes.c
    query = select(func.coalesce(func.sum(w.tried), 0), func.count()).where(
        w.school_id == school_id, w.at >= since
    )
    if address is not None:
        query = query.where(w.address == address)
    tried, mails = connection.execute(query).one()
    return int(tried), int(mails)


def accept(
    connection: Connection,
    guardian_id: str,
    policy_version: str,
    spool_id: str | None,
    now: datetime,
    how: str = "code",
) -> None:
    """Remember how a guardian came to accept what the policy asks: by their code, or the office."""
    key = {"guardian_id": guardian_id, "policy_version": policy_version}
    insert_once(connection, t.acceptances, key | {"at": now, "spool_id": spool_id, "how": how})
