"""Who may be sent an invite code for a child, and whom may a code that comes back link?

A code is for contacts with parental responsibility and nothing against them on record (clause
G4), two of a child (G5), and whoever is approved besides (G6). It is asked when a code is
issued and again when it comes back: the records may have changed in between.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.links import USUAL_NUMBER, LinkStanding

_APPROVE = "needs an approval first (`schoolgate guardian approve`)"


@dataclass(frozen=True, slots=True)
class Contact:
    """What is on record, today, of one adult and one child."""

    parental_responsibility: bool
    may_take_part: bool  # may message or may receive
    barred: bool
    restricted: bool  # a reason to take care is on record, whatever the flags say
    removed: bool  # from the channel, by the leadership
    standing: LinkStanding
    approved: bool  # an approval is in force
    others: int  # other contacts of the child who are linked, or hold a code that is still good


def why_not_invited(contact: Contact) -> str:
    """Return why no code may be issued, in words for the office; "" when one may."""
    return why_not_linked(contact) or (
        f"{contact.others} others of this child are linked or invited; one more {_APPROVE}"
        if contact.others >= USUAL_NUMBER and not contact.approved
        else ""
    )


def why_not_linked(contact: Contact) -> str:
    """Return why a code may not link this contact, in words for the office; "" when it may."""
    if contact.barred:
        return "barred from the child on record: only the records lift a bar"
    if contact.restricted:
        return "the records hold a restriction about this contact and the child"
    if contact.removed:
        return "removed from the channel: only the leadership lets somebody back"
    if not contact.may_take_part:
        return "the records let this contact neither write nor receive"
    if contact.approved:
        return ""
    if contact.standing is LinkStanding.REFUSED:
        return f"refused when somebody looked; {_APPROVE}"
    if contact.standing is LinkStanding.UNVERIFIED:
        return f"the records do not say whether they have parental responsibility; {_APPROVE}"
    if not contact.parental_responsibility:
        return f"no parental responsibility on record; {_APPROVE}"
    return ""


def standing_by_code(contact: Contact) -> LinkStanding:
    """Return how the link stands once its code came back: beyond the usual number it waits."""
    if contact.standing is LinkStanding.ACTIVE or contact.others < USUAL_NUMBER:
        return LinkStanding.ACTIVE
    return LinkStanding.WAITING
