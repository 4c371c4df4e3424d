"""Signs messages as honest and dishonest senders do, and publishes the keys in a zone."""

from __future__ import annotations

import base64
import functools
from collections.abc import Iterable

import dkim
import nacl.signing
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SIGNED = ("from", "to", "subject", "date", "message-id")


@functools.cache
def rsa_pair(bits: int = 2048, number: int = 0) -> tuple[bytes, str]:
    """Return a private key as PEM, and the public one as a DKIM record; the same each time."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=bits)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"


def short_record(bits: int = 1_023) -> str:
    """Return the record of a key too short for anybody to make today (an RSAPublicKey)."""
    modulus = ((1 << (bits - 1)) | 1).to_bytes(bits // 8 + 1, "big")
    numbers = _der(2, modulus) + _der(2, b"\x01\x00\x01")
    return f"v=DKIM1; k=rsa; p={base64.b64encode(_der(0x30, numbers)).decode()}"


def _der(tag: int, octets: bytes) -> bytes:
    return bytes([tag, 0x82]) + len(octets).to_bytes(2, "big") + octets


@functools.cache
def ed25519_pair() -> tuple[bytes, str]:
    """Return a private key as dkimpy wants it, and the record."""
    key = nacl.signing.SigningKey(b"\x07" * 32)
    public = base64.b64encode(bytes(key.verify_key)).decode()
    return base64.b64encode(bytes(key)), f"v=DKIM1; k=ed25519; p={public}"


def message(
    author: str = "Dana Price <dana@parent.example>", text: str = "Ben has a cough."
) -> bytes:
    """Return a short message, unsigned."""
    lines = (
        f"From: {author}",
        "To: oak@class.oakfield.example",
        "Subject: Ben  Price\r\n  today",
        "Date: Tue, 24 Nov 2026 08:00:00 +0000",
        "Message-ID: <1@parent.example>",
        "",
        text,
        "  two  spaces \t",
        "",
        "",
    )
    return "\r\n".join(lines).encode("utf-8")


def signed(
    octets: bytes,
    domain: str = "parent.example",
    *,
    selector: str = "s1",
    key: bytes | None = None,
    names: Iterable[str] = SIGNED,
    algorithm: str = "rsa-sha256",
    forms: str = "relaxed/relaxed",
    length: bool = False,
    identity: str | None = None,
) -> bytes:
    """Return `octets` with a signature on top, made by dkimpy."""
    header, body = (form.encode() for form in forms.split("/"))
    field = dkim.sign(
        octets,
        selector.encode(),
        domain.encode(),
        key if key is not None else rsa_pair()[0],
        identity=identity.encode() if identity else None,
        canonicalize=(header, body),
        signature_algorithm=algorithm.encode(),
        include_headers=[name.encode() for name in names],
        length=length,
    )
    return bytes(field) + octets
