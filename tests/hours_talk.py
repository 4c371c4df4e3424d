"""A small school whose staff change the hours by mail, through the running gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rules.walltime import Window
from tests.mailroom import Delivery
from tests.staged import staged
from tests.talk import Talk

LONDON = ZoneInfo("Europe/London")
KHAN, HUGHES = "khan@oakfield.example", "hughes@oakfield.example"
AMINA, OMAR = "amina@parent.example", "omar@other.example"
ROOM, HOURS = "3b@class.oakfield.example", "hours@class.oakfield.example"
STAFF = [
    ("Miss Khan", KHAN, "teacher", "3B", 0),
    ("Mr Hughes", HUGHES, "teacher", "5A", 0),
]
FAMILIES = [
    ("P1", "Ben", "Okoro", "3B", "Amina Okoro", AMINA),
    ("P3", "Kai", "Lund", "3B", "Omar Lund", OMAR),
]


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@contextmanager
def talking(folder: Path, start: datetime, **options: Any) -> Iterator[Talk]:
    """Talk to the school from `start` on; at the end no message is missing."""
    with staged(folder, start, STAFF, FAMILIES, **options) as gateway:
        yield Talk(gateway)
        assert gateway.audit().faults == ()


def reads_on(talk: Talk, day: int) -> tuple[Window, ...]:
    """Return the school's windows on a date, as the running gateway has them."""
    school = talk.gateway.stage.program.school
    with talk.gateway.store.read() as connection:
        school.refresh(connection)
    return school.calendar.day(on(day, 8).date()).windows


def signed(mail: Delivery) -> str:
    """Return the one signed address in a mail: it says yes, or undoes."""
    [line] = [line for line in mail.text.splitlines() if re.search(r": a\+[a-z2-7]{47}@", line)]
    return line.rpartition(": ")[2].strip()
