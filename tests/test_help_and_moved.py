"""Help by mail, a moved reading time, and the language of a family, through the running gateway."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import update

from gateway.mail.compose import compose
from gateway.mail.draft import Draft
from gateway.mail.lint import lint
from gateway.store.schema import guardians
from gateway.work.help import OFFICES_LINES, TEACHERS_LINES, help_words
from gateway.work.notice_words import notice_words
from gateway.work.phrases import Waiting, moved, waiting_words
from rules.calendar import SchoolCalendar
from rules.effects import NoticeKind
from rules.hours_line import HoursLine, read_line
from rules.policy import Booking, ClosedDays, EarlyClosing, Hours, Span
from tests.installation import OFFICE
from tests.policy_world import HOURS, POLICY
from tests.test_a_conversation import AMINA, KHAN, OMAR, ROOM, on, talking
from tests.translated import CODES, LONDON, NOW, at, samples, school


def calendar(**changes: object) -> SchoolCalendar:
    hours: Hours = replace(HOURS, **changes)  # type: ignore[arg-type]  # the tests name real fields
    return SchoolCalendar.of(replace(POLICY, hours=hours))


TUESDAY = at("2026-11-24 15:30")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"closed": (ClosedDays(date(2026, 11, 24), date(2026, 11, 24), "snow"),)}, "snow."),
        ({"early": (EarlyClosing(date(2026, 11, 24), time(13, 15)),)}, "hours have changed."),
        ({"bookings": (Booking(Span(time(15), time(17)), "x", date(2026, 11, 24)),)}, "changed."),
    ],
)
def test_a_moved_time_gives_the_schools_reason(changed, words):
    assert waiting_words(moved(calendar(**changed), TUESDAY)).endswith(words)


def test_a_moved_time_never_gives_one_teachers_reason():
    own = Booking(
        Span(time(15), time(17)), "sick leave", date(2026, 11, 24), staff="khan@x.example"
    )
    assert moved(calendar(bookings=(own,)), TUESDAY) == Waiting()
    told = replace(samples(NoticeKind.MOVED)[0], waiting=Waiting())
    text = notice_words(school(), told, "en", NOW).text
    assert "This has changed.\n\nMs Lane now reads it at 3.30pm today" in text


@pytest.mark.parametrize("line", [line for line, _does in TEACHERS_LINES + OFFICES_LINES])
def test_each_line_that_help_names_is_understood(line):
    understood = read_line(line, datetime(2026, 11, 23, 9, tzinfo=LONDON))
    assert isinstance(understood, HoursLine), understood


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """A school that sends drafts, where Omar's family reads Urdu."""
    folder = tmp_path_factory.mktemp("school")
    with talking(folder, swap=("drafts = false", "drafts = true")) as found:
        with found.gateway.store.begin() as connection:
            connection.execute(
                update(guardians).where(guardians.c.name == "Omar Lund").values(home_language="ur")
            )
        yield found


def words_for(talk, **who):
    with talk.gateway.store.read() as connection:
        return help_words(connection, talk.gateway.stage.program.school, on(24, 9), **who)


def test_a_family_is_told_in_its_own_language_above_the_english(talk):
    talk.write(OMAR, ROOM, "Which book should Kai bring?")
    notice = talk.mail_for(OMAR)[-1]
    assert "اردو" in notice.text
    assert "\u2068Miss Khan\u2069" in notice.text
    assert "Miss Khan reads messages next at 3.30pm today" in notice.text
    html = next(part for part in notice.message.walk() if part.get_content_subtype() == "html")
    html = html.get_payload(decode=True).decode()
    assert '<div lang="ur" dir="rtl"' in html


def test_another_family_is_told_in_english_alone(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    notice = talk.mail_for(AMINA)[-1]
    assert notice.text.startswith("Miss Khan reads messages next at 3.30pm today")


def test_a_stranger_is_told_in_english_alone(talk):
    talk.write("eve@stranger.example", ROOM, "Hello")
    [notice] = talk.mail_for("eve@stranger.example")
    assert notice.text.startswith("We do not know this mail address yet.")


def test_help_tells_a_parent_the_policy_that_runs(talk):
    mail = words_for(talk)
    assert (
        "Teachers read messages from 8am to 8.30am and 3.30pm to 5pm on school days." in mail.text
    )
    assert "You get an answer within one working day." in mail.text
    assert f"Please write to {OFFICE} about attendance, appointments" in mail.text


def test_help_tells_a_teacher_their_own_hours_and_what_they_may_write(talk):
    mail = words_for(talk, staff_address=KHAN)
    assert "- Tuesday 24 November: 8am to 8.30am and 3.30pm to 5pm" in mail.text
    assert "hours@class.oakfield.example" in mail.text
    assert "quiet 16:30-17:00 every Fri" in mail.text


def test_help_tells_the_office_what_it_may_write_and_no_reading_hours(talk):
    mail = words_for(talk, staff_address=OFFICE)
    assert "closed today: snow" in mail.text
    assert "You get messages only in these hours" not in mail.text


@pytest.mark.parametrize("code", CODES)
def test_a_bilingual_mail_arrives_as_it_was_written(code):
    for kind in NoticeKind:
        if kind in (NoticeKind.ACTION_REFUSED, NoticeKind.HELP_STAFF):
            continue
        words = notice_words(school(), samples(kind)[1], code, NOW)
        draft = Draft(
            "notice",
            "3B, Oakfield Primary School",
            "3b@class.oakfield.example",
            AMINA,
            words.subject,
            words.text,
            "<1@class.oakfield.example>",
            NOW,
            words.html,
        )
        octets = compose(draft)
        lint(octets, draft, own_domains=("class.oakfield.example",))
        assert max(map(len, re.split(rb"\r\n", octets))) <= 998
