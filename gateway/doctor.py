"""Finds the mistakes of a set-up: each finding says what is wrong and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, func, select

from gateway.config.configuration import Configuration
from gateway.store import register
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from gateway.store.staffing import Staffing, load_staffing
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.people import Role
from rules.policy import Policy
from rules.review import review_standing

REVIEW_WARNING = timedelta(days=60)
UNSETTLED_AFTER = timedelta(minutes=10)
UNACKNOWLEDGED_AFTER = timedelta(hours=1)
CALENDAR_WARNING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may soon be."""

    level: Literal["fault", "warning"]
    what: str
    do: str


def examine_policy(policy: Policy, now: datetime) -> Iterator[Finding]:
    """Look for a review that is due and a calendar that runs out."""
    calendar = SchoolCalendar.of(policy)
    today = now.astimezone(calendar.zone).date()
    review = review_standing(policy.next_review, today)
    if review.overdue:
        yield Finding(
            "fault",
            f"the policy's review is {review.words}",
            "review the policy, then set review.next_review in policy.toml",
        )
    elif review.days_left <= REVIEW_WARNING.days:
        yield Finding(
            "warning",
            f"the policy's review is {review.words}",
            "plan the review with the owners named in policy.toml",
        )
    try:
        calendar.next_reading_time(now)
    except NoReadingTime:
        yield Finding(
            "fault", "no teacher reads on any day of the next year", "check [hours] in policy.toml"
        )
    last = max((days.last for days in policy.hours.closed), default=None)
    if last is None or last < today + CALENDAR_WARNING:
        yield Finding(
            "warning",
            "the school's holidays are not known for more than 60 days ahead",
            "add the next term dates and bank holidays to [[hours.closed]] in policy.toml",
        )


def examine_store(
    connection: Connection, config: Configuration, now: datetime
) -> Iterator[Finding]:
    """Look for people who are missing, mail that failed and a register that was changed."""
    school_id = school_of(connection, config.settings.gateway.domain)
    today = now.astimezone(SchoolCalendar.of(config.policy).zone).date()
    if not school_id:
        yield Finding("fault", "nobody is on the roster", "run `schoolgate roster import`")
        return
    staffing = load_staffing(connection, school_id, today)
    leads = staffing.leads
    for role, need in ((Role.OFFICE, "the school office"), (Role.DSL, "the safeguarding lead")):
        if not any(role in person.roles for person in leads):
            yield Finding(
                "fault",
                f"the roster names nobody as {need}",
                f"give somebody the role {role} in the staff file, and import it",
            )
    if not any({Role.DEPUTY_DSL, Role.HEAD} & person.roles for person in leads):
        yield Finding(
            "warning",
            "nobody stands in for the safeguarding lead",
            "give somebody the role deputy_dsl in the staff file",
        )
    yield from _classes(staffing)
    failed = connection.execute(
        select(func.count()).where(t.outbox.c.school_id == school_id, t.outbox.c.state == "failed")
    ).scalar_one()
    if failed:
        what = "1 mail of ours failed" if failed == 1 else f"{failed} mails of ours failed"
        yield Finding("fault", what, "see what was said with `schoolgate queue`")
    unsettled = connection.execute(
        select(func.count()).where(
            t.messages.c.school_id == school_id,
            t.messages.c.state == "received",
            t.messages.c.arrived < now - UNSETTLED_AFTER,
        )
    ).scalar_one()
    if unsettled:
        yield Finding(
            "fault",
            f"{unsettled} messages have waited over ten minutes to be decided",
            "is `schoolgate serve` running? Its log says settling_failed where it cannot",
        )
    waiting = connection.execute(
        select(func.count()).where(
            t.safeguarding_cases.c.school_id == school_id,
            t.safeguarding_cases.c.state == "open",
            t.safeguarding_cases.c.raised < now - UNACKNOWLEDGED_AFTER,
        )
    ).scalar_one()
    if waiting:
        yield Finding(
            "fault",
            f"{waiting} safeguarding messages have not been acknowledged for over an hour",
            "ring the safeguarding lead now; see each with `schoolgate queue` and `why`",
        )
    for number in register.verify(connection, school_id):
        yield Finding(
            "fault",
            f"the safeguarding register has been changed at row {number}",
            "keep the store as it is, and tell the safeguarding lead and the chair of governors",
        )


def _classes(staffing: Staffing) -> Iterator[Finding]:
    for room in staffing.rooms.values():
        if not room.teachers:
            yield Finding(
                "fault",
                f"nobody reads for {room.name}: its mail goes to the office",
                f"name {room.name} in the classes of its teacher in the staff file",
            )


def examine_machine(config: Configuration) -> Iterator[Finding]:
    """Look at the room on the disk, and at who checks the senders of our mail."""
    smtp = config.settings.intake.smtp
    url = config.settings.store.url
    if url.startswith("sqlite:///"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        free = shutil.disk_usage(folder).free
        if free < 2 * smtp.min_free_bytes:
            yield Finding(
                "fault" if free < smtp.min_free_bytes else "warning",
                f"{free // 1_000_000} MB are free where the store lives",
                f"below {smtp.min_free_bytes // 1_000_000} MB mail is refused for the time being: "
                "make room",
            )
    if config.settings.intake.border.profile == "none":
        yield Finding(
            "warning",
            "nobody checks who wrote: every message goes to the office queue as not verified",
            "name the school's mail filter in [intake.border] of schoolgate.toml",
        )
