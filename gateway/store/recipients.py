"""May this guardian still be written to? Asked when a message is sent, not when it is queued."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, exists, select

from gateway.store.links import holds_on, is_active_on
from gateway.store.outbox import Leased
from gateway.store.schema import enrolments, guardian_addresses, guardians, links, messages


def reason_to_withhold(connection: Connection, leased: Leased, today: date) -> str | None:
    """Say why a row must not be sent any more; None when it may go.

    `today` is the date in the school's zone; first and last days are included. A
    row for nobody's guardian is never withheld. One link that is active, lets
    receive and carries no bar is enough, to any child of the class it is about.
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
    if _shares_with_barred(connection, leased, today):
        return "somebody with the same address is barred from a child of this class"
    if not _may_receive(connection, leased, today):
        return "the guardian has no link that lets them receive mail about this class"
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


def _shares_with_barred(connection: Connection, leased: Leased, today: date) -> bool:
    """Whether whoever else reads this mailbox is barred: nobody can tell who opens a mail."""
    same = select(guardian_addresses.c.guardian_id).where(
        guardian_addresses.c.address == leased.recipient.lower()
    )
    in_class = (
        select(enrolments.c.pupil_id)
        .join(messages, messages.c.class_id == enrolments.c.class_id)
        .where(messages.c.spool_id == leased.spool_id)
    )
    query = select(
        exists().where(
            links.c.guardian_id.in_(same),
            links.c.pupil_id.in_(in_class),
            links.c.barred.is_(True),
            holds_on(today),
        )
    )
    return bool(connection.execute(query).scalar())


def _may_receive(connection: Connection, leased: Leased, today: date) -> bool:
    conditions = [
        links.c.guardian_id == leased.guardian_id,
        links.c.may_receive.is_(True),
        is_active_on(today),
    ]
    class_id = connection.execute(
        select(messages.c.class_id).where(messages.c.spool_id == leased.spool_id)
    ).scalar()
    if class_id is not None:
        # A guardian barred from one child and linked to another must not hear of the first.
        in_class = select(enrolments.c.pupil_id).where(enrolments.c.class_id == class_id)
        conditions.append(links.c.pupil_id.in_(in_class))
    return bool(connection.execute(select(exists().where(*conditions))).scalar())
