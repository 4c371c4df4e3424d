"""Messages that wait together share one commit; a fault of one is never the others' loss."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from gateway.intake.group_commit import SpoolUnavailable, SpoolWriter
from gateway.store.engine import Store
from gateway.store.schema import messages, raw_messages
from gateway.store.spool import Arrival, next_received, read_raw
from tests.smtp_door import ALSO_OURS, MONDAY, OURS, SCHOOL, new_store

MESSAGE = Arrival(
    octets=b"Subject: Reading book\r\n\r\nThank you.\r\n",
    reverse_path="mum@home.example",
    recipients=((OURS, SCHOOL),),
    transport="smtp",
    peer="192.0.2.7",
    helo="home.example",
    tls=False,
    arrived=MONDAY,
)
NO_SUCH_SCHOOL = replace(MESSAGE, recipients=((OURS, "no-such-school"),))


@contextmanager
def running(store: Store, **options: Any) -> Iterator[tuple[SpoolWriter, list[int]]]:
    commits: list[int] = []
    writer = SpoolWriter(store, on_commit=lambda ids: commits.append(len(ids)), **options)
    writer.start()
    try:
        yield writer, commits
    finally:
        writer.stop()


def bring(writer: SpoolWriter, arrivals: list[Arrival]) -> list[Any]:
    async def all_at_once() -> list[Any]:
        return await asyncio.gather(*map(writer.accept, arrivals), return_exceptions=True)

    return asyncio.run(all_at_once())


def count(store: Store) -> tuple[int, int]:
    with store.read() as connection:
        tables = (raw_messages, messages)
        return tuple(  # type: ignore[return-value]  # Two tables, two numbers.
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        )


def hold_first_commit(store: Store) -> threading.Event:
    """Let the first commit wait until the event is set, so that others gather behind it."""
    go_on = threading.Event()
    event.listen(store.engine, "commit", lambda _connection: go_on.wait(10))
    return go_on


def test_each_recipient_has_a_message_of_its_own_and_all_share_the_octets(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    two = replace(MESSAGE, recipients=((OURS, SCHOOL), (ALSO_OURS, SCHOOL)))
    with running(store) as (writer, _):
        [(first, second)] = bring(writer, [two])
    assert count(store) == (1, 2)
    with store.read() as connection:
        assert read_raw(connection, first) == read_raw(connection, second) == MESSAGE.octets
        assert sorted(next_received(connection, 10)) == sorted([first, second])
        assert len(next_received(connection, 1)) == 1
        row = connection.execute(select(messages).where(messages.c.spool_id == second)).one()
    assert (row.recipient, row.state, row.attempts, row.arrived) == (
        ALSO_OURS,
        "received",
        0,
        MONDAY,
    )


def test_what_gathers_during_a_commit_shares_the_next_one(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    go_on = hold_first_commit(store)
    with running(store) as (writer, commits):

        async def one_and_then_many() -> None:
            first = asyncio.create_task(writer.accept(MESSAGE))
            await asyncio.sleep(0)
            while writer.waiting:
                await asyncio.sleep(0)
            others = [asyncio.create_task(writer.accept(MESSAGE)) for _ in range(30)]
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.gather(first, *others)

        asyncio.run(one_and_then_many())
    assert commits == [1, 30]


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"batch_count": 4}, [1, 4, 4, 1]), ({"batch_bytes": 90}, [1, 2, 2, 2, 2, 1])],
)
def test_a_batch_is_bounded_in_number_and_in_octets(
    tmp_path: Path, options: dict[str, int], expected: list[int]
) -> None:
    store = new_store(tmp_path)
    go_on = hold_first_commit(store)
    with running(store, **options) as (writer, commits):

        async def one_and_then_nine() -> None:
            first = asyncio.create_task(writer.accept(MESSAGE))
            await asyncio.sleep(0)
            while writer.waiting:
                await asyncio.sleep(0)
            others = [asyncio.create_task(writer.accept(MESSAGE)) for _ in range(9)]
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.gather(first, *others)

        asyncio.run(one_and_then_nine())
    assert commits == expected


def test_one_bad_row_does_not_refuse_the_others_of_its_batch(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with running(store) as (writer, _):
        answers = bring(writer, [MESSAGE, NO_SUCH_SCHOOL, MESSAGE, MESSAGE])
        assert [isinstance(answer, SpoolUnavailable) for answer in answers] == [
            False,
            True,
            False,
            False,
        ]
    assert count(store) == (3, 3)


def test_a_locked_database_refuses_the_whole_batch_and_recovers(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with running(store) as (writer, _):
        lock = sqlite3.connect(tmp_path / "gateway.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        answers = bring(writer, [MESSAGE] * 5)
        assert all(isinstance(answer, SpoolUnavailable) for answer in answers)
        lock.execute("ROLLBACK")
        lock.close()
        assert count(store) == (0, 0)
        bring(writer, [MESSAGE] * 5)
    assert count(store) == (5, 5)


def test_a_settler_that_fails_to_wake_makes_nothing_twice(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def not_awake(_spool_ids: tuple[str, ...]) -> None:
        raise RuntimeError("mum@home.example")

    writer = SpoolWriter(store, on_commit=not_awake)
    writer.start()
    bring(writer, [MESSAGE, MESSAGE])
    bring(writer, [MESSAGE])
    writer.stop()
    assert count(store) == (3, 3)


def test_a_stopped_writer_refuses_and_a_stopping_one_finishes(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with running(store) as (writer, _):
        bring(writer, [MESSAGE])
    assert isinstance(bring(writer, [MESSAGE])[0], SpoolUnavailable)
    assert count(store) == (1, 1)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import event
from tests.test_group_commit import MESSAGE, SpoolWriter, bring, new_store
store = new_store(Path(sys.argv[1]))
left = int(sys.argv[2])
def step(*_):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(store.engine, "begin", step)
event.listen(store.engine, "before_cursor_execute", step)
event.listen(store.engine, "after_cursor_execute", step)
event.listen(store.engine, "commit", step)
writer = SpoolWriter(store, on_commit=step)
writer.start()
bring(writer, [MESSAGE] * 7)
writer.stop()  # the last step comes after the answers
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("step", range(1, 10))
def test_killed_at_any_step_a_batch_is_there_whole_or_not_at_all(tmp_path: Path, step: int) -> None:
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), str(step)],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    store = Store(f"sqlite:///{tmp_path / 'gateway.db'}")
    raw, rows = count(store)
    assert raw == rows
    assert raw in (0, 7)
    # Once the settler is woken the commit has happened.
    assert raw == (7 if step == 9 else 0)
