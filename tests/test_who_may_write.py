"""Who is a guardian here: disclosure fails closed, escalation fails open."""

import pytest

from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    Ending,
    HoldForOffice,
    NoticeKind,
    RedirectToOffice,
    SendNotice,
    TellTeacherHeld,
)
from rules.message import Authenticity, Originator
from rules.people import Guardian, Link
from tests.policy_world import (
    ADDRESS,
    AMINA,
    BEN,
    KHAN,
    ROOM_5A,
    ZOE,
    directory,
    inbound,
    of,
    understood,
    when,
)

BARRED = Link("ben", "Ben Okoro", ("3b",), barred=True)
STRANGERS = {
    "not verified": {"message": inbound(authenticity=Authenticity.UNVERIFIED)},
    "failed": {"message": inbound(authenticity=Authenticity.FAILED)},
    "two authors": {"message": inbound(originator=Originator("ambiguous"))},
    "no author": {"message": inbound(originator=Originator("none"))},
    "not linked": {"directory": directory(guardians=())},
    "removed": {"directory": directory(guardians=(Guardian("amina", "Amina", (BEN,), True),))},
    "barred": {"directory": directory(guardians=(Guardian("amina", "Amina", (BARRED,)),))},
    "a pupil": {"directory": directory(guardians=(), pupil_id="ben")},
    "staff": {"directory": directory(guardians=(), staff=(KHAN,))},
    "two children elsewhere": {
        "directory": directory(
            guardians=(Guardian("amina", "Amina", (ZOE, Link("kai", "Kai", ("6c",)))),)
        )
    },
}


def decided(name, **changes):
    case = dict(STRANGERS[name])
    return when(case.pop("message", None), **case, **changes)


@pytest.mark.parametrize("name", STRANGERS)
def test_nobody_but_a_verified_linked_guardian_reaches_a_teacher(name):
    decision = decided(name)
    assert not of(decision, AddToDigest)
    assert not of(decision, RedirectToOffice)
    assert of(decision, HoldForOffice)
    assert decision.ending is Ending.OFFICE_QUEUE


@pytest.mark.parametrize("name", STRANGERS)
def test_a_concern_reaches_the_lead_whoever_wrote_it_marked_for_what_it_is(name):
    decision = decided(name, understanding=understood("safeguarding"))
    [raised] = of(decision, AlertSafeguarding)
    assert raised.marks
    assert not of(decision, TellTeacherHeld)
    assert decision.ending is Ending.SAFEGUARDING


@pytest.mark.parametrize("name", ["not verified", "failed", "two authors", "no author", "a pupil"])
def test_an_unproven_sender_and_a_child_get_no_notice(name):
    assert not of(decided(name), SendNotice)
    assert not of(decided(name, understanding=understood("safeguarding")), SendNotice)


def test_an_unknown_but_proven_sender_is_told_how_to_be_linked():
    assert of(decided("not linked"), SendNotice)[0].kind is NoticeKind.NOT_LINKED


@pytest.mark.parametrize("name", ["removed", "barred", "two children elsewhere"])
def test_a_known_adult_without_the_right_gets_a_text_that_says_nothing(name):
    assert of(decided(name), SendNotice)[0].kind is NoticeKind.RECEIVED


def test_staff_who_answer_a_digest_as_a_whole_are_told_that_nothing_was_sent():
    assert of(decided("staff"), SendNotice)[0].kind is NoticeKind.ACTION_REFUSED


def test_mail_to_the_wrong_class_goes_to_the_class_of_the_only_child():
    guardian = Guardian("amina", "Amina Okoro", (ZOE,))
    decision = when(directory=directory(guardians=(guardian,)))
    [item] = of(decision, AddToDigest)
    assert (item.class_id, item.staff_id) == (ROOM_5A.class_id, "lloyd")


def test_on_a_shared_mailbox_a_bar_on_one_holds_for_all():
    both = (AMINA, Guardian("omar", "Omar Okoro", (BARRED,)))
    assert of(when(directory=directory(guardians=both)), HoldForOffice)


def test_an_allowed_address_with_no_right_to_message_reaches_no_teacher():
    mute = Guardian("amina", "Amina", (Link("ben", "Ben", ("3b",), may_message=False),))
    assert not of(when(directory=directory(guardians=(mute,))), AddToDigest)


def test_the_notice_goes_to_the_address_that_was_proven():
    assert of(when(), SendNotice)[0].address == ADDRESS
