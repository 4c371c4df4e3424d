"""What parents write in a year, and when: at any hour, and on the very edges of the windows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from tests.campaigns.year_school import PARENTS, class_of, writer
from tests.installation import DOMAIN, authenticated
from tests.shared import DATA

LONDON = ZoneInfo("Europe/London")
CLOCKS_CHANGE = (date(2026, 10, 25), date(2027, 3, 28))
AT_EACH_CHANGE = 0.002  # of all messages, in the hours around it
# How often a day of each kind is written on, beside a school day.
WEEKEND, HOLIDAY = 0.25, 0.08
# Of the messages of a day: when, and how often. Seconds are drawn as well.
PARTS = (
    (time(6, 30), time(8), 12),
    (time(8), time(8, 30), 10),
    (time(8, 30), time(15, 30), 26),
    (time(15, 30), time(17), 18),
    (time(17), time(22, 30), 24),
    (time(22, 30), time(23, 59, 59), 2),
    (time(0), time(6, 30), 2),
)
ON_AN_EDGE = 0.06
EDGES = (
    time(0), time(8), time(8, 15), time(8, 20), time(8, 30), time(12), time(15, 30),
    time(15, 45), time(16, 0), time(16, 10), time(16, 15), time(16, 50), time(17),
)  # fmt: skip
OFF_THE_EDGE = (
    timedelta(0),
    timedelta(microseconds=-1),
    timedelta(seconds=-1),
    timedelta(seconds=1),
)
HOLIDAYS = (
    (date(2026, 8, 24), date(2026, 9, 1)),
    (date(2026, 10, 26), date(2026, 10, 30)),
    (date(2026, 12, 19), date(2027, 1, 4)),
    (date(2027, 2, 15), date(2027, 2, 19)),
    (date(2027, 3, 26), date(2027, 4, 11)),
    (date(2027, 5, 31), date(2027, 6, 4)),
    (date(2027, 7, 22), date(2027, 9, 1)),
)
# What of it all is about what; the words are those of the samples.
TOPICS = {"classroom": 76, "attendance": 10, "appointment": 6, "send": 5, "other": 2.7}
SAFEGUARDING = 0.3
STRANGERS, UNVERIFIED = 0.01, 0.01


@dataclass(frozen=True, slots=True)
class Mail:
    """One message of the year. `at` is aware, UTC."""

    number: int
    at: datetime
    reverse_path: str
    room: str
    octets: bytes

    @property
    def recipient(self) -> str:
        return f"{self.room}@{DOMAIN}"


def mails(
    count: int, families: int, first: date, last: date, seed: int = 20260901
) -> Iterator[Mail]:
    """Yield `count` messages of so many families, from `first` to `last`, in order of time."""
    chance = random.Random(seed)
    times = _apart(sorted(_times(count, first, last, chance)))
    said = _words()
    kinds, weights = [*TOPICS, "safeguarding"], [*TOPICS.values(), SAFEGUARDING]
    for number, at in enumerate(times):
        kind = chance.choices(kinds, weights)[0]
        yield _mail(number, at, chance.choice(said[kind]), families, chance)


def _apart(times: list[datetime]) -> Iterator[datetime]:
    """Yield the times, none twice: of two at the very instant of a cut, one comes after it."""
    latest = datetime.min.replace(tzinfo=UTC)
    for at in times:
        latest = max(at, latest + timedelta(microseconds=1))
        yield latest


def _times(count: int, first: date, last: date, chance: random.Random) -> Iterator[datetime]:
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    changes = [on for on in CLOCKS_CHANGE if first <= on <= last]
    around = round(count * AT_EACH_CHANGE)
    for on in changes:
        midnight = datetime.combine(on, time(0), LONDON).astimezone(UTC)
        for _ in range(around):
            # Both passes of an hour that happens twice, and none of one that is skipped.
            yield midnight + timedelta(seconds=chance.uniform(0, 3 * 3600))
    weights = [_weight(on) for on in dates]
    parts, often = [(begins, ends) for begins, ends, _ in PARTS], [part[2] for part in PARTS]
    for _ in range(count - around * len(changes)):
        on = chance.choices(dates, weights)[0]
        if chance.random() < ON_AN_EDGE:
            edge = datetime.combine(on, chance.choice(EDGES), LONDON)
            yield edge.astimezone(UTC) + chance.choice(OFF_THE_EDGE)
            continue
        begins, ends = (
            datetime.combine(on, at, LONDON).astimezone(UTC)
            for at in chance.choices(parts, often)[0]
        )
        yield begins + chance.uniform(0, 1) * (ends - begins)


def _weight(on: date) -> float:
    if any(first <= on <= last for first, last in HOLIDAYS):
        return HOLIDAY
    return WEEKEND if on.weekday() >= 5 else 1.0


def _words() -> dict[str, list[tuple[str, str]]]:
    """Return subjects and texts by what they are about."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*TOPICS, "safeguarding")}
    for line in (DATA / "parent-emails-dev.jsonl").read_text("utf-8").splitlines():
        sample = json.loads(line)
        labels = sample["labels"]
        kind = labels[0] if len(labels) == 1 and labels[0] in TOPICS else "other"
        kind = "safeguarding" if "safeguarding" in labels else kind
        found[kind].append((sample["subject"], sample["body"]))
    return found


def _mail(
    number: int, at: datetime, said: tuple[str, str], families: int, chance: random.Random
) -> Mail:
    family = chance.randrange(families)
    room = class_of(family)
    stranger = chance.random() < STRANGERS
    domain = "new.example" if stranger else PARENTS
    path = f"stranger{chance.randrange(50)}@{domain}" if stranger else writer(family)
    verdict = "fail" if chance.random() < UNVERIFIED else "pass"
    subject, text = said
    head = (
        f"From: Parent {family} <{path}>\r\nTo: {room}@{DOMAIN}\r\nSubject: {_encoded(subject)}\r\n"
        f"Date: {format_datetime(at.astimezone(LONDON))}\r\n"
        f"Message-ID: <{number}.year@{domain}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    # The mark stands first: what a parent quotes below is not shown in a digest.
    body = "\r\n".join([mark(number), *text.splitlines()])
    octets = authenticated(domain, verdict) + (head + body + "\r\n").encode()
    return Mail(number, at, path, room, octets)


def mark(number: int) -> str:
    """Return the word by which a message is found again in a mail of ours."""
    return f"yr{number:05}end"


def _encoded(subject: str) -> str:
    return subject if subject.isascii() else "Hello"


def spread(found: Sequence[Mail]) -> str:
    """Return in a line how the messages are spread, for the figures."""
    local = [one.at.astimezone(LONDON) for one in found]
    weekend = sum(at.weekday() >= 5 for at in local)
    holiday = sum(_weight(at.date()) == HOLIDAY for at in local)
    night = sum(at.hour < 7 or at.hour >= 22 for at in local)
    return f"{weekend} at a weekend, {holiday} in a holiday, {night} between 10pm and 7am"
