"""How many messages a second are understood, by the packs alone and with the second reader?

Each message is read once, so nothing is gained by remembering one; what the readers
remember of words they remember from the messages before. Then hostile texts at 10 kB,
100 kB and 1 MB: the time must grow no faster than the text.
`python -m benchmarks understanding`. One core, in process time; memory is what the readers
add to the process, and what they take at most while they read one text.
"""

from __future__ import annotations

import gc
import json
import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from gateway.cli.trial import Trial, read_trial, understand_trial
from gateway.topicpacks import load_matcher
from rules.topic_packs import Matcher
from rules.topics import understand

_HERE = Path(__file__).parent.parent
MESSAGES = _HERE / "tests" / "data" / "parent-emails-dev.jsonl"
READ_BEFORE = _HERE / "rules" / "examples"
HOSTILE = (
    "not in ", "he is not off ", "when will he be in at ", "? ", "a", "(", "a a a a ", "\u0301",
    "\U0001f600", "<", "..", "\n", "ill\n", "not not not ", "he he he he not ", "0 ", "1:30 ",
    "he said that she ", "mum's new boyfriend ", "x" * 50 + " ", "ill,ill ", "'", "\u2019s ",
    "he hit him and ",
)  # fmt: skip
LENGTHS = (10_000, 100_000, 1_000_000)
_MEGABYTE = 1_000_000


def main(_arguments: list[str]) -> None:
    """Print messages a second, then the time and memory of each hostile text."""
    met: set[str] = set()
    before = [trial for path in sorted(READ_BEFORE.glob("*.jsonl")) for trial in _trials(path, met)]
    typical = list(_trials(MESSAGES, met))
    print(f"{len(before)} invented messages, then {len(typical)} typical ones, each read once:")
    for name, helped in (("packs alone", False), ("with the second reader", True)):
        tracemalloc.start()
        matcher = load_matcher(second_reader=helped)
        gc.collect()
        gc.freeze()  # as the program does when it has loaded all
        memory = tracemalloc.get_traced_memory()[0] / _MEGABYTE
        tracemalloc.stop()
        print(
            f"  {name}: {_a_second(matcher, before):.0f} a second,"
            f" typical {_a_second(matcher, typical):.0f}; {memory:.0f} MB"
        )
    matcher = load_matcher()
    print("hostile texts, packs alone: seconds at " + ", ".join(map("{:,}".format, LENGTHS)))
    texts = zip(*(_hostile(length, typical) for length in LENGTHS), strict=True)
    for versions in texts:
        took = [_seconds(matcher, text) for _, text in versions]
        name, text = versions[-1]
        peak = _peak(matcher, text) / _MEGABYTE
        times = " ".join(f"{seconds:6.3f}" for seconds in took)
        print(f"  {name:24} {times}  {peak:4.0f} MB")


def _trials(path: Path, met: set[str]) -> Iterator[Trial]:
    """Yield the messages of a file that are not in `met`, and add them to it."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["body"] not in met:
            met.add(entry["body"])
            yield read_trial(entry["subject"], entry["body"], datetime.fromisoformat(entry["date"]))


def _a_second(matcher: Matcher, trials: list[Trial]) -> float:
    began = time.process_time()
    for trial in trials:
        understand_trial(matcher, trial)
    return len(trials) / (time.process_time() - began)


def _hostile(length: int, trials: list[Trial]) -> Iterator[tuple[str, str]]:
    for piece in HOSTILE:
        yield repr(piece[:16]), (piece * (length // len(piece) + 1))[:length]
    words = [word for trial in trials for word in trial.body.split()]
    chance = random.Random(length)
    chosen = [chance.choice(words) for _ in range(length // 5)]
    yield "words of mails", " ".join(chosen)[:length]
    yield "and without a full stop", " ".join(word.strip(".,?!;") for word in chosen)[:length]
    yield "'ill 1', 'ill 2', ...", "".join(f"ill {n}\n" for n in range(length // 5))[:length]
    yield (
        "two words a line",
        "\n".join(map(" ".join, pairwise(chosen)))[:length],
    )
    yield "new words only", " ".join(f"q{number:x}" for number in range(length // 5))[:length]


def _seconds(matcher: Matcher, text: str) -> float:
    began = time.process_time()
    understand(matcher, subject="", own_text=text)
    return time.process_time() - began


def _peak(matcher: Matcher, text: str) -> float:
    """Return the most memory in octets that one text takes."""
    tracemalloc.start()
    understand(matcher, subject="", own_text=text)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
