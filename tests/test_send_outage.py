"""A smarthost that is away, or hangs up: nothing lost, nothing doubled that need not be."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest

from gateway.store.outbox import Priority
from tests.outgoing import a_school, attempts_of, outgoing, queue, states
from tests.scripted_sink import POINTS, ScriptedSink
from tests.sending import Desk


@pytest.fixture
def desk(store) -> Desk:
    a_school(store)
    return Desk(store, 0)


@pytest.mark.parametrize("point", POINTS)
def test_a_line_dropped_anywhere_loses_nothing_and_doubles_only_after_the_dot(desk, point):
    queue(desk.store, *(outgoing(f"n{n}") for n in range(20)))
    with ScriptedSink() as sink:
        desk.port = sink.port
        # Some of the lines at this point, never all: thirteen shares no factor with a message.
        turn = iter(range(10**6))
        sink.drops = lambda here: here == point and next(turn) % 13 == 0
        sender = desk.sender()
        while "waiting" in states(desk.store):
            sender.run_once()
            desk.clock.advance(minutes=15)
    assert states(desk.store) == {"sent": 20}
    arrivals = Counter(sink.taken)
    assert set(arrivals) == {outgoing(f"n{n}").octets for n in range(20)}
    tries = dict.fromkeys(arrivals, 0)
    for number in range(20):
        made = attempts_of(desk.store, f"n{number}")
        tries[outgoing(f"n{number}").octets] = sum(one.outcome == "unknown" for one in made)
    for octets, times in arrivals.items():
        if point == "after the final dot":
            assert times == 1 + tries[octets]
        else:
            assert times == 1


def test_two_days_without_a_smarthost_cost_no_message_and_little_time(desk):
    with ScriptedSink() as gone:
        desk.port = gone.port
    queue(desk.store, *(outgoing(f"n{n}") for n in range(100)))
    queue(desk.store, outgoing("alert", priority=Priority.SAFEGUARDING))
    began = desk.clock.now()
    sender = desk.sender()
    while desk.clock.now() < began + timedelta(hours=48):
        sender.run_once()
        assert sender.away_since == began
        desk.clock.advance(minutes=10)
    assert max(len(attempts_of(desk.store, key)) for key in ("alert", "n0", "n99")) == 1
    with ScriptedSink() as sink:
        back = Desk(desk.store, sink.port, desk.clock)
        assert back.sender().run_once() == 101
        assert sink.taken[0] == outgoing("alert").octets or len(sink.taken) == 101
    assert states(desk.store) == {"sent": 101}


def test_a_smarthost_that_is_away_is_left_alone_for_a_while(desk):
    with ScriptedSink() as sink:
        sink.greeting = lambda: b"421 not now\r\n"
        desk.port = sink.port
        queue(desk.store, *(outgoing(f"n{n}") for n in range(50)))
        sender = desk.sender()
        for _ in range(10):
            sender.run_once()
        assert sink.connections <= 2
        assert sender.next_wake() > desk.clock.now()
        sink.greeting = lambda: b"220 here again\r\n"
        desk.clock.advance(seconds=30)
        assert sender.run_once() == 50
        assert sender.away_since is None


def test_five_days_without_a_smarthost_are_told_to_a_person_once_a_message(desk):
    with ScriptedSink() as gone:
        desk.port = gone.port
    queue(desk.store, outgoing("a"), outgoing("b"))
    sender = desk.sender()
    for _ in range(6 * 24):
        sender.run_once()
        desk.clock.advance(hours=1)
    assert sorted(desk.told) == ["a", "b"]
    assert states(desk.store) == {"failed": 2}
    assert "nothing answers there" in attempts_of(desk.store, "a")[0].words


def test_a_host_that_allows_one_connection_only_is_not_away(desk):
    with ScriptedSink() as sink:
        desk.port = sink.port
        desk.pace = {"connections": 4}
        sink.one_line_only = True
        # The one that was let in is held until another has been turned away.
        turned_away = threading.Event()
        sink.mail = lambda: b"250 ok\r\n" if turned_away.wait(20) else b"451 test failed\r\n"
        sink.drops = lambda point: bool(point == "before it is turned away" and turned_away.set())
        queue(desk.store, *(outgoing(f"n{n}") for n in range(50)))
        sender = desk.sender()
        # Lanes that all knock at once may take the first refusal for an absence, and rest a while.
        for _ in range(20):
            sender.run_once()
            assert sender.wait_for_stalled(60)
            desk.clock.advance(seconds=15)
        assert states(desk.store) == {"sent": 50}
