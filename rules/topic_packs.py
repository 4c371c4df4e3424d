"""What does the school listen for? Topic packs as values, and the machine made of them.

A pack is one topic in one language. Its rules add to, or with a negative
weight take from, the score of the topic; `rules.topics` says what a score means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.second_reader import Model
from rules.topic_match import PhraseIndex
from rules.topic_phrases import PhraseFault, read_phrase

OFFICE_TOPICS = frozenset({"attendance", "appointment", "send"})
LABELS = OFFICE_TOPICS | {"safeguarding", "abusive", "child_author", "automatic", "classroom"}
EXTRAS = frozenset({"allegation", "complaint", "rights_request"})
URGENT = "urgent"
# Where a language has a list of this name, its rules count only in a message with one of these
# words: "sad" is a court in Polish and a mood in English.
LANGUAGE_WORDS = "of_the_language"
# Lists that are looked at only where a phrase of their rule stands in the same sentence.
ASKED_OF_THE_SENTENCE = frozenset({"beside", "unless"})
TOPICS = LABELS | EXTRAS | {URGENT}
# A school may listen for more of these than we do, and never for less: a child may be at risk.
ONLY_ADDED_TO = frozenset({"safeguarding", "allegation"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to think of a topic.

    It holds where one of `phrases` stands in a sentence, one of `beside` (if
    any) stands in the same sentence, one of `elsewhere` (if any) anywhere in
    the message, none of `unless` in the sentence, none of `unless_elsewhere`
    anywhere. It counts once a message. `school_hours` rules are about a plan
    for today and are silent about mail sent when the school day is over.
    """

    name: str
    weight: float
    phrases: tuple[str, ...]
    beside: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_elsewhere: tuple[str, ...] = ()
    school_hours: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A message the pack must (or must not) recognise, as it would be written."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One topic in one language. `words` holds every list its phrases may name."""

    name: str  # "attendance.en", for faults and evidence
    topic: str
    language: str  # BCP 47
    rules: tuple[Rule, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    must_match: tuple[Example, ...] = ()
    must_not_match: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule whose phrases have become numbers of the index."""

    name: str  # "attendance.en/kept-at-home"
    topic: str
    weight: float
    phrases: frozenset[int]
    beside: int  # the numbers as bits, as is `unless`
    elsewhere: frozenset[int]
    unless: int
    unless_elsewhere: frozenset[int]
    language: frozenset[int]  # words of the pack's language; empty: any message will do
    school_hours: bool


@dataclass(frozen=True, slots=True)
class Matcher:
    """Every rule of every pack, ready to read. Made by `compile_packs`, and handed about whole."""

    index: PhraseIndex
    rules: tuple[CompiledRule, ...]
    rules_of_phrase: tuple[tuple[int, ...], ...]  # phrase number -> rules it can fire
    second_reader: Model | None = None


def faults_of(pack: Pack) -> tuple[str, ...]:
    """Return what is wrong with `pack`: each fault names the rule and the key."""
    faults = []
    if pack.topic not in TOPICS:
        faults.append(f"topic: {pack.topic!r} is none of {', '.join(sorted(TOPICS))}")
    seen: set[str] = set()
    for rule in pack.rules:
        if rule.name in seen:
            faults.append(f"rule {rule.name}: name: used twice")
        seen.add(rule.name)
        if not rule.phrases:
            faults.append(f"rule {rule.name}: phrases: must list at least one phrase")
        if not -5 <= rule.weight <= 5 or rule.weight == 0:
            faults.append(f"rule {rule.name}: weight: must lie between -5 and 5 and not be 0")
        for key, phrases in _phrase_lists(rule):
            for phrase in phrases:
                try:
                    read_phrase(phrase, pack.words)
                except PhraseFault as fault:
                    faults.append(f"rule {rule.name}: {key}: {fault}")
    return tuple(faults)


def takes_away(pack: Pack) -> tuple[str, ...]:
    """Return which rules of a school's `pack` would silence a concern that ours hear."""
    if pack.topic not in ONLY_ADDED_TO:
        return ()
    return tuple(
        f"rule {rule.name}: weight: must be above 0: a school's own pack adds to "
        f"{pack.topic}, and may never take from it"
        for rule in pack.rules
        if rule.weight < 0
    )


def _phrase_lists(rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("phrases", rule.phrases),
        ("beside", rule.beside),
        ("elsewhere", rule.elsewhere),
        ("unless", rule.unless),
        ("unless_elsewhere", rule.unless_elsewhere),
    )


def compile_packs(packs: Iterable[Pack]) -> Matcher:
    """Return the machine that listens for all of `packs`.

    Raises:
        PhraseFault: a phrase cannot be read; `faults_of` finds all such beforehand.
    """
    index = PhraseIndex()
    numbers: dict[object, int] = {}
    rules: list[CompiledRule] = []
    fired: list[list[int]] = []

    def numbered(phrases: tuple[str, ...], pack: Pack, *, asleep: bool = False) -> frozenset[int]:
        found = set()
        for phrase in phrases:
            elements = read_phrase(phrase, pack.words)
            if elements not in numbers:
                numbers[elements] = len(numbers)
                fired.append([])
                index.add(numbers[elements], elements, asleep=True)
            if not asleep:
                index.wake(numbers[elements])
            found.add(numbers[elements])
        return frozenset(found)

    # Languages together: a message then leaves most parts of the machine at rest.
    for pack in sorted(packs, key=lambda pack: (pack.language, pack.name)):
        language = numbered(pack.words.get(LANGUAGE_WORDS, ()), pack)
        for rule in pack.rules:
            lists = {
                key: numbered(phrases, pack, asleep=key in ASKED_OF_THE_SENTENCE)
                for key, phrases in _phrase_lists(rule)
            }
            for number in lists["phrases"]:
                fired[number].append(len(rules))
            name = f"{pack.name}/{rule.name}"
            rules.append(
                CompiledRule(
                    name,
                    pack.topic,
                    rule.weight,
                    lists["phrases"],
                    _as_bits(lists["beside"]),
                    lists["elsewhere"],
                    _as_bits(lists["unless"]),
                    lists["unless_elsewhere"],
                    language,
                    rule.school_hours,
                )
            )
    return Matcher(index, tuple(rules), tuple(tuple(hit) for hit in fired))


def _as_bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in numbers)
