"""`kill -9` in the middle of everything: what was answered 250 is there, and has happened once."""

from __future__ import annotations

import pytest

from tests.campaigns.kill import SHORT, run

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer


def test_three_kills_lose_nothing_and_do_nothing_twice(tmp_path):
    figures = run(SHORT, tmp_path)
    assert figures.faults == [], "\n".join(figures.lines())
    assert figures.kills == SHORT.kills
    assert figures.stored - figures.repeats_stored == SHORT.messages
    assert figures.first_250, "no restart was seen to take mail"
