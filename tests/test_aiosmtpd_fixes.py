"""One test for each way in which aiosmtpd, as it comes, would not do."""

from __future__ import annotations

import logging
import resource
import socket
import ssl
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.smtp_door import LIMITS, OURS, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"


def test_one_long_line_is_a_message_like_any_other(tmp_path: Path) -> None:
    content = b"Subject: x\r\n\r\n" + b"x" * 300_000 + b"\r\n"
    with open_door(tmp_path) as door:
        assert door.peer().bring(content).startswith("250 ")
        assert door.octets() == [content]


@pytest.mark.parametrize(("excess", "code"), [(-1, "250 "), (0, "250 "), (1, "552 5.3.4 ")])
def test_the_size_limit_is_told_at_the_final_dot_and_the_session_goes_on(
    tmp_path: Path, excess: int, code: str
) -> None:
    with open_door(tmp_path, replace(LIMITS, size_bytes=100_000)) as door:
        peer = door.peer()
        assert peer.bring(b"x" * (99_998 + excess) + b"\r\n").startswith(code)
        assert peer.bring(MESSAGE).startswith("250 ")


def test_what_never_ends_is_cut_off(tmp_path: Path) -> None:
    limits = replace(LIMITS, size_bytes=10_000, discarded_bytes=50_000)
    with open_door(tmp_path, limits) as door:
        peer = door.peer().begin()
        peer.send(b"x" * 50_001)
        assert peer.reply().startswith("552 5.3.4 ")
        assert peer.reply() == ""
        assert door.peer().bring(MESSAGE).startswith("250 ")


MEMORY_OF_EMPTY_LINES = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from tests.smtp_door import LIMITS, open_door
with open_door(Path(sys.argv[1]), replace(LIMITS, size_bytes=34_000_000)) as door:
    peer = door.peer()
    assert peer.bring(b"x\\r\\n").startswith("250 ")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peer.begin()
    piece = b"\\r\\n" * 50_000
    for _ in range(330):
        peer.send(piece)
    peer.send(b".\\r\\n")
    assert peer.reply().startswith("250 ")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kB on Linux only")
def test_33_mb_of_empty_lines_cost_no_more_memory_than_33_mb_of_text(tmp_path: Path) -> None:
    assert resource.RUSAGE_SELF == 0
    measured = subprocess.run(
        [sys.executable, "-c", MEMORY_OF_EMPTY_LINES, str(tmp_path)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
    )
    assert int(measured.stdout) < 120_000


def test_all_messages_under_way_share_one_bound_of_memory(tmp_path: Path) -> None:
    with open_door(tmp_path, replace(LIMITS, in_flight_bytes=1_000_000)) as door:
        first, second = door.peer().begin(), door.peer().begin()
        first.send(b"x" * 900_000 + b"\r\n")
        while door.listener.admission.held_bytes < 900_000:
            pass
        second.send(b"x" * 900_000 + b"\r\n.\r\n")
        assert second.reply().startswith("452 4.3.1 ")
        first.send(b".\r\n")
        assert first.reply().startswith("250 ")
        assert second.bring(b"x" * 900_000 + b"\r\n").startswith("250 ")


def test_more_connections_than_the_limits_are_told_so(tmp_path: Path) -> None:
    with open_door(tmp_path, replace(LIMITS, connections=5, connections_per_ip=2)) as door:
        kept = [door.peer(), door.peer()]
        assert door.peer(greeted=False).reply().startswith("421 4.7.0 ")
        kept[0].say("QUIT")
        assert kept[0].reply() == ""
        assert door.peer().bring(MESSAGE).startswith("250 ")


def test_a_trusted_relay_may_open_more_than_others_but_not_all(tmp_path: Path) -> None:
    limits = replace(LIMITS, connections=3, connections_per_ip=1)
    with open_door(tmp_path, limits, trusted_relays=(ip_network("127.0.0.0/8"),)) as door:
        for _ in range(3):
            door.peer()
        assert door.peer(greeted=False).reply().startswith("421 4.7.0 ")


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


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mx.school.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def test_mail_over_tls_is_marked_so(tmp_path: Path, certificate: ssl.SSLContext) -> None:
    with open_door(tmp_path, tls=certificate) as door:
        peer = door.peer()
        assert peer.say("STARTTLS") == "220 2.0.0 Ready to start TLS"
        peer.start_tls()
        assert "STARTTLS" not in peer.say("EHLO home.example")
        assert peer.say("STARTTLS").startswith("503 ")
        large = b"x" * 3_000_000 + b"\r\n"
        assert peer.bring(large).startswith("250 ")
        [row] = door.rows()
        assert row.tls is True
        assert door.octets() == [large]


def test_nothing_said_before_tls_counts_after_it(
    tmp_path: Path, certificate: ssl.SSLContext
) -> None:
    injected = f"MAIL FROM:<eve@evil.example>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n{'x' * 900}\r\n.\r\n"
    with open_door(tmp_path, tls=certificate) as door:
        for early in ("", "NOOP\r\n", "EHLO evil.example\r\n", injected):
            peer = door.peer()
            peer.send(f"MAIL FROM:<eve@evil.example>\r\nSTARTTLS\r\n{early}".encode())
            assert peer.reply().startswith("250 ")
            assert peer.reply().startswith("220 ")
            peer.start_tls()
            assert peer.say(f"RCPT TO:<{OURS}>").startswith("503 ")
            assert peer.say("MAIL FROM:<mum@home.example>").startswith("503 ")
            assert peer.say("EHLO home.example").startswith("250-")
            assert peer.bring(MESSAGE).startswith("250 ")
            peer.close()
        assert {row.reverse_path for row in door.rows()} == {"mum@home.example"}


def test_a_failed_handshake_harms_nobody_else(tmp_path: Path, certificate: ssl.SSLContext) -> None:
    with open_door(tmp_path, tls=certificate) as door:
        peer = door.peer()
        assert peer.say("STARTTLS").startswith("220 ")
        peer.send(b"This is no handshake\r\n" * 10)
        peer.reply()
        leaver = door.peer()
        assert leaver.say("STARTTLS").startswith("220 ")
        leaver.close()
        while door.listener.admission.connections:
            pass
        assert door.peer().bring(MESSAGE).startswith("250 ")
