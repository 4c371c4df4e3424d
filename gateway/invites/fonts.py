"""Which font file shows which characters? A name must be printed as the family writes it.

The fonts are Noto's (SIL Open Font License), from a package of fonts; a school may hand in
further ones. What no font has cannot be printed, and whoever prints is told so.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from fontTools.varLib import instancer

PACKAGE = "manimgx_fonts"
BASE = "NotoSans[wght].ttf"
_LEFT_OUT = ("NotoSans-Italic", "NotoEmoji", "NotoSansSymbols")
_NO_FONT = (OSError, ValueError, KeyError, struct.error, TTLibError)
_NEVER_DRAWN = {"Cc", "Cf", "Zs", "Mn"}  # nothing is missed; shaping joins marks to letters


class NoFonts(Exception):
    """The fonts of the letters are not installed, or a file is no font."""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The base font, and the others in the order in which they are asked."""

    base: Path
    others: tuple[Path, ...]
    _known: dict[Path, frozenset[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def found(cls, further: Sequence[Path] = ()) -> Fonts:
        """Return the fonts that are installed, and `further` ones to ask last.

        Raises:
            NoFonts: the package is not there.
        """
        spec = find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise NoFonts("the fonts are not installed: run `make` again, or install the package")
        folder = Path(spec.origin).parent
        others = sorted(
            path
            for path in folder.glob("NotoSans*.ttf")
            if path.name != BASE and not path.name.startswith(_LEFT_OUT)
        )
        return cls(folder / BASE, (*others, *further))

    def needed(self, texts: Iterable[str]) -> tuple[Path, ...]:
        """Return the fonts besides the base that `texts` need: opening all of them is slow."""
        missing = {ord(one) for one in _drawn(texts)} - self._characters(self.base)
        wanted: list[Path] = []
        for path in self.others:
            if not missing:
                break
            has = missing & self._characters(path)
            if has:
                wanted.append(path)
                missing -= has
        return tuple(wanted)

    def can_print(self, text: str) -> bool:
        """Whether some font has every character of `text`."""
        missing = {ord(one) for one in _drawn((text,))}
        for path in (self.base, *self.others):
            if not missing:
                break
            missing -= self._characters(path)
        return not missing

    def cut(self, path: Path, texts: Iterable[str], weight: int, folder: Path) -> Path:
        """Write into `folder` what `texts` need of a font, at one `weight`; return the file.

        A whole variable font takes three seconds to be made static, a part of it no time.
        """
        try:
            font = TTFont(path, fontNumber=0)
            options = subset.Options(layout_features=["*"], notdef_outline=True, glyph_names=False)
            cutter = subset.Subsetter(options)
            cutter.populate(text="".join(sorted({one for text in texts for one in text})))
            cutter.subset(font)
            if "fvar" in font:
                axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
                font = instancer.instantiateVariableFont(font, axes | {"wght": weight})
            suffix = ".otf" if "CFF " in font else ".ttf"
            small = folder / f"{path.stem}-{weight}{suffix}"
            font.save(small)
        except (*_NO_FONT, subset.Subsetter.SubsettingError) as error:
            raise NoFonts(f"{path} is not a font that can be used") from error
        return small

    def _characters(self, path: Path) -> frozenset[int]:
        if path not in self._known:
            try:
                with TTFont(path, lazy=True, fontNumber=0) as font:
                    self._known[path] = frozenset(font.getBestCmap())
            except _NO_FONT as error:
                raise NoFonts(f"{path} is not a font that can be used") from error
        return self._known[path]


def _drawn(texts: Iterable[str]) -> set[str]:
    return {one for text in texts for one in text if unicodedata.category(one) not in _NEVER_DRAWN}
