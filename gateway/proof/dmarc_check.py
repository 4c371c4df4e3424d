"""What does the author's domain say of mail in its name, and which domains are one? (RFC 9989)

Two domains belong together when a walk up the DNS ends at the same organisation (§4.10): no
list of public suffixes is needed, and none is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gateway.proof.lookups import Asking
from gateway.proof.signing_key import read_tags

Psd = Literal["y", "n", "u"]
Alignment = Literal["strict", "relaxed"]

_LABELS_WALKED = 8  # RFC 9989 §4.10 step 4


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A DMARC policy record as far as it tells who wrote a message.

    What to do with a failing message (`p`, `sp`, `np`, `t`) does not: such a message is kept
    for a person whatever its domain asks for, so these tags are not looked at.
    """

    domain: str
    psd: Psd = "u"
    dkim: Alignment = "relaxed"
    spf: Alignment = "relaxed"


def policy_for(author: str, asking: Asking) -> DmarcRecord | None:
    """Return the policy record that applies to mail of `author` (§4.10.1); None without one.

    It is the author domain's own, else that of its organisation, else that of the public
    suffix domain above.

    Raises:
        NotNow: the DNS did not say.
    """
    own = _record_at(author, asking)
    if own is not None:
        return own
    walked = list(_walk(author, asking))
    if not walked:
        return None
    organisation = _organisation_of(author, walked)
    by_domain = {record.domain: record for record in walked}
    suffix = next((record for record in walked if record.psd == "y"), None)
    return by_domain.get(organisation) or suffix


def organisation(domain: str, asking: Asking) -> str:
    """Return the organisational domain of `domain` (§4.10.2).

    Raises:
        NotNow: the DNS did not say.
    """
    return _organisation_of(domain, list(_walk(domain, asking)))


def _organisation_of(domain: str, walked: list[DmarcRecord]) -> str:
    """Select among the records found on the way up, longest domain first."""
    for record in walked:
        if record.psd == "n":
            return record.domain
        if record.psd == "y" and record.domain != domain:
            # The organisation is one label below the public suffix.
            below = domain.removesuffix(f".{record.domain}").rpartition(".")[2]
            return f"{below}.{record.domain}"
    return walked[-1].domain if walked else domain


def _walk(domain: str, asking: Asking) -> Iterator[DmarcRecord]:
    """Give the records from `domain` up; it ends where one says that it is, or is not, a PSD."""
    labels = domain.split(".")
    names = [labels]
    rest = labels[1:] if len(labels) <= _LABELS_WALKED else labels[-(_LABELS_WALKED - 1) :]
    names += [rest[at:] for at in range(len(rest))]
    for name in names:
        record = _record_at(".".join(name), asking)
        if record is not None:
            yield record
            if record.psd != "u":
                return


def _record_at(domain: str, asking: Asking) -> DmarcRecord | None:
    """Return the one record published for exactly `domain`; several count as none."""
    found = [
        record
        for record in (_read(domain, text) for text in asking.texts(f"_dmarc.{domain}"))
        if record is not None
    ]
    return found[0] if len(found) == 1 else None


def _read(domain: str, octets: bytes) -> DmarcRecord | None:
    """Return a record, or None for a text that does not begin with the version (§4.7)."""
    first = octets.partition(b";")[0].partition(b"=")
    if first[0].strip().lower() != b"v" or first[2].strip() != b"DMARC1":
        return None
    # A tag that cannot be read is left out, and the rest holds (§4.7).
    tags: dict[str, str] = {}
    for piece in octets.split(b";"):
        for name, value in (read_tags(piece) or {}).items():
            tags.setdefault(name.lower(), value.lower())
    psd: Psd = "y" if tags.get("psd") == "y" else "n" if tags.get("psd") == "n" else "u"
    if psd == "u" and "." not in domain:
        psd = "y"  # Nobody is one organisation with a whole top-level domain, whatever it forgot.
    return DmarcRecord(
        domain,
        psd,
        "strict" if tags.get("adkim") == "s" else "relaxed",
        "strict" if tags.get("aspf") == "s" else "relaxed",
    )
