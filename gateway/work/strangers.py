"""What is known of a writer whom nobody could establish, and what the office may do about them.

For the office's list alone. Nothing here links anybody: each button is a signed address of one
reader's, and what it does is decided again when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from gateway.school import School
from gateway.store import contacts, journal, offers
from gateway.store import schema as t
from gateway.store.contacts import ContactOnRecord
from gateway.work.people_asked import is_a_pupils
from gateway.work.people_words import long_day
from gateway.work.post import Post
from gateway.work.source import Source
from rules.candidates import Candidate, Child, Contact, candidates
from rules.instruction import Action
from rules.linking import OFFICE
from rules.look_alikes import look_alikes
from rules.people import Staff
from rules.wording import listed, moment_words

# The rules that leave a writer unknown or unproven: see `rules.standing`.
_UNPROVEN = ("sender-not-verified", "sender-not-established")
_STRANGERS = ("not-linked", *_UNPROVEN)


@dataclass(frozen=True, slots=True)
class Known:
    """Lines for the office, and the signed addresses of its buttons; "" where one is not offered.

    `links` are the words and the address of each contact whom it may be.
    """

    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    ask_code: str = ""
    drop: str = ""


@dataclass(frozen=True, slots=True)
class Strangers:
    """The unknown writers of one school's list, as one reader of it is shown them."""

    connection: Connection
    school: School
    post: Post
    reader: Staff | None
    now: datetime

    @property
    def _today(self) -> date:
        return self.school.today(self.now)

    def known(self, source: Source) -> Known:
        """Return what is known of the writer of a held message; nothing where they are known."""
        if not self._is_a_stranger(source):
            return Known()
        mailbox = source.content.originator.mailbox
        people = self._looked_at(source, mailbox)
        name = source.content.originator.display_name
        found = candidates(name, mailbox, (self._contact(one, source) for one in people))
        lines = [self._proof(source), *self._resembles(mailbox, people)]
        lines += [self._on_record(one) for one in people if mailbox in one.addresses]
        lines += [_speaks_for(one) for one in found]
        lines += self._told(mailbox)
        if self.reader is None or not self.reader.roles & OFFICE:
            return Known(tuple(lines))
        token, reader = self.post.token_address, self.reader
        drop = token(Action.DROP, source.spool_id, reader.staff_id, self.now)
        if (
            not source.verified
            or mailbox is None
            or is_a_pupils(self.connection, self.school, mailbox)
        ):
            return Known(tuple(lines), drop=drop)
        child = "child_author" in journal.labels(self.connection, source.spool_id)
        ask = "" if child else token(Action.ASK_CODE, source.spool_id, reader.staff_id, self.now)
        links = () if child else self._links(source, mailbox, found)
        return Known(tuple(lines), links, ask, drop)

    def _is_a_stranger(self, source: Source) -> bool:
        detail = next(
            (
                entry["detail"]
                for entry in journal.entries(self.connection, source.spool_id)
                if entry["event"] == "decided"
            ),
            None,
        )
        rules = {reason["rule"] for reason in detail["reasons"]} if detail else set()
        return not rules.isdisjoint(_STRANGERS)

    def _looked_at(self, source: Source, mailbox: str | None) -> tuple[ContactOnRecord, ...]:
        """Return the contacts of the class written to, and those with the writer's name."""
        school_id = self.school.school_id
        room = self.school.staffing(self.connection, self.now).room_at(source.row.recipient)
        ids = contacts.ids_of_class(self.connection, room.class_id, self._today) if room else []
        name = source.content.originator.display_name.strip()
        if name:
            ids += contacts.ids_named(self.connection, school_id, name)
        if mailbox is not None:
            ids += contacts.ids_at(self.connection, school_id, mailbox)
        return contacts.contacts(self.connection, ids, self._today)

    def _contact(self, person: ContactOnRecord, source: Source) -> Contact:
        room = self.school.staffing(self.connection, self.now).room_at(source.row.recipient)
        here = room.class_id if room else None
        return Contact(
            person.guardian_id,
            person.name,
            person.addresses,
            tuple(
                Child(
                    child.name,
                    child.family_name,
                    tuple(name for _id, name in child.classes),
                    in_class=any(one == here for one, _name in child.classes),
                    was_in_class=any(one == here for one, _name, _last in child.left),
                    barred=child.barred,
                    ended=child.has_ended or not child.classes,
                )
                for child in person.children
            ),
            person.is_removed(self._today),
        )

    def _proof(self, source: Source) -> str:
        if source.verified:
            return "The mail host proved that it came from this address"
        if source.row.authenticity == "failed":
            return "The mail host says that it did not come from this address: it may be forged"
        return "Nobody could prove that it came from this address: ring before you believe it"

    def _resembles(self, mailbox: str | None, people: tuple[ContactOnRecord, ...]) -> list[str]:
        if mailbox is None:
            return []
        whose = {address: one.name for one in people for address in one.addresses}
        staffing = self.school.staffing(self.connection, self.now)
        whose |= {one.address: one.name for one in staffing.in_post}
        return [
            f"The address looks like, but is not, {one} ({whose[one]})"
            for one in look_alikes(mailbox, whose)
        ]

    def _on_record(self, person: ContactOnRecord) -> str:
        left = [
            f"{child.name} was in {name} until {long_day(last)}"
            for child in person.children
            for _id, name, last in child.left
        ]
        more = f": {listed(left)}" if left else ""
        return f"The address stands on record for {person.name}{more}"

    def _told(self, mailbox: str | None) -> list[str]:
        n = t.notices.c
        at = self.connection.execute(
            select(n.at)
            .where(
                n.school_id == self.school.school_id,
                n.address == mailbox,
                n.kind == "not-linked",
            )
            .order_by(n.at.desc())
            .limit(1)
        ).scalar()
        if at is None:
            return []
        return [f"They were told how to be linked: {moment_words(at, self.school.zone)}"]

    def _links(
        self, source: Source, mailbox: str, found: tuple[Candidate, ...]
    ) -> tuple[tuple[str, str], ...]:
        assert self.reader is not None
        links: list[tuple[str, str]] = []
        for one in found:
            if not one.contact.may_be_linked or mailbox in one.contact.addresses:
                continue
            offer_id = offers.offer(
                self.connection,
                school_id=self.school.school_id,
                kind="address",
                now=self.now,
                spool_id=source.spool_id,
                guardian_id=one.contact.guardian_id,
                address=mailbox,
                detail={"verb": "link"},
            )
            words = f"It is {one.contact.name}{_whose(one.contact)}".rstrip(",")
            address = self.post.token_address(Action.LINK, offer_id, self.reader.staff_id, self.now)
            links.append((words, address))
        return tuple(links)


def values_of(known: Known) -> dict[str, Any]:
    """Return what the template of the list shows of it."""
    return {
        "known": list(known.lines),
        "links": [{"words": words, "to": address} for words, address in known.links],
        "ask_code_to": known.ask_code,
        "drop_to": known.drop,
    }


def _speaks_for(one: Candidate) -> str:
    contact = one.contact
    words = f"{contact.name}{_whose(contact)} {one.why}"
    if contact.is_removed:
        return f"{words}; the leadership has removed them from messaging"
    if any(child.barred for child in contact.children):
        return f"{words}; your records bar them from a child"
    if not contact.may_be_linked:
        return f"{words}; the link or the child's time here has ended"
    return words


def _whose(contact: Contact) -> str:
    names = [child.words for child in contact.children]
    return f", on record for {listed(names)}," if names else ""
