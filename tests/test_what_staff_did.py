"""A parent says that a member of staff hurt a child, and the sentences that only look like it.

All sentences were written before the pack was tried on them, and then learnt from.
"""

import json
from pathlib import Path

import pytest

from gateway.topicpacks import load_matcher
from rules.topics import Understanding, understand
from tests.hours_talk import AMINA, KHAN, ROOM, on, talking

SENTENCES = Path(__file__).parent / "data" / "staff_and_child.jsonl"


def said(words: str) -> Understanding:
    return understand(load_matcher(second_reader=True), subject="Ben", own_text=words)


def sentences(*, of_staff: bool) -> list[str]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [one["body"] for one in map(json.loads, lines) if one["staff"] is of_staff]


@pytest.mark.parametrize("words", sentences(of_staff=True))
def test_what_a_member_of_staff_did_to_a_child_goes_to_the_lead(words: str) -> None:
    assert "safeguarding" in said(words).labels


@pytest.mark.parametrize("words", sentences(of_staff=False))
def test_nobody_is_accused_by_a_teachers_name_beside_a_blow(words: str) -> None:
    assert "allegation" not in said(words).extra


def test_the_lead_is_hardly_ever_disturbed_by_a_teachers_name_beside_a_blow() -> None:
    innocent = sentences(of_staff=False)
    raised = [words for words in innocent if "safeguarding" in said(words).labels]
    assert len(raised) <= len(innocent) // 20


@pytest.mark.parametrize(
    "words",
    [
        "Mr Hughes hit the bullseye at the summer fair.",
        "Ben hit his head; Mrs Khan put ice on it.",
        "Miss Khan hit the right note.",
    ],
)
def test_a_bullseye_a_bump_and_a_right_note_are_no_concern(words: str) -> None:
    assert "safeguarding" not in said(words).labels


@pytest.mark.parametrize(
    "words",
    [
        "MR HUGHES HIT BEN",
        "mr hughes hit ben",
        "Mr Hughes. He slapped Ben",
        "Miss Khan. She dragged him out by his arm",
        "Mr hughs has been messaging my daughter",
        "mr hill keeps texting my niece at night",
        "The TA pulled him off the chair by his hood.",
    ],
)
def test_capitals_a_full_stop_or_a_slip_of_the_pen_hide_no_allegation(words: str) -> None:
    packs_alone = understand(load_matcher(second_reader=False), subject="", own_text=words)
    assert "allegation" in packs_alone.extra


@pytest.mark.parametrize(
    "words",
    [
        "Mr Hughes,\nHe hit Leo yesterday, sorry about that",
        "Dear Mr Hughes, Ben hit Sam today and he is sorry",
        "MISS KHAN HIT THE TARGET FOR THE FUNDRAISER",
        "mr hughes hit his head on the beam",
        "Sir, Jake hit Ben again",
        "mr patel is messaging my son about the fixtures on teams",
    ],
)
def test_a_teacher_who_is_written_to_or_who_hit_a_target_is_not_accused(words: str) -> None:
    assert "allegation" not in said(words).extra


def test_an_allegation_about_a_teacher_is_not_given_to_that_teacher(tmp_path: Path) -> None:
    with talking(tmp_path, on(24, 9), speed=0) as talk:
        talk.write(
            AMINA, ROOM, "Miss Khan hit Ben in class today, he has a bruise.", subject="Reading"
        )
        talk.at(on(24, 16))
        assert not any("bruise" in mail.text for mail in talk.mail_for(KHAN))
