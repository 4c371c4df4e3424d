"""Chooses which parts are the author's text and which are attachments (RFC 8621 §4.1.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.mail.attachments import given_name
from gateway.mail.structure import Part

_TEXT_TYPES = ("text/plain", "text/html")


@dataclass(slots=True)
class Chosen:
    """The parts of a message by use, each list in the order of the message.

    `plain` and `html` are two renderings of one body; a part without an
    alternative is in both. `enclosed` parts belong to attached messages.
    """

    plain: list[Part] = field(default_factory=list)
    html: list[Part] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    enclosed: list[Part] = field(default_factory=list)

    def texts(self) -> tuple[Part, ...]:
        """Return every text part of the body once, in order."""
        return tuple(dict.fromkeys((*self.plain, *self.html)))


def choose(parts: Sequence[Part]) -> Chosen:
    """Sort the parts of a message as the JMAP standard does, in one pass.

    It joins all inline texts in order, as Apple Mail splits its own around
    every picture, and it stops at an attached message.
    """
    chosen = Chosen()
    # Per alternative: whether a plain and an HTML rendering were found in it.
    renderings: dict[int, tuple[int, int]] = {}
    alternative_of = _alternatives(parts)
    for part in parts:
        if part.is_container:
            continue
        if part.enclosed:
            chosen.enclosed.append(part)
        elif not is_body_text(part):
            chosen.attachments.append(part)
        else:
            around = alternative_of.get(part.number)
            if around is None:
                chosen.plain.append(part)
                chosen.html.append(part)
                continue
            plain, html = renderings.get(around, (0, 0))
            if part.media_type == "text/plain":
                chosen.plain.append(part)
                renderings[around] = (plain + 1, html)
            else:
                chosen.html.append(part)
                renderings[around] = (plain, html + 1)
    for around, (plain, html) in renderings.items():
        _fill(chosen, alternative_of, around, plain, html)
    return chosen


def _alternatives(parts: Sequence[Part]) -> dict[int, int]:
    """Return for every part inside a multipart/alternative the outermost one around it."""
    around: dict[int, int] = {}
    by_number = {part.number: part for part in parts}
    for part in parts:
        above = by_number.get(part.parent_number)
        if above is None:
            continue
        if above.number in around:
            around[part.number] = around[above.number]
        elif above.media_type == "multipart/alternative":
            around[part.number] = above.number
    return around


def _fill(
    chosen: Chosen, alternative_of: dict[int, int], around: int, plain: int, html: int
) -> None:
    """Let the only rendering of an alternative stand for the other one as well."""
    if plain and html:
        return
    source, target = (chosen.html, chosen.plain) if html else (chosen.plain, chosen.html)
    missing = [part for part in source if alternative_of.get(part.number) == around]
    target.extend(missing)
    target.sort(key=lambda part: part.number)


def is_body_text(part: Part) -> bool:
    """Whether a part is text to be read in its place, not a file that happens to be text."""
    if part.media_type not in _TEXT_TYPES or part.disposition.value == "attachment":
        return False
    return part.index == 0 or (part.parent != "multipart/related" and not given_name(part))
