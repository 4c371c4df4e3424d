"""Nothing is answered 250 before it is durable, and our own trouble is never the parents'."""

from __future__ import annotations

import logging
import smtplib
import sqlite3
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.smtp_door import ALSO_OURS, LIMITS, MONDAY, OURS, SCHOOL, Door, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"
TRY_LATER = "451 4.3.0 Temporary trouble here, please try again later"


def kept_by_another(folder: Path) -> int:
    """Count messages through a connection that shares nothing with the gateway's."""
    other = sqlite3.connect(folder / "gateway.db")
    try:
        count: int = other.execute("SELECT count(*) FROM messages").fetchone()[0]
        return count
    finally:
        other.close()


def test_a_parents_mail_program_can_write_to_a_class(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"] = "mum@home.example"
    letter["To"] = OURS
    letter["Subject"] = "Reading book"
    letter.set_content("Thank you.\n.\n..\nBye.\n")
    with open_door(tmp_path) as door:
        with smtplib.SMTP("127.0.0.1", door.listener.port, "home.example", timeout=10) as client:
            refused = client.send_message(letter, to_addrs=[OURS, "Nobody@school.example"])
        assert refused == {"Nobody@school.example": (550, b"5.1.1 No such address here")}
        [row] = door.rows()
        assert door.octets() == [letter.as_bytes().replace(b"\n", b"\r\n")]
    assert (row.reverse_path, row.recipient, row.school_id) == ("mum@home.example", OURS, SCHOOL)
    assert (row.transport, row.peer, row.helo) == ("smtp", "127.0.0.1", "home.example")
    assert (row.tls, row.arrived, row.state) == (False, MONDAY, "received")


def test_the_message_is_seen_by_others_when_the_peer_hears_250(tmp_path: Path) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer()
        for number in range(1, 31):
            assert peer.bring(MESSAGE).startswith("250 ")
            assert kept_by_another(tmp_path) == number


def test_no_session_hears_250_while_its_commit_is_under_way(tmp_path: Path) -> None:
    seen: list[int] = []
    with open_door(tmp_path) as door:
        peers = [door.peer().begin() for _ in range(8)]

        def look(_connection: Any) -> None:
            # Everybody whose message is in this commit must still be waiting.
            seen.append(sum(_has_heard(peer) for peer in peers) - kept_by_another(tmp_path))

        event.listen(door.store.engine, "commit", look)
        for peer in peers:
            peer.send(MESSAGE + b".\r\n")
        for peer in peers:
            _wait_for_answer(peer)
        assert len(door.rows()) == 8
    assert seen
    assert all(ahead <= 0 for ahead in seen)


def _has_heard(peer: Any) -> bool:
    peer.socket.setblocking(False)
    try:
        return bool(peer.socket.recv(1, 2))  # MSG_PEEK
    except BlockingIOError:
        return False
    finally:
        peer.socket.settimeout(20)


def _wait_for_answer(peer: Any) -> None:
    assert peer.socket.recv(3, 2) == b"250"


def test_a_null_reverse_path_is_nobody_and_two_recipients_are_two_messages(
    tmp_path: Path,
) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer().begin(OURS, ALSO_OURS, OURS.upper(), sender="")
        peer.send(MESSAGE + b".\r\n")
        assert peer.reply().startswith("250 ")
        rows = door.rows()
    assert {row.recipient for row in rows} == {OURS, ALSO_OURS}
    assert len(rows) == 2
    assert {row.reverse_path for row in rows} == {None}
    assert len({row.raw_id for row in rows}) == 1


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


def test_stopping_finishes_the_message_under_way_and_takes_no_other(tmp_path: Path) -> None:
    with open_door(tmp_path) as door:
        idle, busy = door.peer(), door.peer().begin()
        busy.send(MESSAGE)
        door.run(_soon(door))
        assert idle.reply().startswith("421 4.3.2 ")
        assert idle.reply() == ""
        busy.send(b".\r\n")
        assert busy.reply() == "250 2.0.0 OK"
        assert busy.reply().startswith("421 4.3.2 ")
        door.run(door.listener.stop())
        assert len(door.rows()) == 1


async def _soon(door: Door) -> None:
    door.loop.create_task(door.listener.stop())
