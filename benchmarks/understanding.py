"""How many messages a second are understood, by the packs alone and with the second reader?

Then 25 hostile texts at 10 kB, 100 kB and 1 MB: the time must grow no faster than the text.
`python -m benchmarks understanding`. One core; memory is that of the whole process.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gateway.cli.trial import Trial, read_trial, understand_trial
from gateway.topicpacks import load_matcher
from rules.topic_packs import Matcher
from rules.topics import understand

MESSAGES = Path(__file__).parent.parent / "tests" / "data" / "parent-emails-dev.jsonl"
HOSTILE = (
    "not in ", "he is not off ", "when will he be in at ", "? ", "a", "(", "a a a a ", "\u0301",
    "\U0001f600", "<", "..", "\n", "ill\n", "not not not ", "he he he he not ", "0 ", "1:30 ",
    "he said that she ", "mum's new boyfriend ", "x" * 50 + " ", "ill,ill ", "'", "\u2019s ",
    "he hit him and ",
)  # fmt: skip
LENGTHS = (10_000, 100_000, 1_000_000)


def main(_arguments: list[str]) -> None:
    """Print messages a second, then the worst and the middle time of the hostile texts."""
    trials = list(_trials())
    words = sum(len(trial.body.split()) for trial in trials) / len(trials)
    print(f"{len(trials)} messages of {words:.0f} words, each a second time:")
    for name, helped in (("packs alone", False), ("with the second reader", True)):
        matcher = load_matcher(second_reader=helped)
        _read(matcher, trials)
        began = time.process_time()
        _read(matcher, trials)
        seconds = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  {name}: {len(trials) / seconds:.0f} a second, {memory} MB")
    matcher = load_matcher(second_reader=True)
    for length in LENGTHS:
        took = sorted(_seconds(matcher, text) for text in _hostile(length, trials))
        middle = took[len(took) // 2]
        print(f"  {length:>9,} characters: middle {middle:.3f} s, worst {took[-1]:.3f} s")


def _trials() -> Iterator[Trial]:
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield read_trial(entry["subject"], entry["body"], datetime.fromisoformat(entry["date"]))


def _read(matcher: Matcher, trials: list[Trial]) -> None:
    for trial in trials:
        understand_trial(matcher, trial)


def _hostile(length: int, trials: list[Trial]) -> Iterator[str]:
    for piece in HOSTILE:
        yield (piece * (length // len(piece) + 1))[:length]
    words = [word for trial in trials for word in trial.body.split()]
    chance = random.Random(length)
    yield " ".join(chance.choice(words) for _ in range(length // 5))[:length]


def _seconds(matcher: Matcher, text: str) -> float:
    began = time.process_time()
    understand(matcher, subject="", own_text=text)
    return time.process_time() - began
