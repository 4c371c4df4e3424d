"""What is on record of a child's contacts today, as the rules about invite codes want it?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from gateway.store import schema as t
from gateway.store.guardians import addresses_of
from gateway.store.links import LinkRow, links_of_pupil
from rules.inviting import Contact
from rules.links import LinkStanding
from rules.look_alikes import mailbox_form


@dataclass(frozen=True, slots=True)
class OnRecord:
    """One contact of a child: the link, and what must be known besides to invite or link them."""

    link: LinkRow
    removed: bool  # from the channel, today
    addresses: tuple[str, ...]
    home_language: str

    def as_contact(self, others: int) -> Contact:
        """Return what the rules ask; `others` of the child have a place already."""
        link = self.link
        approved = link.standing is LinkStanding.ACTIVE and link.approved_until is not None
        return Contact(
            parental_responsibility=link.parental_responsibility,
            may_take_part=link.may_message or link.may_receive,
            barred=link.barred,
            restricted=bool(link.restricted_reason),
            removed=self.removed,
            standing=link.standing,
            approved=approved,
            others=others,
        )


def contacts_of(connection: Connection, pupil_id: str, today: date) -> tuple[OnRecord, ...]:
    """Return a child's contacts: the active first, then in the order of the records."""
    links = sorted(links_of_pupil(connection, pupil_id, today), key=lambda one: not one.is_active)
    ids = [one.guardian_id for one in links]
    g = t.guardians.c
    people = {
        row.guardian_id: row
        for row in connection.execute(select(t.guardians).where(g.guardian_id.in_(ids)))
    }
    addresses = addresses_of(connection, ids)
    return tuple(
        OnRecord(
            one,
            _covers(
                people[one.guardian_id].removed_from, people[one.guardian_id].removed_until, today
            ),
            tuple(addresses[one.guardian_id]),
            people[one.guardian_id].home_language,
        )
        for one in links
    )


def addresses_to_mail(contacts: Collection[OnRecord], one: OnRecord) -> tuple[str, ...]:
    """Return those of a contact's addresses that nobody reads who is barred from the child."""
    barred = {
        mailbox_form(address)
        for other in contacts
        if other.link.barred
        for address in other.addresses
    }
    return tuple(address for address in one.addresses if mailbox_form(address) not in barred)


def active_besides(contacts: Collection[OnRecord], guardian_id: str) -> int:
    """Return how many others of a child's contacts have an active link."""
    return sum(one.link.is_active and one.link.guardian_id != guardian_id for one in contacts)


def _covers(begins: date | None, ends: date | None, today: date) -> bool:
    return begins is not None and begins <= today and (ends is None or today <= ends)
