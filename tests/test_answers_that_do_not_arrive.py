"""An answer that did not reach the parent has answered nothing, and somebody is shown its words."""

import pytest
from sqlalchemy import select, update

from gateway.store import schema as t
from tests.hours_talk import KHAN, LONDON, ROOM, STAFF, on
from tests.installation import DSL, OFFICE
from tests.staged import staged
from tests.talk import Talk

AMINA = "amina@parent.example"
NOWHERE = "amina+550@parent.example"  # the host of this address refuses all mail for it
QUESTION, ANSWER = "Which book should Ben bring?", "The blue one, please."
MAILER = "mailer-daemon@parent.example"
FAILED = "Final-Recipient: rfc822; amina@parent.example\nAction: failed\nStatus: 5.1.1"
DELAYED = "Final-Recipient: rfc822; amina@parent.example\nAction: delayed\nStatus: 4.4.1"


@pytest.fixture
def talk(tmp_path):
    families = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)]
    with staged(tmp_path, on(24, 9), STAFF, families, speed=0) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def answered(talk, address=AMINA):
    """Have the parent ask and the teacher answer; return the digest."""
    talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    with talk.gateway.store.begin() as connection:  # the parent moves to another mail host
        connection.execute(update(t.guardian_addresses).values(address=address))
        connection.execute(update(t.messages).values(originator=address))
    talk.write(KHAN, talk.reply_address(digest), f"{ANSWER}\n\nMiss Khan")
    return digest


def kept(talk):
    with talk.gateway.store.read() as connection:
        return [row.kept_how for row in connection.execute(select(t.promises))]


def comes_back(talk, text, sender=MAILER, subject="Undelivered mail"):
    answer = talk.mail_for(AMINA)[-1]
    talk.write(sender, answer.reverse_path, text, subject=subject, Auto_Submitted="auto-replied")


def test_an_answer_that_the_parents_mail_host_refuses_keeps_no_promise(talk):
    answered(talk, NOWHERE)
    assert kept(talk) == [None]
    [listed] = talk.mail_for(OFFICE)
    assert "could not be delivered to the parent" in listed.text
    assert ANSWER in listed.text


def test_the_teacher_sees_in_the_next_digest_that_the_answer_did_not_arrive(talk):
    answered(talk, NOWHERE)
    talk.at(on(24, 15, 46))
    told = talk.mail_for(KHAN)[-1]
    assert told.at.astimezone(LONDON) == on(24, 15, 45)
    assert QUESTION in told.text
    assert "You had written this answer. It could not be delivered to the parent:" in told.text
    assert ANSWER in told.text


def test_a_report_that_the_answer_failed_opens_the_promise_again(talk):
    answered(talk)
    assert kept(talk) == ["answered"]
    comes_back(talk, FAILED)
    assert kept(talk) == [None]
    talk.at(on(26, 12))
    assert "could not be delivered to the parent" in talk.mail_for(KHAN)[1].text
    late = [mail for mail in talk.mail_for(OFFICE) if "Answer promised by" in mail.text]
    assert len(late) == 1


@pytest.mark.parametrize(
    ("text", "sender", "subject"),
    [
        (DELAYED, MAILER, "Undelivered mail"),
        ("It is still being retried.", MAILER, "Warning: your mail is delayed"),
        ("I am away until Monday.", AMINA, "Automatic reply: Reading book"),
    ],
)
def test_mail_that_is_late_or_answered_by_a_machine_has_arrived(talk, text, sender, subject):
    answered(talk)
    comes_back(talk, text, sender, subject)
    assert kept(talk) == ["answered"]


def test_where_a_second_answer_arrived_the_first_need_not_be_given_again(talk):
    digest = answered(talk)
    first = talk.mail_for(AMINA)[-1]
    talk.at(on(24, 15, 40))
    talk.write(KHAN, talk.reply_address(digest), "And a pen, please.\n\nMiss Khan")
    talk.write(MAILER, first.reverse_path, f"{FAILED}\n\nMessage-ID: {first.message_id}")
    assert kept(talk) == ["answered"]


def test_a_kept_back_answer_is_shown_to_the_lead_when_its_writer_raises_the_message(talk):
    talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
    talk.at(on(24, 19))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), f"{ANSWER}\n\nMiss Khan")
    talk.write(KHAN, talk.action(digest, "Raise a safeguarding"), "")
    [alert] = talk.mail_for(DSL)
    assert "Staff had written this answer to the parent. It was kept back:" in alert.text
    assert ANSWER in alert.text
    assert kept(talk) == ["senior"]
    talk.write(DSL, talk.action(alert, "Let the class teacher"), "")
    talk.at(on(25, 8, 1))
    released = talk.mail_for(KHAN)[-1]
    assert "It was kept back because the lead had this:" in released.text
    assert ANSWER in released.text
    assert kept(talk) == [None]


def test_the_words_of_a_kept_back_answer_go_to_the_office_when_its_writer_leaves(talk):
    talk.write(AMINA, ROOM, QUESTION, subject="Reading book")
    talk.at(on(24, 19))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.reply_address(digest), f"{ANSWER}\n\nMiss Khan")
    talk.write(AMINA, ROOM, "And which pen?", subject="Re: Reading book")
    with talk.gateway.store.begin() as connection:
        gone = update(t.staff).where(t.staff.c.address == KHAN)
        connection.execute(gone.values(ends=on(23, 0).date()))
        connection.execute(update(t.schools).values(roster_version=t.schools.c.roster_version + 1))
    talk.at(on(25, 12))
    assert any(ANSWER in mail.text for mail in talk.mail_for(OFFICE))
    assert all(ANSWER not in mail.text for mail in talk.mail_for(AMINA))
