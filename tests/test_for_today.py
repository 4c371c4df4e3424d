"""What is for today, and what has two readers: told inside the office's hours and outside them."""

from datetime import datetime

import pytest

from rules.effects import AddToDigest, NoticeKind, RedirectToOffice, SendNotice
from rules.notices import Told
from rules.people import Role, Staff
from tests.installation import OFFICE
from tests.policy_world import (
    LEADS,
    LONDON,
    POLICY,
    directory,
    facts,
    inbound,
    of,
    understood,
    when,
)
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, ROOM, STAFF, on

FETCH = "His aunt will fetch Ben today instead of me. He has his inhaler."
SENCO = Staff("senco", "Ms Ito", "ito@oakfield.example", frozenset({Role.SENCO}))


def local(*values):
    return datetime(*values, tzinfo=LONDON)


CLOSED_AT = {
    "in the evening": (local(2026, 11, 24, 19), local(2026, 11, 25, 8)),
    "before school": (local(2026, 11, 25, 6, 30), local(2026, 11, 25, 8)),
    "at the weekend": (local(2026, 11, 28, 11), local(2026, 11, 30, 8)),
    "in the holidays": (local(2026, 12, 22, 11), local(2027, 1, 4, 8)),
}


@pytest.mark.parametrize(("arrived", "opens"), CLOSED_AT.values(), ids=CLOSED_AT)
def test_outside_the_offices_hours_the_notice_says_so_and_the_office_has_it_all_the_same(
    arrived, opens
):
    message = inbound(arrived=arrived)
    decision = when(message, understanding=understood("classroom", urgent=True))
    [told] = of(decision, SendNotice)
    assert told.kind is NoticeKind.URGENT
    assert (told.office_open, told.office_opens_at) == (False, opens)
    assert [effect.urgent for effect in of(decision, RedirectToOffice)] == [True]


def test_inside_the_offices_hours_the_notice_says_that_the_office_has_it():
    [told] = of(when(understanding=understood("classroom", urgent=True)), SendNotice)
    assert (told.kind, told.office_open) == (NoticeKind.URGENT, True)


def test_whom_to_ring_is_told_even_when_the_notices_of_the_day_are_used_up():
    used_up = Told(today=POLICY.notices_a_day)
    urgent = when(understanding=understood("classroom", urgent=True), told=used_up)
    assert of(urgent, SendNotice)
    assert not of(when(understanding=understood("classroom"), told=used_up), SendNotice)


def test_what_is_for_today_reaches_the_office_whatever_post_the_topic_has():
    policy = type(POLICY)(
        **{name: getattr(POLICY, name) for name in POLICY.__slots__}
        | {"where": {**POLICY.where, "send": "senco"}}
    )
    people = directory(leads=(*LEADS, SENCO))
    for urgent, posts in ((True, ["senco", "office"]), (False, ["senco"])):
        seen = understood("send", urgent=urgent)
        decision = when(understanding=seen, directory=people, policy=policy)
        assert [effect.staff_id for effect in of(decision, RedirectToOffice)] == posts


def test_the_teacher_is_told_who_has_the_other_part():
    policy = type(POLICY)(
        **{name: getattr(POLICY, name) for name in POLICY.__slots__}
        | {"where": {**POLICY.where, "send": "senco"}}
    )
    people = directory(leads=(*LEADS, SENCO))
    seen = understood("send", "classroom")
    [item] = of(when(understanding=seen, directory=people, policy=policy), AddToDigest)
    assert item.note == "The SEND part is already with the SENCo."
    [item] = of(when(understanding=understood("attendance", "send", "classroom")), AddToDigest)
    assert item.note == "The attendance and SEND part is already with the office."
    assert facts().policy.where["send"] == "office"


@pytest.fixture
def talk(tmp_path):
    with staged(tmp_path, on(24, 11), STAFF, FAMILIES) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def test_the_office_and_the_teacher_are_each_told_of_the_other_by_name(talk):
    talk.write(AMINA, ROOM, "Ben is off sick today. Which book should he read for homework?")
    [mail] = talk.mail_for(OFFICE)
    assert "Miss Khan gets this message too, marked: the office has its part." in mail.text
    assert "What: absent" in mail.text
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    assert "Note: The attendance part is already with the office." in digest.text
    html = digest.message.get_payload()[-1].get_payload(decode=True).decode()
    assert "The attendance part is already with the office." in html


def test_outside_the_offices_hours_the_parent_is_told_whom_to_ring_and_the_office_has_it_at_once(
    talk,
):
    talk.at(on(25, 6, 40))
    talk.write(AMINA, ROOM, FETCH)
    [mail] = talk.mail_for(OFFICE)  # it waits in the office's mailbox, not with us
    assert "marked urgent" in mail.text
    told = " ".join(talk.mail_for(AMINA)[-1].text.split())
    assert "The school office is closed. It opens at 8am today" in told
    assert "From then on you can ring 01632 960" in told
    assert "999" in told
    assert talk.mail_for(KHAN) == []


def test_in_the_offices_hours_a_changed_collection_is_with_the_office_at_once(talk):
    talk.write(AMINA, ROOM, FETCH)
    [mail] = talk.mail_for(OFFICE)
    assert "marked urgent" in mail.text
    assert "Miss Khan gets this message too" in mail.text
    assert "01632 960" in talk.mail_for(AMINA)[-1].text
    assert talk.mail_for(KHAN) == []
    talk.at(on(24, 15, 31))
    [digest] = talk.mail_for(KHAN)
    assert "The office has this too, because it is for today." in digest.text
