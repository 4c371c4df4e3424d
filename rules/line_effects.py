"""What follows from a line that staff mail to an address of ours, or from codes mailed to `link@`.

They belong to the closed union of `rules.effects`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.hours_entry import HoursEntry

_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True)
class ChangeHours:
    """Change the calendar as a member of staff asks: at once, or once they have confirmed it.

    Until then they are shown what it moves, and nothing has changed.
    """

    staff_id: str
    entries: tuple[HoursEntry, ...]
    at_once: bool


@dataclass(frozen=True, slots=True)
class ShowUndo:
    """Show a member of staff which change their "undo" would take back, and ask for a yes."""

    staff_id: str
    change_id: str


@dataclass(frozen=True, slots=True)
class RefuseHours:
    """Tell a member of staff why their line changed nothing, and what may be written."""

    staff_id: str
    why: str
    clause: str = ""  # the clause of the policy that forbids it

    @property
    def recorded(self) -> str:
        """Why, without the words of the line that it quotes: they may be about an illness."""
        return _QUOTED.sub("“…”", self.why)


@dataclass(frozen=True, slots=True)
class ShowPeople:
    """Answer a line to `people@`: show who somebody is, or what would change, and ask for a yes.

    Nothing changes before that yes.
    """

    staff_id: str
    verb: str  # show, link, unlink, invite
    guardian_id: str | None = None
    pupil_id: str | None = None
    address: str | None = None  # to be added to the guardian's


@dataclass(frozen=True, slots=True)
class RefusePeople:
    """Tell a member of staff why their line changed nothing, and what they may have meant."""

    staff_id: str
    why: str
    choices: tuple[str, ...] = ()

    @property
    def recorded(self) -> str:
        """Why, without the names in the line that it quotes."""
        return _QUOTED.sub("“…”", self.why)


@dataclass(frozen=True, slots=True)
class LinkByCodes:
    """Link the children of these invites to the verified address their codes came from."""

    address: str
    invite_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountWrongCodes:
    """Remember that a mail held codes that do not work; `tried` leaves out what was mistyped."""

    address: str
    tried: int
