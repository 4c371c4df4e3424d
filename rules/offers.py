"""What the store holds of an offer to link, or of a removal, when a signed address comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

# `address`: it belongs to a contact on record; `third`: a link beyond the usual number waits;
# `people`: a line to `people@` that waits for its writer's yes.
OfferKind = Literal["address", "third", "people"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be carried out about one contact, as everything stands now."""

    offer_id: str
    kind: OfferKind
    verb: str  # for `people`: link, unlink, invite
    guardian_id: str | None
    pupil_id: str | None
    is_decided: bool = False
    is_barred: bool = False  # the contact, from the child; without a child, from each of theirs
    is_removed: bool = False  # by the leadership
    is_proven: bool = True  # the address, by the border, when the message came
    is_a_pupils: bool = False  # the address
    is_ours: bool = False  # the address: one that the gateway itself is written to at
    is_anothers: bool = False  # the address, on record by now
    is_gone: bool = False  # the contact, or their link to the child, has ended since
    is_active: bool = False  # the link to the child, without any further approval
    is_with_a_child: bool = False  # a child may have written the message that brought the address
    family: frozenset[str] = frozenset()  # staff ids: who of the staff is of the children's family
    asked_by: str | None = None  # a staff id


@dataclass(frozen=True, slots=True)
class Removal:
    """A guardian taken off the channel, from `begins` to `ends`, both included."""

    removal_id: str
    guardian_id: str
    begins: date
    ends: date | None  # None: until they are let back
    is_over: bool = False
    family: frozenset[str] = frozenset()  # staff ids, as for an offer
