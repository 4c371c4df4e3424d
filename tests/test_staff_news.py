"""What staff are told of the system itself: once, inside their hours, and read with one press."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from gateway.store import news
from gateway.store.schema import staff_news
from tests.installation import OFFICE
from tests.staged import restarted, staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, REED = "khan@oakfield.example", "reed@oakfield.example"
AMINA, ROOM = "amina@parent.example", "3b@class.oakfield.example"
STAFF = [
    ("Miss Khan", KHAN, "teacher", "3B", 0),
    ("Ms Reed", REED, "teacher", "5A", 0),
]
FAMILIES = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)]
WELCOME = "How messages from parents reach you"


def on(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@contextmanager
def talking(tmp_path, start, **options):
    with staged(tmp_path, start, STAFF, FAMILIES, speed=0, onboarding=True, **options) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


@pytest.fixture
def talk(tmp_path):
    """A Tuesday at noon, between the windows."""
    with talking(tmp_path, on(24, 12)) as found:
        yield found


def told(talk, address, subject):
    """Return the mails with this subject that `address` got."""
    return [mail for mail in talk.mail_for(address) if mail.message["Subject"] == subject]


def minute(mail):
    return mail.at.astimezone(LONDON)


def test_each_teacher_is_told_once_how_it_works_and_inside_the_hours(talk):
    talk.at(on(27, 18))
    for teacher in (KHAN, REED):
        [welcome] = told(talk, teacher, WELCOME)
        assert minute(welcome) == on(24, 15, 30)
        assert "Tuesday 24 November: 8am to 8.30am and 3.30pm to 5pm" in welcome.text
        assert "Nobody expects you to read or answer outside them." in welcome.text
        assert "hours@class.oakfield.example" in welcome.text
        assert "help@class.oakfield.example" in welcome.text


def test_the_office_gets_a_version_of_its_own_while_it_is_open(talk):
    talk.at(on(24, 12, 5))
    [welcome] = told(talk, OFFICE, WELCOME)
    assert "A list each morning of parents whose answer is late." in welcome.text
    assert "quiet 16:30" not in welcome.text


def test_that_somebody_has_read_it_is_recorded_and_pressing_twice_does_no_harm(talk):
    talk.at(on(24, 15, 31))
    [welcome] = told(talk, KHAN, WELCOME)
    [address] = talk.links(welcome, "a")
    talk.write(KHAN, address, "Just press Send.", subject="I have read this")
    talk.write(KHAN, address, "Just press Send.", subject="I have read this")
    talk.write(REED, address, "Just press Send.", subject="I have read this")
    with talk.gateway.store.read() as connection:
        read = connection.execute(
            select(staff_news.c.key).where(staff_news.c.acknowledged.is_not(None))
        ).scalars()
        assert len(list(read)) == 1
        school_id = talk.gateway.stage.program.school.school_id
        assert news.who_read(connection, school_id, "welcome") == (1, 3)


def test_a_restart_tells_nobody_again(talk):
    talk.at(on(24, 18))
    with restarted(talk.gateway) as again:
        talk.gateway = again
        talk.at(on(25, 18))
        assert len(told(talk, KHAN, WELCOME)) == 1


def test_a_school_that_onboards_by_hand_sends_no_welcome(tmp_path):
    with staged(tmp_path, on(24, 12), STAFF, FAMILIES, speed=0) as gateway:
        talk = Talk(gateway)
        talk.at(on(25, 18))
        assert told(talk, KHAN, WELCOME) == []


def let_wait(talk, key, *lines):
    """Let news of changed hours wait for each teacher."""
    school = talk.gateway.stage.program.school
    now = talk.gateway.clock.now()
    with talk.gateway.store.begin() as connection:
        for teacher in (KHAN, REED):
            [person] = school.staffing(connection, now).staff_at(teacher)
            news.add_news(
                connection,
                school_id=school.school_id,
                staff_id=person.staff_id,
                key=f"{key}/{teacher}",
                kind="hours",
                detail={"words": list(lines)},
                now=now,
            )


def test_changed_hours_are_told_at_the_next_window_and_what_is_past_by_then_is_left_out(talk):
    talk.at(on(24, 17, 30))
    past = {"words": "No reading time on Tuesday 24 November.", "last": "2026-11-24"}
    ahead = {"words": "No reading time on Thursday 26 November.", "last": "2026-11-26"}
    let_wait(talk, "one", past, ahead)
    let_wait(talk, "two", past)
    talk.at(on(25, 18))
    for teacher in (KHAN, REED):
        [mail] = told(talk, teacher, "Your reading hours have changed")
        assert minute(mail) == on(25, 8)
        assert "Thursday 26 November." in mail.text
        assert "Tuesday 24 November." not in mail.text
    assert news_waiting(talk) == []


def test_news_that_is_past_when_the_window_opens_is_not_sent_at_all(talk):
    talk.at(on(24, 17, 30))
    let_wait(talk, "one", {"words": "Early closing today.", "last": "2026-11-24"})
    talk.at(on(25, 18))
    assert told(talk, KHAN, "Your reading hours have changed") == []
    assert news_waiting(talk) == []


def news_waiting(talk):
    with talk.gateway.store.read() as connection:
        return news.waiting(connection, talk.gateway.stage.program.school.school_id)


def test_a_new_version_of_the_policy_is_told_to_staff_and_its_changes_to_the_owners(talk):
    talk.at(on(24, 18))

    def shorter(text):
        assert '["08:00-08:30", "15:30-17:00"]' in text
        text = text.replace('["08:00-08:30", "15:30-17:00"]', '["15:30-17:00"]')
        return re.sub(r'(?m)^version = ".*"', 'version = "next"', text)

    with restarted(talk.gateway, shorter) as again:
        talk.gateway = again
        talk.at(on(26, 18))
        [mail] = told(talk, KHAN, "The school's rules for messages have changed")
        assert minute(mail) == on(25, 15, 30)
        assert "Reading hours on Monday, Tuesday," in mail.text
        assert "Before: 8am to 8.30am and 3.30pm to 5pm." in " ".join(mail.text.split())
        for owner in ("head@oakfield.example", OFFICE):
            [log] = told(talk, owner, "The school's message policy is now version next")
            assert minute(log) == on(25, 8)
            assert "3.30pm to 5pm" in log.text
