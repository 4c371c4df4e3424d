"""Carries out what the office and the leadership decide about a writer, a link or a removal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import approvals, contacts, invites, journal, links, offers
from gateway.store.contacts import ContactOnRecord
from gateway.store.links import LinkRefused
from gateway.work.handed_on import hand_on
from gateway.work.letters import Letters
from gateway.work.new_address import put_on_record
from gateway.work.people_mail import PeopleByMail
from gateway.work.people_words import contact_lines, long_day
from gateway.work.removing import let_back, remove
from gateway.work.source import Source
from rules.effects import CarryOut
from rules.instruction import Action
from rules.line_effects import RefusePeople
from rules.linking import LINKING
from rules.links import LinkStanding
from rules.removal import REMOVING

ABOUT_PEOPLE = LINKING | REMOVING
OVERTAKEN = "Somebody decided it a moment ago."


@dataclass(frozen=True, slots=True)
class Linking:
    """One signed mail about a writer, a link or a removal, in the transaction that settles it."""

    connection: Connection
    school: School
    letters: Letters
    source: Source
    now: datetime

    def carry_out(self, effect: CarryOut) -> None:
        """Do one of `ABOUT_PEOPLE`, and record it."""
        match effect.action:
            case Action.LINK:
                self._link(effect)
            case Action.APPROVE:
                self._approve(effect)
            case Action.REMOVE:
                remove(self._people, effect)
            case Action.RETURN:
                let_back(self._people, effect)
            case Action.ASK_CODE:  # the notice beside it is all that follows
                self._record("told-how-to-be-linked", effect.item_id, effect)
            case Action.DROP:
                self._record("dropped-by-office", effect.item_id, effect)
            case _:
                raise ValueError(f"nothing about people: {effect.action}")

    @property
    def _people(self) -> PeopleByMail:
        return PeopleByMail(self.connection, self.school, self.letters, self.source, self.now)

    def _link(self, effect: CarryOut) -> None:
        row = offers.find(self.connection, self.school.school_id, effect.item_id)
        if row is None:
            return
        if row.kind == "people":
            self._people.carry_out(row.offer_id, effect.staff_id)
            return
        if not offers.decide(self.connection, row.offer_id, by=effect.staff_id, now=self.now):
            self._people.refuse(RefusePeople(effect.staff_id, OVERTAKEN))
            return
        offers.close_beside(self.connection, row.spool_id, by=effect.staff_id, now=self.now)
        untold = put_on_record(
            self.connection,
            self.letters,
            row.guardian_id,
            row.address,
            self.now,
            key=row.offer_id,
            spool_id=row.spool_id,
        )
        invites.accept(
            self.connection,
            row.guardian_id,
            self.school.policy.version,
            row.spool_id,
            self.now,
            how="office",
        )
        self._let_in(row.guardian_id)
        handed = hand_on(self.connection, row.spool_id, self.now)
        self._record("linked-by-office", row.spool_id, effect)
        [person] = contacts.contacts(
            self.connection, [row.guardian_id], self.school.today(self.now)
        )
        lines = contact_lines(self.connection, self.school, person)
        if handed:
            lines.append("The message goes on now as one of theirs.")
        lines += [untold] if untold else []
        self._people.done("Linked", lines, effect.staff_id, key=row.offer_id)

    def _let_in(self, guardian_id: str) -> None:
        """Let links that only waited for a code stand as any new one: somebody knows the writer."""
        today = self.school.today(self.now)
        for one in links.links_of_guardian(self.connection, guardian_id, today):
            if one.standing is not LinkStanding.INVITED or one.barred:
                continue
            standing = links.standing_for_new(self.connection, one.pupil_id, today)
            if not one.parental_responsibility or one.restricted_reason:
                standing = LinkStanding.WAITING
            links.set_standing(self.connection, guardian_id, one.pupil_id, standing)

    def _approve(self, effect: CarryOut) -> None:
        row = offers.find(self.connection, self.school.school_id, effect.item_id)
        if row is None or effect.until is None:
            return
        if not offers.decide(self.connection, row.offer_id, by=effect.staff_id, now=self.now):
            self._people.refuse(RefusePeople(effect.staff_id, OVERTAKEN))
            return
        today = self.school.today(self.now)
        try:
            approvals.approve(
                self.connection,
                row.guardian_id,
                row.pupil_id,
                approved_by=effect.staff_id,
                reason=effect.why,
                begins=today,
                ends=effect.until,
                today=today,
                now=self.now,
            )
        except LinkRefused as fault:
            why = str(fault)
            self._people.refuse(RefusePeople(effect.staff_id, f"{why[0].upper()}{why[1:]}."))
            return
        self._record("link-approved", self.source.spool_id, effect)
        person = self._contact(row.guardian_id)
        lines = contact_lines(self.connection, self.school, person) if person else []
        heading = f"Approved until {long_day(effect.until)}"
        self._people.done(heading, lines, effect.staff_id, key=row.offer_id)

    def _contact(self, guardian_id: str) -> ContactOnRecord | None:
        today = self.school.today(self.now)
        return next(iter(contacts.contacts(self.connection, [guardian_id], today)), None)

    def _record(self, event: str, spool_id: str, effect: CarryOut) -> None:
        journal.record(
            self.connection,
            school_id=self.school.school_id,
            spool_id=spool_id,
            event=event,
            key=f"{event}/{self.source.spool_id}",
            at=self.now,
            detail={
                "staff_id": effect.staff_id,
                "until": effect.until.isoformat() if effect.until else None,
            },
        )
