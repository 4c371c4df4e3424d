"""Which notice may be sent: one for each thing the guardian does not yet know, and few a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rules.automatic import AutomaticVerdict
from rules.effects import NoticeKind, Reason, SendNotice
from rules.policy import Policy

# Whom to ring must be told; its key lets it out once for each office day. How many codes that do
# not work are answered, rules/invited.py says.
_IN_ANY_CASE = frozenset({NoticeKind.URGENT, NoticeKind.CODE_REFUSED})


@dataclass(frozen=True, slots=True)
class Told:
    """What this address was told already."""

    keys: frozenset[str] = frozenset()
    today: int = 0
    last_not_linked: datetime | None = None
    school_last_hour: int = 0
    linked_guardians: int = 0


def notice_key(notice: SendNotice, today: date) -> str:
    """Return what the notice tells whom; two with one key would tell the same thing twice.

    What a teacher reads later is new once for each reading time. What was passed
    on at once is new once a day, whichever class it was written to; that nobody is in
    the office before a certain hour is news of its own.
    """
    if notice.kind is NoticeKind.CODE_REFUSED:
        about = str(notice.about)  # whoever tries again must not take silence for success
    elif notice.reads_at is not None:
        about = f"{notice.class_id}/{notice.reads_at.isoformat()}"
    elif notice.old_due is not None and notice.due is not None:
        about = f"{notice.class_id}/due/{notice.due.isoformat()}"
    elif notice.office_opens_at is not None:
        about = f"office/{notice.office_opens_at.isoformat()}"
    elif notice.kind is NoticeKind.NOT_LINKED and notice.about is not None:
        about = f"asked/{notice.about}"  # by the office, whatever was told before
    else:
        about = today.isoformat()
    who = notice.guardian_id or notice.address
    # Not the topics: no text names them, so a second one would be the same words again.
    return f"{who}/{notice.kind}/{about}"


def permitted(
    notice: SendNotice,
    told: Told,
    verdict: AutomaticVerdict,
    policy: Policy,
    now: datetime,
    today: date,
) -> tuple[SendNotice | None, Reason]:
    """Return the notice if it may go out, and why or why not (RFC 3834 §2, RFC 5230 §4.6)."""
    if not verdict.may_answer:
        return None, Reason("no-answer-to-automatic-mail", "F1", verdict.evidence)
    if told.school_last_hour >= max(1000, 2 * told.linked_guardians):
        return None, Reason("too-many-notices-this-hour", "F4", facts="the school's hourly limit")
    if notice.kind is NoticeKind.NOT_LINKED:
        last = told.last_not_linked
        if last is not None and now - last < policy.not_linked_every:
            return None, Reason("already-told-how-to-link", "F4")
    if notice_key(notice, today) in told.keys:
        return None, Reason(
            "already-told", "F4", facts="the same notice went to this address before"
        )
    if told.today >= policy.notices_a_day and notice.kind not in _IN_ANY_CASE:
        return None, Reason("notices-of-the-day-used-up", "F4", facts=f"{told.today} today")
    return notice, Reason("guardian-told", "I2", facts=f"notice: {notice.kind}")
