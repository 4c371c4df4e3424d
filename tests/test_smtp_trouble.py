"""Our own trouble is always told as temporary, in fixed words, and passes without a restart."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.smtp_door import LIMITS, OURS, SCHOOL, Door, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"
TRY_LATER = "451 4.3.0 Temporary trouble here, please try again later"


def locked(door: Door, folder: Path) -> Callable[[], None]:
    lock = sqlite3.connect(folder / "gateway.db", isolation_level=None, check_same_thread=False)
    lock.execute("BEGIN EXCLUSIVE")

    def release() -> None:
        lock.execute("ROLLBACK")
        lock.close()

    return release


def full(door: Door, folder: Path) -> Callable[[], None]:
    pages = ["1"]

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages[0]}")

    event.listen(door.store.engine, "checkout", limit)

    def release() -> None:
        pages[0] = "1000000"

    return release


@pytest.mark.parametrize("trouble", [locked, full])
def test_a_locked_or_full_store_is_told_as_our_trouble_and_passes_without_a_restart(
    tmp_path: Path, trouble: Callable[[Door, Path], Callable[[], None]]
) -> None:
    large = b"Subject: x\r\n\r\n" + b"x" * 70 * 1000 + b"\r\n"
    with open_door(tmp_path) as door:
        peer = door.peer()
        release = trouble(door, tmp_path)
        assert [peer.bring(large) for _ in range(3)] == [TRY_LATER] * 3
        release()
        assert peer.bring(large).startswith("250 ")
        assert len(door.rows()) == len(door.octets()) == 1


def test_low_space_is_told_at_mail_and_passes_when_room_returns(tmp_path: Path) -> None:
    free = [LIMITS.min_free_bytes - 1]
    with open_door(tmp_path, free_space=lambda: free[0]) as door:
        peer = door.peer()
        for _ in range(30):  # Our trouble does not use up the peer's patience.
            assert peer.say("MAIL FROM:<mum@home.example>").startswith("452 4.3.1 ")
        free[0] += 1
        assert peer.bring(MESSAGE).startswith("250 ")


SECRET = "mum@home.example wrote to /srv/gateway.db: Ben is absent"
TROUBLES: list[Exception] = [
    RuntimeError(SECRET),
    ValueError(SECRET),
    KeyError(SECRET),
    OSError(28, SECRET),
    ConnectionResetError(SECRET),
    TimeoutError(SECRET),
    PermissionError(SECRET),
    MemoryError(SECRET),
    RecursionError(SECRET),
    AssertionError(SECRET),
    LookupError(SECRET),
    NotImplementedError(SECRET),
    StopIteration(SECRET),
    UnicodeError(SECRET),
    sqlite3.OperationalError(SECRET),
    sqlite3.DatabaseError(SECRET),
    ExceptionGroup(SECRET, [RuntimeError(SECRET)]),
]


@pytest.mark.parametrize("place", ["free_space", "recipients", "writer"])
def test_no_fault_of_ours_bounces_a_message_or_says_anything_about_itself(
    tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    trouble: list[Exception | None] = [None]

    def fail() -> None:
        if trouble[0] is not None:
            raise trouble[0]

    def free_space() -> int:
        if place == "free_space":
            fail()
        return 10**12

    def recipients(_address: str) -> str | None:
        if place == "recipients":
            fail()
        return SCHOOL

    def at_insert(*_: Any) -> None:
        if place == "writer":
            fail()

    caplog.set_level(logging.DEBUG)
    with open_door(tmp_path, free_space=free_space, recipients=recipients) as door:
        event.listen(door.store.engine, "before_cursor_execute", at_insert)
        peer = door.peer()
        heard = []
        for trouble[0] in TROUBLES:
            heard.append(peer.say("MAIL FROM:<mum@home.example>"))
            if place != "free_space":
                heard[-1] = peer.say(f"RCPT TO:<{OURS}>")
            if place == "writer":
                assert peer.say("DATA").startswith("354 ")
                heard[-1] = peer.say(MESSAGE + b".")
            trouble[0] = None
            assert peer.say("RSET").startswith("250 ")
        assert heard == [TRY_LATER] * len(TROUBLES)
        assert peer.bring(MESSAGE).startswith("250 ")
        assert len(door.rows()) == 1
    words = "\n".join(str(vars(record)) for record in caplog.records)
    assert not any(secret in words for secret in ("home.example", "Ben", "Thank you", "class-7b"))
