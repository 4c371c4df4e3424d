"""A mail about the hours whose meaning is in doubt changes nothing: its writer is asked."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from gateway.store import schema as t
from tests.hours_talk import FAMILIES, HOURS, HUGHES, KHAN, STAFF, on, reads_on, signed, talking
from tests.installation import HEAD, OFFICE
from tests.staged import staged
from tests.talk import Talk

NEW_LEADER = [STAFF[0], ("Mr Hughes", HUGHES, "slt;teacher", "5A", 0)]


def own_windows(talk, address, day):
    """Return one teacher's windows of a date in November, as the running gateway has them."""
    school = talk.gateway.stage.program.school
    with talk.gateway.store.read() as connection:
        school.refresh(connection)
    return school.calendar_of(address).day(date(2026, 11, day)).windows


@pytest.mark.parametrize(
    "text",
    [
        "Hi, please do not do this\nquiet today",
        "Hello, I no longer need this\nquiet today",
        "Dear office, forget what I asked\nleave tomorrow",
        "Hi all, should we write\nquiet tomorrow\nor not?",
        "quiet today\nActually no, please ignore this.",
        "quiet tomorrow\nonly if it snows",
        "quiet tomorrow\nOn second thoughts she wrote:\nplease ignore this",
        "leave from 30 Nov",
        "quiet Fri: cancelled",
        "leave tomorrow: ill, cover hughes@oakfield.example",
        "training every Wed 15:30-17:00: phonics until 18 Dec",
    ],
)
def test_what_a_teacher_does_not_say_plainly_changes_nothing(tmp_path, text):
    with talking(tmp_path, on(24, 8, 5), speed=0) as talk:
        talk.write(KHAN, HOURS, text, subject="")
        assert "Nothing has changed." in talk.mail_for(KHAN)[-1].text
        with talk.gateway.store.read() as connection:
            assert connection.execute(select(t.calendar_changes)).all() == []


def test_a_quotation_below_the_line_is_not_the_writers(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        quoted = "\n\nOn Tue, X wrote:\n> undo\n"
        talk.write(OFFICE, HOURS, quoted, subject="closed tomorrow")
        assert "Yes, change the hours" in talk.mail_for(OFFICE)[-1].text


def test_the_same_quiet_time_asked_twice_is_one_and_undone_once(tmp_path):
    with talking(tmp_path, on(24, 15, 32), speed=0) as talk:
        talk.write(KHAN, HOURS, "quiet Fri 15:30-17:00")
        talk.write(KHAN, HOURS, "quiet Fri 15:30-17:00 ")
        assert "It is so already" in talk.mail_for(KHAN)[-1].text
        talk.write(KHAN, HOURS, "undo")
        assert len(own_windows(talk, KHAN, 27)) == 2


def test_whoever_undoes_one_of_two_is_told_what_still_stands(tmp_path):
    with talking(tmp_path, on(24, 15, 32), speed=0) as talk:
        talk.write(KHAN, HOURS, "quiet Fri 15:30-17:00")
        talk.write(KHAN, HOURS, "quiet Fri 16:00-17:00")
        talk.write(KHAN, HOURS, "undo")
        told = talk.mail_for(KHAN)[-1].text
        assert "Still in force" in told
        assert "3.30pm to 5pm" in told


def test_undo_a_day_later_is_shown_first(tmp_path):
    with talking(tmp_path, on(24, 8, 5), speed=0) as talk:
        talk.write(KHAN, HOURS, "quiet Fri 15:30-17:00")
        talk.at(on(25, 8, 5))
        talk.write(KHAN, HOURS, "undo")
        assert len(own_windows(talk, KHAN, 27)) == 1
        shown = talk.mail_for(KHAN)[-1]
        assert "Friday 27 November" in shown.text
        talk.write(KHAN, signed(shown), "")
        assert len(own_windows(talk, KHAN, 27)) == 2


def test_undo_that_was_written_before_the_last_change_is_shown_first(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(OFFICE, HOURS, "closed Thu")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(OFFICE, HOURS, "undo", written=on(24, 7))
        assert not reads_on(talk, 26)


def test_undo_of_what_another_leader_changed_is_shown_first(tmp_path):
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(OFFICE, HOURS, "closed Thu: heating")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(HEAD, HOURS, "undo")
        assert not reads_on(talk, 26)
        talk.write(HEAD, signed(talk.mail_for(HEAD)[-1]), "")
        assert reads_on(talk, 26)


@pytest.mark.parametrize("how", ["line", "link"])
def test_whoever_left_the_leadership_undoes_no_closure_of_the_school(tmp_path, how):
    with staged(tmp_path, on(24, 15, 35), NEW_LEADER, FAMILIES, speed=0) as gateway:
        talk = Talk(gateway)
        talk.write(HUGHES, HOURS, "closed Thu")
        talk.write(HUGHES, signed(talk.mail_for(HUGHES)[-1]), "")
        assert not reads_on(talk, 26)
        link = signed(talk.mail_for(HUGHES)[-1])
        with gateway.store.begin() as connection:
            connection.execute(delete(t.staff_roles).where(t.staff_roles.c.role == "slt"))
            versions = t.schools.c.roster_version + 1
            connection.execute(t.schools.update().values(roster_version=versions))
        talk.write(HUGHES, HOURS if how == "line" else link, "undo")
        assert not reads_on(talk, 26)
