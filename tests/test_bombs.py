"""Mails made to hang or kill their reader, among ordinary ones, through the whole gateway."""

from __future__ import annotations

import pytest

from tests.campaigns.bombs import SLOW, run
from tests.mail_bombs import RECIPES

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer


def test_bombs_end_where_a_person_sees_them_and_ordinary_mail_goes_on(tmp_path):
    names = [recipe["name"] for recipe in RECIPES if recipe["name"] not in SLOW]
    figures = run(tmp_path, names, ordinary=40, every_seconds=0.25)
    assert figures.faults == [], "\n".join(figures.lines())
    assert len(figures.endings) == len(names)
