"""Nobody is taken for a guardian who is not one, and every honest parent is known."""

import pytest

from tests.campaigns.identity import (
    lookups_at,
    names_served,
    through_the_door,
    try_forged,
    try_honest,
)
from tests.campaigns.identity_forged import combinations
from tests.campaigns.identity_honest import honest

# `make campaign-identity` tries 10,000, and 300 at the door.
FORGED, HONEST, AT_THE_DOOR = 2_000, 500, 40


def test_no_forged_message_is_a_guardians_whatever_it_is_made_of():
    with names_served() as server:
        figures = try_forged(combinations(FORGED), lookups_at(server))
    assert figures.asked == FORGED
    assert figures.faults == []


def test_honest_parents_are_known_behind_every_border():
    figures = try_honest(honest(HONEST))
    assert figures.asked == HONEST
    assert len(figures.faults) <= HONEST * 0.005, figures.faults


@pytest.mark.timeout(300)  # a busy machine only takes longer
def test_a_forged_message_through_the_door_reaches_no_teacher_and_tells_nobody_anything(tmp_path):
    figures = through_the_door(AT_THE_DOOR, tmp_path)
    assert figures.asked == AT_THE_DOOR
    assert figures.faults == []
