"""Sets the letters with invite codes as a PDF: A4, one page each, to be printed and folded."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fpdf import FPDF

from gateway.invites.fonts import BASE, Fonts
from gateway.invites.letter import LetterText, all_texts

REGULAR, BOLD = 400, 700
_SIZES = (11.5, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)  # points: the largest that fits is taken
_MARGIN_MM = 24.0
_TOP_MM = 18.0
_BULLET = "•"
_FOOT_MM = 26.0  # kept for the lines at the foot
_LEADING = 0.5  # mm of line height for each point
_INK, _GREY, _LINE = (25, 25, 25), (95, 95, 95), (150, 150, 150)
_STEP = re.compile(r"\d\.")
_FAMILY = "letter"
_JOINED = range(0x0590, 0x2000)  # from Hebrew to Khmer


@dataclass(frozen=True, slots=True)
class _Look:
    """How a line is set. Distances in points of the body's size."""

    size: float = 1.0
    bold: bool = False
    before: float = 0.35  # space above
    indent_mm: float = 0.0
    colour: tuple[int, int, int] = _INK


_LOOKS = {
    "@": _Look(1.7, bold=True, before=0.0),
    "~": _Look(0.95, before=0.0, colour=_GREY),
    "#": _Look(1.15, bold=True, before=1.1),
    "=": _Look(2.6, bold=True, before=1.4),
    "+": _Look(1.0, before=0.5),
    "1": _Look(indent_mm=6.0),
    "-": _Look(before=0.25, indent_mm=6.0),
    "_": _Look(0.85, before=0.0, colour=_GREY),
    "": _Look(),
}


def write_pdf(letters: Sequence[LetterText], fonts: Fonts, now: datetime) -> bytes:
    """Return the PDF of these letters, in their order.

    Raises:
        NoFonts: a font cannot be used.
    """
    with tempfile.TemporaryDirectory() as folder:
        pdf = _Paper(fonts, all_texts(letters), Path(folder), now)
        for letter in letters:
            pdf.add_letter(letter)
        return bytes(pdf.output())


class _Paper(FPDF):
    """The sheets, with the fonts that the texts need."""

    def __init__(self, fonts: Fonts, texts: list[str], folder: Path, now: datetime) -> None:
        super().__init__(format="A4")
        texts = [*texts, _BULLET]
        self.set_creation_date(now)
        self.set_title("Letters with invite codes")
        self.set_margins(_MARGIN_MM, _TOP_MM)
        self.set_auto_page_break(auto=False)
        fallbacks = []
        for path in (fonts.base, *fonts.needed(texts)):
            family = _FAMILY if path.name == BASE else path.stem
            for style, weight in (("", REGULAR), ("B", BOLD)):
                self.add_font(family, style, fonts.cut(path, texts, weight, folder))
            fallbacks += [family] if family != _FAMILY else []
        self.set_fallback_fonts(fallbacks)

    def add_letter(self, letter: LetterText) -> None:
        """Set one letter on a page of its own, as large as it fits."""
        self.add_page()
        body = [line for line in letter.lines if not line.startswith("_")]
        foot = [line for line in letter.lines if line.startswith("_")]
        room = self.h - _TOP_MM - _FOOT_MM
        size = next((one for one in _SIZES if self._height(body, one) <= room), _SIZES[-1])
        for line in body:
            self._set(line, size)
        self.set_y(self.h - _FOOT_MM + 4)
        self.set_draw_color(*_LINE)
        self.line(_MARGIN_MM, self.get_y() - 2, self.w - _MARGIN_MM, self.get_y() - 2)
        for line in foot:
            self._set(line, _SIZES[1])

    def _height(self, lines: Sequence[str], size: float) -> float:
        return sum(self._set(line, size, measure=True) for line in lines)

    def _set(self, line: str, size: float, *, measure: bool = False) -> float:
        """Set one line of the template, or only measure it; return its height in mm."""
        mark, text = _mark_of(line)
        look = _LOOKS[mark]
        # Shaping is slow, and most names do not need it.
        self.set_text_shaping(any(_is_joined(one) for one in text))
        points = size * look.size
        above = look.before * size * _LEADING
        height = points * _LEADING
        self.set_font(_FAMILY, "B" if look.bold else "", points)
        self.set_text_color(*look.colour)
        width = self.w - 2 * _MARGIN_MM - look.indent_mm
        if mark == "=":
            return self._set_code(text, points, above, measure=measure)
        if measure:
            found = self.multi_cell(width, height, text, dry_run=True, output="HEIGHT")
            assert isinstance(found, float | int)
            return found + above
        self.set_y(self.get_y() + above)
        if look.indent_mm:
            label, text = (text[:2], text[2:].strip()) if mark == "1" else (_BULLET, text)
            self.cell(look.indent_mm, height, label)
        self.multi_cell(width, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
        return 0.0

    def _set_code(self, code: str, points: float, above: float, *, measure: bool) -> float:
        """Set the code in a frame, in letters that are told apart at arm's length."""
        height = points * 0.75
        if measure:
            return height + above
        self.set_y(self.get_y() + above)
        self.set_font("Courier", "B", points)
        self.set_draw_color(*_INK)
        self.set_line_width(0.4)
        self.cell(
            self.w - 2 * _MARGIN_MM,
            height,
            code,
            border=1,
            align="C",
            new_x="LMARGIN",
            new_y="NEXT",
        )
        return 0.0


def _is_joined(one: str) -> bool:
    return ord(one) in _JOINED or ord(one) >= 0xA000 or unicodedata.combining(one) > 0


def _mark_of(line: str) -> tuple[str, str]:
    if _STEP.match(line):
        return "1", line
    if line[:1] in _LOOKS and line[1:2] == " ":
        return line[0], line[2:]
    return "", line
