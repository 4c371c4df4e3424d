"""The policy's owners are reminded of its review 60, 30 and 0 days before, then each month."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.review import next_reminder, reminder_due
from tests.installation import HEAD, OFFICE
from tests.staged import restarted, staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, AMINA, ROOM = "khan@oakfield.example", "amina@parent.example", "3b@class.oakfield.example"
STAFF = [("Miss Khan", KHAN, "teacher", "3B", 0)]
FAMILIES = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)]


def on(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@contextmanager
def reviewed(tmp_path, start, next_review, owners):
    """Run a school whose policy names these owners and this next review."""

    def change(text):
        text = re.sub(r"(?m)^reviewed = .*", 'reviewed = "2024-11-30"', text)
        text = re.sub(r"(?m)^next_review = .*", f'next_review = "{next_review}"', text)
        return re.sub(r"(?m)^owners = .*", f"owners = {list(owners)}", text)

    with (
        staged(tmp_path, start, STAFF, FAMILIES, speed=0) as before,
        restarted(before, change) as gateway,
    ):
        yield Talk(gateway)


def reminders(talk, address):
    return [
        (
            mail.at.astimezone(LONDON),
            str(mail.message["Subject"]).replace("\r\n", ""),
        )
        for mail in talk.mail_for(address)
        if "review" in str(mail.message["Subject"])
    ]


def test_an_overdue_review_is_told_to_each_owner_once_a_month_and_parents_go_on_being_told(
    tmp_path,
):
    owners = (HEAD, OFFICE, "chair@governors.example")
    with reviewed(tmp_path, on(23, 18), "2025-11", owners) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        assert len(talk.mail_for(AMINA)) == 1
        talk.at(on(1, 9, month=12))
        for owner in owners:
            assert reminders(talk, owner) == [
                (
                    on(24, 8),
                    "Message policy: review overdue since 30 Nov 2025 (359 days)",
                ),
                (
                    on(30, 8),
                    "Message policy: review overdue since 30 Nov 2025 (365 days)",
                ),
            ]


def test_an_owner_who_teaches_is_reminded_inside_their_hours(tmp_path):
    with reviewed(tmp_path, on(24, 12), "2026-12-24", (KHAN, HEAD)) as talk:
        talk.at(on(25, 18))
        subject = "Message policy: review due on 24 Dec 2026 (in 30 days)"
        assert reminders(talk, HEAD) == [(on(24, 12), subject)]
        assert reminders(talk, KHAN) == [(on(24, 15, 30), subject)]


def test_a_restart_reminds_nobody_again(tmp_path):
    with reviewed(tmp_path, on(24, 12), "2026-12-24", (HEAD,)) as talk:
        talk.at(on(24, 13))
        with restarted(talk.gateway) as again:
            talk.gateway = again
            talk.at(on(25, 18))
            assert len(reminders(talk, HEAD)) == 1


@pytest.mark.parametrize(
    ("today", "following"),
    [
        (date(2026, 1, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 10, 31), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 12, 30)),
        (date(2027, 2, 28), date(2027, 3, 30)),
    ],
)
def test_the_next_reminder_is_the_first_date_after_today(today, following):
    assert next_reminder(date(2026, 11, 30), today) == following


@given(
    review=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    today=st.dates(date(2024, 6, 1), date(2029, 1, 1)),
)
def test_each_reminder_that_is_foretold_is_due_on_its_day_and_none_before(review, today):
    following = next_reminder(review, today)
    assert following > today
    assert reminder_due(review, following) == following
    assert reminder_due(review, following - timedelta(days=1)) == reminder_due(review, today)
