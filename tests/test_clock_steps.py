"""The machine's clock steps, sleeps or stops: nothing outside, nothing twice, nothing asleep."""

from __future__ import annotations

import pytest

from tests.campaigns.clock_steps import Campaign, Figures
from tests.campaigns.steps_world import KINDS

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer


def test_a_clock_that_is_wrong_disturbs_nobody_and_keeps_nothing_asleep(tmp_path):
    # One test, so that the school is set up once, however many workers share the tests.
    with Campaign(tmp_path) as campaign:
        for kind in KINDS:
            figures = Figures(kind)
            campaign.run(kind, 0, figures)
            assert figures.faults == [], "\n".join(figures.lines())
            assert figures.counts["mails to teachers"] > 10, "or the run proves nothing"
