"""May this guardian still be written to? Asked when a message is sent, not when it is queued."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, exists, select

from gateway.store.outbox import Leased
from gateway.store.schema import guardian_addresses, guardians, links


def reason_to_withhold(connection: Connection, leased: Leased, today: date) -> str | None:
    """Say why a row must not be sent any more; None when it may go.

    `today` is the date in the school's zone; first and last days are included. A
    row for nobody's guardian is never withheld. One link that is active, lets
    receive and carries no bar is enough, whichever child it is for.
    """
    if leased.guardian_id is None:
        return None
    guardian = connection.execute(
        select(guardians.c.removed_from, guardians.c.removed_until).where(
            guardians.c.guardian_id == leased.guardian_id
        )
    ).one_or_none()
    if guardian is None:
        return "the guardian is not on the roster any more"
    if _covers(guardian.removed_from, guardian.removed_until, today):
        return "the guardian has been removed from the channel"
    if not _has_address(connection, leased.guardian_id, leased.recipient):
        return "the guardian does not have this address any more"
    if not _may_receive(connection, leased.guardian_id, today):
        return "the guardian has no link that lets them receive mail"
    return None


def _covers(begins: date | None, ends: date | None, today: date) -> bool:
    return begins is not None and begins <= today and (ends is None or today <= ends)


def _has_address(connection: Connection, guardian_id: str, address: str) -> bool:
    # The roster's addresses are folded; a queued one may still be as it was typed.
    query = select(
        exists().where(
            guardian_addresses.c.guardian_id == guardian_id,
            guardian_addresses.c.address.in_((address, address.lower())),
        )
    )
    return bool(connection.execute(query).scalar())


def _may_receive(connection: Connection, guardian_id: str, today: date) -> bool:
    query = select(
        exists().where(
            links.c.guardian_id == guardian_id,
            links.c.may_receive.is_(True),
            links.c.barred.is_(False),
            links.c.begins.is_(None) | (links.c.begins <= today),
            links.c.ends.is_(None) | (links.c.ends >= today),
        )
    )
    return bool(connection.execute(query).scalar())
