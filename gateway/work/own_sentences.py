"""Blanks our own fixed sentences out of what parents send back to us.

Every mail of ours says "In an emergency, ring 999". Quoted below a parent's thanks,
or sent back unmarked by a telephone, that must not look like a child at risk.
"""

from __future__ import annotations

import re
from functools import cache

from gateway.resources import resource_path

_FEWEST_WORDS = 4  # a shorter run of words may well be the parent's own
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ENDS = re.compile(r"(?<=[.!?:])\s+|\n")
_BETWEEN = r"[\s>|]+"  # mail programs break our lines, and mark each line of a quotation


def without_own_sentences(text: str, emergency: str) -> str:
    """Return `text` of the same length, with our sentences as spaces.

    `emergency` is the school's own wording of whom to ring.
    """
    return _pattern(emergency).sub(lambda found: " " * len(found.group()), text)


@cache
def _pattern(emergency: str) -> re.Pattern[str]:
    sentences = sorted({*_fixed_sentences(), emergency}, key=len, reverse=True)
    forms = (_BETWEEN.join(map(re.escape, sentence.split())) for sentence in sentences)
    return re.compile("|".join(forms), re.IGNORECASE)


@cache
def _fixed_sentences() -> frozenset[str]:
    found: set[str] = set()
    for path in sorted(resource_path("templates").rglob("*.txt")):
        for piece in _ENDS.split(_CODE.sub("\n", path.read_text("utf-8"))):
            words = piece.strip(" -•").split()
            if len(words) >= _FEWEST_WORDS:
                found.add(" ".join(words))
    return frozenset(found)
