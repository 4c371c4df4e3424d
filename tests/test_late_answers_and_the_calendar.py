"""Late answers when the hours change, the clocks change, or the program starts anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import URL, make_url

from tests.installation import OFFICE
from tests.late_world import KHAN, LISTED, LONDON, QUESTION, asked, given_to, on, talking
from tests.staged import restarted


@pytest.fixture
def talk(tmp_path):
    """A Tuesday morning; an answer to what comes now is promised by Wednesday, 8.30am."""
    with talking(tmp_path, on(24, 9, 10)) as found:
        yield found


def test_a_restart_between_two_steps_forgets_no_reminder_and_doubles_none(talk):
    asked(talk)
    talk.at(on(25, 12))
    with restarted(talk.gateway) as again:
        talk.gateway = again
        talk.at(on(25, 18))
        with restarted(again) as once_more:
            talk.gateway = once_more
            talk.at(on(30, 18))
            assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30), on(25, 15, 30)]
            assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]


def test_days_that_close_after_the_promise_move_the_reminders_with_them(talk):
    asked(talk)
    talk.at(on(25, 12))
    snow = '\n[[hours.closed]]\nfrom = 2026-11-25\nto = 2026-11-26\nwhy = "snow"\n'
    with restarted(talk.gateway, lambda text: text + snow) as again:
        talk.gateway = again
        talk.at(on(30, 18))
        assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30), on(27, 8)]
        assert given_to(talk, OFFICE, LISTED) == [on(30, 8)]


@pytest.mark.parametrize(
    ("friday", "told", "listed"),
    [
        # The clocks go forward on Sunday 29 March 2026, back on Sunday 26 October 2025.
        (datetime(2026, 3, 27, 9, tzinfo=LONDON), (30, 3, 2026), (31, 3, 2026)),
        (datetime(2025, 10, 24, 9, tzinfo=LONDON), (27, 10, 2025), (28, 10, 2025)),
    ],
)
def test_a_change_of_the_clocks_leaves_the_hours_of_the_reminders(tmp_path, friday, told, listed):
    day, month, year = told
    with talking(tmp_path, friday) as talk:
        asked(talk)
        talk.at(friday + timedelta(days=7))
        times = given_to(talk, KHAN, QUESTION)
        assert times[1] == datetime(year, month, day, 15, 30, tzinfo=LONDON)
        day, month, year = listed
        assert given_to(talk, OFFICE, LISTED) == [datetime(year, month, day, 8, tzinfo=LONDON)]


def test_a_school_that_promises_a_sign_reminds_the_reader_of_it_and_not_the_office(tmp_path):
    with talking(tmp_path, on(24, 9, 10)) as plain:
        text = (plain.gateway.folder / "policy.toml").read_text("utf-8")
        assert "days = 1\n" in text
        change = text.replace("days = 1\n", "days = 5\nacknowledge_hours = 24\n", 1)
        with restarted(plain.gateway, lambda _text: change) as again:
            plain.gateway = again
            asked(plain)
            plain.at(on(30, 18))
            assert given_to(plain, KHAN, QUESTION) == [on(24, 15, 30), on(25, 15, 30)]
            assert given_to(plain, OFFICE, LISTED) == []
            plain.at(on(3, 18, month=12))
            late = [on(1, 15, 30, 12)]
            assert given_to(plain, KHAN, QUESTION)[2:] == late
            assert given_to(plain, OFFICE, LISTED) == [on(2, 8, 0, 12)]


def test_a_guardian_who_was_told_of_a_later_reading_waits_from_then_on(talk):
    asked(talk)
    talk.at(on(24, 12))
    talk.write(OFFICE, "hours@class.oakfield.example", "closed today: snow")
    [review] = [mail for mail in talk.mail_for(OFFICE) if talk.links(mail, "a")]
    talk.write(OFFICE, talk.links(review, "a")[0], "Just press Send.")
    talk.at(on(30, 18))
    # Read on Wednesday at 8 and promised anew by Wednesday, 5pm: late on Thursday morning.
    assert given_to(talk, KHAN, QUESTION) == [on(25, 8), on(26, 8)]
    assert given_to(talk, OFFICE, LISTED) == [on(27, 8)]


def test_the_larger_database_keeps_the_same_times(tmp_path, empty_postgresql_url):
    url = make_url(empty_postgresql_url)
    plain = URL.create("postgresql", url.username, database=url.database, query=url.query)
    with talking(tmp_path, on(24, 9, 10), store_url=plain.render_as_string()) as talk:
        asked(talk)
        talk.at(on(30, 18))
        assert given_to(talk, KHAN, QUESTION) == [on(24, 15, 30), on(25, 15, 30)]
        assert given_to(talk, OFFICE, LISTED) == [on(26, 8)]
