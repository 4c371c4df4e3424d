"""Who of the staff is of the family that a matter is about, and so decides nothing in it?

Known by an address that stands on record for a parent too, or by the same full name: whoever is
wrongly taken for a relative only leaves the matter to a colleague.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from gateway.school import School
from gateway.store import schema as t
from rules.folded import words_of
from rules.people import Staff


def staff_in_family(
    connection: Connection,
    school: School,
    now: datetime,
    guardian_ids: Collection[str | None],
    pupil_id: str | None = None,
) -> frozenset[str]:
    """Return the staff ids of who belongs to these contacts' families, or to one child's alone.

    With a child it is the family of that child, besides the contacts themselves; without, that of
    every child the contacts have. Links that ended or are barred count: they are family still.
    """
    people = {one for one in guardian_ids if one is not None}
    pupils = {pupil_id} if pupil_id is not None else _children_of(connection, people)
    c, g, a = t.links.c, t.guardians.c, t.guardian_addresses.c
    people |= set(
        connection.execute(select(c.guardian_id).where(c.pupil_id.in_(sorted(pupils)))).scalars()
    )
    ids = sorted(people)
    names = connection.execute(select(g.name).where(g.guardian_id.in_(ids))).scalars()
    whose = {tuple(words_of(name)) for name in names}
    addresses = set(connection.execute(select(a.address).where(a.guardian_id.in_(ids))).scalars())
    return frozenset(
        one.staff_id
        for one in school.staffing(connection, now).in_post
        if one.address in addresses or not whose.isdisjoint(_full_names(one.name))
    )


def own_pupils(connection: Connection, school: School, person: Staff) -> frozenset[str]:
    """Return the ids of the children of a member of staff, as far as the roster tells."""
    g, a = t.guardians.c, t.guardian_addresses.c
    mine = set(
        connection.execute(
            select(a.guardian_id).where(
                a.school_id == school.school_id, a.address == person.address
            )
        ).scalars()
    )
    names = _full_names(person.name)
    # The store cannot fold a name as we do, so the last word of it only narrows the search.
    last_words = {person.name.split()[-1], *(name[-1] for name in names)} if names else set()
    for last_word in sorted(last_words):
        rows = connection.execute(
            select(g.guardian_id, g.name).where(
                g.school_id == school.school_id, g.name.icontains(last_word, autoescape=True)
            )
        )
        mine |= {row.guardian_id for row in rows if tuple(words_of(row.name)) in names}
    return frozenset(_children_of(connection, mine))


def _children_of(connection: Connection, guardian_ids: Collection[str]) -> set[str]:
    c = t.links.c
    query = select(c.pupil_id).where(c.guardian_id.in_(sorted(guardian_ids)))
    return set(connection.execute(query).scalars())


def _full_names(name: str) -> set[tuple[str, ...]]:
    """Return the folded full names that a name of staff stands for: as it is, and less its title.

    A family name alone is not enough: "Ms Price" may be anybody.
    """
    words = tuple(words_of(name))
    return {one for one in (words, words[1:]) if len(one) > 1}
