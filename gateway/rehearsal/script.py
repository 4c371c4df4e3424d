"""What is played in a rehearsal: the scenes of a day, and what must come of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rules.instruction import Action

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Automatic = Literal["", "out-of-office", "newsletter", "bounce"]


@dataclass(frozen=True, slots=True)
class Scene:
    """One mail that somebody sends, a signed address that somebody uses, or a letter printed.

    `answers` names the scene whose outcome the writer answers; the address to
    write to is found in the writer's own mailbox (or that of `holder`).
    `then` are the outcomes that must follow, no more and no fewer.
    """

    name: str
    at: datetime
    writer: str
    says: str
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    program: str = "plain"
    address: str = ""  # of the writer, when not the first on the roster
    proof: Literal["pass", "fail"] = "pass"
    html_only: bool = False
    files: tuple[str, ...] = ()
    automatic: Automatic = ""
    answers: str = ""
    action: Action = Action.ANSWER
    holder: str = ""
    copy_of: str = ""
    letter_for: str = ""  # "pupil/contact" by reference: a letter is printed, no mail is sent
    ends: str = ""
    then: tuple[str, ...] = ()
    refused: int | None = None  # the SMTP code with which the gateway must turn it away


@dataclass(frozen=True, slots=True)
class Script:
    """A rehearsal's scenes in order, from `begins` to `ends`."""

    begins: datetime
    ends: datetime
    scenes: tuple[Scene, ...]


def read_script(path: Path, friday: datetime, zone: ZoneInfo) -> Script:
    """Return the script in a TOML file; its days count from `friday`'s week, in `zone`.

    Raises:
        ValueError, KeyError: the file is not a script; the words are for its author.
    """
    table = tomllib.loads(path.read_text("utf-8"))
    scenes = tuple(_scene(dict(row), friday, zone) for row in table["scene"])
    names = [scene.name for scene in scenes]
    for number, scene in enumerate(scenes):
        for other in (scene.answers, scene.copy_of):
            if other and other not in names[:number]:
                raise ValueError(f"{scene.name}: {other} has not been played before it")
        if number and scene.at <= scenes[number - 1].at:
            raise ValueError(f"{scene.name} is not later than the scene before it")
    return Script(
        moment(table["begins"], friday, zone), moment(table["ends"], friday, zone), scenes
    )


def moment(words: str, friday: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of "Fri 15.04": on `friday`, or the days that follow it."""
    day, clock = words.split(" ")
    hour, minute = (int(part) for part in clock.split("."))
    ahead = (WEEKDAYS.index(day) - friday.weekday()) % 7
    return datetime.combine(friday + timedelta(days=ahead), time(hour, minute), zone)


def moment_key(instant: datetime, zone: ZoneInfo) -> str:
    """Return "Fri 15.04": what `moment` reads."""
    local = instant.astimezone(zone)
    return f"{WEEKDAYS[local.weekday()]} {local.hour}.{local.minute:02d}"


def _scene(row: dict[str, Any], friday: datetime, zone: ZoneInfo) -> Scene:
    row["at"] = moment(row["at"], friday, zone)
    # A writer on the roster is named without an address, anybody else with one.
    writer = row.pop("from")
    name, address = parseaddr(writer) if "<" in writer else (writer, "")
    row["writer"], row["address"] = name, row.get("address", address)
    row["text"] = row.get("text", "").strip()
    row["action"] = Action(row.get("action", Action.ANSWER))
    for name in ("to", "files", "then"):
        row[name] = tuple(row.get(name, ()))
    return Scene(**row)
