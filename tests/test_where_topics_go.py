"""The policy file names who gets which topic, and each of its words is obeyed."""

from dataclasses import replace

import pytest

from rules.effects import AddToDigest, RedirectToOffice
from rules.people import Role, Staff
from tests.policy_world import DSL, HEAD, LEADS, OFFICE, POLICY, directory, of, understood, when
from tests.test_allegations import written

SENCO = Staff("senco", "Ms Ito", "ito@oakfield.example", frozenset({Role.SENCO}))
EVERYBODY = directory(leads=(*LEADS, SENCO))


def sent_to(where, *labels, extra=(), people=EVERYBODY):
    decision = when(
        understanding=understood(*labels, extra=extra),
        directory=people,
        policy=replace(POLICY, where={**POLICY.where, **where}),
    )
    return [effect.staff_id for effect in of(decision, RedirectToOffice)]


@pytest.mark.parametrize("topic", ["attendance", "appointment", "send"])
@pytest.mark.parametrize(
    ("place", "person"), [("office", OFFICE), ("senco", SENCO), ("dsl", DSL), ("head", HEAD)]
)
def test_a_topic_goes_to_the_post_that_the_policy_names(topic, place, person):
    assert sent_to({topic: place}, topic) == [person.staff_id]


@pytest.mark.parametrize("topic", ["attendance", "appointment", "send"])
def test_a_topic_that_the_policy_leaves_to_the_teacher_waits_for_the_teacher(topic):
    policy = replace(POLICY, where={**POLICY.where, topic: "teacher"})
    decision = when(understanding=understood(topic, "classroom"), policy=policy)
    assert of(decision, AddToDigest)
    assert not of(decision, RedirectToOffice)


def test_a_complaint_goes_to_the_head_where_the_policy_says_so():
    assert sent_to({"complaint": "head"}, extra=("complaint",)) == [HEAD.staff_id]


def test_two_topics_for_two_posts_go_to_the_office_which_divides_them():
    assert sent_to({"send": "senco"}, "send", "attendance") == [OFFICE.staff_id]


def test_a_post_that_nobody_holds_is_the_offices():
    assert sent_to({"send": "senco"}, "send", people=directory()) == [OFFICE.staff_id]


def sent_with_a_complaint(text, where, *labels, urgent=False, **changes):
    decision = when(
        written(text),
        understanding=understood(*labels, urgent=urgent, extra=("complaint",)),
        directory=replace(EVERYBODY, in_post=EVERYBODY.leads, **changes),
        policy=replace(POLICY, where={**POLICY.where, **where}),
    )
    return {one.staff_id: one.topics for one in of(decision, RedirectToOffice)}


def test_a_topic_beside_a_complaint_goes_past_whom_it_complains_about():
    about = "This is a formal complaint: Ms Ito has lost Ben's EHCP papers for the second time."
    found = sent_with_a_complaint(about, {"send": "senco"}, "send")
    assert found == {OFFICE.staff_id: ("send", "complaint")}
    about = "This is a formal complaint: the receptionist was rude to me. Ben is ill today."
    found = sent_with_a_complaint(about, {"complaint": "dsl"}, "attendance", urgent=True)
    assert found == {DSL.staff_id: ("complaint",), HEAD.staff_id: ("attendance",)}


def test_a_complaint_about_the_office_and_the_head_goes_to_another_leader():
    about = "This is a formal complaint: the receptionist and the head were rude to me."
    assert sent_with_a_complaint(about, {}, "classroom") == {DSL.staff_id: ("complaint",)}


def test_in_a_school_where_it_complains_of_everybody_somebody_has_it_all_the_same():
    about = "A formal complaint: the receptionist was rude. Ben is ill."
    found = sent_with_a_complaint(about, {}, "attendance", leads=(OFFICE,))
    assert found == {OFFICE.staff_id: ("attendance", "complaint")}
