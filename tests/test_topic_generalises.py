"""Sentences written from the label definitions, before the packs were tried on them.

Two thirds were then read and learnt from; every third was only ever counted.
"""

import json
from pathlib import Path

from gateway.cli.scores import Scores
from gateway.cli.trial import read_trial, understand_trial
from gateway.topicpacks import load_matcher
from rules.topic_packs import LABELS, OFFICE_TOPICS

FRESH = Path(__file__).parent / "data" / "fresh-sentences.jsonl"


def counted_only() -> Scores:
    scores = Scores()
    for number, line in enumerate(FRESH.read_text(encoding="utf-8").splitlines(), 1):
        if number % 3:
            continue
        entry = json.loads(line)
        given = understand_trial(
            load_matcher(second_reader=True), read_trial(entry["subject"], entry["body"], None)
        ).labels
        true = frozenset(entry["labels"])
        scores.add("office", given=bool(given & OFFICE_TOPICS), true=bool(true & OFFICE_TOPICS))
        scores.add_set(sorted(LABELS), given, true)
    return scores


def test_a_concern_in_words_nobody_planned_for_is_mostly_heard():
    concerns = counted_only().counts["safeguarding"]
    assert concerns.recall >= 0.8
    assert concerns.precision >= 0.7


def test_office_mail_in_words_nobody_planned_for_mostly_reaches_the_office():
    assert counted_only().counts["office"].f1 >= 0.85
