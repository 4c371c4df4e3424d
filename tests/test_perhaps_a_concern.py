"""What is perhaps a concern, through the gateway: the lead looks the same day, and decides."""

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from tests.installation import DSL, OFFICE
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, ROOM, STAFF, on

DOUBT = "Dad has moved out and Ben is upset."
PRESS = "Just press Send. You may add a line above this one.\n"
RAISE = "Raise a safeguarding concern"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        found = Talk(gateway)
        found.write(AMINA, ROOM, DOUBT, subject="Ben")
        yield found
        assert gateway.audit().faults == ()


def case_of(talk):
    with talk.gateway.store.read() as connection:
        return connection.execute(select(t.safeguarding_cases)).first()


def test_the_lead_has_it_within_the_hour_and_it_is_no_case(talk):
    assert not talk.mail_for(DSL)
    talk.at(on(24, 10, 1))
    [mail] = talk.mail_for(DSL)
    assert "Perhaps safeguarding" in mail.message["Subject"]
    assert DOUBT in mail.text
    assert "No teacher has seen it." not in mail.text
    assert case_of(talk) is None
    assert not talk.mail_for(OFFICE)


def test_when_nobody_raises_it_the_teacher_reads_it_with_the_doubt(talk):
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    assert DOUBT in digest.text
    assert "perhaps safeguarding" in digest.text


def test_when_the_lead_raises_it_the_teacher_sees_none_of_it(talk):
    talk.at(on(24, 10, 1))
    [mail] = talk.mail_for(DSL)
    talk.write(DSL, talk.action(mail, RAISE), PRESS, subject=RAISE)
    assert case_of(talk).state == "open"
    alert = talk.mail_for(DSL)[-1]
    talk.write(DSL, talk.action(alert, "I have it"), PRESS)
    assert case_of(talk).state == "acknowledged"
    talk.at(on(24, 17))
    assert not any(DOUBT in mail.text for mail in talk.mail_for(KHAN))


def test_what_the_lead_raises_and_releases_is_read_after_all(talk):
    talk.at(on(24, 10, 1))
    talk.write(DSL, talk.action(talk.mail_for(DSL)[0], RAISE), PRESS, subject=RAISE)
    alert = talk.mail_for(DSL)[-1]
    talk.write(DSL, talk.action(alert, "Let the class teacher read it"), PRESS)
    talk.at(on(24, 17))
    assert any(DOUBT in mail.text for mail in talk.mail_for(KHAN))
