"""Which public key has a signing domain published, and what may it be used for? (RFC 6376 §3.6)"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import nacl.exceptions
import nacl.signing
from dkim.asn1 import ASN1FormatError
from dkim.crypto import (
    DigestTooLargeError,
    RSASSA_PKCS1_v1_5_verify,
    UnparsableKeyError,
    parse_public_key,
)

from gateway.proof.lookups import Asking

SMALLEST_BITS = 1_024  # RFC 8301 §3.2
LARGEST_BITS = 8_192  # what is larger only keeps us busy
_LARGEST_EXPONENT_BITS = 64
_ED25519_OCTETS = 32  # RFC 8463 §4
_EMAIL = frozenset({"*", "email"})


class Unusable(Exception):
    """The signature counts for nothing, whatever it says. The words are fixed, ours."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key as published. `same_domain_only`: the signer's `i=` must be the very domain."""

    is_rsa: bool
    material: Any
    same_domain_only: bool = False

    def proves(self, digest: Any, signature: bytes) -> bool:
        """Return whether `signature` was made with this key over `digest`, a SHA-256."""
        if self.is_rsa:
            try:
                return bool(RSASSA_PKCS1_v1_5_verify(digest, signature, self.material))
            except (DigestTooLargeError, AssertionError):  # an assertion of its own arithmetic
                return False
        try:
            nacl.signing.VerifyKey(self.material).verify(digest.digest(), signature)
        except (nacl.exceptions.CryptoError, ValueError, TypeError):
            return False
        return True


def find_key(asking: Asking, selector: str, domain: str, *, is_rsa: bool) -> SigningKey:
    """Return the key that `selector` names.

    Raises:
        NotNow: the DNS did not say.
        Unusable: there is none, more than one, or one that may not be used for this.
    """
    found = asking.texts(f"{selector}._domainkey.{domain}")
    records = [tags for tags in map(_tags_of, found) if tags is not None]
    if not records:
        raise Unusable("no key is published")
    if len(records) > 1:
        raise Unusable("more than one key is published")
    return _usable(records[0], is_rsa=is_rsa)


def _tags_of(record: bytes) -> Mapping[str, str] | None:
    """Return the tags of a record that is about a key."""
    tags = read_tags(record)
    if tags is None or "p" not in tags or tags.get("v", "DKIM1") != "DKIM1":
        return None
    return tags


def _usable(tags: Mapping[str, str], *, is_rsa: bool) -> SigningKey:
    flags = _words(tags.get("t", ""))
    if not _EMAIL & _words(tags.get("s", "*")):
        raise Unusable("the key is not for mail")
    if "h" in tags and "sha256" not in _words(tags["h"]):
        raise Unusable("the key is for another hash")
    if tags.get("k", "rsa") != ("rsa" if is_rsa else "ed25519"):
        raise Unusable("the key is of another kind")
    if not tags["p"]:
        raise Unusable("the key is revoked")
    if "y" in flags:
        raise Unusable("the domain only tests")  # as if unsigned: RFC 6376 §3.6.1
    try:
        octets = base64.b64decode("".join(tags["p"].split()), validate=True)
        material = _rsa(octets) if is_rsa else octets
    except (binascii.Error, ValueError, UnparsableKeyError, ASN1FormatError, LookupError) as error:
        raise Unusable("the key cannot be read") from error
    if not is_rsa and len(octets) != _ED25519_OCTETS:
        raise Unusable("the key cannot be read")
    return SigningKey(is_rsa, material, "s" in flags)


def _rsa(octets: bytes) -> dict[str, int]:
    found: dict[str, int] = parse_public_key(octets)
    bits = found["modulus"].bit_length()
    if bits < SMALLEST_BITS:
        raise Unusable("the key is too short")
    if bits > LARGEST_BITS or found["publicExponent"].bit_length() > _LARGEST_EXPONENT_BITS:
        raise Unusable("the key is too long")
    return found


def _words(value: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in value.split(":"))


def read_tags(octets: bytes) -> dict[str, str] | None:
    """Return a list of `tag=value;` (RFC 6376 §3.2); None where it is none, or a tag comes twice.

    Tag names keep their case; white space around names and values is left out.
    """
    tags: dict[str, str] = {}
    for piece in octets.decode("utf-8", "replace").split(";"):
        name, equals, value = piece.partition("=")
        name = name.strip(" \t\r\n")
        if not name and not equals:
            continue  # after the last semicolon
        if not equals or not name.isascii() or not name.replace("_", "").isalnum() or name in tags:
            return None
        tags[name] = value.strip(" \t\r\n")
    return tags
