"""What changes while something waits: a concern raised again, a reader who left, an answer held."""

from datetime import date

import pytest
from sqlalchemy import update

from gateway.store.schema import schools, staff
from tests.installation import DSL, OFFICE
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, LLOYD, ROOM, STAFF, on

SHARED = [*STAFF, ("Mrs Shaw", "shaw@oakfield.example", "teacher", "3B", 1)]
SHAW = "shaw@oakfield.example"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), SHARED, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def leaves(talk, address):
    with talk.gateway.store.begin() as connection:
        connection.execute(
            update(staff).where(staff.c.address == address).values(ends=date(2026, 11, 23))
        )
        connection.execute(update(schools).values(roster_version=schools.c.roster_version + 1))


def test_a_teacher_can_raise_again_what_the_lead_had_released(talk):
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is scared to go home.")
    _have_it, release, _keep = talk.links(talk.mail_for(DSL)[0], "a")
    talk.write(DSL, release, "")
    talk.at(on(24, 15, 31))
    released = next(mail for mail in talk.mail_for(KHAN) if "uncle hits him" in mail.text)
    before = len(talk.mail_for(DSL))
    talk.write(KHAN, talk.action(released, "Raise"), "")
    assert "Miss Khan raised it" in talk.mail_for(DSL)[before].text


def test_an_answer_that_waits_for_the_morning_is_kept_back_when_a_concern_is_raised(talk):
    talk.write(AMINA, ROOM, "A perfectly ordinary question about the trip.")
    talk.at(on(24, 18, 0))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), "See you on Friday.")
    talk.write(KHAN, talk.action(digest, "Raise"), "")
    talk.at(on(25, 8, 20))
    assert all("See you on Friday" not in mail.text for mail in talk.mail_for(AMINA))
    assert all("See you on Friday." in alert.text for alert in talk.mail_for(DSL))
    assert talk.mail_for(DSL)
    assert not any("question about the trip" in mail.text for mail in talk.mail_for(OFFICE))


def test_what_waits_for_a_teacher_who_left_goes_to_who_reads_for_the_class_now(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    leaves(talk, KHAN)
    talk.at(on(24, 16, 30))
    assert not talk.mail_for(KHAN)
    assert "Which book" in talk.mail_for(SHAW)[0].text


def test_an_answer_that_waits_is_kept_back_when_the_parents_next_mail_is_a_concern(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading")
    talk.at(on(24, 15, 31))
    address = talk.reply_address(talk.mail_for(KHAN)[0])
    talk.at(on(24, 18, 0))
    talk.write(KHAN, address, "The blue one.")
    words = "Ben says his uncle hits him and he is scared to go home."
    talk.write(AMINA, ROOM, words, subject="Re: Reading")
    talk.at(on(25, 9, 0))
    assert not any("The blue one." in mail.text for mail in talk.mail_for(AMINA))
    assert any("kept back" in mail.text for mail in talk.mail_for(OFFICE))


def test_what_waits_for_the_last_reader_of_a_class_goes_to_the_office(talk):
    talk.write(AMINA, "5a@class.oakfield.example", "Which book should Zoe bring?")
    leaves(talk, LLOYD)
    talk.at(on(24, 16, 30))
    assert not talk.mail_for(LLOYD)
    assert any("Which book should Zoe" in mail.text for mail in talk.mail_for(OFFICE))


def test_nobody_who_has_left_is_told_of_a_concern(talk):
    leaves(talk, DSL)
    talk.write(AMINA, ROOM, "Ben says his uncle hits him and he is scared to go home.")
    talk.at(on(24, 9, 30))
    assert not talk.mail_for(DSL)
    assert talk.mail_for("osei@oakfield.example")


def test_a_mail_program_that_answers_by_itself_is_not_written_to_for_ever(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    address = talk.reply_address(talk.mail_for(KHAN)[0])
    for number in range(8):
        talk.write(KHAN, address, f"I am away ({number}). Write to {LLOYD} instead.")
    returned = [m for m in talk.mail_for(KHAN) if "was not sent" in str(m.message["Subject"])]
    assert len(returned) <= 4
    talk.at(on(24, 16, 0))
    assert any("could not be sent" in mail.text for mail in talk.mail_for(OFFICE))
