"""What does a message sound like to somebody who has read some thousands of them?

A linear model over words, pairs of words and the packs' rules: a second reader beside
the packs. It may add a topic or a doubt, and takes none away. Its reasons are the sentence
that says most, and the messages it has read that are most like this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, sqrt

from rules.topic_words import Word, words_of

LONGEST_SENTENCE = 2_400  # words; what has no full stop for longer is read in pieces of as many
_MOST_WORDS = 5_000  # looked at; nobody's own words about one child are as many
_STEM = 5  # letters: "worried" and "worries" are near enough the same
_MOST_ALIKE = 2
# Words with a capital in the middle of a sentence that are nobody's name, and mean something.
_NO_NAMES = frozenset(
    words_of(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may"
        " june july august september october november december christmas easter miss mrs sir"
        " mum dad mam nan gran grandma grandad nana auntie aunty uncle stepdad stepmum grandpa"
        " teacher head headteacher deputy senco school year reception nursery police hospital"
        " social services camhs ofsted english maths science nurse doctor snapchat instagram"
        " whatsapp tiktok roblox discord the and but not please thanks thank yes okay dear"
    )
)
_MARK = {"start": "^", "end": "$"}


@dataclass(frozen=True, slots=True)
class Topic:
    """What the model says of one topic: from `decided` on it holds, from `doubtful` on perhaps.

    Both are probabilities. `bias` is the log-odds of a message of no known word.
    """

    name: str
    bias: float
    decided: float
    doubtful: float


@dataclass(frozen=True, slots=True)
class Read:
    """A message read before, which an opinion can point to."""

    topic: str
    text: str
    features: frozenset[str]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model. `weights` is by feature: its rarity, and its weight for topics by index."""

    topics: tuple[Topic, ...]
    weights: Mapping[str, tuple[float, tuple[tuple[int, float], ...]]]
    read: tuple[Read, ...] = ()
    _reads_of: dict[tuple[str, str], list[int]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for number, one in enumerate(self.read):
            for feature in one.features:
                self._reads_of.setdefault((one.topic, feature), []).append(number)

    def alike(self, opinion: Opinion) -> tuple[str, ...]:
        """Return the messages of its topic read before that share most of what spoke for it."""
        shared: dict[int, float] = {}
        for feature, weight in opinion.spoken.items():
            if weight > 0:
                for number in self._reads_of.get((opinion.topic, feature), ()):
                    shared[number] = shared.get(number, 0.0) + weight
        best = sorted(shared, key=lambda number: (-shared[number], number))[:_MOST_ALIKE]
        return tuple(self.read[number].text for number in best)


@dataclass(frozen=True, slots=True)
class Opinion:
    """That a message is of `topic`, how sure, and which sentence says so most.

    `spoken` is what each feature says for it, or against. `span` is the beginning and end
    of the sentence; None when no words of the message speak for the topic.
    """

    topic: str
    probability: float
    is_decided: bool
    spoken: Mapping[str, float]
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model sees of a message: how often each feature, and in which sentence first.

    What stands in no sentence has the number -1. `sentences` are beginnings and ends.
    """

    features: Mapping[str, tuple[int, int]]
    sentences: Sequence[tuple[int, int]]


def features_of(
    sentences: Iterable[tuple[int, Sequence[Word]]], rules: Iterable[str], when: str
) -> Seen:
    """Return what the model sees: words, their stems and pairs, the rules that hold, and `when`.

    Each sentence comes with the offset of the text that its words stand in, and is no longer
    than `LONGEST_SENTENCE`. The message is read from its beginning as far as most ever go.
    """
    found: dict[str, tuple[int, int]] = {}
    bounds: list[tuple[int, int]] = []

    def add(feature: str, sentence: int) -> None:
        count, first = found.get(feature, (0, sentence))
        found[feature] = (count + 1, first)

    words = 0
    for number, (offset, sentence) in enumerate(sentences):
        words += len(sentence)
        if words > _MOST_WORDS:
            break
        bounds.append((sentence[0].start + offset, sentence[-1].end + offset))
        before: tuple[str, str] | None = None
        for word in sentence:
            text = _plain(word, opens=before is not None and before[0] == "^")
            stem = text[:_STEM]
            if word.folded:
                add(text, number)
                if len(stem) == _STEM:
                    add(f"{stem}*", number)
            if before is not None:
                add(f"{before[0]} {text}", number)
                add(f"{before[1]}* {stem}*", number)
            before = (text, stem)
    for rule in rules:
        add(f"rule {rule}", -1)
    add(f"when {when}", -1)
    return Seen(found, bounds)


def _plain(word: Word, *, opens: bool) -> str:
    """Return a word as the model knows it: any number is a number, any name a name.

    A word that `opens` a sentence has its capital from that.
    """
    if word.folded:
        if "number" in word.shapes:
            return f"#{word.shapes[-1]}"
        is_name = "name" in word.shapes and not opens and word.folded not in _NO_NAMES
        return "#name" if is_name else word.folded
    # Of a "word" of accents alone nothing is left to compare.
    return _MARK.get(word.shapes[0], "~") if word.shapes else "~"


def opinions(model: Model, seen: Seen) -> tuple[Opinion, ...]:
    """Return the topics that the model holds likely enough to say so."""
    values: dict[str, float] = {}
    for feature, (count, _sentence) in seen.features.items():
        weighed = model.weights.get(feature)
        if weighed is not None:
            values[feature] = (1 + log(count)) * weighed[0]
    length = sqrt(sum(value * value for value in values.values())) or 1.0
    odds = [topic.bias for topic in model.topics]
    for feature, value in values.items():
        for index, weight in model.weights[feature][1]:
            odds[index] += weight * value / length
    found = []
    for index, topic in enumerate(model.topics):
        probability = 1 / (1 + exp(-max(-500.0, min(500.0, odds[index]))))
        if probability >= topic.doubtful:
            spoken = _spoken(model, index, values)
            found.append(
                Opinion(
                    topic.name,
                    round(probability, 3),
                    probability >= topic.decided,
                    spoken,
                    _span(spoken, seen),
                )
            )
    return tuple(found)


def _spoken(model: Model, index: int, values: Mapping[str, float]) -> dict[str, float]:
    """Return what each feature of the message says for, or against, the topic of this index."""
    return {
        feature: weight * value
        for feature, value in values.items()
        for at, weight in model.weights[feature][1]
        if at == index
    }


def _span(spoken: Mapping[str, float], seen: Seen) -> tuple[int, int] | None:
    """Return where the sentence stands that says most for the topic."""
    said: dict[int, float] = {}
    for feature, weight in spoken.items():
        _count, sentence = seen.features[feature]
        if sentence >= 0:
            said[sentence] = said.get(sentence, 0.0) + weight
    best = max(said, key=lambda sentence: (said[sentence], -sentence), default=-1)
    return seen.sentences[best] if best >= 0 and said[best] > 0 else None
