"""What the second reader adds, and that it takes nothing from what the packs heard."""

import pytest

from rules.second_reader import Opinion
from rules.topic_labels import Verdict, with_second_opinion

ROBOT = Opinion("automatic", 0.99, True, {}, None)
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "packs",
    [
        Verdict(frozenset({"classroom"}), True, NONE, NONE),
        Verdict(frozenset({"classroom"}), False, frozenset({"complaint"}), NONE),
        Verdict(frozenset({"attendance"}), True, NONE, NONE),
        Verdict(frozenset({"safeguarding"}), True, NONE, NONE),
    ],
)
def test_what_the_packs_heard_is_no_robots_word(packs):
    found = with_second_opinion(packs, [ROBOT])
    assert found.urgent == packs.urgent
    assert found.labels == packs.labels
    assert found.extra == packs.extra


def test_where_the_packs_heard_nothing_it_may_say_that_no_person_wrote():
    found = with_second_opinion(Verdict(frozenset({"classroom"}), False, NONE, NONE), [ROBOT])
    assert found.labels == {"automatic"}
