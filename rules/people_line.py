"""What does one line to `people@` ask for? "link dana@parent.example to Ben Okoro", and no more.

Only the words of the line are read here; whom they mean is looked up, and never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal["show", "invite", "link", "unlink"]
MOST_LETTERS = 200
EXAMPLES = (
    "show dana@parent.example",
    "show Ben Okoro",
    "link dana@parent.example to Ben Okoro",
    "link dana@parent.example to Ben Okoro as Dana Price",
    "unlink dana@parent.example from Ben Okoro",
    "invite Ben Okoro",
)
_SHAPES: tuple[tuple[Verb, re.Pattern[str]], ...] = (
    ("show", re.compile(r"(?:show|who is) (?P<who>.+)", re.I)),
    ("unlink", re.compile(r"unlink (?P<who>.+?) from (?P<pupil>.+)", re.I)),
    ("link", re.compile(r"link (?P<who>.+?) to (?P<pupil>.+?)(?: as (?P<name>.+))?", re.I)),
    ("invite", re.compile(r"invite (?P<pupil>.+)", re.I)),
)
# A line is typed by hand: of what RFC 5321 §4.1.2 allows, only what people are given.
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(
    rf"<?(?:mailto:)?([a-z0-9!#$*+/=^_`{{|}}~'-]+(?:\.[a-z0-9!#$*+/=^_`{{|}}~'-]+)*"
    rf"@(?:{_LABEL}\.)+{_LABEL})>?",
    re.I | re.A,
)


@dataclass(frozen=True, slots=True)
class PeopleLine:
    """A line as written: `who` is an address or a name, `name` says whose an address is."""

    verb: Verb
    who: str = ""
    pupil: str = ""
    name: str = ""

    @property
    def address(self) -> str | None:
        """The address that `who` is, folded; None when it is a name."""
        found = _ADDRESS.fullmatch(self.who)
        return found[1].lower() if found else None


def read_people_line(line: str) -> PeopleLine | None:
    """Return what a line asks for; None when it is none of the lines that are known."""
    plain = " ".join(line.split()).rstrip(" .!?;")
    if len(plain) > MOST_LETTERS:
        return None
    plain = re.sub(r"^please ", "", plain, flags=re.I)
    for verb, shape in _SHAPES:
        found = shape.fullmatch(plain)
        if found is not None:
            said = {key: _bare(value) for key, value in found.groupdict().items() if value}
            return PeopleLine(
                verb, said.get("who", ""), said.get("pupil", ""), said.get("name", "")
            )
    return None


def _bare(text: str) -> str:
    return text.strip(" \"'“”‘’,")
