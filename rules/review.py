"""Is the policy itself still in date, and is its owners' next reminder due?

A policy past its review stays in force and the notices go on; but nobody can say they were not
told (REQUIREMENTS D11, H3). Dates are in the school's zone.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from rules.wording import MONTHS

REMINDERS_BEFORE = (timedelta(days=60), timedelta(days=30), timedelta(0))


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """How a policy stands on one day. `days_left` is negative when the review is overdue."""

    due: date
    days_left: int

    @property
    def overdue(self) -> bool:
        """Whether the day of the review is past."""
        return self.days_left < 0

    @property
    def words(self) -> str:
        """Return "overdue since 30 Nov 2025 (358 days)" or "due on 30 Nov 2025 (in 7 days)"."""
        day = f"{self.due.day} {MONTHS[self.due.month - 1][:3]} {self.due.year}"
        if self.overdue:
            return f"overdue since {day} ({_days(-self.days_left)})"
        return f"due on {day} ({'today' if not self.days_left else f'in {_days(self.days_left)}'})"


def review_standing(next_review: date, today: date) -> ReviewStanding:
    """Return how a policy with this next review stands today."""
    return ReviewStanding(next_review, (next_review - today).days)


def reminder_due(next_review: date, today: date) -> date | None:
    """Return the date of the newest reminder due by today, or None before the first.

    60, 30 and 0 days before, then every month on the day of the review. The date is the
    reminder's key: sent once for each, however often this is asked.
    """
    if today >= next_review:
        months = (today.year - next_review.year) * 12 + today.month - next_review.month
        latest = _months_after(next_review, months)
        return latest if latest <= today else _months_after(next_review, months - 1)
    due = [next_review - before for before in REMINDERS_BEFORE if next_review - before <= today]
    return max(due, default=None)


def next_reminder(next_review: date, today: date) -> date:
    """Return the date of the first reminder after today."""
    before = [next_review - ahead for ahead in REMINDERS_BEFORE if next_review - ahead > today]
    if before:
        return min(before)
    months = (today.year - next_review.year) * 12 + today.month - next_review.month
    following = _months_after(next_review, months)
    return following if following > today else _months_after(next_review, months + 1)


def _months_after(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
