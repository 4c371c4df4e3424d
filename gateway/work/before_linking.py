"""What must the office know before it links or unlinks somebody, and how will the link stand?"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from gateway.school import School
from gateway.store import links
from rules.links import LinkStanding


def colleagues_at(connection: Connection, school: School, address: str, now: datetime) -> list[str]:
    """Return a sentence for each member of staff whose address it is."""
    staff = school.staffing(connection, now).staff_at(address)
    return [f"That is the address of {one.name}, of the staff." for one in staff]


def others_linked(
    connection: Connection, guardian_id: str | None, pupil_id: str | None, today: date
) -> bool:
    """Whether anybody else's link to the child is active."""
    rows = links.links_of_pupil(connection, pupil_id or "", today)
    return any(row.is_active and row.guardian_id != guardian_id for row in rows)


def standing_by_office(
    connection: Connection, guardian_id: str, pupil_id: str, today: date
) -> LinkStanding | None:
    """Return how a link stands that the office makes; None when it is active already.

    What somebody refused, and who is not responsible or is restricted by the records, is the
    leadership's to approve; so is a third.
    """
    known = links.find_link(connection, guardian_id, pupil_id, today)
    if known is not None and known.is_active:
        return None
    if known is not None and (
        known.standing is LinkStanding.REFUSED
        or known.restricted_reason
        or (not known.parental_responsibility and known.standing is not LinkStanding.UNVERIFIED)
    ):
        return LinkStanding.WAITING
    return links.standing_for_new(connection, pupil_id, today)
