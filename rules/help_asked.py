"""What follows when somebody asks the system itself for help?"""

from __future__ import annotations

from rules.effects import Decision, Effect, Ending, HoldForOffice, NoticeKind, Reason, SendNotice
from rules.facts import Facts
from rules.message import Inbound
from rules.notices import permitted
from rules.people import Staff
from rules.standing import Standing, Writer

A_FEW_WORDS = 8


def answer_help(
    inbound: Inbound, facts: Facts, writer: Writer, staff: Staff | None
) -> Decision | None:
    """Decide about mail to `help`, of `staff` or of a guardian; None when it is neither's."""
    address = inbound.content.originator.mailbox
    if address is None:
        return None
    guardian = writer.guardian
    effects: list[Effect] = []
    if staff is not None:
        effects.append(SendNotice(NoticeKind.HELP_STAFF, address, staff_id=staff.staff_id))
        reasons = [Reason("help-asked-for", "I2", facts=f"by {staff.name}")]
    elif (
        guardian is not None
        and writer.standing in (Standing.GUARDIAN, Standing.NO_CHILD_HERE)
        and any(link.can_write for link in guardian.links)
        and facts.understanding.labels.isdisjoint({"child_author", "automatic"})
    ):
        notice = SendNotice(NoticeKind.HELP, address, guardian.guardian_id)
        today = inbound.envelope.arrived.astimezone(facts.calendar.zone).date()
        allowed, reason = permitted(
            notice, facts.told, facts.verdict, facts.policy, inbound.envelope.arrived, today
        )
        effects += [allowed] if allowed else []
        reasons = [Reason("help-asked-for", "I2", facts="by a linked guardian"), reason]
    else:
        return None
    if _says_more(inbound):
        effects.append(HoldForOffice("asked for help, and wrote more", quiet=True))
        return Decision(tuple(effects), tuple(reasons), Ending.OFFICE_QUEUE)
    return Decision(tuple(effects), tuple(reasons), Ending.CARRIED_OUT)


def _says_more(inbound: Inbound) -> bool:
    """Whether there is anything in it that a person should see: our answer cannot answer it."""
    content = inbound.content
    return len(content.own_text.split()) > A_FEW_WORDS or bool(content.attachments)
