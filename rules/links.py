"""Whether a link between a guardian and a child is in use, and how many a child may have.

"At most two" is a limit of this channel (clause G5), not a statement about who is a parent:
whoever is refused is told how else to reach the school.
"""

from __future__ import annotations

from enum import StrEnum

USUAL_NUMBER = 2  # active links a child; each further one needs an approval with an end (G6)


class LinkStanding(StrEnum):
    """How far a link has come. Only an active one lets anybody write or receive."""

    ACTIVE = "active"
    WAITING = "waiting"  # beyond the usual number, and nobody has approved it
    UNVERIFIED = "unverified"  # the records do not say whether this person is responsible
    INVITED = "invited"  # on record, and the code has not come back yet
    REFUSED = "refused"  # somebody looked and said no
