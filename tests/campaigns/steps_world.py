"""What happens in a run with a clock that steps: the trouble, the mail, and the clock itself."""

from __future__ import annotations

import math
import random
import time as real_time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from tests.campaigns.kill import WORDS
from tests.campaigns.year_mail import LONDON, mark
from tests.campaigns.year_school import PARENTS, class_of, writer
from tests.installation import DOMAIN, authenticated

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
KINDS = {
    "an hour ahead": HOUR,
    "an hour behind": -HOUR,
    "a day ahead": DAY,
    "a day behind": -DAY,
    "suspended for 3 h": timedelta(0),
    "down 08:00-08:40": timedelta(0),
}
# Two school days of mail, with the trouble on the second, then time for all that waits to be read.
BEGINS = datetime(2026, 11, 16, 7, 0, tzinfo=LONDON).astimezone(UTC)
TROUBLED = date(2026, 11, 17)
LAST_MAIL = datetime(2026, 11, 17, 17, 30, tzinfo=LONDON).astimezone(UTC)
ENDS = datetime(2026, 11, 25, 17, 30, tzinfo=LONDON).astimezone(UTC)
EDGES = (time(8), time(8, 30), time(12), time(15, 30), time(15, 45), time(16, 50), time(17))
MAILS = 24

What = Literal["mail", "step", "suspend", "resume", "stop", "start", "away", "back"]
Refusing = Literal["", "all", "recipients"]


class SteppedClock:
    """Shows `true` and its own `error` together; both are set by the run, and stand still."""

    def __init__(self, true: datetime) -> None:
        self.true = true
        self.error = timedelta(0)

    def now(self) -> datetime:
        """Return what the machine believes: aware, UTC."""
        return self.true + self.error

    def true_time_of(self, shown: datetime) -> datetime:
        """Return when it will show `shown`, or the present when that is past."""
        return max(self.true, shown - self.error)

    def monotonic(self) -> float:
        """Return seconds of real time."""
        return real_time.monotonic()

    def seconds_until(self, instant: datetime) -> float:
        """Return 0 for what is past, else infinitely many: it stands still."""
        return math.inf if instant > self.now() else 0.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """When what is wrong, in true time. From `well` on everything works again."""

    kind: str
    begins: datetime
    ends: datetime
    away: tuple[datetime, datetime] | None = None
    refusing: Refusing = ""
    stopped: tuple[datetime, datetime] | None = None

    @property
    def first(self) -> datetime:
        """When the first of it begins."""
        return min(self.begins, self.away[0] if self.away else self.begins)

    @property
    def well(self) -> datetime:
        """When the last of it is over."""
        return max(self.ends, *(span[1] for span in (self.away, self.stopped) if span), self.ends)

    @property
    def shut(self) -> tuple[datetime, datetime] | None:
        """While nothing can be handed in: the sender tries again when it is over."""
        if self.kind.startswith(("suspended", "down")):
            return self.begins, self.ends
        return self.stopped


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at the true time `at`."""

    at: datetime
    what: What
    error: timedelta = timedelta(0)
    refusing: Refusing = ""
    number: int = 0
    kind: str = ""
    path: str = ""
    room: str = ""
    octets: bytes = b""

    @property
    def recipient(self) -> str:
        """The class it is written to."""
        return f"{self.room}@{DOMAIN}"


def trouble_of(kind: str, chance: random.Random) -> Trouble:
    """Draw when the trouble comes and for how long: near an edge of a window, most of the time."""
    edge = datetime.combine(TROUBLED, chance.choice(EDGES), LONDON).astimezone(UTC)
    begins = edge + timedelta(seconds=chance.choice((0, chance.uniform(-1800, 1800))))
    ends = begins + timedelta(seconds=chance.choice((60, 600, 3600, chance.uniform(1, 7200))))
    if kind.startswith("suspended"):
        ends = begins + timedelta(hours=3)
    elif kind.startswith("down"):
        begins = datetime.combine(TROUBLED, time(8), LONDON).astimezone(UTC)
        ends = begins + timedelta(minutes=40)
    away: tuple[datetime, datetime] | None = None
    stopped: tuple[datetime, datetime] | None = None
    refusing: Refusing = ""
    if chance.random() < 0.5:
        away = (begins - chance.uniform(0, 10) * MINUTE, ends + chance.uniform(-0.5, 20) * MINUTE)
        refusing = "all" if chance.random() < 0.5 else "recipients"
    if "ahead" in kind and chance.random() < 0.4:
        # It dies while its clock is wrong, and comes back when the clock is right.
        stopped = (begins + (ends - begins) * 0.8, ends + chance.uniform(0, 5) * MINUTE)
    return Trouble(kind, begins, ends, away, refusing, stopped)


def events_of(trouble: Trouble, chance: random.Random) -> list[Event]:
    """Return all that happens, in the order of true time."""
    found = [*_of_the_trouble(trouble), *_mail(trouble, chance)]
    return sorted(found, key=lambda event: event.at)


def _of_the_trouble(trouble: Trouble) -> Iterator[Event]:
    begins, ends = trouble.begins, trouble.ends
    if trouble.kind.startswith("suspended"):
        yield Event(begins, "suspend")
        yield Event(ends, "resume")
    elif trouble.kind.startswith("down"):
        yield Event(begins, "stop")
        yield Event(ends, "start")
    else:
        yield Event(begins, "step", error=KINDS[trouble.kind])
        if trouble.stopped is not None:
            yield Event(trouble.stopped[0], "stop")
        yield Event(ends, "step")
        if trouble.stopped is not None:
            yield Event(trouble.stopped[1], "start")
    if trouble.away is not None:
        yield Event(trouble.away[0], "away", refusing=trouble.refusing)
        yield Event(trouble.away[1], "back")


def _mail(trouble: Trouble, chance: random.Random) -> Iterator[Event]:
    span = (LAST_MAIL - BEGINS).total_seconds()
    for number in range(MAILS):
        at = BEGINS + timedelta(seconds=chance.uniform(0, span))
        if chance.random() < 0.6:  # around the trouble
            length = (trouble.ends - trouble.begins).total_seconds()
            at = trouble.begins + timedelta(seconds=chance.uniform(-1800, length + 1800))
        if trouble.shut is not None and trouble.shut[0] <= at < trouble.shut[1]:
            at = trouble.shut[1] + chance.uniform(0, 3) * MINUTE
        kind, words = chance.choices(WORDS[:3], (65, 25, 10))[0]
        family = number  # one each: at most three notices a day go to one guardian
        room = class_of(family)
        head = (
            f"From: Parent {family} <{writer(family)}>\r\nTo: {room}@{DOMAIN}\r\n"
            f"Subject: A question\r\nMessage-ID: <{number}.step@{PARENTS}>\r\n\r\n"
        )
        octets = authenticated(PARENTS) + f"{head}{mark(number)}\r\n{words}\r\n".encode("ascii")
        yield Event(
            at, "mail", number=number, kind=kind, path=writer(family), room=room, octets=octets
        )
