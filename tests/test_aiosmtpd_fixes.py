"""One test for each way in which aiosmtpd, as it comes, would not do."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.smtp_door import LIMITS, OURS, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"


def test_one_long_line_is_a_message_like_any_other(tmp_path: Path) -> None:
    content = b"Subject: x\r\n\r\n" + b"x" * 300_000 + b"\r\n"
    with open_door(tmp_path) as door:
        assert door.peer().bring(content).startswith("250 ")
        assert door.octets() == [content]


@pytest.mark.parametrize(
    ("changed", "sent"),
    [
        ({"idle_seconds": 0.1}, b""),
        ({"idle_seconds": 0.1}, b"NOO"),
        ({"idle_seconds": 0.1}, b"MAIL FROM:<>\r\nRCPT TO:<class-7b@school.example>\r\nDATA\r\nx"),
        (
            {"message_seconds": 0.1},
            b"MAIL FROM:<>\r\nRCPT TO:<class-7b@school.example>\r\nDATA\r\n",
        ),
    ],
    ids=["nothing", "half a command", "half a message", "a message too long under way"],
)
def test_who_keeps_us_waiting_is_told_421(
    tmp_path: Path, changed: dict[str, Any], sent: bytes
) -> None:
    with open_door(tmp_path, replace(LIMITS, **changed)) as door:
        peer = door.peer()
        peer.send(sent)
        while (heard := peer.reply()).startswith(("250 ", "354 ")):
            pass
        assert heard.startswith("421 4.4.2 ")
        assert peer.reply() == ""
        assert door.rows() == []


def test_who_trickles_below_the_floor_is_told_421(tmp_path: Path) -> None:
    limits = replace(LIMITS, idle_seconds=0.3, floor_bytes_per_second=1_000_000)
    with open_door(tmp_path, limits) as door:
        peer = door.peer().begin()
        peer.socket.settimeout(0.02)
        for _ in range(200):  # Never idle, and never fast enough.
            try:
                peer.send(b"x")
                heard = peer.socket.recv(100)
            except TimeoutError:
                continue
            break
        assert heard.startswith(b"421 4.4.2 ")


def test_a_peer_that_closes_its_side_still_hears_its_answers(tmp_path: Path) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer().begin()
        peer.send(MESSAGE + b".\r\n")
        peer.socket.shutdown(socket.SHUT_WR)
        assert peer.reply() == "250 2.0.0 OK"
        assert peer.reply() == ""


def test_a_pipelined_group_is_answered_in_order_and_together(tmp_path: Path) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer()
        group = f"MAIL FROM:<>\r\nRCPT TO:<{OURS}>\r\nRCPT TO:<x@school.example>\r\nDATA\r\n"
        peer.send(group.encode())
        assert [peer.reply()[:3] for _ in range(4)] == ["250", "250", "550", "354"]
        peer.send(MESSAGE + b".\r\n" + group.encode())
        assert [peer.reply()[:3] for _ in range(5)] == ["250", "250", "250", "550", "354"]
        peer.send(MESSAGE + b".\r\nQUIT\r\n")
        assert [peer.reply()[:3] for _ in range(2)] == ["250", "221"]
        assert len(door.rows()) == 2


def test_an_endless_command_line_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer()
        peer.send(b"NOOP " + b"x" * 3_000_000)
        assert peer.say("").startswith("500 5.5.2 ")
        assert peer.say("NOOP") == "250 2.0.0 OK"


@pytest.mark.parametrize(("command", "most"), [("NOOP", 100), ("NONSENSE", 20), ("\0", 20)])
def test_floods_of_commands_are_cut_short(tmp_path: Path, command: str, most: int) -> None:
    with open_door(tmp_path) as door:
        peer = door.peer()
        peer.send((command + "\r\n").encode() * 2_000)
        heard = []
        while reply := peer.reply():
            heard.append(reply)
        assert heard[-1].startswith("421 4.7.0 ")
        assert len(heard) <= most + 1


def test_the_librarys_own_log_is_silent(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with open_door(tmp_path) as door:
        door.peer().bring(MESSAGE)
    assert "mail.log" not in {record.name for record in caplog.records}
