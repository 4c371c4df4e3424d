"""Finds the mistakes of a set-up: each finding says what is wrong and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, select

from gateway.config.hosts import is_loopback
from gateway.configuration import Configuration
from gateway.store import policies, register
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from gateway.store.staffing import Staffing, load_staffing
from gateway.topicpacks import TopicPackFaults, load_packs
from rules.calendar import NoReadingTime, SchoolCalendar
from rules.message import Authenticity
from rules.people import Role
from rules.policy import Policy
from rules.review import review_standing

REVIEW_WARNING = timedelta(days=60)
UNSETTLED_AFTER = timedelta(minutes=10)
UNACKNOWLEDGED_AFTER = timedelta(hours=1)
FAILURES_COUNT_FOR = timedelta(days=7)
UNVERIFIED_IN_A_ROW = 20
# What may be the matter when nobody is verified, and what to do about it.
_PROVES_NOBODY = (
    "authserv_ids may be wrong",
    "compare authserv_ids in [intake.border] of schoolgate.toml with the first word of "
    "Authentication-Results in a message (`schoolgate queue --raw ID`)",
)
_PROVES_NOBODY_OURSELVES = (
    "the DNS may not answer us",
    "see what was found of one (`schoolgate why ID`), and ask the servers in dns_servers, in "
    "[intake.border] of schoolgate.toml, for a name",
)
CALENDAR_WARNING = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may soon be."""

    level: Literal["fault", "warning"]
    what: str
    do: str


def examine_policy(
    policy: Policy, now: datetime, in_force: SchoolCalendar | None = None
) -> Iterator[Finding]:
    """Look for a review that is due and a calendar that runs out.

    `in_force` is the calendar with every change since; without it the policy file's own.
    """
    calendar = in_force or SchoolCalendar.of(policy)
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
    # The table of bank holidays knows years ahead; holidays are what somebody must enter.
    holidays = (days.last for days in calendar.hours.closed if days.last > days.first)
    last = max(holidays, default=None)
    if last is None or last < today + CALENDAR_WARNING:
        yield Finding(
            "warning",
            "the school's holidays are not known for more than 60 days ahead",
            "add the next holidays to [[hours.closed]] in policy.toml, or import the term dates "
            "with `schoolgate hours import`",
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
    yield from _policy_version(connection, school_id, config)
    yield from _classes(staffing)
    yield from _mail(connection, school_id, now)
    if config.settings.intake.border.profile != "none":
        yield from _unverified(connection, school_id, config.settings.intake.border.profile)
    for number in register.verify(connection, school_id):
        yield Finding(
            "fault",
            f"the safeguarding register has been changed at row {number}",
            "keep the store as it is, and tell the safeguarding lead and the chair of governors",
        )


def _policy_version(
    connection: Connection, school_id: str, config: Configuration
) -> Iterator[Finding]:
    """Look for a policy that was changed in silence: `why` could not tell the two apart."""
    known = policies.loaded(connection, school_id, config.policy.version)
    if known is not None and known.text != config.policy_text:
        yield Finding(
            "warning",
            f"policy.toml has changed, and its version is still {config.policy.version}",
            "give it a new version: then staff and owners are told what has changed",
        )


def _mail(connection: Connection, school_id: str, now: datetime) -> Iterator[Finding]:
    """Look for what failed lately, what is not decided, and concerns that nobody took."""
    o, m, c = t.outbox.c, t.messages.c, t.safeguarding_cases.c
    failed = _count(
        connection,
        o.school_id == school_id,
        o.state == "failed",
        func.coalesce(o.finished, o.queued) >= now - FAILURES_COUNT_FOR,
    )
    if failed:
        mails = "1 mail" if failed == 1 else f"{failed} mails"
        yield Finding(
            "fault",
            f"{mails} of ours failed in the last {FAILURES_COUNT_FOR.days} days",
            "see what was said with `schoolgate queue`",
        )
    unsettled = _count(
        connection,
        m.school_id == school_id,
        m.state == "received",
        m.arrived < now - UNSETTLED_AFTER,
    )
    if unsettled:
        have = "1 message has" if unsettled == 1 else f"{unsettled} messages have"
        yield Finding(
            "fault",
            f"{have} waited over ten minutes to be decided",
            "is `schoolgate serve` running? Its log says settling_failed where it cannot",
        )
    open_cases = _count(
        connection,
        c.school_id == school_id,
        c.state == "open",
        c.raised < now - UNACKNOWLEDGED_AFTER,
    )
    if open_cases:
        have = "1 concern has" if open_cases == 1 else f"{open_cases} concerns have"
        yield Finding(
            "fault",
            f"{have} not been acknowledged for over an hour",
            "ring the safeguarding lead now; `schoolgate queue` lists the open concerns, "
            "`schoolgate why ID` says who was told",
        )


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """Return how many rows of the one table that the conditions are about meet them all."""
    return connection.execute(select(func.count()).where(*conditions)).scalar_one()


def _unverified(connection: Connection, school_id: str, profile: str) -> Iterator[Finding]:
    """Look for a border that is named, and proves nobody."""
    what, mend = _PROVES_NOBODY_OURSELVES if profile == "own" else _PROVES_NOBODY
    m = t.messages.c
    found = list(
        connection.execute(
            select(m.authenticity)
            .where(m.school_id == school_id, m.state == "settled")
            .order_by(m.spool_id.desc())
            .limit(UNVERIFIED_IN_A_ROW)
        ).scalars()
    )
    if len(found) == UNVERIFIED_IN_A_ROW and set(found) == {Authenticity.UNVERIFIED}:
        yield Finding(
            "warning",
            f"the last {UNVERIFIED_IN_A_ROW} messages were all not verified: {what}",
            mend,
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
    """Look at the room on the disk, at who checks the senders of our mail, and at the packs."""
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
    profile = config.settings.intake.border.profile
    if profile == "none":
        yield Finding(
            "warning",
            "nobody checks who wrote: every message goes to the office queue as not verified",
            "name the school's mail filter in [intake.border] of schoolgate.toml",
        )
    elif profile != "own" and not is_loopback(smtp.host) and not smtp.trusted_relays:
        yield Finding(
            "warning",
            "other machines reach us, and none is named as the mail filter's: what they say of "
            "who wrote is not believed",
            "name the filter's addresses in trusted_relays, in [intake.smtp] of schoolgate.toml",
        )
    try:
        load_packs(config.settings.topics.folder)
    except TopicPackFaults as error:
        more = f", and {len(error.faults) - 1} more" if len(error.faults) > 1 else ""
        yield Finding(
            "fault",
            f"a topic pack of the school's cannot be used: {error.faults[0]}{more}",
            "`schoolgate rules test --packs FOLDER` names all; the gateway will not start with it",
        )
