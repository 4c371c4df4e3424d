"""The policy's own review: said plainly, reminded on time, once each."""

from datetime import date

import pytest

from rules.review import reminder_due, review_standing

DUE = date(2025, 11, 30)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 23), "overdue since 30 Nov 2025 (358 days)"),
        (date(2025, 12, 1), "overdue since 30 Nov 2025 (1 day)"),
        (date(2025, 11, 30), "due on 30 Nov 2025 (today)"),
        (date(2025, 11, 23), "due on 30 Nov 2025 (in 7 days)"),
    ],
)
def test_the_standing_of_a_review_is_said_with_its_days(today, words):
    standing = review_standing(DUE, today)
    assert standing.words == words
    assert standing.overdue is (today > DUE)


@pytest.mark.parametrize(
    ("today", "reminder"),
    [
        (date(2025, 9, 30), None),
        (date(2025, 10, 1), date(2025, 10, 1)),
        (date(2025, 10, 30), date(2025, 10, 1)),
        (date(2025, 10, 31), date(2025, 10, 31)),
        (date(2025, 11, 30), date(2025, 11, 30)),
        (date(2025, 12, 29), date(2025, 11, 30)),
        (date(2025, 12, 30), date(2025, 12, 30)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 3, 15), date(2026, 2, 28)),
        (date(2026, 11, 23), date(2026, 10, 30)),
    ],
)
def test_owners_are_reminded_60_30_and_0_days_before_and_then_monthly(today, reminder):
    assert reminder_due(DUE, today) == reminder
