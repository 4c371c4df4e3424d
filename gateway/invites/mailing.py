"""Mails invite codes to the address on record, and to no other; may such a mail still go?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.invites.issuing import Child, Invitation, NotInvited, issue
from gateway.invites.on_record import addresses_to_mail, contacts_of
from gateway.mail.render import render
from gateway.policypage import summary
from gateway.school import LINK, School
from gateway.store import invites, journal
from gateway.store.outbox import WITH_A_CODE, Leased, Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.post import Letter, Outcome
from gateway.work.reachable import whose_hours
from rules.codes import grouped
from rules.inviting import why_not_linked
from rules.wording import day_words

_UNWRITABLE = "the mail to them could not be written: print a letter"


def invite_by_mail(
    connection: Connection,
    letters: Letters,
    child: Child,
    *,
    now: datetime,
    contact: str | None = None,
    issued_by: str | None = None,
    asked_in: str | None = None,
) -> tuple[list[Invitation], list[NotInvited]]:
    """Mail a code to each contact of `child` who may have one; return them, and who may not.

    `asked_in` is the message that asked for it: the office is shown it where a mail fails.
    """
    school, keys = letters.school, letters.post.keys
    issued, refused = issue(
        connection,
        school,
        keys,
        child,
        how="mail",
        now=now,
        contact=contact,
        issued_by=issued_by,
    )
    mailed = []
    for one in issued:
        outcome = _mail(connection, letters, one, now, asked_in)
        if outcome != "held":
            mailed.append(one)
            continue
        invites.revoke(connection, one.invite_id, now)
        refused.append(NotInvited(child, one.contact, _UNWRITABLE))
    return mailed, refused


def why_not_sent(
    connection: Connection, school: School, leased: Leased, now: datetime
) -> str | None:
    """Say why a mail with a code must not go any more; None when it may.

    It may have waited for days, and its code, its contact or their address are others by now.
    """
    row = invites.find(connection, school.school_id, _invite_id(leased))
    if row is None or invites.state_of(row, now) != "open":
        return "its invite code is good no longer"
    contacts = contacts_of(connection, row.pupil_id, school.today(now))
    one = next((one for one in contacts if one.link.guardian_id == row.guardian_id), None)
    if one is None or why_not_linked(one.as_contact(0)):
        return "its contact may not be invited any more"
    if leased.recipient not in addresses_to_mail(contacts, one):
        return "its contact does not have this address any more, or not alone"
    return None


def give_up(connection: Connection, leased: Leased, now: datetime) -> None:
    """Revoke the code of a mail that never arrives: nobody is to find it in between."""
    invite_id = _invite_id(leased)
    if not invites.revoke(connection, invite_id, now):
        return
    journal.record(
        connection,
        school_id=leased.school_id,
        spool_id=None,
        event="invite-revoked",
        key=f"invite-revoked/{invite_id}",
        at=now,
        detail={"invite_id": invite_id, "why": "its mail did not arrive"},
    )


def _invite_id(leased: Leased) -> str:
    return leased.key.partition("/")[2]


def _mail(
    connection: Connection,
    letters: Letters,
    invitation: Invitation,
    now: datetime,
    asked_in: str | None,
) -> Outcome:
    """Queue the mail. Its octets are forgotten once it is sent: the code is kept nowhere."""
    school, address = letters.school, invitation.address
    if address is None:
        return "held"
    today = school.today(now)
    values = {
        "child": invitation.child.given_name,
        "class_name": invitation.child.class_name,
        "code": grouped(invitation.code),
        "link_address": school.address(LINK),
        "last_day": day_words(invitation.last_day, today),
        "summary": summary(school.policy, school.calendar, today)[1:-1],
    }
    letter = Letter(
        key=f"invite/{invitation.invite_id}",
        kind=WITH_A_CODE,
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=school.address(LINK),
        recipient=address,
        words=render("invite", contact_values(school) | values),
        about=asked_in,
        hours_of=whose_hours(school.staffing(connection, now), address),
    )
    return letters.post.send(connection, letter, now)
