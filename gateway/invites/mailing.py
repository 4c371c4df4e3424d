"""Mails an invite code to the address on record, and to no other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.invites.issuing import Invitation
from gateway.mail.render import render
from gateway.policypage import summary
from gateway.school import LINK
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.post import Letter, Outcome
from gateway.work.reachable import whose_hours
from rules.codes import grouped
from rules.wording import day_words


def mail_invitation(
    connection: Connection, letters: Letters, invitation: Invitation, now: datetime
) -> Outcome:
    """Queue the mail. Its octets are forgotten once it is sent: the code is kept nowhere."""
    school = letters.school
    today = school.today(now)
    values = {
        "child": invitation.child.given_name,
        "class_name": invitation.child.class_name,
        "code": grouped(invitation.code),
        "link_address": school.address(LINK),
        "last_day": day_words(invitation.last_day, today),
        "summary": summary(school.policy, school.calendar, today)[1:-1],
    }
    address = invitation.contact.addresses[0]
    letter = Letter(
        key=f"invite/{invitation.invite_id}",
        kind="invite",
        priority=Priority.NOTICE,
        sender_name=school.name,
        sender=school.address(LINK),
        recipient=address,
        words=render("invite", contact_values(school) | values),
        hours_of=whose_hours(school.staffing(connection, now), address),
    )
    return letters.post.send(connection, letter, now)
