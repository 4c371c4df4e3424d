"""Trains the second reader from the messages in `rules/examples`, and says how well it reads.

`make train` (needs the extra "training": scikit-learn). How well it reads is measured on
writers it has not read: each file of examples is one writer, left out in turn. The
thresholds are chosen on those answers, and the model is then made of all files.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from gateway.cli.trial import read_trial
from gateway.second_reader import MODEL_FILE, as_values
from gateway.topicpacks import load_matcher
from rules.second_reader import Model, Read, Topic
from rules.topic_packs import LABELS, Matcher
from rules.topics import look_at, own_findings, understand

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "rules" / "examples"
MARKS = frozenset({"allegation", "complaint", "rights_request"})
# Files that were written before for tests, and which topics were not judged in them. Three more,
# disclosures_kept, fresh-sentences and fresh-near-misses, are never learnt from: tests count
# what is found in them.
ALSO = {
    "parent-emails-dev.jsonl": MARKS,
    "disclosures_seen.jsonl": MARKS | {"urgent"},
}
TOPICS = (*sorted(LABELS), "allegation", "complaint", "rights_request", "urgent")
LEAST_SEEN = 3  # in so many messages a feature must be
KEPT = 40_000  # features, those that weigh most
STRICTNESS = 20.0  # C of the regression
# What a missed message costs beside a wrong one, when the threshold is chosen.
CARES_FOR_RECALL = {"safeguarding": 1.15, "urgent": 1.2}
# At least so many of those that it calls a topic must be it.
LEAST_PRECISION = {"allegation": 0.8}
# Nobody is accused by what is less likely than not; and in a school's own mail all topics but
# a few are rarer than here, so what is unlikely here is more so there.
LEAST_LIKELY = {
    "allegation": 0.5,
    "attendance": 0.6,
    "safeguarding": 0.35,
    "send": 0.4,
    "appointment": 0.35,
    "child_author": 0.4,
    "abusive": 0.2,
    "complaint": 0.1,
    "rights_request": 0.1,
}
LEAST_LIKELY_OF_OTHERS = 0.3
LEAST_PRECISION_OF_OTHERS = 0.6
READ_OF_A_TOPIC = 250
LONGEST_READ = 160  # characters


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message, and what the packs and the second reader see of it."""

    writer: str
    text: str
    labels: frozenset[str]
    packs: frozenset[str]
    features: Mapping[str, tuple[int, int]]
    unknown: frozenset[str]  # topics that its writer did not judge

    def tells(self, topic: str) -> bool:
        """Whether one can learn from it what is and is not of `topic`."""
        return topic not in self.unknown


def messages(matcher: Matcher) -> Iterator[Message]:
    """Yield every message that is learnt from."""
    files = {path: frozenset[str]() for path in sorted(EXAMPLES.glob("*.jsonl"))}
    files |= {ROOT / "tests" / "data" / name: unknown for name, unknown in ALSO.items()}
    for path, unknown in files.items():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield _message(path.stem, json.loads(line), unknown, matcher)


def _message(
    writer: str, entry: dict[str, Any], unknown: frozenset[str], matcher: Matcher
) -> Message:
    sent = datetime.fromisoformat(entry["date"])
    trial = read_trial(entry["subject"], entry["body"], sent)
    found = understand(matcher, subject=trial.subject, own_text=trial.own_text, sent=sent)
    labels = {*entry["labels"], *entry.get("marks", ())}
    return Message(
        writer,
        " ".join(f"{entry['subject']}\n{entry['body']}".split()),
        frozenset(labels | ({"urgent"} if entry["urgent"] else set())),
        found.labels | found.extra | ({"urgent"} if found.urgent else frozenset()),
        look_at(
            trial.subject,
            trial.own_text,
            own_findings(matcher, trial.subject, trial.own_text, sent),
            sent,
        ).features,
        unknown,
    )


class Space:
    """The features that count, and messages as rows of their values."""

    def __init__(self, read: Sequence[Message], names: Sequence[str]) -> None:
        self.names = list(names)
        self._index = {name: number for number, name in enumerate(self.names)}
        seen = numpy.zeros(len(self.names))
        for message in read:
            for name in message.features:
                if name in self._index:
                    seen[self._index[name]] += 1
        self.rarity = numpy.log((1 + len(read)) / (1 + seen)) + 1

    def rows(self, read: Sequence[Message]) -> csr_matrix:
        data, columns, starts = [], [], [0]
        for message in read:
            values = {
                self._index[name]: (1 + numpy.log(count)) * self.rarity[self._index[name]]
                for name, (count, _sentence) in message.features.items()
                if name in self._index
            }
            length = numpy.sqrt(sum(value * value for value in values.values())) or 1.0
            data += [value / length for value in values.values()]
            columns += list(values)
            starts.append(len(columns))
        return csr_matrix((data, columns, starts), shape=(len(read), len(self.names)))


def _frequent(read: Sequence[Message]) -> list[str]:
    seen: dict[str, int] = {}
    for message in read:
        for name in message.features:
            seen[name] = seen.get(name, 0) + 1
    return sorted(name for name, count in seen.items() if count >= LEAST_SEEN)


def _regression(rows: csr_matrix, read: Sequence[Message], topic: str) -> LogisticRegression:
    told = numpy.array([message.tells(topic) for message in read])
    regression = LogisticRegression(C=STRICTNESS, solver="liblinear", class_weight={0: 1, 1: 2})
    return regression.fit(rows[told], _true(read, topic)[told])


def left_out(read: Sequence[Message]) -> dict[str, numpy.ndarray]:
    """Return, for each topic, how likely each message is of it to a model that knows no other
    message of its writer."""
    likely = {topic: numpy.zeros(len(read)) for topic in TOPICS}
    writers = numpy.array([message.writer for message in read])
    for writer in sorted(set(writers)):
        known = [message for message in read if message.writer != writer]
        space = Space(known, _frequent(known))
        rows = space.rows(known)
        asked = space.rows([message for message in read if message.writer == writer])
        for topic in TOPICS:
            found = _regression(rows, known, topic).predict_proba(asked)[:, 1]
            likely[topic][writers == writer] = found
    return likely


def score(given: numpy.ndarray, true: numpy.ndarray, care: float = 1.0) -> tuple[float, ...]:
    """Return F (recall weighing `care`), precision and recall."""
    right = float((given & true).sum())
    precision = right / max(1, given.sum())
    recall = right / max(1, true.sum())
    square = care * care
    both = square * precision + recall
    return ((1 + square) * precision * recall / both if both else 0.0), precision, recall


def _thresholds(
    topic: str, likely: numpy.ndarray, packs: numpy.ndarray, true: numpy.ndarray
) -> tuple[float, float]:
    care = CARES_FOR_RECALL.get(topic, 1.0)
    tried = numpy.linspace(0.02, 0.98, 97)
    least_precision = LEAST_PRECISION.get(topic, LEAST_PRECISION_OF_OTHERS)
    sure = [
        least
        for least in tried
        if least >= LEAST_LIKELY.get(topic, LEAST_LIKELY_OF_OTHERS)
        and score(likely >= least, true)[1] >= least_precision
    ]
    decided = max(
        sure or tried[-1:], key=lambda least: score((likely >= least) | packs, true, care)[0]
    )
    for least in tried:  # perhaps: as low as still half of them are right
        if least >= decided or score(likely >= least, true)[1] >= 1 / 2:
            return float(decided), float(min(least, decided))
    return float(decided), float(decided)


def _made(read: Sequence[Message], thresholds: dict[str, tuple[float, float]]) -> Model:
    space = Space(read, _frequent(read))
    rows = space.rows(read)
    models = [_regression(rows, read, topic) for topic in TOPICS]
    weight = numpy.abs(numpy.vstack([model.coef_ for model in models])).max(axis=0)
    heaviest = sorted(numpy.argsort(-weight)[:KEPT])
    space = Space(read, [space.names[index] for index in heaviest])
    rows = space.rows(read)
    models = [_regression(rows, read, topic) for topic in TOPICS]
    weights = {
        name: (
            round(float(space.rarity[column]), 3),
            tuple(
                (index, round(float(model.coef_[0][column]), 2))
                for index, model in enumerate(models)
                if abs(model.coef_[0][column]) >= 0.05
            ),
        )
        for column, name in enumerate(space.names)
    }
    topics = tuple(
        Topic(topic, round(float(model.intercept_[0]), 3), *map(_rounded, thresholds[topic]))
        for topic, model in zip(TOPICS, models, strict=True)
    )
    model = Model(topics, weights)
    return replace(model, read=tuple(_worth_showing(model, read)))


def _worth_showing(model: Model, read: Sequence[Message]) -> Iterator[Read]:
    """Yield short messages of each topic, with the features that speak for it."""
    for index, topic in enumerate(TOPICS):
        shown = 0
        for message in read:
            if topic not in message.labels or len(message.text) > LONGEST_READ:
                continue
            heavy = sorted(
                (-weight, name)
                for name in message.features
                if name in model.weights and not name.startswith(("rule ", "when "))
                for at, weight in model.weights[name][1]
                if at == index and weight > 0
            )
            yield Read(topic, message.text, frozenset(name for _weight, name in heavy[:30]))
            shown += 1
            if shown == READ_OF_A_TOPIC:
                break


def _true(read: Sequence[Message], topic: str) -> numpy.ndarray:
    return numpy.array([topic in message.labels for message in read])


def _rounded(value: float) -> float:
    return round(value, 3)


def main() -> None:
    """Measure, choose, train, and write the model beside the examples."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.train_second_reader")
    options.add_argument("--measure", action="store_true", help="write no model")
    chosen = options.parse_args()
    matcher = load_matcher(second_reader=False)
    read = list(messages(matcher))
    print(f"{len(read)} messages of {len({message.writer for message in read})} writers")
    likely = left_out(read)
    thresholds = {}
    print(f"{'':15} packs alone        with the second reader, on writers it has not read")
    for topic in TOPICS:
        told = numpy.array([message.tells(topic) for message in read])
        true, said = _true(read, topic)[told], likely[topic][told]
        packs = numpy.array([topic in message.packs for message in read])[told]
        thresholds[topic] = _thresholds(topic, said, packs, true)
        before = score(packs, true)
        after = score((said >= thresholds[topic][0]) | packs, true)
        print(
            f"{topic:15} F {before[0]:.3f} P {before[1]:.2f} R {before[2]:.2f}"
            f"   F {after[0]:.3f} P {after[1]:.2f} R {after[2]:.2f}"
            f"   from {thresholds[topic][0]:.2f}, perhaps from {thresholds[topic][1]:.2f}"
        )
    if not chosen.measure:
        text = json.dumps(as_values(_made(read, thresholds)), ensure_ascii=False)
        packed = gzip.compress(text.encode(), mtime=0)
        (EXAMPLES / MODEL_FILE).write_bytes(packed)
        print(f"{MODEL_FILE}: {len(packed)} octets")


if __name__ == "__main__":
    main()
