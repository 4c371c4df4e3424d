"""Which rules hold in a text, in which sentence, and on which words?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from rules.topic_looked import BLOCK, Looked, numbers_in
from rules.topic_packs import CompiledRule, Matcher
from rules.topic_places import Known
from rules.topic_words import Bounds, pieces_of, stretches

_MOST_A_RULE = 8  # findings kept for one rule; the score needs one, a reader a few
_SENTENCES_REMEMBERED = 20_000  # of one message


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
    for block in _blocks(_sentences(matcher, passages)):
        looked = matcher.index.look_through(
            [sentence.words for sentence in block], [sentence.possible for sentence in block]
        )
        if looked.found:
            seen.update(looked.found)
            _hold(matcher, block, looked, kept)
    held = [
        rule_findings
        for index, rule_findings in kept.items()
        if _allowed_by_the_rest(matcher.rules[index], seen)
    ]
    held.sort(key=lambda rule_findings: (rule_findings[0].sentence, rule_findings[0].start))
    return tuple(chain.from_iterable(held))


class _Sentence(NamedTuple):
    """A sentence of a message, the one of this number, between two places of its passage.

    `possible` are the phrases that its words do not rule out, as bits.
    """

    number: int
    passage: Passage
    begin: int
    end: int
    words: tuple[Known, ...]
    possible: int


def _sentences(matcher: Matcher, passages: Iterable[Passage]) -> Iterator[_Sentence]:
    """Yield the sentences in which a phrase may stand, but none over and over.

    It would find what was found. This is what keeps a megabyte of padding cheap, and
    nothing behind it is passed over.
    """
    number = 0
    for passage in passages:
        text = passage.text
        written: dict[str, int] = {}
        understood: dict[str, int] = {}
        for begin, end in stretches(text):
            stretch = text[begin:end]
            if _is_one_too_many(written, stretch):
                continue
            pieces = pieces_of(stretch)
            if not pieces:
                continue
            words = matcher.index.known(pieces, passage.opens_with)
            number += 1
            possible = matcher.index.possible(words)
            if possible and not _is_one_too_many(
                understood, "".join([word.mark for word in words])
            ):
                yield _Sentence(number, passage, begin, end, words, possible)


def _is_one_too_many(met: dict[str, int], sentence: str) -> bool:
    """Count `sentence`, and tell whether no rule could be kept from it that was not before."""
    times = met.get(sentence, 0)
    if times == _MOST_A_RULE:
        return True
    if len(met) >= _SENTENCES_REMEMBERED:
        met.clear()
    met[sentence] = times + 1
    return False


def _blocks(sentences: Iterable[_Sentence]) -> Iterator[list[_Sentence]]:
    """Yield the sentences, as many at once as are best looked through together."""
    block: list[_Sentence] = []
    words = 0
    for sentence in sentences:
        if block and words + len(sentence.words) > BLOCK:
            yield block
            block, words = [], 0
        block.append(sentence)
        words += len(sentence.words)
    if block:
        yield block


def _hold(
    matcher: Matcher,
    block: Sequence[_Sentence],
    looked: Looked,
    kept: dict[int, list[Finding]],
) -> None:
    found: dict[int, list[int]] = {}
    for phrase in looked.found:
        for index in matcher.rules_of_phrase[phrase]:
            found.setdefault(index, []).append(phrase)
    bounds: dict[int, Bounds] = {}
    for index, phrases in found.items():
        rule = matcher.rules[index]
        room = _MOST_A_RULE - len(kept.get(index, ()))
        held = 0
        if room:
            for phrase in phrases:
                held |= looked.sentences_with(phrase)
            if rule.beside:
                held = looked.sentences_with_any(rule.beside, held)
            if held and rule.unless:
                held &= ~looked.sentences_with_any(rule.unless, held)
        for bit in islice(numbers_in(held), room):
            at = looked.sentence_at(bit)
            sentence = block[at]
            phrase = looked.first_of(phrases, at)
            first, last = looked.where(phrase, at)
            if at not in bounds:
                bounds[at] = Bounds(sentence.passage.text, sentence.begin, sentence.end)
            offset = sentence.passage.offset
            kept.setdefault(index, []).append(
                Finding(
                    rule,
                    rule.weight * sentence.passage.factor,
                    sentence.number,
                    bounds[at].of(first)[0] + offset,
                    bounds[at].of(last)[1] + offset,
                )
            )


def _allowed_by_the_rest(rule: CompiledRule, seen: set[int]) -> bool:
    if rule.language and rule.language.isdisjoint(seen):
        return False
    if rule.elsewhere and rule.elsewhere.isdisjoint(seen):
        return False
    return rule.unless_elsewhere.isdisjoint(seen)
