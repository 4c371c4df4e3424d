"""Lives through one school year in four time zones of the host, and compares what came of it.

`python -m tests.campaigns.year`: 20,000 messages from September to August, thirty who teach,
both clock changes; each host zone in a process of its own, two at a time. What each was given
when is judged by an oracle that reads the policy's text minute by minute. Messages are written
straight into the spool, except in the week of the first clock change, when they come by SMTP
to a running program; all that leaves goes by SMTP to a smarthost on loopback.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time as real_time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.campaigns.year_life import Year
from tests.campaigns.year_mail import LONDON, mails, spread

ZONES = ("UTC", "Europe/London", "America/New_York", "Asia/Kolkata")
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the year is lived, with how many messages. By SMTP: from, and up to."""

    messages: int
    families: int
    first: date
    last: date
    ends: date  # lived on until this day's evening, so that all that waits is read
    by_smtp: tuple[date, date]


FULL = Span(
    20_000,
    600,
    date(2026, 9, 1),
    date(2027, 8, 31),
    date(2027, 9, 8),
    (date(2026, 10, 22), date(2026, 10, 27)),
)
SHORT = Span(
    200,
    100,
    date(2026, 10, 19),
    date(2026, 11, 16),
    date(2026, 11, 18),
    (date(2026, 10, 24), date(2026, 10, 26)),
)


@dataclass(slots=True)
class Outcome:
    """What one host zone came to."""

    zone: str
    seconds: float = 0.0
    digest: str = ""
    figures: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the figures as text."""
        yield f"{self.zone}: {self.seconds:.0f} s, digest of what came of it {self.digest[:16]}"
        yield "  " + ", ".join(f"{count} {name}" for name, count in self.figures.items())
        yield f"  FAULTS: {len(self.faults)}"
        yield from (f"    {fault}" for fault in self.faults[:20])


def live(span: Span, folder: Path) -> Outcome:
    """Live through `span` in this process, whatever its own zone."""
    zone = os.environ["TZ"]
    outcome = Outcome(zone)
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    # What the C library makes of TZ is what naive times would be read in.
    if noon.astimezone().utcoffset() != noon.astimezone(ZoneInfo(zone)).utcoffset():
        outcome.faults.append(f"the process is not in the zone {zone}")
    began = real_time.perf_counter()
    start = datetime.combine(span.first, time(0), LONDON).astimezone(UTC)
    end = datetime.combine(span.ends, time(17), LONDON).astimezone(UTC)
    by_smtp = tuple(datetime.combine(on, time(0), LONDON).astimezone(UTC) for on in span.by_smtp)
    with Year(folder, span.families, start) as year:
        for mail in mails(span.messages, span.families, span.first, span.last):
            year.bring(mail, by_smtp=by_smtp[0] <= mail.at < by_smtp[1])
        year.live_until(end)
        faults, outcome.figures, outcome.digest = year.judge(
            span.first - timedelta(days=1), span.ends
        )
    outcome.faults += faults
    outcome.seconds = real_time.perf_counter() - began
    return outcome


def live_in(zone: str, size: str, folder: Path) -> Outcome:
    """Live through a span in a process whose own zone is `zone`."""
    words = [sys.executable, "-m", "tests.campaigns.year", "--one", str(folder), "--size", size]
    done = subprocess.run(
        words, env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=False
    )
    shutil.rmtree(folder)  # a year of mail takes its room
    if done.returncode != 0:
        return Outcome(zone, faults=[f"ended with {done.returncode}: {done.stderr[-2000:]}"])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def run(size: str, zones: tuple[str, ...], folder: Path) -> Iterator[Outcome]:
    """Live through a span in each of `zones`, two at a time; yield each when it is over."""
    folders = [folder / zone.replace("/", "-") for zone in zones]
    for one in folders:
        one.mkdir(parents=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(live_in, zones, [size] * len(zones), folders)


def main() -> int:
    """Run all of it, print the figures, and return 1 when anything is wrong."""
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.year")
    options.add_argument("--size", choices=("full", "short"), default="full")
    options.add_argument("--one", type=Path, help="live in this process, in this folder")
    chosen = options.parse_args()
    span = FULL if chosen.size == "full" else SHORT
    if chosen.one is not None:
        print(json.dumps(asdict(live(span, chosen.one))))
        return 0
    written = list(mails(span.messages, span.families, span.first, span.last))
    print(f"{len(written)} messages: {spread(written)}", flush=True)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="schoolgate-year-") as scratch:
        for outcome in run(chosen.size, ZONES, Path(scratch)):
            outcomes.append(outcome)
            print("\n".join(outcome.lines()), flush=True)
    same = len({outcome.digest for outcome in outcomes}) == 1
    print("The same in every zone." if same else "NOT the same in every zone.")
    return 0 if same and not any(outcome.faults for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
