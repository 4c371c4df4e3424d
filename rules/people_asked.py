"""What follows when the office writes one line to `people@`? It is shown first, and then asked.

Nobody else is answered there: what they write is held as any stranger's mail is.
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.concern import alert, is_concern
from rules.concern import reasons as concern_reasons
from rules.effects import Decision, Effect, Ending, Reason
from rules.facts import Facts
from rules.hours_letter import line_in, says_more
from rules.line_effects import RefusePeople, ShowPeople
from rules.linking import OFFICE
from rules.message import Authenticity, Inbound
from rules.people import Staff
from rules.people_facts import ContactFound, PeopleFacts, PupilFound
from rules.people_line import PeopleLine, read_people_line
from rules.standing import Writer

MOST_CHOICES = 8
_NOT_A_LINE = "We did not understand “{line}”."
_OWN_FAMILY = "That is about your own family. Please ask a colleague to do it."
_MORE_THAN_A_LINE = "There is more in the mail than one line. Please write only the line."


class _NotDone(Exception):
    """Why a line is not carried out, and whom it may have meant."""

    def __init__(self, why: str, choices: Sequence[str] = ()) -> None:
        super().__init__(why)
        self.why, self.choices = why, tuple(choices[:MOST_CHOICES])


def verified_office(
    inbound: Inbound, staff: tuple[Staff, ...], pupil_id: str | None
) -> Staff | None:
    """Return who of the office or the leadership wrote it, if that is proven."""
    is_proven = (
        inbound.authenticity is Authenticity.VERIFIED
        and inbound.content.originator.outcome == "single"
        and pupil_id is None
    )
    return next((one for one in staff if is_proven and one.roles & OFFICE), None)


def line_to_people(inbound: Inbound, writer: str) -> str:
    """Return the line that is meant, as it was written."""
    return line_in(inbound.content.own_text, inbound.content.subject, writer)


def answer_people(inbound: Inbound, facts: Facts, writer: Writer) -> Decision | None:
    """Decide about mail to `people@`; None when it is held as any stranger's would be."""
    staff = verified_office(inbound, facts.directory.staff, facts.directory.pupil_id)
    if staff is None or not facts.verdict.may_answer:
        return None
    decision = _answered(inbound, facts, staff)
    if not is_concern(facts.understanding):
        return decision
    raised = alert(facts, inbound.content, writer, ("staff",))
    effects = (raised, *decision.effects)
    reasons = (*concern_reasons(facts, raised), *decision.reasons)
    return Decision(effects, reasons, Ending.SAFEGUARDING)


def _answered(inbound: Inbound, facts: Facts, staff: Staff) -> Decision:
    effect: Effect
    try:
        written = line_to_people(inbound, staff.name)
        line = read_people_line(written)
        if line is None:
            raise _NotDone(_NOT_A_LINE.format(line=written[:80]))
        if says_more(inbound.content.own_text, staff.name):
            raise _NotDone(_MORE_THAN_A_LINE)
        effect = _shown(line, facts.people, staff)
    except _NotDone as fault:
        effect = RefusePeople(staff.staff_id, fault.why, fault.choices)
        reason = Reason("people-line-not-understood", "G1", facts=effect.recorded)
        return Decision((effect,), (reason,), Ending.REFUSED)
    if line.verb == "show":
        reason = Reason("people-shown", "G1", facts=f"asked by {staff.name}")
    else:
        reason = Reason("people-change-shown-first", "G1", facts=f"asked by {staff.name}")
    return Decision((effect,), (reason,), Ending.CARRIED_OUT)


def _shown(line: PeopleLine, found: PeopleFacts, staff: Staff) -> ShowPeople:
    """Return what is shown, and asked. Raises _NotDone."""
    if line.address is None and ("@" in line.who or line.name):
        raise _NotDone(f"“{line.who}” is no mail address.")
    if line.verb == "show":
        return _show(line, found, staff)
    pupil = _one_pupil(found.pupils, line.pupil)
    if pupil.pupil_id in found.own_pupils:
        raise _NotDone(_OWN_FAMILY)
    if line.verb == "invite":
        return ShowPeople(staff.staff_id, "invite", pupil_id=pupil.pupil_id)
    if line.verb == "unlink":
        theirs = tuple(one for one in found.contacts if pupil.pupil_id in one.linked_to)
        if found.contacts and not theirs:
            raise _NotDone(f"“{line.who}” is not linked to {pupil.name}.")
        person = _one_contact(theirs, line.who)
        return ShowPeople(staff.staff_id, "unlink", person.guardian_id, pupil.pupil_id)
    person = _to_be_linked(line, found, pupil)
    adds = line.address if line.address not in person.addresses else None
    return ShowPeople(staff.staff_id, "link", person.guardian_id, pupil.pupil_id, adds)


def _show(line: PeopleLine, found: PeopleFacts, staff: Staff) -> ShowPeople:
    everyone = len(found.contacts) + len(found.pupils)
    if everyone > 1:
        words = [one.words for one in found.contacts] + [one.words for one in found.pupils]
        raise _NotDone(f"“{line.who}” may be several people.", words)
    if found.contacts:
        return ShowPeople(staff.staff_id, "show", found.contacts[0].guardian_id)
    if found.pupils:
        return ShowPeople(staff.staff_id, "show", pupil_id=found.pupils[0].pupil_id)
    raise _NotDone(f"Nobody on record is “{line.who}”.")


def _to_be_linked(line: PeopleLine, found: PeopleFacts, pupil: PupilFound) -> ContactFound:
    """Return the contact who is to be linked; a name after "as" says whose a new address is."""
    if found.is_a_pupils:
        raise _NotDone(f"“{line.who}” is a pupil's address.")
    if found.is_ours:
        raise _NotDone(f"“{line.who}” is an address of this service.")
    if line.name:
        others = [one for one in found.contacts if one not in found.named]
        if others:
            raise _NotDone(f"“{line.who}” is on record already.", [one.words for one in others])
        person = _one_contact(found.named, line.name)
    elif line.address is not None and not found.contacts:
        raise _NotDone(
            f"Nobody on record has the address “{line.who}”. Say whose it is: write"
            f" “link {line.who} to {pupil.name} as” and the name in your records."
        )
    else:
        person = _one_contact(found.contacts, line.who)
    if line.address is not None and person.linked_to & found.own_pupils:
        raise _NotDone(_OWN_FAMILY)
    if pupil.pupil_id in person.barred_from:
        raise _NotDone(f"Your records bar {person.name} from {pupil.name}.")
    if person.is_removed:
        raise _NotDone(f"The leadership has removed {person.name} from messaging.")
    return person


def _one_contact(found: tuple[ContactFound, ...], said: str) -> ContactFound:
    if not found:
        raise _NotDone(f"No contact on record is “{said}”.")
    if len(found) > 1:
        raise _NotDone(f"“{said}” may be several people.", [one.words for one in found])
    return found[0]


def _one_pupil(found: tuple[PupilFound, ...], said: str) -> PupilFound:
    if not found:
        raise _NotDone(f"No pupil on record is “{said}”.")
    if len(found) > 1:
        raise _NotDone(f"“{said}” may be several pupils.", [one.words for one in found])
    return found[0]
