"""A child at risk, told plainly or sideways, and the mail that only sounds like it.

The sentences were written before the packs were tried on them. One part was
then read and learnt from; the other is only ever counted.
"""

import json
from pathlib import Path

import pytest

from gateway.cli.scores import Count
from gateway.cli.trial import read_trial, understand_trial
from gateway.topicpacks import load_matcher

DATA = Path(__file__).parent / "data"


def counted(name: str) -> Count:
    count = Count()
    for line in (DATA / f"disclosures_{name}.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        trial = read_trial(entry["subject"], entry["body"], None)
        count.add(
            given="safeguarding"
            in understand_trial(load_matcher(second_reader=True), trial).labels,
            true="safeguarding" in entry["labels"],
        )
    return count


@pytest.mark.parametrize(("name", "heard", "rightly"), [("seen", 0.97, 0.93), ("kept", 0.9, 0.85)])
def test_a_child_at_risk_is_heard_and_the_lead_is_not_drowned(
    name: str, heard: float, rightly: float
) -> None:
    concerns = counted(name)
    assert (concerns.recall or 0) >= heard
    assert (concerns.precision or 0) >= rightly
