"""Who of all the roles is sent mail that shows something: as the table says, and nobody else."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from rules.instruction import Action
from tests.people_world import ROOM_3B, ROOM_4A, TUESDAY, message
from tests.role_actors import ADDRESSES, actors

TABLE = tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text("utf-8"))
SHOWN = {
    "a question to the class": ("linked guardian", ROOM_3B, "Is the ukulele club on marker01?"),
    "what a stranger wrote": ("unknown", ROOM_3B, "Is the ukulele club on marker02?"),
    "what a pupil wrote": ("pupil", ROOM_3B, "Is the ukulele club on marker03?"),
    "what a barred guardian wrote": ("barred guardian", ROOM_3B, "Is the club on marker04?"),
    "what a removed guardian wrote": ("removed guardian", ROOM_3B, "Is the club on marker05?"),
    "an absence": ("other guardian", ROOM_4A, "Kuba is absent today, he has a fever. marker06"),
    "special needs": (
        "other guardian",
        ROOM_4A,
        "Kuba has an EHCP and his SEN support is not working. Can we review his EHCP? marker07",
    ),
}


@pytest.fixture(scope="module")
def everybody(tmp_path_factory):
    with actors(tmp_path_factory.mktemp("shown"), start=TUESDAY.replace(hour=14)) as found:
        for role, to, text in SHOWN.values():
            found.talk.write(ADDRESSES[role], to, text, subject=text[-8:])
        found.talk.at(TUESDAY.replace(hour=16, minute=31))
        yield found


@pytest.mark.parametrize("what", SHOWN)
def test_who_is_shown_a_message(everybody, what):
    marker = next(word for word in SHOWN[what][2].split() if word.startswith("marker")).rstrip("?")
    assert everybody.seen_by(marker, 0) == set(TABLE["shown"][what])


@pytest.mark.parametrize(
    ("role", "text", "at_first", "later"),
    [
        (
            "linked guardian",
            "Ben says that his uncle hits him. He is afraid to go home. marker09",
            "a disclosure, at first",
            "a disclosure that nobody acknowledged",
        ),
        (
            "staff-parent",
            "Miss Khan hit Una on the arm in class today. marker08",
            "an allegation about the class teacher, at first",
            "an allegation about the class teacher, later",
        ),
    ],
)
def test_who_is_shown_what_may_mean_a_child_at_risk(everybody, role, text, at_first, later):
    before = len(everybody.talk.gateway.taken)
    everybody.talk.write(ADDRESSES[role], ROOM_3B, text, subject="Please read")
    marker = text.split()[-1]
    assert everybody.seen_by(marker, before) == set(TABLE["shown"][at_first])
    everybody.talk.at(everybody.talk.gateway.clock.now() + timedelta(hours=18))
    assert everybody.seen_by(marker, before) == set(TABLE["shown"][later])


def test_who_is_shown_a_report_and_the_reason_of_a_removal(everybody):
    talk, writer = everybody.talk, ADDRESSES["staff-parent"]
    talk.write(writer, ROOM_3B, "The ukulele is out of tune marker10", subject="Music")
    spool_id = message(talk, writer).spool_id
    talk.at(talk.gateway.clock.now() + timedelta(days=1))
    report = everybody.signed(Action.REPORT, spool_id, "class teacher")
    talk.write(ADDRESSES["class teacher"], report, "")
    shown = TABLE["shown"]
    assert everybody.seen_by("marker10", 0) == set(shown["a message that was reported"])
    remove = everybody.signed(Action.REMOVE, spool_id, "head")
    talk.write(ADDRESSES["head"], remove, "because of marker11")
    assert everybody.seen_by("cannot write to classes", 0) == {"head", "office"}
    assert everybody.seen_by("marker11", 0) == set(shown["why a guardian was removed"])


def test_who_is_shown_how_to_approve_a_third_adult(everybody):
    how = set(TABLE["shown"]["how to approve a third adult"])
    assert everybody.seen_by("To approve, send a mail", 0) == how
