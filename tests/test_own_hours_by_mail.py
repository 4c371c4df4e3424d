"""Teachers narrow their own hours by mail, and nobody else changes any."""

import pytest

from tests.hours_talk import (
    AMINA,
    HOURS,
    HUGHES,
    KHAN,
    LONDON,
    ROOM,
    on,
    reads_on,
    signed,
    talking,
)
from tests.installation import OFFICE


def test_a_teacher_narrows_their_own_hours_at_once_and_is_told_inside_them(tmp_path):
    with talking(tmp_path, on(24, 10)) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(KHAN, HOURS, "quiet 15:30-16:00 today")
        moved = talk.mail_for(AMINA)[-1]
        assert "4pm today" in moved.text
        assert "quiet" not in moved.text.lower()
        assert talk.mail_for(KHAN) == []
        talk.at(on(24, 16, 1))
        mails = talk.mail_for(KHAN)
        assert all(mail.at.astimezone(LONDON) >= on(24, 16) for mail in mails)
        receipt = next(mail for mail in mails if "in force now" in mail.text)
        talk.write(KHAN, signed(receipt), "")
        assert "We have undone this" in talk.mail_for(KHAN)[-1].text


@pytest.mark.parametrize(
    "line", ["open until 19:00 Fri", "closed today", "works mon-tue for " + KHAN]
)
def test_a_teacher_who_asks_for_more_is_refused_with_the_clause_of_the_policy(tmp_path, line):
    with talking(tmp_path, on(24, 15, 35)) as talk:
        talk.write(KHAN, HOURS, line)
        refusal = talk.mail_for(KHAN)[-1]
        assert "Nothing has changed" in refusal.text
        assert "Teachers are encouraged to set quiet hours of their own" in refusal.text


def test_a_parents_mail_to_hours_is_only_held_for_the_office(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(AMINA, HOURS, "closed today")
        talk.at(on(24, 9, 15))
        assert "office" in talk.mail_for(AMINA)[-1].text
        assert "closed today" in talk.mail_for(OFFICE)[-1].text
        assert reads_on(talk, 24)


def test_a_cover_reads_for_whoever_goes_on_leave_and_takes_over_what_waits(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OFFICE, HOURS, f"leave 24 Nov to 4 Dec for {KHAN}, cover {HUGHES}")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.at(on(24, 16))
        assert any("Which book" in mail.text for mail in talk.mail_for(HUGHES))
        assert talk.mail_for(KHAN) == []
        assert len(talk.mail_for(AMINA)) == 1  # read at the same time as promised


def test_teachers_read_of_a_change_in_their_hours_and_of_one_that_was_undone_never(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(OFFICE, HOURS, "training Thu 26 Nov 15:30-17:00: first aid")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(OFFICE, HOURS, "closed Fri 27 Nov")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        talk.write(OFFICE, signed(talk.mail_for(OFFICE)[-1]), "")
        assert talk.mail_for(KHAN) == []
        talk.at(on(24, 15, 32))
        [news] = talk.mail_for(KHAN)
        assert "first aid" in news.text
        assert "closed" not in news.text


def test_help_is_answered_at_once_to_a_parent_and_inside_the_hours_to_a_teacher(tmp_path):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(AMINA, "help@class.oakfield.example", "help")
        talk.write(KHAN, "help@class.oakfield.example", "help")
        assert "Teachers read messages" in talk.mail_for(AMINA)[-1].text
        assert talk.mail_for(KHAN) == []
        talk.at(on(24, 15, 32))
        assert HOURS in talk.mail_for(KHAN)[-1].text


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("closed tomorrow", "Sent from my iPhone"),
        ("closed tomorrow", "Kind regards\nThe office\nOakfield Primary"),
        ("Hours", "closed tomorrow\n\n--\nThe office"),
    ],
)
def test_a_line_is_understood_above_a_sign_off_and_in_the_subject(tmp_path, subject, body):
    with talking(tmp_path, on(24, 9)) as talk:
        talk.write(OFFICE, HOURS, body, subject=subject)
        assert "Yes, change the hours" in talk.mail_for(OFFICE)[-1].text


def test_a_line_that_is_taken_back_below_changes_nothing(tmp_path):
    with talking(tmp_path, on(24, 15, 35)) as talk:
        talk.write(KHAN, HOURS, "quiet Fri\nActually no, please ignore this.")
        assert "Nothing has changed" in talk.mail_for(KHAN)[-1].text
