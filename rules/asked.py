"""What follows when somebody asks something of the system itself: other hours, or help?

The office and the leadership may change the school's hours, after they have seen what moves.
A teacher may narrow their own, at once, and never widen them (REQUIREMENTS T4).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rules.calendar import NoReadingTime, SchoolCalendar
from rules.concern import alert, is_concern
from rules.concern import reasons as concern_reasons
from rules.effects import (
    CarryOut,
    ChangeHours,
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    NoticeKind,
    Reason,
    RefuseHours,
    SendNotice,
    ShowUndo,
)
from rules.facts import Facts, HoursFacts
from rules.hours_entry import HoursEntry, hours_with
from rules.hours_letter import line_in, says_more
from rules.hours_line import HoursLine, NotUnderstood, read_line
from rules.instruction import Action, HoursChange
from rules.message import Authenticity, Inbound
from rules.notices import permitted
from rules.people import Role, Staff
from rules.refusal import refused
from rules.standing import Standing, Writer
from rules.wording import day_words

LEADERS = frozenset({Role.OFFICE, Role.HEAD, Role.SLT})
OWN_KINDS = ("quiet", "training", "leave")  # by which a teacher narrows their own hours
MOST_OWN_DAYS = 60
T4 = "T4"
A_FEW_WORDS = 8
CLOCKS_DIFFER = timedelta(minutes=5)  # between a sender's computer and ours
_OFFICES = "The school's hours are the office's to change. You may narrow your own."
_NOT_WIDER = "A line can only take time out of the hours. The hours themselves are in the policy."
_NOT_ONLY_YOURS = "Your last change is not about your own hours alone: the office can undo it."
_NOTHING_LEFT = "It would leave no reading hours at all in the next year."


class NotCarriedOut(Exception):
    """Why a line is not carried out, and the clause of the policy that forbids it, if one does."""

    def __init__(self, why: str, clause: str = "") -> None:
        super().__init__(why)
        self.why, self.clause = why, clause


def answer_asked(inbound: Inbound, facts: Facts, writer: Writer) -> Decision | None:
    """Decide about mail to `hours` or `help`; None when it is held as any stranger's would be."""
    concern = is_concern(facts.understanding)
    staff = _verified_staff(inbound, facts)
    if not facts.verdict.may_answer:
        return None
    if facts.recipient_kind == "help":
        return None if concern else _help(inbound, facts, writer, staff)
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
            entries = _by_a_teacher(line, facts, staff, now)
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


def for_the_school(
    line: HoursLine,
    known: HoursFacts,
    calendar: SchoolCalendar,
    now: datetime,
    own_address: str | None = None,
) -> tuple[HoursEntry, ...]:
    """Return what a line of the office or the leadership changes, for all or for one.

    Raises:
        NotCarriedOut: it cannot be, with the reason in words for its writer.
    """
    if line.wider:
        raise NotCarriedOut(_NOT_WIDER, T4)
    entries = line.entries
    if line.kind in ("closed", "early") and entries[0].staff is not None:
        raise NotCarriedOut("The whole school closes. For one person write leave, or quiet.")
    if line.kind == "leave" and line.for_all:
        raise NotCarriedOut("If nobody is there, the school is closed: write “closed”.")
    if line.kind in ("leave", "quiet") and entries[0].staff is None and not line.for_all:
        if own_address not in known.readers:
            raise NotCarriedOut("It does not say for whom: write “for” and an address.")
        entries = tuple(replace(one, staff=own_address) for one in entries)
    check_people(entries, known)
    check_some_hours_left(entries, calendar, now)
    return tuple(one.private for one in entries)


def _by_a_teacher(
    line: HoursLine, facts: Facts, staff: Staff, now: datetime
) -> tuple[HoursEntry, ...]:
    if line.wider:
        raise NotCarriedOut(_NOT_WIDER, T4)
    if line.kind not in OWN_KINDS or line.for_all:
        raise NotCarriedOut(_OFFICES, T4)
    for one in line.entries:
        if one.staff not in (None, staff.address):
            raise NotCarriedOut("You may narrow your own hours, and nobody else's.", T4)
        if one.cover is not None:
            raise NotCarriedOut("The office names who covers for a class.", T4)
        ends = one.last or one.first
        if one.opens is None and (ends - one.first).days >= MOST_OWN_DAYS:
            raise NotCarriedOut(f"For more than {MOST_OWN_DAYS} days, please ask the office.", T4)
    entries = tuple(replace(one, staff=staff.address).private for one in line.entries)
    check_some_hours_left(entries, facts.calendar, now)
    return entries


def check_people(entries: tuple[HoursEntry, ...], known: HoursFacts) -> None:
    """Refuse what names somebody who is not on the staff. Raises NotCarriedOut."""
    for one in entries:
        for address in (one.staff, one.cover):
            if address is not None and address not in known.staff:
                raise NotCarriedOut(f"Nobody on the staff has the address {address}.")
        if one.cover is not None and one.cover == one.staff:
            raise NotCarriedOut("Nobody can cover for themselves.")


def check_some_hours_left(
    entries: tuple[HoursEntry, ...], calendar: SchoolCalendar, now: datetime
) -> None:
    """Refuse what would end all reading, of the school or of one teacher. Raises NotCarriedOut."""
    changed = replace(calendar, hours=hours_with(calendar.hours, entries))
    check_hours_remain(entries, calendar, changed, now)


def check_hours_remain(
    entries: tuple[HoursEntry, ...],
    calendar: SchoolCalendar,
    changed: SchoolCalendar,
    now: datetime,
) -> None:
    """Refuse `entries` if whom they are about reads in `calendar`, and never in `changed`.

    Raises:
        NotCarriedOut: it is so, in words for whoever asked.
    """
    for whom in {one.staff for one in entries}:
        before = calendar.narrowed(whom) if whom else calendar
        after = changed.narrowed(whom) if whom else changed
        try:
            before.next_reading_time(now)
        except NoReadingTime:
            continue  # it is so already
        try:
            after.next_reading_time(now)
        except NoReadingTime:
            raise NotCarriedOut(_NOTHING_LEFT) from None


def _help(inbound: Inbound, facts: Facts, writer: Writer, staff: Staff | None) -> Decision | None:
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
        and "child_author" not in facts.understanding.labels
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
