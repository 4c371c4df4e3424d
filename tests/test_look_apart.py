"""Long texts are looked through in another process, and found the same in."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.topicpacks import load_matcher
from gateway.work.look_apart import Looker, TookTooLong
from rules.message import TextView
from rules.topics import understand
from tests.shared import DATA

MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=ZoneInfo("Europe/London"))
MAILS = [
    json.loads(line) for line in (DATA / "parent-emails-dev.jsonl").read_text("utf-8").splitlines()
][:40]


@pytest.fixture
def looker():
    looker = Looker()
    yield looker
    looker.close()


def texts(mail):
    views = (TextView("quoted", mail["subject"]), TextView("raw", f"{mail['body']} \udcff\0é"))
    return {"subject": mail["subject"], "own_text": mail["body"], "readable": views}


def test_it_finds_what_would_be_found_here(looker):
    matcher = load_matcher()
    for mail in MAILS:
        found = looker.understand(**texts(mail), sent=MONDAY)
        assert found == understand(matcher, **texts(mail), sent=MONDAY)


def test_a_text_that_takes_too_long_is_given_up_and_the_next_one_is_looked_through():
    looker = Looker(seconds=0.01)
    with pytest.raises(TookTooLong):
        looker.understand(**texts(MAILS[0]), sent=MONDAY)
    looker.close()
    patient = Looker()
    assert patient.understand(**texts(MAILS[0]), sent=MONDAY).evidence is not None
    patient.close()


def test_after_its_process_died_it_begins_another(looker):
    first = looker.understand(**texts(MAILS[0]), sent=MONDAY)
    assert looker._process is not None
    looker._process.kill()
    looker._process.wait()
    with pytest.raises(TookTooLong):
        looker.understand(**texts(MAILS[0]), sent=MONDAY)
    assert looker.understand(**texts(MAILS[0]), sent=MONDAY) == first
