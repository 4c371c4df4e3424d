"""Whether a link between a guardian and a child is in use, and how many a child may have.

"At most two" is a limit of this channel (clause G5), not a statement about who is a parent:
whoever is refused is told how else to reach the school.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

USUAL_NUMBER = 2  # active links a child; each further one needs an approval with an end (G6)


class LinkStanding(StrEnum):
    """How far a link has come. Only an active one lets anybody write or receive."""

    ACTIVE = "active"
    WAITING = "waiting"  # beyond the usual number, and nobody has approved it
    UNVERIFIED = "unverified"  # the records do not say whether this person is responsible
    INVITED = "invited"  # on record, and the code has not come back yet
    REFUSED = "refused"  # somebody looked and said no


class Because(StrEnum):
    """Why a link that the records name is not in use."""

    BARRED = "barred"
    RESTRICTED = "restricted"  # a restriction is on record, and no bar: nobody guesses which holds
    NOT_RESPONSIBLE = "no-responsibility"  # G4: the records say that they are not
    MORE_THAN_TWO = "more-than-two"  # G5
    NOT_SAID = "not-said"  # the records do not know parental responsibility
    NOT_INVITED = "not-invited"  # the code has not come back
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class LinkOnRecord:
    """One guardian's link to one child, as the school's records have it now.

    `standing` is what it was until now, None for one that is new; `approved` says whether an
    approval holds today. `responsible` None: nobody has said.
    """

    guardian_id: str
    standing: LinkStanding | None
    responsible: bool | None
    barred: bool = False
    restricted: bool = False
    approved: bool = False
    priority: int | None = None  # lowest first
    begins: date | None = None
    ends: date | None = None  # the last day, included
    returns: bool = False  # it had ended, and the records name it again

    def has_ended(self, today: date) -> bool:
        """Whether its last day is past."""
        return self.ends is not None and self.ends < today

    def meets(self, other: LinkOnRecord) -> bool:
        """Whether there is a day on which both hold."""
        return not (_ends_before(self, other) or _ends_before(other, self))


@dataclass(frozen=True, slots=True)
class Stands:
    """How a link stands by the rules, and what keeps it from being active."""

    standing: LinkStanding
    because: Because | None = None


def _ends_before(one: LinkOnRecord, other: LinkOnRecord) -> bool:
    return one.ends is not None and other.begins is not None and one.ends < other.begins


def standing_for_new(active: int) -> LinkStanding:
    """Return how one more link of a child stands that has `active` active ones (G5)."""
    return LinkStanding.ACTIVE if active < USUAL_NUMBER else LinkStanding.WAITING


def standings(
    links: Iterable[LinkOnRecord], today: date, *, invited: bool = False
) -> dict[str, Stands]:
    """Return how each link of one child stands, by guardian, when its records are read again.

    What is active already comes before what is new, then the order of the records. `invited`
    says that a new link waits for its code. Nothing here raises what somebody refused, and an
    active link is never ended for being a third: it was before this limit, or was approved.
    """
    found: dict[str, Stands] = {}
    active: list[LinkOnRecord] = []
    for link in sorted(links, key=_turn):
        found[link.guardian_id] = stands = _stands(link, today, active, invited=invited)
        if stands.standing is LinkStanding.ACTIVE and not link.has_ended(today):
            active.append(link)
    return found


def _turn(link: LinkOnRecord) -> tuple[bool, bool, int]:
    is_active = link.standing is LinkStanding.ACTIVE and not link.returns
    return not is_active, link.priority is None, link.priority or 0


def _stands(
    link: LinkOnRecord, today: date, active: list[LinkOnRecord], *, invited: bool
) -> Stands:
    if link.standing is LinkStanding.REFUSED:
        return Stands(LinkStanding.REFUSED, Because.REFUSED)
    # What waits for its code goes on waiting for it behind whatever else keeps it shut.
    needs_code = link.standing is LinkStanding.INVITED or (
        invited and link.standing is not LinkStanding.ACTIVE
    )
    shut = LinkStanding.INVITED if needs_code else LinkStanding.WAITING
    if link.barred:
        return Stands(shut, Because.BARRED)
    if link.restricted:
        return Stands(shut, Because.RESTRICTED)
    if link.approved:
        return Stands(LinkStanding.ACTIVE)
    if link.responsible is False:
        return Stands(shut, Because.NOT_RESPONSIBLE)
    if link.standing is LinkStanding.ACTIVE and not link.returns:
        return Stands(LinkStanding.ACTIVE)
    if link.responsible is None:
        return Stands(LinkStanding.UNVERIFIED, Because.NOT_SAID)
    if needs_code:
        return Stands(LinkStanding.INVITED, Because.NOT_INVITED)
    others = sum(1 for other in active if link.meets(other))
    if link.has_ended(today) or others < USUAL_NUMBER:
        return Stands(LinkStanding.ACTIVE)
    return Stands(LinkStanding.WAITING, Because.MORE_THAN_TWO)
