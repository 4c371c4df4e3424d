"""How is a person told what a message is about? Topic by topic, each with its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.topics import SECOND_READER, Evidence, Understanding

_LONGEST_EXAMPLE = 160  # characters


def told(understanding: Understanding) -> Iterator[str]:
    """Yield the lines: first what was decided, then why, the topics in the order of the text."""
    yield f"labels:  {_listed(understanding.labels)}"
    yield f"urgent:  {'yes' if understanding.urgent else 'no'}"
    yield f"extra:   {_listed(understanding.extra)}"
    yield f"perhaps: {_listed(understanding.perhaps)}"
    topics = dict.fromkeys(one.label for one in understanding.evidence)
    for topic in topics:
        sure = "perhaps " if topic in understanding.perhaps else ""
        yield f"{sure}{topic}, because of"
        mine = [one for one in understanding.evidence if one.label == topic]
        yield from _words(one for one in mine if one.rule != SECOND_READER)
        yield from _second_reader(one for one in mine if one.rule == SECOND_READER)
    for topic in sorted(understanding.labels - topics.keys()):
        yield f"{topic}, because nothing in it belongs elsewhere"


def _words(evidence: Iterable[Evidence]) -> Iterator[str]:
    """Yield a line for each stretch of words, with every rule that holds in it."""
    stretches: list[_Stretch] = []
    for one in sorted(evidence, key=lambda one: (one.start < 0, one.start, -one.end)):
        last = stretches[-1] if stretches else None
        if last and 0 <= one.start < last.end:
            last.text += one.text[last.end - one.start :]
            last.end = max(last.end, one.end)
            last.rules.append(one.rule)
        else:
            stretches.append(_Stretch(one.end, one.text, [one.rule]))
    for last in stretches:
        where = "" if last.end >= 0 else " (in another text of the message)"
        yield f"    “{_one_line(last.text)}”{where}  [{', '.join(dict.fromkeys(last.rules))}]"


@dataclass(slots=True)
class _Stretch:
    end: int  # -1 in another text of the message
    text: str
    rules: list[str]


def _second_reader(evidence: Iterable[Evidence]) -> Iterator[str]:
    for one in evidence:
        yield f"    “{_one_line(one.text)}”  [{SECOND_READER}]"
        if one.alike:
            example = _one_line(one.alike[0])
            short = example[:_LONGEST_EXAMPLE].rstrip()
            yield f"      as in an example it knows: “{short}{'…' if short != example else ''}”"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(sorted(labels)) or "none"
