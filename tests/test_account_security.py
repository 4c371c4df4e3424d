"""The reminder to keep an account safe: a person sends it, to one guardian, never in a concern."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from gateway.store import schema as t
from gateway.work.story import story_lines
from rules.effects import CarryOut, Ending, HoldForOffice, NoticeKind, SendNotice
from rules.instruction import PRESS_SEND, Action
from rules.message import Originator
from tests.installation import OFFICE
from tests.policy_world import KHAN as MISS_KHAN
from tests.policy_world import LONDON, asks, directory, inbound, of, understood, when
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on

IN_WINDOW = datetime(2026, 11, 24, 15, 45, tzinfo=LONDON)
BY_A_CHILD = "my mum says i cant do my homework miss. can i bring it tomoro? its me ben"
ABSENT_CHILD = "Dear miss its me Ben i will not be in school today im ill. my mum is at work"
LABEL = "Remind Amina Okoro to keep the account safe"


def asked(text=PRESS_SEND, understanding=None, **item):
    message = inbound(
        arrived=IN_WINDOW,
        originator=Originator("single", MISS_KHAN.address, MISS_KHAN.name),
        recipient="a+token@class.oakfield.example",
    )
    content = replace(message.content, subject="Keep the account safe", own_text=text)
    return when(
        replace(message, content=content),
        understanding=understanding or understood(),
        instruction=asks(Action.SECURITY, MISS_KHAN, item.pop("state", "valid"), **item),
        recipient_kind="signed",
        directory=directory(guardians=(), staff=(MISS_KHAN,), addressed_class=None),
    )


def test_the_reminder_goes_to_the_guardian_of_that_message():
    decision = asked(is_perhaps_a_child=True)
    [notice] = of(decision, SendNotice)
    assert (notice.kind, notice.guardian_id) == (NoticeKind.SECURITY, "amina")
    assert [done.action for done in of(decision, CarryOut)] == [Action.SECURITY]
    assert decision.ending is Ending.CARRIED_OUT


@pytest.mark.parametrize("case", ["open", "acknowledged", "kept"])
def test_the_reminder_is_refused_while_the_lead_has_the_message(case):
    decision = asked(case=case)
    assert [notice.kind for notice in of(decision, SendNotice)] == [NoticeKind.ACTION_REFUSED]
    assert not of(decision, CarryOut)


def test_the_reminder_is_refused_while_the_lead_has_a_word_of_the_conversation():
    decision = asked(is_beside_a_case=True)
    assert [notice.kind for notice in of(decision, SendNotice)] == [NoticeKind.ACTION_REFUSED]


def test_the_reminder_is_refused_when_nobody_may_be_written_to_or_it_was_sent_already():
    for item in ({"guardian_address": None}, {"state": "spent"}, {"state": "expired"}):
        kinds = [notice.kind for notice in of(asked(**item), SendNotice)]
        assert kinds == [NoticeKind.ACTION_REFUSED]


def test_words_that_staff_write_beside_the_reminder_are_seen_by_a_person():
    decision = asked(text=f"I think that Ben wrote it himself.\n{PRESS_SEND}")
    assert of(decision, HoldForOffice)


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 11), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def reminders(talk):
    with talk.gateway.store.read() as connection:
        o = t.outbox.c
        kind = "notice-security"
        return list(connection.execute(select(o.recipient).where(o.kind == kind)).scalars())


def test_nothing_is_sent_unless_a_person_asks_for_it(talk):
    talk.write(AMINA, ROOM, BY_A_CHILD)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    assert "a child may have written this: “" in digest.text
    assert talk.action(digest, LABEL)
    talk.at(on(25, 15, 31))
    assert reminders(talk) == []
    assert talk.mail_for(AMINA) == []


def test_the_reminder_goes_to_that_guardian_alone_and_names_no_message(talk):
    talk.write(AMINA, ROOM, BY_A_CHILD, subject="homework")
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, LABEL), PRESS_SEND, subject="Keep the account safe")
    [mail] = talk.mail_for(AMINA)
    assert "only you can write to school" in " ".join(mail.text.split())
    assert "homework" not in mail.text.lower() + str(mail.message["Subject"]).lower()
    assert mail.message["In-Reply-To"] is None
    assert mail.message["References"] is None
    assert talk.mail_for(OMAR) == []
    with talk.gateway.store.read() as connection:
        journal = connection.execute(select(t.journal)).all()
        [done] = [row for row in journal if row.event == "security-reminded"]
        policy = talk.gateway.stage.program.school.policy
        lines = story_lines(connection, policy, done.spool_id)
    assert any("Miss Khan" in line and "keep their account safe" in line for line in lines)
    talk.write(KHAN, talk.action(digest, LABEL), PRESS_SEND, subject="Again")
    assert reminders(talk) == [AMINA]


def test_once_a_concern_is_raised_the_reminder_is_refused(talk):
    talk.write(AMINA, ROOM, BY_A_CHILD)
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    talk.write(KHAN, talk.action(digest, "Raise a safeguarding concern"), PRESS_SEND)
    talk.write(KHAN, talk.action(digest, LABEL), PRESS_SEND)
    assert reminders(talk) == []
    assert "safeguarding lead" in talk.mail_for(KHAN)[-1].text


def test_the_office_is_offered_the_reminder_too(talk):
    talk.write(AMINA, ROOM, ABSENT_CHILD)
    [mail] = talk.mail_for(OFFICE)
    assert "a child may have written this" in mail.text
    talk.write(OFFICE, talk.action(mail, LABEL), PRESS_SEND)
    assert reminders(talk) == [AMINA]


def test_a_message_that_no_child_seems_to_have_written_offers_no_reminder(talk):
    talk.write(AMINA, ROOM, "Which book should Ben bring?")
    talk.at(on(24, 15, 31))
    assert "keep the account safe" not in talk.mail_for(KHAN)[0].text
