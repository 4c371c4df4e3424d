"""Answers between quoted lines: are there any, and which lines do they answer?"""

from __future__ import annotations

import re

from rules.folded import words_of

_MARKED = re.compile(r"[ \t]{0,3}(?:[>›»|][ \t]?)+")
_MOST_SHOWN = 6  # lines of a question above one answer


def is_interleaved(text: str, kept: str) -> bool:
    """Whether words of the author stand both before or between and after quoted lines."""
    own = {line.strip() for line in kept.split("\n") if line.strip()}
    turns = 0
    state = "before"
    for line in text.split("\n"):
        now = "quoted" if _MARKED.match(line) else "own" if line.strip() in own else state
        turns += state != now and "before" not in (state, now)
        turns += state == "before" and now == "quoted"
        state = now
    return turns >= 3


def with_questions(text: str, kept: str, question: str) -> str:
    """Return the lines of `kept`, each answer under the quoted lines of `question` before it.

    A quoted line that is not the family's own word for word is not shown.
    """
    own = {line.strip() for line in kept.split("\n") if line.strip()}
    asked = f" {' '.join(words_of(question))} "
    above: list[str] = []
    done: list[str] = []
    for line in text.split("\n"):
        marked = _MARKED.match(line)
        if marked:
            words = words_of(line)
            theirs = words and f" {' '.join(words)} " in asked
            above = [*above, f"> {line[marked.end() :].strip()}"] if theirs else []
        elif line.strip() in own:
            done += _above(done, above)
            above = []
            done.append(line.rstrip())
        elif not line.strip() and done and done[-1]:
            done.append("")
    return "\n".join(done).strip("\n")


def _above(done: list[str], above: list[str]) -> list[str]:
    if not above:
        return []
    return ([""] if done and done[-1] else []) + above[-_MOST_SHOWN:]
