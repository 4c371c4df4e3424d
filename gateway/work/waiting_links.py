"""Whoever waits beyond the usual number is put to the leadership once, and to nobody again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.clock import Clock
from gateway.mail.render import render
from gateway.school import PEOPLE, School
from gateway.store import contacts, links, offers
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.store.links import LinkRow, holds_on
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.own_family import staff_in_family
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from rules.instruction import Action
from rules.links import LinkStanding
from rules.people import Role, Staff

MOST_IN_A_MAIL = 20
Pair = tuple[str, str]  # guardian id, pupil id


@dataclass(frozen=True, slots=True)
class WaitingLinks:
    """Looks for links that wait, whenever the roster or the date has changed."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]
    _looked: dict[str, tuple[int, date]] = field(default_factory=dict, init=False, compare=False)

    def run_once(self) -> int:
        """Put what is new to the leadership of each school; return how many links that were."""
        return sum(self._look(school) for school in self.schools.values())

    def next_due(self) -> datetime | None:
        """Return None: what changes the roster wakes the rounds."""
        return None

    def _look(self, school: School) -> int:
        now = self.clock.now()
        with self.store.read() as connection:
            state = (school.staffing(connection, now).version, school.today(now))
            if self._looked.get(school.school_id) == state:
                return 0
            new = _not_put_yet(connection, school.school_id, school.today(now))
        if new:
            with self.store.begin() as connection:
                new = _not_put_yet(connection, school.school_id, school.today(now))
                if new:
                    key = "/".join(new[0])
                    put_to_leaders(connection, self.letters(school), new, key=key, now=now)
                    # The others of a great import are only counted in the mail.
                    rest = new[MOST_IN_A_MAIL:]
                    offers.offer_to_approve(connection, school.school_id, rest, now)
        self._looked[school.school_id] = state
        return len(new)


def leader_of(leads: Sequence[Staff], besides: Collection[str] = ()) -> Staff | None:
    """Return who of the leadership is asked: of the SLT the first, or else the head.

    `besides` are the staff ids of who is of the child's own family.
    """
    by_rank = sorted(
        (one for one in leads if one.staff_id not in besides),
        key=lambda one: (one.rank, one.staff_id),
    )
    return next(
        (one for role in (Role.SLT, Role.HEAD) for one in by_rank if role in one.roles), None
    )


def put_to_leaders(
    connection: Connection,
    letters: Letters,
    pairs: Sequence[Pair],
    *,
    key: str,
    now: datetime,
) -> None:
    """Ask the leadership about links that wait; the office is told, and can approve nothing."""
    school = letters.school
    today = school.today(now)
    offer_of = {
        pair: offers.offer(
            connection,
            school_id=school.school_id,
            kind="third",
            now=now,
            guardian_id=pair[0],
            pupil_id=pair[1],
            detail={"verb": "approve"},
        )
        for pair in pairs[:MOST_IN_A_MAIL]
    }
    leads = sorted(school.staffing(connection, now).leads, key=lambda one: (one.rank, one.staff_id))
    leader_for = {
        (guardian_id, pupil_id): leader_of(
            leads, staff_in_family(connection, school, now, [guardian_id], pupil_id)
        )
        or leader_of(leads)
        for guardian_id, pupil_id in offer_of
    }
    leaders = [one for one in dict.fromkeys(leader_for.values()) if one is not None]
    office = next(
        (
            one
            for one in sorted(leads, key=lambda s: (s.rank, s.staff_id))
            if Role.OFFICE in one.roles
        ),
        None,
    )
    shown = [(pair, _values(connection, pair, today)) for pair in pairs[:MOST_IN_A_MAIL]]
    for person in dict.fromkeys(one for one in (*leaders, office) if one is not None):
        rows = [
            row
            | {
                "approve": letters.post.token_address(
                    Action.APPROVE, offer_of[pair], person.staff_id, now
                )
                if person is leader_for[pair]
                else ""
            }
            for pair, row in shown
            if person in (leader_for[pair], office)
        ]
        values = {
            "rows": rows,
            "more": len(pairs) - len(shown),
            "leader": ""
            if person in leaders
            else " or ".join(one.name for one in leaders) or "the head teacher",
        }
        letter = Letter(
            key=f"links-waiting/{key}/{person.staff_id}",
            kind="links-waiting",
            priority=Priority.OFFICE,
            sender_name=school.name,
            sender=school.address(PEOPLE),
            recipient=person.address,
            words=render("links-waiting", contact_values(school) | values),
        )
        letters.post.send(connection, letter, now)


def waiting_pairs(connection: Connection, school_id: str, today: date) -> list[Pair]:
    """Return every link of a school that waits for an approval today, those barred left out."""
    c = t.links.c
    rows = connection.execute(
        select(c.guardian_id, c.pupil_id)
        .join(t.pupils, t.pupils.c.pupil_id == c.pupil_id)
        .where(
            t.pupils.c.school_id == school_id,
            c.standing == LinkStanding.WAITING,
            c.barred.is_(False),
            holds_on(today),
        )
        .order_by(c.pupil_id, c.guardian_id)
    )
    return [(row.guardian_id, row.pupil_id) for row in rows]


def _not_put_yet(connection: Connection, school_id: str, today: date) -> list[Pair]:
    put = offers.put_to_the_leadership(connection, school_id)
    return [pair for pair in waiting_pairs(connection, school_id, today) if pair not in put]


def _values(connection: Connection, pair: Pair, today: date) -> dict[str, Any]:
    guardian_id, pupil_id = pair
    rows = links.links_of_pupil(connection, pupil_id, today)
    mine = next((row for row in rows if row.guardian_id == guardian_id), None)
    pupil = contacts.pupil(connection, pupil_id, today)
    where = f" ({', '.join(pupil.class_names)})" if pupil and pupil.class_names else ""
    who = f"{mine.guardian_name} and {mine.pupil_name}{where}" if mine else "Not on record any more"
    return {
        "words": who,
        "linked": [row.guardian_name for row in rows if row.is_active],
        "why": _why(mine),
    }


def _why(row: LinkRow | None) -> str:
    if row is None:
        return "It is not on record any more."
    if row.restricted_reason:
        return "Your records hold a restriction. Please look there first."
    if not row.parental_responsibility:
        return "Your records say that they are not responsible for the child."
    return "Two adults are linked to the child already."
