"""Which notices are sent, and to whom never."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.automatic import AutomaticVerdict
from rules.effects import AddToDigest, AlertSafeguarding, Ending, HoldForOffice, SendNotice
from rules.notices import Told, notice_key
from tests.policy_world import TUESDAY_MORNING, directory, inbound, of, understood, when

TODAY = TUESDAY_MORNING.date()


def key_of(decision):
    return notice_key(of(decision, SendNotice)[0], TODAY)


@pytest.mark.parametrize("kind", ["automatic", "loop"])
def test_what_no_person_wrote_is_neither_answered_nor_given_to_a_teacher(kind):
    decision = when(verdict=AutomaticVerdict(kind, ("header auto-submitted",)))
    assert of(decision, HoldForOffice)[0].quiet
    assert not of(decision, SendNotice)
    assert not of(decision, AddToDigest)


def test_a_concern_inside_automatic_mail_still_reaches_the_lead():
    decision = when(
        verdict=AutomaticVerdict("automatic", ()), understanding=understood("safeguarding")
    )
    assert of(decision, AlertSafeguarding)
    assert decision.ending is Ending.SAFEGUARDING


@pytest.mark.parametrize("kind", ["no_reply", "suspected"])
def test_mail_that_may_be_automatic_is_given_to_the_teacher_but_not_answered(kind):
    decision = when(verdict=AutomaticVerdict(kind, ("subject",)))
    assert of(decision, AddToDigest)
    assert not of(decision, SendNotice)


def test_a_second_message_before_the_same_reading_time_brings_no_second_notice():
    told = Told(keys=frozenset({key_of(when())}), today=1)
    assert not of(when(told=told), SendNotice)


def test_a_message_for_another_reading_time_brings_a_new_notice():
    told = Told(keys=frozenset({key_of(when())}), today=1)
    evening = inbound(arrived=TUESDAY_MORNING + timedelta(hours=9))
    assert of(when(evening, told=told), SendNotice)


def test_no_guardian_gets_more_than_three_notices_a_day():
    assert of(when(told=Told(today=2)), SendNotice)
    assert not of(when(told=Told(today=3)), SendNotice)


def test_the_limit_silences_the_notice_and_never_the_delivery():
    assert of(when(told=Told(today=3)), AddToDigest)


def test_an_unlinked_sender_is_told_how_to_link_once_a_week():
    nobody = directory(guardians=())
    week = timedelta(days=7)
    recently = Told(last_not_linked=TUESDAY_MORNING - week + timedelta(hours=1))
    long_ago = Told(last_not_linked=TUESDAY_MORNING - week)
    assert not of(when(directory=nobody, told=recently), SendNotice)
    assert of(when(directory=nobody, told=long_ago), SendNotice)


def test_the_school_stops_answering_when_an_hour_brings_too_many():
    assert not of(when(told=Told(school_last_hour=1000)), SendNotice)
    assert of(when(told=Told(school_last_hour=1000, linked_guardians=600)), SendNotice)


def test_safeguarding_still_reaches_the_lead_when_notices_have_stopped():
    storm = Told(school_last_hour=5000, today=9)
    assert of(when(told=storm, understanding=understood("safeguarding")), AlertSafeguarding)


def test_whoever_may_be_a_child_gets_no_automatic_mail_of_any_kind():
    for labels in (("child_author", "classroom"), ("child_author", "safeguarding")):
        assert not of(when(understanding=understood(*labels)), SendNotice)


def test_a_message_that_is_here_already_does_nothing_more():
    decision = when(duplicate_of="0000000000000007")
    assert decision.ending is Ending.DUPLICATE
    assert len(decision.effects) == 1


def test_one_text_to_two_classes_brings_one_notice_from_the_office():
    first = of(when(understanding=understood("attendance")), SendNotice)[0]
    assert notice_key(first, TODAY) == notice_key(replace(first, class_id="5a"), TODAY)
