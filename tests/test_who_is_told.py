"""Where a linked guardian's message goes."""

from datetime import datetime

from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    Ending,
    NoticeKind,
    RedirectToOffice,
    SendNotice,
    TellTeacherHeld,
)
from rules.people import Role
from tests.policy_world import (
    LEADS,
    LONDON,
    OFFICE,
    POLICY,
    ROOM_3B,
    directory,
    inbound,
    of,
    understood,
    when,
)


def notice(decision):
    return of(decision, SendNotice)[0]


def test_an_ordinary_message_waits_for_the_teachers_next_window():
    decision = when()
    [item] = of(decision, AddToDigest)
    assert item.staff_id == "khan"
    assert item.reads_at == datetime(2026, 11, 24, 15, 30, tzinfo=LONDON)
    assert item.due == datetime(2026, 11, 25, 8, 30, tzinfo=LONDON)
    assert decision.ending is Ending.WAITING


def test_the_parent_is_told_the_exact_time_of_reading_and_of_the_answer():
    told = notice(when())
    assert told.kind is NoticeKind.HELD
    assert told.reads_at == datetime(2026, 11, 24, 15, 30, tzinfo=LONDON)
    assert told.due == datetime(2026, 11, 25, 8, 30, tzinfo=LONDON)


def test_an_absence_goes_to_the_office_and_never_to_the_teacher():
    decision = when(understanding=understood("attendance"))
    assert of(decision, RedirectToOffice)[0].staff_id == OFFICE.staff_id
    assert not of(decision, AddToDigest)
    assert decision.ending is Ending.REDIRECTED
    assert notice(decision).kind is NoticeKind.REDIRECTED


def test_an_appointment_goes_to_the_office():
    assert of(when(understanding=understood("appointment")), RedirectToOffice)


def test_a_special_need_goes_to_the_senco_where_the_policy_says_so():
    senco = type(OFFICE)("senco", "Ms Ito", "ito@oakfield.example", frozenset({Role.SENCO}))
    policy = type(POLICY)(
        **{name: getattr(POLICY, name) for name in POLICY.__slots__}
        | {"where": {**POLICY.where, "send": "senco"}}
    )
    decision = when(
        understanding=understood("send"), directory=directory(leads=(*LEADS, senco)), policy=policy
    )
    assert of(decision, RedirectToOffice)[0].staff_id == "senco"


def test_an_absence_with_a_homework_question_goes_to_both_and_each_is_told_of_the_other():
    decision = when(understanding=understood("attendance", "classroom"))
    assert of(decision, RedirectToOffice)[0].teacher_told
    assert "already with the office" in of(decision, AddToDigest)[0].note
    assert notice(decision).kind is NoticeKind.DIVIDED


def test_an_urgent_message_goes_to_the_office_now_and_to_the_teacher_at_the_window():
    decision = when(understanding=understood("classroom", urgent=True))
    assert of(decision, RedirectToOffice)[0].urgent
    assert of(decision, AddToDigest)
    assert notice(decision).kind is NoticeKind.URGENT


def test_an_urgent_message_at_night_says_that_the_office_is_closed_and_when_it_opens():
    night = inbound(arrived=datetime(2026, 11, 24, 23, 0, tzinfo=LONDON))
    told = notice(when(night, understanding=understood("classroom", urgent=True)))
    assert not told.office_open
    assert told.office_opens_at == datetime(2026, 11, 25, 8, 0, tzinfo=LONDON)


def test_a_concern_goes_to_the_safeguarding_lead_at_any_hour():
    night = inbound(arrived=datetime(2026, 11, 22, 21, 14, tzinfo=LONDON))
    decision = when(night, understanding=understood("safeguarding"))
    assert of(decision, AlertSafeguarding)[0].line == ("dsl", "deputy", "head")
    assert decision.ending is Ending.SAFEGUARDING


def test_the_teacher_learns_of_a_concern_only_that_the_lead_has_it():
    decision = when(understanding=understood("safeguarding", "classroom"))
    assert of(decision, TellTeacherHeld)
    assert not of(decision, AddToDigest)


def test_a_concern_never_goes_to_the_office_even_when_it_names_an_absence():
    decision = when(understanding=understood("safeguarding", "attendance"))
    assert not of(decision, RedirectToOffice)


def test_an_allegation_about_staff_goes_to_the_head_first_and_no_teacher_hears_of_it():
    decision = when(understanding=understood("safeguarding", extra=("allegation",)))
    [raised] = of(decision, AlertSafeguarding)
    assert raised.line == ("head", "dsl", "deputy")
    assert raised.at_once == 2  # the head and the lead together; a deputy only when both are silent
    assert not of(decision, TellTeacherHeld)


def test_a_concern_that_cannot_wait_is_told_to_the_whole_line_at_once():
    decision = when(understanding=understood("safeguarding", urgent=True))
    assert of(decision, AlertSafeguarding)[0].all_at_once


def test_one_neutral_text_answers_concerns_complaints_and_rights_requests():
    kinds = {
        notice(when(understanding=understood("safeguarding"))).kind,
        notice(when(understanding=understood("safeguarding", extra=("allegation",)))).kind,
        notice(when(understanding=understood("classroom", extra=("complaint",)))).kind,
        notice(when(understanding=understood("classroom", extra=("rights_request",)))).kind,
    }
    assert kinds == {NoticeKind.SENIOR}


def test_a_complaint_goes_to_the_office_at_once_and_not_to_the_teacher():
    decision = when(understanding=understood("classroom", extra=("complaint",)))
    assert of(decision, RedirectToOffice)
    assert not of(decision, AddToDigest)


def test_a_class_without_a_teacher_is_read_by_the_office():
    empty = type(ROOM_3B)(ROOM_3B.class_id, ROOM_3B.name, ROOM_3B.address, ())
    decision = when(directory=directory(addressed_class=empty, classes=(empty,)))
    assert of(decision, RedirectToOffice)


def test_what_is_in_doubt_is_shown_to_the_teacher_as_in_doubt():
    decision = when(understanding=understood("classroom", perhaps=("attendance",)))
    assert "perhaps attendance" in of(decision, AddToDigest)[0].hints


def test_the_same_input_gives_the_same_decision():
    assert when() == when()
