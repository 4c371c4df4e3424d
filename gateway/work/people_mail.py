"""What the office asks about people by mail: shown, asked again, carried out or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from gateway.invites.issuing import children_of
from gateway.invites.mailing import invite_by_mail
from gateway.mail.render import render
from gateway.school import PEOPLE, School
from gateway.store import contacts, invites, journal, links, offers, removals
from gateway.store.contacts import ContactOnRecord
from gateway.store.links import LinkRefused
from gateway.store.outbox import Priority
from gateway.work.before_linking import colleagues_at, others_linked, standing_by_office
from gateway.work.letters import Letters
from gateway.work.new_address import put_on_record
from gateway.work.own_family import staff_in_family
from gateway.work.people_words import contact_lines, pupil_lines
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from gateway.work.source import Source
from gateway.work.waiting_links import put_to_leaders
from rules.instruction import Action
from rules.line_effects import RefusePeople, ShowPeople
from rules.linking import LEADERS
from rules.links import LinkStanding
from rules.people_line import EXAMPLES

_DONE = {
    "link": "Linked",
    "unlink": "Unlinked",
    "invite": "Invited",
}
_EVENTS = {
    "link": "people-linked",
    "unlink": "people-unlinked",
    "invite": "people-invited",
}


@dataclass(frozen=True, slots=True)
class PeopleByMail:
    """One mail about who is linked, in the transaction that settles it."""

    connection: Connection
    school: School
    letters: Letters
    source: Source
    now: datetime

    def show(self, effect: ShowPeople) -> None:
        """Say who somebody is, or what would change, and ask for a yes."""
        if effect.verb == "show":
            self._show(effect)
            return
        person = self._contact(effect.guardian_id)
        offer_id = offers.offer(
            self.connection,
            school_id=self.school.school_id,
            kind="people",
            now=self.now,
            spool_id=self.source.spool_id,
            guardian_id=effect.guardian_id,
            pupil_id=effect.pupil_id,
            address=effect.address,
            asked_by=effect.staff_id,
            detail={"verb": effect.verb},
        )
        name = self._pupil_name(effect.pupil_id)
        who = f"{person.name} (number {person.reference})" if person else ""
        confirm = self.letters.post.token_address(Action.LINK, offer_id, effect.staff_id, self.now)
        lines, warning = [f"Unlink {who} from {name}."], ""
        if effect.verb == "invite":
            lines = [f"Mail a code to each contact of {name} who may have one."]
            warning = "It goes to the address on record, and to no other."
        if effect.verb == "link":
            lines = [f"Link {who} to {name}."]
            if effect.address is not None:
                lines.append(f"Add the address {effect.address} to theirs.")
                lines += colleagues_at(self.connection, self.school, effect.address, self.now)
            standing = self._standing(effect.guardian_id or "", effect.pupil_id or "")
            if standing is LinkStanding.WAITING:
                warning = "It will wait: the leadership must approve it first."
            elif standing is None:
                warning = "They are linked already."
        elif effect.verb == "unlink":
            warning = "From then on they get nothing about this child."
            today = self.school.today(self.now)
            if not others_linked(self.connection, effect.guardian_id, effect.pupil_id, today):
                warning += f" Nobody else is linked to {name}."
        values = {"lines": lines, "warning": warning, "confirm": confirm}
        self.answer("people-review", effect.staff_id, values, key=offer_id)
        self._record("people-asked", offer_id, effect.staff_id)

    def refuse(self, effect: RefusePeople) -> None:
        """Say why the line changed nothing, and what may be written."""
        values = {
            "why": effect.why,
            "choices": list(effect.choices),
            "examples": [] if effect.choices else list(EXAMPLES),
            "people_address": self.school.address(PEOPLE),
        }
        self.answer("people-refused", effect.staff_id, values, key=self.source.spool_id)

    def carry_out(self, offer_id: str, staff_id: str) -> None:
        """Do what an earlier line asked for, now that its writer has said yes."""
        row = offers.find(self.connection, self.school.school_id, offer_id)
        if row is None or not offers.decide(self.connection, offer_id, by=staff_id, now=self.now):
            return
        verb = str(row.detail["verb"])
        try:
            if verb == "invite":
                lines = self._invite(row.pupil_id, staff_id)
            elif verb == "unlink":
                lines = self._unlink(row.guardian_id, row.pupil_id)
            else:
                lines = self._link(row.guardian_id, row.pupil_id, row.address)
        except LinkRefused as fault:
            why = str(fault)
            self.refuse(RefusePeople(staff_id, f"{why[0].upper()}{why[1:]}."))
            return
        self._record(_EVENTS[verb], offer_id, staff_id)
        self.done(_DONE[verb], lines, staff_id, key=offer_id)

    def done(
        self, heading: str, lines: Sequence[str], staff_id: str, *, key: str, return_to: str = ""
    ) -> None:
        """Tell somebody of the staff what was done, or what is on record."""
        values = {"heading": heading, "lines": list(lines), "return_to": return_to}
        self.answer("people-done", staff_id, values, key=key)

    def answer(self, kind: str, staff_id: str, values: dict[str, Any], *, key: str) -> None:
        """Send one of the mails about people to a member of staff."""
        person = self.letters.staff(self.connection, staff_id, self.now)
        if person is None:
            return
        letter = Letter(
            key=f"{kind}/{key}/{staff_id}",
            kind=kind,
            priority=Priority.OFFICE,
            sender_name=self.school.name,
            sender=self.school.address(PEOPLE),
            recipient=person.address,
            words=render(kind, contact_values(self.school) | values),
            about=self.source.spool_id,
            in_reply_to=self.source.content.message_id,
            references=self.source.content.references,
            auto_submitted="auto-replied",
        )
        self.letters.post.send(self.connection, letter, self.now)

    def _show(self, effect: ShowPeople) -> None:
        today = self.school.today(self.now)
        person = self._contact(effect.guardian_id)
        lines: list[str] = []
        if person is not None:
            lines = contact_lines(self.connection, self.school, person)
        elif effect.pupil_id is not None:
            found = contacts.pupil(self.connection, effect.pupil_id, today)
            lines = pupil_lines(self.connection, found, today) if found else []
        back = self._way_back(effect)
        key = self.source.spool_id
        self.done("This is on record", lines, effect.staff_id, key=key, return_to=back)
        self._record("people-shown", self.source.spool_id, effect.staff_id)

    def _way_back(self, effect: ShowPeople) -> str:
        """Return the address that lets somebody removed back, for each of the leadership."""
        reader = self.letters.staff(self.connection, effect.staff_id, self.now)
        if effect.guardian_id is None or reader is None or not reader.roles & LEADERS:
            return ""
        row = removals.in_force(self.connection, effect.guardian_id, self.school.today(self.now))
        family = staff_in_family(self.connection, self.school, self.now, [effect.guardian_id])
        if row is None or reader.staff_id in family:
            return ""
        token = self.letters.post.token_address
        return token(Action.RETURN, row.removal_id, effect.staff_id, self.now)

    def _link(self, guardian_id: str, pupil_id: str, address: str | None) -> list[str]:
        """Link the two as far as the rules let the office. Raises LinkRefused."""
        today = self.school.today(self.now)
        standing = self._standing(guardian_id, pupil_id)
        if standing is not None:
            links.link(
                self.connection,
                self.school.school_id,
                guardian_id,
                pupil_id,
                now=self.now,
                today=today,
                standing=standing,
            )
        untold = ""
        if address is not None:
            untold = put_on_record(
                self.connection,
                self.letters,
                guardian_id,
                address,
                self.now,
                key=self.source.spool_id,
                spool_id=None,
            )
        version = self.school.policy.version
        spool_id = self.source.spool_id
        invites.accept(self.connection, guardian_id, version, spool_id, self.now, how="office")
        if standing is LinkStanding.WAITING:
            pairs = [(guardian_id, pupil_id)]
            put_to_leaders(self.connection, self.letters, pairs, key=spool_id, now=self.now)
        person = self._contact(guardian_id)
        lines = contact_lines(self.connection, self.school, person) if person else []
        return [*lines, untold] if untold else lines

    def _invite(self, pupil_id: str, staff_id: str) -> list[str]:
        """Mail a code to each contact on record who may have one."""
        school, connection = self.school, self.connection
        found = contacts.pupil(connection, pupil_id, school.today(self.now))
        children = (
            children_of(connection, school, school.today(self.now), reference=found.reference)
            if found
            else ()
        )
        lines = []
        for child in children:
            given, not_given = invite_by_mail(
                connection,
                self.letters,
                child,
                now=self.now,
                issued_by=staff_id,
                asked_in=self.source.spool_id,
            )
            lines += [f"{one.contact.link.guardian_name}: a code is on its way" for one in given]
            lines += [f"{one.contact.link.guardian_name}: no code, {one.why}" for one in not_given]
        if not lines:
            raise LinkRefused("the child is in no class today, or has no contact on record")
        return lines

    def _unlink(self, guardian_id: str, pupil_id: str) -> list[str]:
        """End the link at once. Raises LinkRefused."""
        today = self.school.today(self.now)
        if not links.unlink(self.connection, guardian_id, pupil_id, today=today):
            raise LinkRefused("they are not linked any more")
        person = self._contact(guardian_id)
        return contact_lines(self.connection, self.school, person) if person else []

    def _standing(self, guardian_id: str, pupil_id: str) -> LinkStanding | None:
        """Return how the link will stand; None when it is active already."""
        return standing_by_office(
            self.connection, guardian_id, pupil_id, self.school.today(self.now)
        )

    def _contact(self, guardian_id: str | None) -> ContactOnRecord | None:
        ids = [guardian_id] if guardian_id else []
        today = self.school.today(self.now)
        return next(iter(contacts.contacts(self.connection, ids, today)), None)

    def _pupil_name(self, pupil_id: str | None) -> str:
        today = self.school.today(self.now)
        found = contacts.pupil(self.connection, pupil_id or "", today)
        if found is None:
            return "a child"
        where = f" ({', '.join(found.class_names)})" if found.class_names else ""
        return f"{found.name}{where}"

    def _record(self, event: str, key: str, staff_id: str) -> None:
        journal.record(
            self.connection,
            school_id=self.school.school_id,
            spool_id=self.source.spool_id,
            event=event,
            key=f"{event}/{key}",
            at=self.now,
            detail={"staff_id": staff_id},
        )
