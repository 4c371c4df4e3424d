"""Brings the mails that hang or kill parsers to a running gateway while ordinary mail flows.

`python -m tests.campaigns.bombs`: all 25 recipes, ten ordinary mails a second, and
how long the ordinary ones took from the sender's first octet to the office's mailbox.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gateway.store.schema import messages
from tests.corpus import as_sent
from tests.installation import DOMAIN, OFFICE, Installation, authenticated, installed
from tests.mail_bombs import RECIPES, bomb
from tests.mailroom import Delivery, mailroom
from tests.senders import Answered, Submission, send_all

MIB_ALLOWED = 512.0
P99_ALLOWED_SECONDS = 5.0
TOLD_WITHIN_SECONDS = 300.0
SETTLED_WITHIN_SECONDS = 240.0
ROOM = f"3b@{DOMAIN}"
# Those that take a reading process of their own, or are big on the wire.
SLOW = {"crlf-only-33MiB", "base64-line-20MB", "html-1M-lt", "zip-42", "parts-50000"}


@dataclass(slots=True)
class Figures:
    """What one run came to."""

    bombs: int
    ordinary: int
    seconds: float = 0.0
    endings: dict[str, str] = field(default_factory=dict)  # of each bomb, or the reply it got
    took: list[float] = field(default_factory=list)  # seconds from submission to the office
    settled: list[float] = field(default_factory=list)  # seconds from arrival to the decision
    accept: list[float] = field(default_factory=list)  # seconds to the 250
    most_memory_mib: float = 0.0
    faults: list[str] = field(default_factory=list)
    over_the_bar: list[str] = field(default_factory=list)  # too slow or too big, but right

    def lines(self) -> list[str]:
        """Return the figures as text."""
        return [
            f"{self.bombs} bombs among {self.ordinary} ordinary mails in {self.seconds:.0f} s",
            *(f"  {name:24} {ending}" for name, ending in self.endings.items()),
            "  ordinary mail, seconds (p50, p99, longest):",
            f"    to the 250      {_spread(self.accept)}",
            f"    to the decision {_spread(self.settled)}",
            f"    to the office   {_spread(self.took)}",
            f"  most memory of the gateway's process: {self.most_memory_mib:.0f} MiB",
            f"  FAULTS: {len(self.faults)}, over the bar: {len(self.over_the_bar)}",
            *(f"    {fault}" for fault in (self.faults + self.over_the_bar)[:40]),
        ]


def run(folder: Path, names: Sequence[str], ordinary: int, every_seconds: float) -> Figures:
    """Send the recipes in `names` and `ordinary` mails side by side, and account for each."""
    recipes = [recipe for recipe in RECIPES if recipe["name"] in names]
    figures = Figures(len(recipes), ordinary)
    with (
        mailroom(folder / "mail", lambda: datetime.now(UTC)) as (smarthost_port, taken),
        installed(folder, smarthost_port) as school,
    ):
        school.take_on(
            [("Miss Khan", "khan@oakfield.example", "teacher", "3B", 0)],
            [
                (f"P{n}", "Ben", f"Family{n}", "3B", f"Parent {n}", f"parent{n}@home.example")
                for n in range(ordinary)
            ],
        )
        gateway = school.serve()
        gateway.wait_until_open()
        began = time.monotonic()
        answers = _send_side_by_side(school, recipes, ordinary, every_seconds, figures)
        audit = school.settled_audit(SETTLED_WITHIN_SECONDS)
        figures.seconds = time.monotonic() - began
        _wait_for_mails(taken, ordinary)
        figures.most_memory_mib = gateway.most_memory_mib()
        code = gateway.terminate()
        if code != 0:
            figures.faults.append(f"SIGTERM: serve ended with {code}")
        _judge(school, answers, audit, taken, figures)
        figures.faults += school.troubles()
    return figures


def _send_side_by_side(
    school: Installation,
    recipes: Sequence[dict[str, Any]],
    ordinary: int,
    every_seconds: float,
    figures: Figures,
) -> dict[str, list[Answered]]:
    """Return what bombs and ordinary mails were answered; both end at about the same time."""
    answers: dict[str, list[Answered]] = {"bombs": [], "ordinary": []}

    def bring_bombs() -> None:
        pause = ordinary * every_seconds / (len(recipes) + 1)
        for recipe in recipes:
            path = f"{recipe['id']}@bombs.example"
            octets = authenticated("parent.example") + as_sent(bomb(recipe))
            answers["bombs"] += send_all(
                school.port, [Submission(recipe["name"], path, ROOM, octets)], clients=1
            )
            time.sleep(pause * 0.5)

    bombs = threading.Thread(target=bring_bombs, daemon=True)
    bombs.start()
    began = time.monotonic()
    number = 0
    while number < ordinary:
        time.sleep(max(0.0, began + number * every_seconds - time.monotonic()))
        answers["ordinary"] += send_all(school.port, [_ordinary(number)], clients=1)
        number += 1
    bombs.join()
    return answers


def _ordinary(number: int) -> Submission:
    writer = f"parent{number}@home.example"
    octets = authenticated("home.example") + (
        f"From: Parent {number} <{writer}>\r\nTo: {ROOM}\r\nSubject: Absence\r\n"
        f"Message-ID: <{number}.{time.time()}@home.example>\r\n\r\n"
        f"Ben is ill and cannot come to school today. no{number}end\r\n"
    ).encode("ascii")
    return Submission(str(number), writer, ROOM, octets)


def _wait_for_mails(taken: Sequence[Delivery], ordinary: int) -> None:
    deadline = time.monotonic() + 30
    while sum(one.recipient == OFFICE for one in taken) < ordinary and time.monotonic() < deadline:
        time.sleep(0.1)


def _judge(
    school: Installation,
    answers: dict[str, list[Answered]],
    audit: dict[str, Any],
    taken: Sequence[Delivery],
    figures: Figures,
) -> None:
    faults = figures.faults
    ending = {one["id"]: one["ending"] for one in audit["messages"]}
    if not audit["whole"] or audit["accepted"] != audit["sum"]:
        faults.append(f"the audit is not whole: {audit['faults'][:5]}")
    store = school.store()
    with store.read() as connection:
        rows = {row.reverse_path: row for row in connection.execute(select(messages))}
    store.close()
    recipe_path = {recipe["name"]: f"{recipe['id']}@bombs.example" for recipe in RECIPES}
    for answer in answers["bombs"]:
        name = answer.submission.name
        row = rows.get(recipe_path[name])
        if answer.code == 250:
            if row is None or row.settled_at is None or row.spool_id not in ending:
                faults.append(f"{name}: taken, and nobody saw it")
                continue
            seconds = (row.settled_at - row.arrived).total_seconds()
            found = ending[row.spool_id]
            figures.endings[name] = f"250, {row.state}: {found}, after {seconds:.1f} s"
        else:
            figures.endings[name] = f"{answer.code} {answer.words}"
            if answer.code // 100 != 5:
                faults.append(f"{name}: neither taken nor refused: {answer.code} {answer.words}")
    for answer in answers["ordinary"]:
        row = rows.get(answer.submission.reverse_path)
        figures.accept.append(answer.seconds)
        if answer.code != 250 or row is None or row.settled_at is None:
            faults.append(f"ordinary mail {answer.submission.name}: {answer.code} {answer.words}")
            continue
        if ending[row.spool_id] != "redirected":
            faults.append(f"ordinary mail {answer.submission.name}: {ending[row.spool_id]}")
        figures.settled.append((row.settled_at - row.arrived).total_seconds())
        mail = _about(taken, answer.submission.name)
        if mail is None:
            faults.append(f"ordinary mail {answer.submission.name} did not reach the office")
        else:
            figures.took.append((mail.at - row.arrived).total_seconds() + answer.seconds)
    if figures.took and _percentile(figures.took, 0.99) > P99_ALLOWED_SECONDS:
        figures.over_the_bar.append(f"p99 of other mail is over {P99_ALLOWED_SECONDS} s")
    if figures.most_memory_mib > MIB_ALLOWED:
        figures.over_the_bar.append(f"the gateway held more than {MIB_ALLOWED} MiB")


def _about(taken: Sequence[Delivery], number: str) -> Delivery | None:
    mark = f"no{number}end"
    return next((one for one in taken if one.recipient == OFFICE and mark in one.text), None)


def _percentile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "none"
    return f"{_percentile(values, 0.5):.2f} {_percentile(values, 0.99):.2f} {max(values):.2f}"


def main() -> int:
    """Run all recipes, print the figures, and return 1 when anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="schoolgate-bombs-") as scratch:
        names = [recipe["name"] for recipe in RECIPES]
        figures = run(Path(scratch), names, ordinary=600, every_seconds=0.1)
    print("\n".join(figures.lines()))
    return 1 if figures.faults or figures.over_the_bar else 0


if __name__ == "__main__":
    sys.exit(main())
