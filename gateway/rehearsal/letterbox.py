"""Prints a letter with an invite code in a rehearsal, as the office does, and knows its code."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gateway.invites.fonts import Fonts
from gateway.invites.issuing import children_of, issue
from gateway.invites.letter import letter_text
from gateway.invites.letter_pdf import write_pdf
from gateway.rehearsal.stage import Stage
from gateway.tokens import Keys
from rules.codes import grouped


@dataclass(slots=True)
class Letterbox:
    """The letters of one rehearsal: PDFs in `folder`, and what a parent reads in each."""

    folder: Path
    _codes: dict[str, str] = field(default_factory=dict, repr=False)  # by the scene's name

    def print_letter(self, stage: Stage, scene_name: str, whose: str) -> Path:
        """Issue a code for `whose`, "pupil/contact" by reference; write and return the letter.

        Raises:
            LookupError: there is no such child, or the contact may not have a code.
        """
        pupil, _slash, contact = whose.partition("/")
        program = stage.program
        school, now = program.school, program.clock.now()
        keys = Keys(stage.configuration.secrets.token_key)
        with program.store.begin() as connection:
            children = children_of(connection, school, school.today(now), reference=pupil)
            issued = [
                one
                for child in children
                for one in issue(
                    connection, school, keys, child, how="letter", now=now, contact=contact
                )[0]
            ]
        if not issued:
            raise LookupError(f"{scene_name}: no code may be given for {whose}")
        fonts = Fonts.found()
        texts = [letter_text(school, one, now, fonts.can_print) for one in issued]
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{scene_name}.pdf"
        path.write_bytes(write_pdf(texts, fonts, now))
        self._codes[scene_name] = grouped(issued[0].code)
        return path

    def filled(self, text: str) -> str:
        """Return `text` with each "{code of NAME}" as the parent copies it from that letter."""
        for name, code in self._codes.items():
            text = text.replace(f"{{code of {name}}}", code)
        return text
