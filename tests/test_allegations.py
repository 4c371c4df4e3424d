"""Who is told of an allegation about staff, and who never hears of it."""

from dataclasses import replace

import pytest

from rules.concern import OUTSIDE
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    CarryOut,
    RedirectToOffice,
    TellTeacherHeld,
)
from rules.instruction import Action
from rules.people import Role, Staff
from rules.topics import Evidence, Understanding
from tests.policy_world import (
    DEPUTY,
    DSL,
    HEAD,
    KHAN,
    LEADS,
    LLOYD,
    OFFICE,
    POLICY,
    ROOM_3B,
    asks,
    directory,
    facts,
    inbound,
    of,
    when,
)

CHAIR = Staff("chair", "Dr Vaughan", "vaughan@oakfield.example", frozenset({Role.CHAIR}))
WITH_CHAIR = directory(leads=(*LEADS, CHAIR), in_post=(*LEADS, CHAIR, KHAN, LLOYD))
ALLEGED = Understanding(
    frozenset({"safeguarding"}),
    False,
    frozenset({"allegation"}),
    frozenset(),
    (Evidence("allegation", -1, -1, "hit Ben", "test"),),
)


def written(text, message=None):
    message = message or inbound()
    content = replace(message.content, subject="", own_text=text, body_text=text)
    return replace(message, content=content)


def raised(text, **changes):
    decision = when(written(text), **{"understanding": ALLEGED, "directory": WITH_CHAIR} | changes)
    [alert] = of(decision, AlertSafeguarding)
    assert not {*alert.line} & {*alert.kept_from}
    assert not of(decision, AddToDigest)
    assert not of(decision, RedirectToOffice)
    assert not of(decision, TellTeacherHeld)
    return alert


def at_once(alert):
    return alert.line[: alert.at_once]


@pytest.mark.parametrize(
    ("text", "told", "then"),
    [
        ("Mr Lloyd hit Ben.", ("head", "dsl"), ("deputy",)),
        ("The head hit Ben.", ("chair", "dsl"), ("deputy",)),
        ("Mrs Castellan hit Ben.", ("chair", "dsl"), ("deputy",)),
        ("The DSL hit Ben.", ("head",), ("deputy",)),
        ("Mrs Adeyemi hit Ben.", ("head",), ("deputy",)),
        ("Mr Osei hit Ben.", ("head", "dsl"), ()),
        ("The head and the safeguarding lead hit Ben.", ("chair",), ("deputy",)),
        ("The head, Mrs Adeyemi and Mr Osei hit Ben.", ("chair",), ()),
        ("His teacher hit Ben.", ("head", "dsl"), ("deputy",)),
        ("One of the TAs hit Ben.", ("head", "dsl"), ("deputy",)),
        ("The chair of governors hit Ben.", ("head", "dsl"), ("deputy",)),
    ],
)
def test_an_allegation_goes_to_the_head_and_the_lead_or_past_whom_it_is_about(text, told, then):
    alert = raised(text)
    assert at_once(alert) == told
    assert alert.line[alert.at_once :] == then


def test_where_nobody_is_named_the_readers_of_the_class_are_left_out():
    alert = raised("One of the TAs hit Ben.")
    assert alert.kept_from == ("khan",)
    assert not alert.subject_known


def test_a_lead_who_teaches_the_class_is_left_out_when_it_is_about_its_teacher():
    teaching = replace(DSL, roles=DSL.roles | {Role.TEACHER})
    room = replace(ROOM_3B, teachers=(teaching,))
    staff = (OFFICE, teaching, DEPUTY, HEAD, CHAIR)
    world = replace(
        WITH_CHAIR, addressed_class=room, classes=(room,), leads=staff, in_post=(*staff, LLOYD)
    )
    assert raised("His teacher hit Ben.", directory=world).line == ("head", "deputy")


def test_without_a_chair_an_allegation_about_the_head_goes_to_the_lead():
    alert = raised("The head hit Ben.", directory=directory())
    assert alert.line == ("dsl", "deputy")


ALL_OF_THEM = "The head, Mrs Adeyemi and Mr Osei hit Ben."


def test_where_everybody_is_its_subject_the_contact_outside_the_school_is_told():
    policy = replace(POLICY, outside_contact="lado@council.example")
    assert raised(ALL_OF_THEM, directory=directory(), policy=policy).line == (OUTSIDE,)


def test_it_is_never_silence_where_the_school_names_no_contact():
    assert raised(ALL_OF_THEM, directory=directory()).line == ("office",)
    without = directory(leads=(DSL, DEPUTY, HEAD), in_post=(DSL, DEPUTY, HEAD, KHAN))
    assert raised(ALL_OF_THEM, directory=without).line == ()  # the case is open: doctor says so


def test_what_the_same_parent_writes_later_goes_past_whom_it_was_about():
    plain = replace(ALLEGED, extra=frozenset())
    decision = when(
        written("Ben is hurt again."), understanding=plain, kept_from=frozenset({"dsl", "khan"})
    )
    [alert] = of(decision, AlertSafeguarding)
    assert alert.line == ("deputy", "head")
    assert not of(decision, TellTeacherHeld)


def test_every_reason_says_who_was_left_out():
    decision = when(written("Mr Lloyd hit Ben."), understanding=ALLEGED, directory=WITH_CHAIR)
    [reason] = [one for one in decision.reasons if one.rule == "whom-it-is-about-is-not-told"]
    assert "Mr Lloyd" in reason.facts


def by(staff, action, text, **changes):
    message = written(text)
    originator = replace(message.content.originator, mailbox=staff.address)
    message = replace(message, content=replace(message.content, originator=originator))
    said = replace(ALLEGED, evidence=(Evidence("allegation", 1, 9, text[:8], "test"),))
    world = replace(WITH_CHAIR, guardians=(), staff=(staff,), addressed_class=None)
    asked = facts(understanding=said, instruction=asks(action, staff), directory=world)
    return when(message, **{name: getattr(asked, name) for name in asked.__slots__} | changes)


def test_a_report_by_staff_that_accuses_the_head_does_not_go_to_the_head():
    decision = by(KHAN, Action.REPORT, "The head hit Ben, I saw it.")
    [alert] = of(decision, AlertSafeguarding)
    assert at_once(alert) == ("chair", "dsl")
    [report] = of(decision, CarryOut)
    assert report.to
    assert "head" not in report.to


def test_a_concern_that_staff_raise_about_the_head_goes_to_the_chair():
    decision = by(KHAN, Action.RAISE, "The head hit Ben, I saw it.")
    [alert] = of(decision, AlertSafeguarding)
    assert at_once(alert) == ("chair", "dsl")
    assert alert.raised_by == "khan"
    assert "head" in alert.kept_from


def test_what_the_second_reader_alone_takes_for_an_allegation_must_mean_somebody_of_the_staff():
    heard = Evidence("allegation", -1, -1, "hit", "second-reader")
    alone = replace(ALLEGED, evidence=(heard,))
    family = when(written("His uncle hit Ben."), understanding=alone, directory=WITH_CHAIR)
    [alert] = of(family, AlertSafeguarding)
    assert alert.line == ("dsl", "deputy", "head")
    assert "allegation" not in alert.marks
    assert of(family, TellTeacherHeld)
    for text in ("One of the TAs hit Ben.", "The head hit Ben.", "Mr Lloyd hit Ben."):
        assert "allegation" in raised(text, understanding=alone).marks
