"""What follows when somebody asks something of the system itself: other hours, or help?

The office and the leadership may change the school's hours, after they have seen what moves.
A teacher may narrow their own, at once, and never widen them (REQUIREMENTS T4).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.concern import alert, is_concern
from rules.concern import reasons as concern_reasons
from rules.effects import CarryOut, Decision, Effect, Ending, Reason
from rules.facts import Facts
from rules.help_asked import answer_help
from rules.hours_allowed import LEADERS, T4, NotCarriedOut, by_a_teacher, for_the_school
from rules.hours_letter import line_in, says_more
from rules.hours_line import HoursLine, NotUnderstood, read_line
from rules.instruction import Action, HoursChange
from rules.line_effects import ChangeHours, RefuseHours, ShowUndo
from rules.message import Authenticity, Inbound
from rules.people import Staff
from rules.refusal import refused
from rules.standing import Writer
from rules.wording import day_words

CLOCKS_DIFFER = timedelta(minutes=5)  # between a sender's computer and ours
_NOT_ONLY_YOURS = "Your last change is not about your own hours alone: the office can undo it."


def answer_asked(inbound: Inbound, facts: Facts, writer: Writer) -> Decision | None:
    """Decide about mail to `hours` or `help`; None when it is held as any stranger's would be."""
    concern = is_concern(facts.understanding)
    staff = _verified_staff(inbound, facts)
    if not facts.verdict.may_answer:
        return None
    if facts.recipient_kind == "help":
        return None if concern else answer_help(inbound, facts, writer, staff)
    if staff is None:
        return None
    decision = _hours(inbound, facts, staff)
    if not concern:
        return decision
    raised = alert(facts, inbound.content, writer, ("staff",))
    effects = (raised, *decision.effects)
    reasons = (*concern_reasons(facts, raised), *decision.reasons)
    return Decision(effects, reasons, Ending.SAFEGUARDING)


def by_signed_address(
    inbound: Inbound, facts: Facts, staff: Staff, action: Action, change: HoursChange
) -> Decision:
    """Decide about a change that `staff` confirms, or undoes, by the address signed for them."""
    if action is Action.CONFIRM_HOURS:
        if not staff.roles & LEADERS:
            why = "only the office and the leadership change the school's hours"
            return refused(inbound, facts, why, "hours-not-theirs")
        if change.state != "proposed":
            return refused(inbound, facts, "it was decided already", "hours-decided-already")
        reason = Reason("hours-changed", "E6", facts=f"by {staff.name}")
    else:
        if change.state != "in-force":
            return refused(inbound, facts, "it is not in force any more", "hours-not-in-force")
        if not _may_undo(staff, change):
            why = "it is not about your own hours alone, so the office undoes it"
            return refused(inbound, facts, why, "hours-not-theirs")
        reason = Reason("hours-change-undone", "E6", facts=f"by {staff.name}")
    effect = CarryOut(action, change.change_id, staff.staff_id)
    return Decision((effect,), (reason,), Ending.CARRIED_OUT)


def _verified_staff(inbound: Inbound, facts: Facts) -> Staff | None:
    """Return who of the staff wrote it, if that is proven; on a shared address, who may most."""
    is_proven = (
        inbound.authenticity is Authenticity.VERIFIED
        and inbound.content.originator.outcome == "single"
        and facts.directory.pupil_id is None
    )
    if not is_proven:
        return None
    by_right = sorted(facts.directory.staff, key=lambda one: not one.roles & LEADERS)
    return by_right[0] if by_right else None


def _hours(inbound: Inbound, facts: Facts, staff: Staff) -> Decision:
    now = inbound.envelope.arrived.astimezone(facts.calendar.zone)
    line = _line(inbound, facts, staff, now)
    effect: Effect
    try:
        if isinstance(line, NotUnderstood):
            raise NotCarriedOut(line.why)
        if line.undo:
            change = facts.hours.undoable
            if change is None:
                raise NotCarriedOut("There is no change of yours to undo.")
            if not _may_undo(staff, change):
                raise NotCarriedOut(_NOT_ONLY_YOURS, T4)
            if _is_plainly_meant(change, inbound, staff, now):
                effect = CarryOut(Action.UNDO_HOURS, change.change_id, staff.staff_id)
                reason = Reason("hours-change-undone", "E6", facts=f"by {staff.name}")
            else:
                effect = ShowUndo(staff.staff_id, change.change_id)
                reason = Reason("hours-undo-shown-first", "E6", facts=f"asked by {staff.name}")
        elif staff.roles & LEADERS:
            entries = for_the_school(line, facts.hours, facts.calendar, now, staff.address)
            effect = ChangeHours(staff.staff_id, entries, at_once=False)
            reason = Reason("hours-change-shown-first", "E6", facts=f"asked by {staff.name}")
        else:
            entries = by_a_teacher(line, facts, staff, now)
            effect = ChangeHours(staff.staff_id, entries, at_once=True)
            reason = Reason("own-hours-narrowed", "T4", facts=f"by {staff.name}")
    except NotCarriedOut as fault:
        effect = RefuseHours(staff.staff_id, fault.why, fault.clause)
        if fault.clause:
            reason = Reason("hours-not-theirs", "T4", facts=effect.recorded)
        else:
            reason = Reason("hours-line-not-understood", "E6", facts=effect.recorded)
        return Decision((effect,), (reason,), Ending.REFUSED)
    return Decision((effect,), (reason,), Ending.CARRIED_OUT)


def _line(inbound: Inbound, facts: Facts, staff: Staff, now: datetime) -> HoursLine | NotUnderstood:
    """Return the line of a mail, if it means the same on the day it was written and on this."""
    content = inbound.content
    written = line_in(content.own_text, content.subject, staff.name)
    line = read_line(written, now)
    if isinstance(line, NotUnderstood):
        return line
    if says_more(content.own_text, staff.name):
        return NotUnderstood("There is more in the mail than one line. Please write only the line.")
    if content.date_claimed is not None:
        then = content.date_claimed.astimezone(facts.calendar.zone)
        if then.date() != now.date() and read_line(written, then) != line:
            day = day_words(then.date(), now.date())
            return NotUnderstood(f"Your mail is of {day} and came late. Please write the date.")
    return line


def _is_plainly_meant(change: HoursChange, inbound: Inbound, staff: Staff, now: datetime) -> bool:
    """Whether "undo" can mean no other change: the writer's own, of today, and known to them."""
    if change.asked_by != staff.staff_id or change.decided is None:
        return False
    written = inbound.content.date_claimed or now
    days = {at.astimezone(now.tzinfo).date() for at in (change.decided, written, now)}
    return len(days) == 1 and written > change.decided - CLOCKS_DIFFER


def _may_undo(staff: Staff, change: HoursChange) -> bool:
    return bool(staff.roles & LEADERS) or change.only_for == staff.address
