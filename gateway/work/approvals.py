"""An approval begins, ends soon or has ended: its link follows, and the office is told.

That nobody writes or receives by an approval that has ended does not wait for this: it is asked
of the dates. Here it is written down. Running it again adds nothing (REQUIREMENTS G6).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from gateway.clock import Clock
from gateway.mail.render import render
from gateway.school import POSTMASTER, School
from gateway.store import approvals, people
from gateway.store.approvals import Approval
from gateway.store.engine import Store
from gateway.store.outbox import Priority
from gateway.work.letters import Letters
from gateway.work.office_queue import next_holder
from gateway.work.phrases import contact_values
from gateway.work.post import Letter
from rules.wording import day_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ApprovalWatch:
    """Follows the approvals of each school through their days."""

    store: Store
    clock: Clock
    schools: Mapping[str, School]
    letters: Callable[[School], Letters]

    def run_once(self) -> int:
        """Begin, warn of and end what is due; return how many of them were."""
        now = self.clock.now()
        done = 0
        for school in self.schools.values():
            today = school.today(now)
            with self.store.read() as connection:
                waiting = approvals.open_approvals(connection, school.school_id)
            for approval in waiting:
                if self._is_due(approval, today):
                    done += self._follow(school, approval, today, now)
        return done

    def next_due(self) -> datetime | None:
        """Return the beginning of the next day on which something of an approval changes."""
        found = []
        for school in self.schools.values():
            with self.store.read() as connection:
                waiting = approvals.open_approvals(connection, school.school_id)
            for approval in waiting:
                days = [approval.ends + timedelta(days=1)]
                if approval.warned is None:
                    days.append(approval.ends - approvals.WARNING)
                if approval.begun is None:
                    days.append(approval.begins)
                found += [datetime.combine(day, time(0), school.zone) for day in days]
        return min(found, default=None)

    def _is_due(self, approval: Approval, today: date) -> bool:
        warn = approval.warned is None and approval.ends - approvals.WARNING <= today
        begins = approval.begun is None and approval.begins <= today
        return approval.ends < today or warn or begins

    def _follow(self, school: School, approval: Approval, today: date, now: datetime) -> int:
        with self.store.begin() as connection:
            if approval.ends < today:
                if not approvals.end(connection, approval, now):
                    return 0
                return self._tell(connection, school, approval, now, over=True)
            begun = approval.begins <= today and approvals.begin(connection, approval, now)
            if approval.ends - approvals.WARNING <= today and approvals.warned(
                connection, approval.approval_id, now
            ):
                return self._tell(connection, school, approval, now, over=False)
            return int(begun)

    def _tell(
        self,
        connection: Connection,
        school: School,
        approval: Approval,
        now: datetime,
        *,
        over: bool,
    ) -> int:
        """Queue the mail to the office; what is written down stands even if nobody can be told."""
        reader = next_holder(school.staffing(connection, now))
        if reader is None:
            log.error("nobody_to_tell", extra={"kind": "approval-ends"})
            return 1
        guardians = people.guardian_names(connection, (approval.guardian_id,))
        pupils = people.pupil_names(connection, (approval.pupil_id,))
        values = {
            "guardian": guardians[approval.guardian_id],
            "pupil": pupils[approval.pupil_id],
            "last": day_words(approval.ends, school.today(now)),
            "over": over,
        }
        letter = Letter(
            key=f"approval/{approval.approval_id}/{'over' if over else 'soon'}",
            kind="approval-ends",
            priority=Priority.OFFICE,
            sender_name=school.name,
            sender=school.address(POSTMASTER),
            recipient=reader.address,
            words=render("approval-ends", contact_values(school) | values),
        )
        self.letters(school).post.send(connection, letter, now)
        return 1
