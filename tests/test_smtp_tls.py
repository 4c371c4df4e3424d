"""What is said before TLS does not count after it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.smtp_door import OURS, open_door

MESSAGE = b"Subject: Reading book\r\n\r\nThank you.\r\n"


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
