"""Whose signature does a message bear, and is it whole? (RFC 6376, RFC 8301, RFC 8463)

What counts is a signature over the whole body and the From field, with a key that is long
enough. Everything else proves nothing, and says why in fixed words.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from gateway.mail.addresses import fold_domain
from gateway.proof.canonical import Form, RawField, canonical_body, signed_octets, split_message
from gateway.proof.lookups import Asking, NotNow
from gateway.proof.signing_key import SigningKey, Unusable, find_key, read_tags

Outcome = Literal["pass", "fail", "unusable", "temperror"]

SIGNATURES_TRIED = 8
SIGNATURE_OCTETS = 8_192  # of one field; a real one has about a thousand
FIELDS_SIGNED = 200
_NEEDED = ("v", "a", "b", "bh", "d", "h", "s")
_SELECTOR = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,9}")


@dataclass(frozen=True, slots=True)
class Signature:
    """What came of one signature. `domain` is the signer's, folded; `why` never quotes it."""

    outcome: Outcome
    domain: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A signature as its field states it, before anybody has checked it."""

    field: RawField
    tags: Mapping[str, str]
    domain: str


def check_signatures(
    octets: bytes, author: str, arrived: datetime, asking: Asking
) -> tuple[Signature, ...]:
    """Return what came of the signatures of a message whose author's domain is `author`.

    Those that could speak for the author come first; of the rest only so many are looked at.
    `octets` are the message as received, lines ending in CRLF; `arrived` is aware.
    """
    message = split_message(octets)
    if message is None:
        return ()
    fields, body = message
    if sum(name.strip(b" \t").lower() == b"from" for name, _value in fields) != 1:
        return ()  # whichever From a reader is shown, the other may be the signed one
    claims = [claim for claim in map(_claim, fields) if claim is not None]
    claims.sort(key=lambda claim: not _could_speak_for(claim.domain, author))
    bodies: dict[Form, str] = {}
    return tuple(
        _checked(claim, fields, body, bodies, arrived, asking)
        for claim in claims[:SIGNATURES_TRIED]
    )


def _could_speak_for(domain: str, author: str) -> bool:
    return domain == author or author.endswith(f".{domain}") or domain.endswith(f".{author}")


def _claim(field: RawField) -> _Claim | None:
    name, value = field
    if name.strip(b" \t").lower() != b"dkim-signature" or len(value) > SIGNATURE_OCTETS:
        return None
    tags = read_tags(value)
    domain = fold_domain(tags.get("d", "").rstrip(".")) if tags is not None else None
    return _Claim(field, tags, domain) if tags is not None and domain is not None else None


def _checked(
    claim: _Claim,
    fields: Sequence[RawField],
    body: bytes,
    bodies: dict[Form, str],
    arrived: datetime,
    asking: Asking,
) -> Signature:
    tags, domain = claim.tags, claim.domain
    try:
        _must_be_usable(tags, domain, arrived)
        header_form, body_form = _forms(tags.get("c", "simple"))
        if body_form not in bodies:
            digest = hashlib.sha256(canonical_body(body, body_form)).digest()
            bodies[body_form] = base64.b64encode(digest).decode()
        if bodies[body_form] != "".join(tags["bh"].split()):
            return Signature("fail", domain, "the body was changed")
        key = find_key(asking, tags["s"], domain, is_rsa=tags["a"] == "rsa-sha256")
        return _signed(claim, fields, header_form, key)
    except NotNow:
        return Signature("temperror", domain, "the key could not be asked for")
    except Unusable as fault:
        return Signature("unusable", domain, str(fault))


def _signed(claim: _Claim, fields: Sequence[RawField], form: Form, key: SigningKey) -> Signature:
    tags, domain = claim.tags, claim.domain
    if key.same_domain_only and _identity(tags, domain) != domain:
        raise Unusable("the key is for another domain")
    names = [name.strip().lower().encode() for name in tags["h"].split(":")]
    others = [field for field in fields if field is not claim.field]
    signed = signed_octets(others, names, claim.field, form)
    try:
        signature = base64.b64decode("".join(tags["b"].split()), validate=True)
    except binascii.Error as error:
        raise Unusable("the signature cannot be read") from error
    if key.proves(hashlib.sha256(signed), signature):
        return Signature("pass", domain)
    return Signature("fail", domain, "the header was changed, or another key signed it")


def _must_be_usable(tags: Mapping[str, str], domain: str, arrived: datetime) -> None:
    """Refuse what proves nothing whatever its key says."""
    if any(not tags.get(name) for name in _NEEDED) or tags["v"] != "1":
        raise Unusable("a tag is missing")
    if tags["a"] not in ("rsa-sha256", "ed25519-sha256"):
        raise Unusable("the algorithm is not safe")  # rsa-sha1: RFC 8301 §3.1
    if "l" in tags:
        # Anybody may add text to a message that is signed in part (RFC 6376 §8.2).
        raise Unusable("a part of the body is not signed")
    names = [name.strip().lower() for name in tags["h"].split(":")]
    if "from" not in names or len(names) > FIELDS_SIGNED:
        raise Unusable("the From field is not signed")
    if _SELECTOR.fullmatch(tags["s"]) is None:
        raise Unusable("the selector is no name")
    if "dns/txt" not in tags.get("q", "dns/txt").split(":"):
        raise Unusable("the key is not in the DNS")
    identity = _identity(tags, domain)
    if identity != domain and not identity.endswith(f".{domain}"):
        raise Unusable("it speaks for another domain")
    _must_be_in_time(tags, arrived)


def _must_be_in_time(tags: Mapping[str, str], arrived: datetime) -> None:
    signed, expires = tags.get("t", "0"), tags.get("x", "")
    for digits in (signed, expires or "0"):
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise Unusable("its time is no number")
    if not expires:
        return
    if int(expires) <= int(signed) or arrived.timestamp() > int(expires):
        raise Unusable("it has expired")


def _identity(tags: Mapping[str, str], domain: str) -> str:
    """Return the domain of `i=`, the signing domain's own where there is none."""
    if "i" not in tags:
        return domain
    return fold_domain(tags["i"].rpartition("@")[2].rstrip(".")) or ""


def _forms(value: str) -> tuple[Form, Form]:
    header, _slash, body = value.partition("/")
    header, body = header.strip(), body.strip() or "simple"
    if not {header, body} <= {"simple", "relaxed"}:
        raise Unusable("the canonical form is not known")
    return cast(Form, header), cast(Form, body)
