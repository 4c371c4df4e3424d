"""Guardians on record: finding one, and the addresses that they may write from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select

from gateway.store import schema as t
from gateway.store.once import insert_once
from gateway.store.roster_version import renew
from gateway.store.types import new_id


@dataclass(frozen=True, slots=True)
class GuardianFound:
    """Somebody on record, to choose from: the addresses and the children's names are sorted."""

    guardian_id: str
    reference: str
    name: str
    addresses: tuple[str, ...]
    children: tuple[str, ...]


def add_guardian(
    connection: Connection, school_id: str, reference: str, name: str, now: datetime
) -> str:
    """Return the id of the contact with this reference, written down where it is new."""
    g = t.guardians.c
    values = {
        "guardian_id": new_id(now),
        "school_id": school_id,
        "reference": reference,
        "name": name,
        "home_language": "en",
    }
    if insert_once(connection, t.guardians, values, ("school_id", "reference")):
        renew(connection, school_id)
    query = select(g.guardian_id).where(g.school_id == school_id, g.reference == reference)
    return str(connection.execute(query).scalar_one())


def add_address(connection: Connection, school_id: str, guardian_id: str, address: str) -> bool:
    """Write down one more address (folded) of a guardian; False when it was there.

    What a person wrote down is theirs to take away: no import ends it.
    """
    added = insert_once(
        connection,
        t.guardian_addresses,
        {
            "guardian_id": guardian_id,
            "address": address,
            "school_id": school_id,
            "came_by": "person",
        },
    )
    if added:
        renew(connection, school_id)
    return added


def remove_address(connection: Connection, school_id: str, guardian_id: str, address: str) -> bool:
    """Take an address away from a guardian; False when it was not theirs."""
    c = t.guardian_addresses.c
    result = connection.execute(
        delete(t.guardian_addresses).where(
            c.school_id == school_id, c.guardian_id == guardian_id, c.address == address
        )
    )
    if result.rowcount:
        renew(connection, school_id)
    return bool(result.rowcount)


def addresses_of(
    connection: Connection, guardian_ids: Collection[str]
) -> defaultdict[str, list[str]]:
    """Return the addresses of each guardian: the records' main one first, then what was added."""
    a = t.guardian_addresses.c
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(a.guardian_id, a.address)
        .where(a.guardian_id.in_(sorted(guardian_ids)))
        .order_by(a.position.is_(None), a.position, a.address)
    ):
        found[row.guardian_id].append(row.address)
    return found


def find_guardians(
    connection: Connection, school_id: str, text: str, most: int = 20
) -> tuple[GuardianFound, ...]:
    """Return the guardians meant by a reference, an address or part of a name, by name.

    A whole reference or address that is on record is the only thing it can mean.
    """
    g, a = t.guardians.c, t.guardian_addresses.c
    words = text.strip()
    if not words:
        return ()
    has_address = exists().where(a.guardian_id == g.guardian_id, a.address == words.lower())
    exact = _guardians(connection, school_id, or_(g.reference == words, has_address), most)
    if exact:
        return exact
    named = func.lower(g.name).contains(words.lower(), autoescape=True)
    return _guardians(connection, school_id, named, most)


def _guardians(
    connection: Connection, school_id: str, condition: ColumnElement[bool], most: int
) -> tuple[GuardianFound, ...]:
    g = t.guardians.c
    rows = connection.execute(
        select(t.guardians)
        .where(g.school_id == school_id, condition)
        .order_by(g.name, g.guardian_id)
        .limit(most)
    ).all()
    ids = [row.guardian_id for row in rows]
    addresses = addresses_of(connection, ids)
    children: dict[str, list[str]] = {known: [] for known in ids}
    p = t.pupils.c
    for child in connection.execute(
        select(t.links.c.guardian_id, p.given_name, p.family_name)
        .join(t.pupils, p.pupil_id == t.links.c.pupil_id)
        .where(t.links.c.guardian_id.in_(ids))
        .order_by(p.given_name, p.family_name)
    ):
        children[child.guardian_id].append(f"{child.given_name} {child.family_name}")
    return tuple(
        GuardianFound(
            row.guardian_id,
            row.reference,
            row.name,
            tuple(addresses[row.guardian_id]),
            tuple(children[row.guardian_id]),
        )
        for row in rows
    )
