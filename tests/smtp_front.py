"""A listener as plain values, to talk with a dialogue that has no socket."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.intake.dialogue import Answer, Dialogue
from gateway.intake.limits import SmtpLimits

OURS = "class-7b@school.example"


@dataclass
class Front:
    """A listener as plain values."""

    limits: SmtpLimits = field(default_factory=SmtpLimits)
    hostname: str = "mx.school.example"
    offers_tls: bool = False
    offers_utf8: bool = False
    room: bool = True

    def has_room(self) -> bool:
        return self.room

    def school_of(self, recipient: str) -> str | None:
        ours = {OURS, "postmaster", "zoë@school.example"}
        numbered = recipient.startswith("r+") and recipient.endswith("@school.example")
        return "oak" if recipient in ours or numbered else None


def talk(*lines: str, front: Front | None = None) -> Answer:
    """Return the answer to the last of `lines`, after a greeting."""
    dialogue = Dialogue(front or Front())
    answer = dialogue.answer(b"EHLO home.example\r\n")
    for line in lines:
        answer = dialogue.answer(line.encode("utf-8", "surrogateescape") + b"\r\n")
    return answer
