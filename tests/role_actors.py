"""One person for each role of the matrix, in one school, and what each of them tries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from gateway.program import letters_for
from gateway.store import offers, removals
from gateway.store import schema as t
from gateway.work.letters import Letters
from rules.instruction import Action
from tests.installation import DOMAIN
from tests.people_world import ROOM_3B, ROOM_4A, message, rows, school
from tests.talk import Talk

PARENT = "amina.okoro@parent.example"  # the linked guardian
ADDRESSES = {
    "linked guardian": PARENT,
    "other guardian": "ewa@parent.example",
    "barred guardian": "daniel.okoro@parent.example",
    "removed guardian": "rema@parent.example",
    "unknown": "zofia.wilk@else.example",
    "pupil": "ben@pupils.oakfield.example",
    "class teacher": "khan@oakfield.example",
    "other teacher": "hughes@oakfield.example",
    "office": "office@oakfield.example",
    "senco": "senco@oakfield.example",
    "head": "lloyd@oakfield.example",
    "dsl": "adeyemi@oakfield.example",
    "deputy": "osei@oakfield.example",
    "chair": "chair@oakfield.example",
    "ex-staff": "former@oakfield.example",
    "staff-parent": "yates@oakfield.example",
    "forged office": "office@oakfield.example",
}
STAFF = (
    ("Miss Khan", ADDRESSES["class teacher"], "teacher", "3B", 0),
    ("Mr Hughes", ADDRESSES["other teacher"], "teacher", "4A", 0),
    ("Ms Yates", ADDRESSES["staff-parent"], "teacher", "4A", 1),
    ("Mrs Penn", ADDRESSES["senco"], "senco", "", 0),
    ("Mr Osei", ADDRESSES["deputy"], "deputy dsl", "", 0),
    ("Dr Cole", ADDRESSES["chair"], "chair", "", 0),
    ("Mr Former", ADDRESSES["ex-staff"], "teacher;office", "3B", 0),
)
FAMILIES = (
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", PARENT),
    ("P1", "Ben", "Okoro", "3B", "Daniel Okoro", ADDRESSES["barred guardian"]),
    ("P2", "Kuba", "Kowalski", "4A", "Ewa Kowalska", ADDRESSES["other guardian"]),
    ("P3", "Ida", "Rask", "3B", "Rema Rask", ADDRESSES["removed guardian"]),
    ("P4", "Una", "Yates", "3B", "Tess Yates", ADDRESSES["staff-parent"]),
    ("P5", "Lou", "Wilk", "3B", "Zofia Wilk", "zofia@parent.example"),
    ("P5", "Lou", "Wilk", "3B", "Jan Wilk", "jan@parent.example"),
    ("P5", "Lou", "Wilk", "3B", "Olga Wilk", "olga@parent.example"),
)
DONE = frozenset({"carried out", "delivered", "waiting", "redirected"})


@dataclass
class Actors:
    """The school, and every way to try something in it."""

    talk: Talk
    letters: Letters
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _days: Iterator[int] = field(default_factory=count)

    def number(self) -> int:
        return next(self._numbers)

    def tries(self, role: str, to: str, text: str = "", subject: str = "") -> bool:
        """Let `role` write, and say whether it was done as asked."""
        verdict = "fail" if role == "forged office" else "pass"
        address = ADDRESSES[role]
        self.talk.write(address, to, text, subject=subject, verdict=verdict)
        return message(self.talk, address).ending in DONE

    def staff_id(self, role: str) -> str:
        """Return the id of a member of staff; the office's for whoever is none."""
        found = rows(self.talk, t.staff, address=ADDRESSES[role])
        return str((found or rows(self.talk, t.staff, address=ADDRESSES["office"]))[0].staff_id)

    def signed(self, action: Action, item_id: str, role: str) -> str:
        now = self.talk.gateway.clock.now()
        return self.letters.post.token_address(action, item_id, self.staff_id(role), now)

    def question(self, text: str = "") -> str:
        """Let the linked guardian ask something new; return the id of the message."""
        number = self.number()
        self.talk.write(
            PARENT, ROOM_3B, text or f"Which book is it? {number}", subject=f"Q{number}"
        )
        return str(message(self.talk, PARENT).spool_id)

    def disclosure(self) -> str:
        number = self.number()
        text = f"Kuba says that his uncle hits him. He is afraid to go home. {number}"
        self.talk.write(ADDRESSES["other guardian"], ROOM_4A, text, subject=f"Home {number}")
        return str(message(self.talk, ADDRESSES["other guardian"]).spool_id)

    def held(self) -> str:
        number = self.number()
        self.talk.write(
            ADDRESSES["unknown"], ROOM_3B, f"Is there PE? {number}", subject=f"S{number}"
        )
        return str(message(self.talk, ADDRESSES["unknown"]).spool_id)

    def offer(self, kind: str) -> str:
        """Make a new offer to link the unknown writer, or to let in a third adult."""
        names = {"address": "Zofia Wilk", "third": "Olga Wilk"}
        [guardian] = rows(self.talk, t.guardians, name=names[kind])
        [pupil] = rows(self.talk, t.pupils, reference="P5")
        spool_id = self.held() if kind == "address" else None
        with self.talk.gateway.store.begin() as connection:
            o, link = t.link_offers.c, t.links.c
            if kind == "third":  # another role may have let her in before
                connection.execute(
                    update(t.links)
                    .where(link.guardian_id == guardian.guardian_id)
                    .values(standing="waiting", approved_until=None)
                )
            connection.execute(
                update(t.link_offers)
                .where(o.kind == kind, o.decided.is_(None))
                .values(decided=self.talk.gateway.clock.now())
            )
            return offers.offer(
                connection,
                school_id=guardian.school_id,
                kind=kind,
                now=self.talk.gateway.clock.now(),
                spool_id=spool_id,
                guardian_id=guardian.guardian_id,
                pupil_id=pupil.pupil_id if kind == "third" else None,
                address=ADDRESSES["unknown"] if kind == "address" else None,
                detail={"verb": "link"},
            )

    def forget_links(self) -> None:
        """Take what a link or a removal left, so that the next role finds everything as it was."""
        with self.talk.gateway.store.begin() as connection:
            a, g = t.guardian_addresses.c, t.guardians.c
            connection.execute(
                t.guardian_addresses.delete().where(a.address == ADDRESSES["unknown"])
            )
            connection.execute(t.removals.delete())
            connection.execute(
                update(t.guardians)
                .where(g.name == "Amina Okoro")
                .values(removed_from=None, removed_until=None)
            )

    def removal(self) -> str:
        """Let the head have removed the linked guardian; return the removal's id."""
        self.forget_links()
        [guardian] = rows(self.talk, t.guardians, name="Amina Okoro")
        with self.talk.gateway.store.begin() as connection:
            return removals.remove(
                connection,
                school_id=guardian.school_id,
                guardian_id=guardian.guardian_id,
                removed_by=self.staff_id("head"),
                reason="threats",
                begins=date(2026, 11, 24),
                ends=date(2027, 8, 31),
                spool_id=None,
                now=self.talk.gateway.clock.now(),
            )

    def change_of_hours(self, *, in_force: bool) -> str:
        """Let the office ask for a day closed, and say yes to it; return the change's id."""
        weeks, weekday = divmod(next(self._days), 5)
        day = date(2027, 3, 1) + timedelta(days=7 * weeks + weekday)
        self.talk.write(ADDRESSES["office"], f"hours@{DOMAIN}", f"closed {day.isoformat()}: boiler")
        c = t.calendar_changes.c
        with self.talk.gateway.store.read() as connection:
            spool_id = message(self.talk, ADDRESSES["office"]).spool_id
            query = select(c.change_id).where(c.spool_id == spool_id)
            change_id = str(connection.execute(query).scalar_one())
        if in_force:
            confirm = self.signed(Action.CONFIRM_HOURS, change_id, "office")
            assert self.tries("office", confirm)
        return change_id

    def seen_by(self, words: str, since: int) -> set[str]:
        """Return the roles that were sent mail with these words since the mail number `since`."""
        self.talk.gateway.stage.settle()
        found = {mail.recipient for mail in self.talk.gateway.taken[since:] if words in _all(mail)}
        return {
            role
            for role, address in ADDRESSES.items()
            if address in found and role != "forged office"
        }


def _all(mail: Any) -> str:
    return " ".join(mail.text.split())


@contextmanager
def actors(folder: Path, **options: Any) -> Iterator[Actors]:
    """Run the school with everybody in it until the end of the block."""
    with school(folder, staff=STAFF, families=FAMILIES, **options) as talk:
        with talk.gateway.store.begin() as connection:
            g = t.guardians.c
            for name, table_values in (
                ("Daniel Okoro", {"barred": True}),
                ("Olga Wilk", {"standing": "waiting"}),
            ):
                found = select(g.guardian_id).where(g.name == name).scalar_subquery()
                connection.execute(
                    update(t.links).where(t.links.c.guardian_id == found).values(**table_values)
                )
            connection.execute(
                update(t.guardians)
                .where(g.name == "Rema Rask")
                .values(removed_from=date(2026, 9, 1))
            )
            connection.execute(
                update(t.pupils)
                .where(t.pupils.c.reference == "P1")
                .values(address=ADDRESSES["pupil"])
            )
            connection.execute(
                update(t.staff)
                .where(t.staff.c.address == ADDRESSES["ex-staff"])
                .values(ends=date(2026, 8, 31))
            )
            connection.execute(
                update(t.schools).values(roster_version=t.schools.c.roster_version + 1)
            )
        gateway = talk.gateway
        program = gateway.stage.program
        yield Actors(talk, letters_for(gateway.stage.configuration, program.school))
