"""Mail to the policy's owners: its review is near or overdue, and what a new version changed.

Once for each date of the calendar of reminders and each version; the notices to parents never
stop for it (REQUIREMENTS D11, H3, H4).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from hashlib import sha256

from gateway.clock import Clock
from gateway.mail.render import Rendered, render
from gateway.school import POSTMASTER, School
from gateway.store.engine import Store
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.phrases import contact_values
from gateway.work.policy_versions import NewVersion, new_version
from gateway.work.post import Letter
from gateway.work.reachable import reachable_from, teaches
from rules.people import Staff
from rules.policy_changes import changes_for_owners
from rules.review import next_reminder, reminder_due, review_standing
from rules.wording import moment_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    """One mail to one owner, and from when it may go."""

    key: str
    is_change: bool
    owner: str
    staff: Staff | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewReminder:
    """Writes to the owners of each school's policy. Running it again adds nothing."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]
    _versions: dict[str, NewVersion | None] = field(default_factory=dict, init=False, compare=False)
    # Keys of mails that are written, so that a quiet tick composes nothing.
    _written: set[str] = field(default_factory=set, init=False, compare=False)

    def run_once(self) -> int:
        """Queue the mails that are due; return how many were."""
        now = self.clock.now()
        made = 0
        for school in self.schools.values():
            for due in self._unwritten(school, now):
                if due.at <= now:
                    made += self._write(school, due, now)
                    self._written.add(due.key)
        return made

    def next_due(self) -> datetime | None:
        """Return when there is something to write next: an hour awaited, or a later date."""
        now = self.clock.now()
        found = []
        for school in self.schools.values():
            found += [due.at for due in self._unwritten(school, now)]
            following = next_reminder(school.policy.next_review, school.today(now))
            found.append(datetime.combine(following, time(0), school.zone))
        return min(found, default=None)

    def _unwritten(self, school: School, now: datetime) -> list[_Due]:
        """Return the mails whose day has come and that this program has not written yet."""
        policy = school.policy
        wanted = []
        reminder = reminder_due(policy.next_review, school.today(now))
        if reminder is not None:
            wanted.append((f"review/{policy.version}/{reminder}", False))
        if self._new_version(school) is not None:
            wanted.append((f"policy-change/{policy.version}", True))
        missing = [
            (f"{key}/{_short(owner)}", is_change, owner)
            for key, is_change in wanted
            for owner in policy.owners
            if f"{key}/{_short(owner)}" not in self._written
        ]
        if not missing:
            return []
        with self.store.read() as connection:
            staffing = school.staffing(connection, now)
        due = []
        for key, is_change, owner in missing:
            staff = next(iter(staffing.staff_at(owner.lower())), None)
            at = school.calendar.next_office_opening(now)
            if staff is not None:
                at = reachable_from(school, staffing, staff, now)
            if at is not None:
                due.append(_Due(key, is_change, owner, staff, at))
        return due

    def _new_version(self, school: School) -> NewVersion | None:
        if school.school_id not in self._versions:
            with self.store.read() as connection:
                self._versions[school.school_id] = new_version(connection, school)
        return self._versions[school.school_id]

    def _write(self, school: School, due: _Due, now: datetime) -> int:
        new = self._new_version(school) if due.is_change else None
        with self.store.begin() as connection:
            staffing = school.staffing(connection, now)
            is_bound = due.staff is not None and teaches(staffing, due.staff)
            letter = Letter(
                key=due.key,
                kind="policy-change" if new else "policy-review",
                priority=Priority.NOTICE,
                sender_name=school.name,
                sender=school.address(POSTMASTER),
                recipient=due.owner,
                words=_change_words(school, new, now) if new else _review_words(school, now),
                hours_of=due.staff.staff_id if due.staff and is_bound else None,
            )
            outcome = self.letters(school).post.send(connection, letter, now)
        if outcome == "held":
            log.error("owner_not_told", extra={"kind": letter.kind})
        return int(outcome == "queued")


def _short(owner: str) -> str:
    """Return a name of fixed length for an address, which may be longer than a key."""
    return sha256(owner.lower().encode()).hexdigest()[:16]


def _review_words(school: School, now: datetime) -> Rendered:
    standing = review_standing(school.policy.next_review, school.today(now))
    values = {
        "standing": standing.words,
        "overdue": standing.overdue,
        "version": school.policy.version,
    }
    return render("policy-review", contact_values(school) | values)


def _change_words(school: School, new: NewVersion, now: datetime) -> Rendered:
    lines: tuple[str, ...] = ("We cannot read the version before, so we cannot say what.",)
    if new.was is not None:
        lines = changes_for_owners(new.was, school.policy, school.today(now))
    values = {
        "version": new.version,
        "before": new.version_before,
        "since": moment_words(new.since, school.zone),
        "changes": lines,
    }
    return render("policy-change", contact_values(school) | values)
