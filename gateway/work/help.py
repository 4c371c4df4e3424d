"""What does somebody read who asks for help: how the channel works for them?"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.mail.render import Rendered, render
from gateway.policypage import staff_summary, summary
from gateway.school import HOURS, School
from gateway.store.home_language import home_language
from gateway.work.notice_words import Told, notice_words
from gateway.work.phrases import contact_values, own_windows
from rules.effects import NoticeKind
from rules.people import Role

# What may be written to the address of the hours, each with what it does.
TEACHERS_LINES = (
    ("quiet 16:30-17:00 every Fri", "No messages for you in that time, on each Friday"),
    ("training Wed 15:30-17:00", "No messages for you in that time, on one day"),
    ("undo", "Take your last change back"),
)
OFFICES_LINES = (
    ("closed today: snow", "The school is closed: no teacher gets a message"),
    ("early closing Fri 13:15", "The school ends earlier, on one day"),
    ("training Wed 15:30-17:00", "No reading then, for all teachers, on one day"),
    ("undo", "Take the last change back"),
)


def help_words(
    connection: Connection,
    school: School,
    now: datetime,
    *,
    guardian_id: str | None = None,
    staff_address: str | None = None,
    lines: tuple[tuple[str, str], ...] | None = None,
) -> Rendered:
    """Return the policy in short, for a guardian, a stranger or a member of staff.

    Staff read their own hours of the coming days, and what they may write to change them:
    `lines`, or those of their post. A guardian reads it in the language of their home too.
    """
    today = school.today(now)
    if staff_address is None:
        told = Told(
            NoticeKind.HELP, more=(("summary", summary(school.policy, school.calendar, today)),)
        )
        return notice_words(school, told, home_language(connection, guardian_id), now)
    staffing = school.staffing(connection, now)
    teaches = staffing.teacher_at(staff_address) is not None
    roles = {role for person in staffing.staff_at(staff_address) for role in person.roles}
    if lines is None:
        lines = OFFICES_LINES if roles & {Role.OFFICE, Role.HEAD} else TEACHERS_LINES
    return render(
        str(NoticeKind.HELP_STAFF),
        contact_values(school)
        | {
            "teaches": teaches,
            "own_windows": own_windows(school.calendar_of(staff_address), now),
            "summary": staff_summary(school.policy, teaches=teaches),
            "hours_address": school.address(HOURS),
            "lines": lines,
        },
    )
