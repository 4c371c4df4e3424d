"""A class, its teacher and one parent whose question waits: shared by the tests of late answers."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, AMINA, ROOM = "khan@oakfield.example", "amina@parent.example", "3b@class.oakfield.example"
STAFF = [("Miss Khan", KHAN, "teacher", "3B", 0)]
FAMILIES = [("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA)]
QUESTION = "Which book should Ben bring?"
LISTED = "Answer promised by"  # what the office's list says of each


def on(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON)


@contextmanager
def talking(tmp_path, start, **options):
    # The clock stands still between jumps: a busy machine has all the time it needs.
    with staged(tmp_path, start, STAFF, FAMILIES, speed=0, **options) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def asked(talk):
    talk.write(AMINA, ROOM, QUESTION, subject="Reading book")


def given_to(talk, address, words):
    """Return when `address` was given a mail with these words, in the school's time."""
    return [mail.at.astimezone(LONDON) for mail in talk.mail_for(address) if words in mail.text]
