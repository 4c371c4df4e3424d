"""kill -9 in the middle of sending: nothing lost, and at most one repeat a kill and connection."""

from __future__ import annotations

import multiprocessing
from collections import Counter

import pytest

from gateway.store.engine import Store
from tests.clocks import MONDAY_MORNING as NOW
from tests.clocks import SettableClock
from tests.outgoing import a_school, outgoing, queue, states
from tests.scripted_sink import ScriptedSink
from tests.sending import Desk

ROWS, KILLS, CONNECTIONS = 60, 4, 2


def send_all(url: str, port: int, round_number: int) -> None:
    """What the process that is killed does. Each life begins after the leases of the last."""
    clock = SettableClock(NOW)
    clock.advance(seconds=900 * round_number)
    store = Store(url)
    Desk(store, port, clock, pace={"connections": CONNECTIONS}).sender().run_once()
    store.close()


@pytest.mark.parametrize("moment", ["before the dot is answered", "after the dot is answered"])
def test_a_killed_sender_loses_nothing_and_repeats_little(sqlite_store, moment):
    a_school(sqlite_store)
    queue(sqlite_store, *(outgoing(f"n{n}") for n in range(ROWS)))
    url = sqlite_store.url.render_as_string(hide_password=False)
    processes = multiprocessing.get_context("spawn")
    with ScriptedSink() as sink:
        for life in range(KILLS + 1):
            sender = processes.Process(target=send_all, args=(url, sink.port, life))
            count = iter(range(1, 10**6))

            def kill(here: str, count=count, sender=sender, life=life) -> bool:
                if here == "after the final dot" and next(count) == 10 and life < KILLS:
                    sender.kill()
                    return moment == "before the dot is answered"
                return False

            sink.drops = kill
            sender.start()
            sender.join(60)
            assert (sender.exitcode == 0) == (life == KILLS)
    assert states(sqlite_store) == {"sent": ROWS}
    arrivals = Counter(sink.taken)
    assert set(arrivals) == {outgoing(f"n{n}").octets for n in range(ROWS)}
    assert sum(arrivals.values()) - ROWS <= KILLS * CONNECTIONS
