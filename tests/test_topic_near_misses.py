"""Mail that has the words of a concern and none in it, and concerns told in passing.

Written from the label definitions. Two thirds are in `rules/examples`; the second reader has
never learnt from the third that is counted here.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from gateway.cli.scores import Scores
from gateway.cli.trial import read_trial, understand_trial
from gateway.topicpacks import load_matcher
from rules.topic_packs import LABELS, OFFICE_TOPICS

KEPT = Path(__file__).parent / "data" / "fresh-near-misses.jsonl"
EXAMPLES = Path(__file__).parents[1] / "rules" / "examples"


@cache
def counted() -> Scores:
    scores = Scores()
    matcher = load_matcher(second_reader=True)
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        given = understand_trial(matcher, read_trial(entry["subject"], entry["body"], None)).labels
        true = frozenset(entry["labels"])
        scores.add("office", given=bool(given & OFFICE_TOPICS), true=bool(true & OFFICE_TOPICS))
        scores.add_set(sorted(LABELS), given, true)
    return scores


def test_a_scraped_knee_a_bad_film_and_a_figure_of_speech_seldom_raise_a_concern():
    concerns = counted().counts["safeguarding"]
    assert concerns.precision >= 0.75
    assert concerns.recall >= 0.85


def test_illness_in_passing_and_an_overdue_book_seldom_go_to_the_office():
    assert counted().counts["office"].f1 >= 0.8


def test_what_is_counted_here_is_learnt_from_nowhere():
    kept = {json.loads(line)["body"] for line in KEPT.read_text(encoding="utf-8").splitlines()}
    for path in EXAMPLES.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert json.loads(line)["body"] not in kept


FOR_THE_TEACHER_ALONE = (
    "The sensory tray with the shells was a hit, where did you get the sand?",
    "Two lemon cakes for the autism awareness bake sale, shall I bring them to the hall?",
    "Sorry I've been so absent-minded, the trip form is in her bag at last.",
)


@pytest.mark.parametrize("text", FOR_THE_TEACHER_ALONE)
def test_a_word_of_a_topic_alone_takes_no_mail_from_the_teacher(text: str) -> None:
    given = understand_trial(load_matcher(second_reader=True), read_trial("", text, None)).labels
    assert given == {"classroom"}


def test_no_food_left_is_heard_though_no_dinner_left_in_the_queue_is_not():
    matcher = load_matcher()
    left = read_trial(
        "", "There is no food left in the house for the kids, nothing since Monday.", None
    )
    queue = read_trial("", "There is no dinner left because you let them finish at ten past.", None)
    assert "safeguarding" in understand_trial(matcher, left).labels
    assert "safeguarding" not in understand_trial(matcher, queue).labels
