"""Which rules hold in a text, in which sentence, and on which words?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules.topic_packs import CompiledRule, Matcher
from rules.topic_places import Looked
from rules.topic_words import Word, sentences

_MOST_A_RULE = 8  # findings kept for one rule; the score needs one, a reader a few


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that holds: its share of the score, and the words that say so."""

    rule: CompiledRule
    weight: float
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text to look through.

    `offset` is where it begins in the text that spans refer to; `factor` how
    much its words count; `opens_with` what else the mark before each sentence looks like.
    """

    text: str
    offset: int = 0
    factor: float = 1.0
    opens_with: tuple[str, ...] = ()


def findings_in(matcher: Matcher, passages: Iterable[Passage]) -> tuple[Finding, ...]:
    """Return every rule that holds in `passages`, which are one message to its rules.

    A rule that holds often is returned a few times only, heaviest passage first
    if the passages come so.
    """
    seen: set[int] = set()
    kept: dict[int, list[Finding]] = {}
    number = 0
    for passage in passages:
        for sentence in sentences(passage.text, opens_with=passage.opens_with):
            looked = matcher.index.look_at(sentence)
            if looked.found:
                seen.update(looked.found)
                _hold(matcher, sentence, looked, number, passage, kept)
            number += 1
    return tuple(
        finding
        for index, rule_findings in kept.items()
        if _allowed_by_the_rest(matcher.rules[index], seen)
        for finding in rule_findings
    )


def _hold(
    matcher: Matcher,
    sentence: list[Word],
    looked: Looked,
    number: int,
    passage: Passage,
    kept: dict[int, list[Finding]],
) -> None:
    tried: set[int] = set()
    for phrase, last in looked.found.items():
        for index in matcher.rules_of_phrase[phrase]:
            rule = matcher.rules[index]
            if index in tried or len(kept.get(index, ())) >= _MOST_A_RULE:
                continue
            tried.add(index)
            if rule.beside and not any(map(looked.stands, rule.beside)):
                continue
            if any(map(looked.stands, rule.unless)):
                continue
            first = looked.begins(phrase, last)
            kept.setdefault(index, []).append(
                Finding(
                    rule,
                    rule.weight * passage.factor,
                    number,
                    sentence[first].start + passage.offset,
                    sentence[last].end + passage.offset,
                )
            )


def _allowed_by_the_rest(rule: CompiledRule, seen: set[int]) -> bool:
    if rule.language and rule.language.isdisjoint(seen):
        return False
    if rule.elsewhere and rule.elsewhere.isdisjoint(seen):
        return False
    return rule.unless_elsewhere.isdisjoint(seen)
