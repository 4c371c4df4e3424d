"""Who wrote this message, and how far they may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.effects import Reason
from rules.message import Authenticity, Inbound
from rules.people import Directory, Guardian, Link, SchoolClass


class Standing(StrEnum):
    """What the writer is to the school. Only GUARDIAN is given anything of a class."""

    GUARDIAN = "guardian"
    REMOVED = "removed guardian"
    NO_CHILD_HERE = "guardian of no child it could be about"
    BARRED = "guardian barred from the child"
    UNVERIFIED = "not verified"
    UNKNOWN = "not linked"
    PUPIL = "pupil"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer as established: for GUARDIAN with the class and the children it is about."""

    standing: Standing
    reason: Reason
    guardian: Guardian | None = None
    room: SchoolClass | None = None
    links: tuple[Link, ...] = ()

    @property
    def pupil_ids(self) -> tuple[str, ...]:
        """The children the guardian may write about here."""
        return tuple(link.pupil_id for link in self.links)


def establish(inbound: Inbound, directory: Directory) -> Writer:
    """Say who wrote `inbound`: disclosure fails closed, so any doubt is not a guardian.

    A guardian is exactly one From mailbox, an exact match with a linked address,
    and aligned authentication from the border (RELIABILITY §6, point 8).
    """
    originator = inbound.content.originator
    if directory.pupil_id is not None:
        return Writer(Standing.PUPIL, Reason("from-a-pupil", "P3"))
    if originator.outcome != "single":
        return _doubt("sender-not-established", f"the From field is {originator.outcome}")
    if inbound.authenticity is not Authenticity.VERIFIED:
        known = " of a linked guardian" if directory.guardians else ""
        found = f" ({inbound.checks})" if inbound.checks else ""
        return _doubt("sender-not-verified", f"the address{known} is {inbound.authenticity}{found}")
    if directory.guardians:
        return _guardian(directory)
    if directory.staff:
        return Writer(Standing.STAFF, Reason("from-staff", "G10", facts=directory.staff[0].name))
    return Writer(
        Standing.UNKNOWN, Reason("not-linked", "G1", facts="no guardian has this address")
    )


def _doubt(rule: str, facts: str) -> Writer:
    return Writer(Standing.UNVERIFIED, Reason(rule, "G10", facts=facts))


def _guardian(directory: Directory) -> Writer:
    active = tuple(person for person in directory.guardians if not person.removed)
    if not active:
        return Writer(
            Standing.REMOVED, Reason("removed-from-the-channel", "G15"), directory.guardians[0]
        )
    room = directory.addressed_class
    if room is not None:
        # On a shared mailbox nobody can tell who wrote: a bar on one of them holds for all.
        for person in active:
            if any(link.barred and room.class_id in link.class_ids for link in person.links):
                return Writer(Standing.BARRED, Reason("barred-from-the-child", "G4"), person)
        for person in active:
            links = person.links_into(room.class_id)
            if links:
                shared = f"; {len(active)} people share the address" if len(active) > 1 else ""
                facts = f"{person.name}, linked to a child in {room.name}{shared}"
                return Writer(
                    Standing.GUARDIAN,
                    Reason("linked-guardian", "G10", facts=facts),
                    person,
                    room,
                    links,
                )
    return _other_class(active, directory)


def _other_class(active: tuple[Guardian, ...], directory: Directory) -> Writer:
    """Find the one class it can be about when the class addressed is not the child's."""
    links = {link.pupil_id: link for person in active for link in person.links if link.can_write}
    barred = any(link.barred for person in active for link in person.links)
    rooms = {class_id for link in links.values() for class_id in link.class_ids}
    if len(links) == 1 and len(rooms) == 1 and not barred:
        room = directory.class_named(next(iter(rooms)))
        if room is not None:
            writer = next(p for p in active if p.links_into(room.class_id))
            reason = Reason("only-child-it-can-be-about", "G10", facts=f"now in {room.name}")
            return Writer(Standing.GUARDIAN, reason, writer, room, tuple(links.values()))
    return Writer(
        Standing.NO_CHILD_HERE,
        Reason(
            "no-child-in-this-class", "G10", facts="linked, but to no child in the class addressed"
        ),
        active[0],
    )
