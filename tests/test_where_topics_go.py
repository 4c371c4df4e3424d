"""The policy file names who gets which topic, and each of its words is obeyed."""

from dataclasses import replace

import pytest

from rules.effects import AddToDigest, RedirectToOffice
from rules.people import Role, Staff
from tests.policy_world import DSL, HEAD, LEADS, OFFICE, POLICY, directory, of, understood, when

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
