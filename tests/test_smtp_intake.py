"""Nothing is answered 250 before it is durable, and our own trouble is never the parents'."""

from __future__ import annotations

import smtplib
import sqlite3
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.smtp_door import ALSO_OURS, MONDAY, OURS, SCHOOL, Door, open_door

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
