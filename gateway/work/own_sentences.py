"""Blanks our own fixed sentences out of what parents send back to us.

Every mail of ours says "In an emergency, ring 999". Quoted below a parent's thanks,
or sent back unmarked by a telephone, that must not look like a child at risk.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from gateway.resources import resource_path

_FEWEST_WORDS = 4  # a shorter run of words may well be the parent's own
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_ENDS = re.compile(r"(?<=[.!?:])\s+|\n")
_WORD = re.compile(r"[^\s>|]+")  # mail programs break our lines, and mark each quoted one

Sentences = Mapping[str, tuple[list[str], ...]]


def without_own_sentences(text: str, emergency: str) -> str:
    """Return `text` of the same length, with our sentences as spaces.

    `emergency` is the school's own wording of whom to ring. Linear in the text.
    """
    found = list(_WORD.finditer(text))
    words = [one.group().casefold() for one in found]
    sentences = _by_first_word(emergency)
    pieces, kept, at = [], 0, 0
    while at < len(words):
        length = _ours_at(words, at, sentences)
        if not length:
            at += 1
            continue
        start, end = found[at].start(), found[at + length - 1].end()
        pieces += [text[kept:start], " " * (end - start)]
        kept, at = end, at + length
    return "".join((*pieces, text[kept:]))


def _ours_at(words: list[str], at: int, sentences: Sentences) -> int:
    """Return how many words of a sentence of ours begin here; 0 for none."""
    for sentence in sentences.get(words[at], ()):
        if words[at : at + len(sentence)] == sentence:
            return len(sentence)
    return 0


@cache
def _by_first_word(emergency: str) -> Sentences:
    found: dict[str, list[list[str]]] = defaultdict(list)
    for sentence in {*_fixed_sentences(), emergency}:
        words = sentence.casefold().split()
        found[words[0]].append(words)
    return {first: tuple(sorted(all_, key=len, reverse=True)) for first, all_ in found.items()}


@cache
def _fixed_sentences() -> frozenset[str]:
    found: set[str] = set()
    for path in sorted(resource_path("templates").rglob("*.txt")):
        for piece in _ENDS.split(_CODE.sub("\n", path.read_text("utf-8"))):
            words = piece.strip(" -•").split()
            if len(words) >= _FEWEST_WORDS:
                found.add(" ".join(words))
    return frozenset(found)
