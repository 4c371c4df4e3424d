"""Real and hostile mail through `schoolgate serve`: each is answered, and each is somewhere."""

from __future__ import annotations

import random

import pytest

from tests.campaigns.corpus import KINDS, run, samples
from tests.shared import shared

pytestmark = pytest.mark.timeout(300)  # bounded inside; a busy machine only takes longer
SAMPLED = 40


@pytest.fixture(scope="module")
def chosen():
    # The same ones each time, from every folder; `make campaign-corpus` sends them all.
    return random.Random(7).sample(samples(shared("corpus")), SAMPLED)


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[3]])
def test_every_mail_is_answered_as_it_must_be_and_ends_where_a_person_sees_it(
    chosen, kind, tmp_path
):
    figures = run(kind, chosen, tmp_path)
    assert figures.faults == [], "\n".join(figures.lines())
    assert sum(figures.replies.values()) == SAMPLED
