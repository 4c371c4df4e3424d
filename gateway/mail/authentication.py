"""Says how far the border's own check proves the originator (RFC 8601, RFC 9989 §4.2).

Only what the border wrote counts. A border puts its fields on top of a
message, so the trusted zone begins at the top and ends at the first Received
that another host wrote: whatever stands below came with the message. The
border's own Received does not end it, since Google and others write their
results below it. Within the zone the topmost group of results decides, and
a lower group can only make things worse: a sender can put a forged group
directly below the border's, never above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Literal

from gateway.mail.addresses import fold_domain
from gateway.mail.authentication_results import Result, read_results
from gateway.mail.limits import DEFAULT_LIMITS, ReadingLimits
from rules.message import Authenticity

_BY = re.compile(r"(?:^|[ \t])by[ \t]+([^ \t;()]+)", re.IGNORECASE)
_FROM = re.compile(r"[ \t]*from[ \t]", re.IGNORECASE)
_MICROSOFT = (".outlook.com", ".office365.com", ".exchangelabs.com")


@dataclass(frozen=True, slots=True)
class Border:
    """The mail host in front of us that checks SPF, DKIM and DMARC.

    `rfc8601`: its Authentication-Results begin with one of `authserv_ids`.
    `m365`: Microsoft 365 writes none, so position is all there is; choose it
    only for mail fetched from that tenant or delivered by its connector.
    `internal_hosts` are the school's own relays between the border and us,
    whose Received fields do not end the trusted zone.

    `relays` are the machines beyond this one that hand us the border's mail: any
    other could write its name.
    """

    profile: Literal["rfc8601", "m365"] = "rfc8601"
    authserv_ids: tuple[str, ...] = ()
    internal_hosts: tuple[str, ...] = ()
    relays: tuple[IPv4Network | IPv6Network, ...] = ()

    def is_from(self, peer: str | None) -> bool:
        """Whether the machine at `peer` hands on what the border has checked.

        Mail without a peer was fetched from a mailbox behind the border.
        """
        if peer is None:
            return True
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return address.is_loopback or any(address in network for network in self.relays)


def judge_authentication(
    fields_top_down: Iterable[tuple[str, str]],
    originator_domain: str,
    border: Border | None,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Authenticity:
    """Return how far `originator_domain` (A-labels, lower case) is proven by the border.

    Without a border nothing is proven. A trusted field that cannot be read
    proves nothing, and no other field beside it can prove more.
    """
    if border is None or not originator_domain:
        return Authenticity.UNVERIFIED
    domain = fold_domain(originator_domain)
    if domain is None:
        return Authenticity.UNVERIFIED
    groups = _trusted_groups(fields_top_down, border, limits)
    if not groups:
        return Authenticity.UNVERIFIED
    verdict = _judge(groups[0], domain)
    for lower in groups[1:]:
        if _judge(lower, domain) is Authenticity.FAILED:
            return Authenticity.FAILED
        if _names_another_author(lower or (), domain):
            verdict = min(verdict, Authenticity.UNVERIFIED, key=_RANK.index)
    return verdict


def results_found(
    fields_top_down: Iterable[tuple[str, str]],
    border: Border,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> str:
    """Return what the border found, for a person: "spf=pass, dkim=none, dmarc=fail"; "" if nothing.

    Only words of RFC 8601 §2.7 are shown, so nothing a stranger wrote is.
    """
    groups = _trusted_groups(fields_top_down, border, limits)
    found = (groups[0] if groups else None) or ()
    shown = [
        f"{one.method}={one.outcome}"
        for one in found
        if one.method in _METHODS and one.outcome in _OUTCOMES
    ]
    return ", ".join(dict.fromkeys(shown))


_METHODS = ("spf", "dkim", "dmarc")
_OUTCOMES = (
    "pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror",
    "bestguesspass",
)  # fmt: skip
# A trusted field that finds nothing still outranks whatever stands below it.
_NOTHING_FOUND = (Result("none", "none"),)
# From worst to best.
_RANK = (Authenticity.FAILED, Authenticity.UNVERIFIED, Authenticity.VERIFIED)


def _trusted_groups(
    fields: Iterable[tuple[str, str]], border: Border, limits: ReadingLimits
) -> list[tuple[Result, ...] | None]:
    """Return the results of each stretch between trusted Received fields; None if unreadable."""
    groups: list[tuple[Result, ...] | None] = []
    same_stretch = False
    for name, value in fields:
        key = name.lower()
        if key == "received":
            if not _is_ours(value, border):
                break
            same_stretch = False
        elif key == "authentication-results":
            found = _read_trusted(value, border, limits)
            if found == ():
                continue
            if border.profile == "m365" and groups:
                break  # Microsoft writes one field; whatever follows came with the message.
            if not same_stretch:
                groups.append(found)
            elif found is None or groups[-1] is None:
                groups[-1] = None
            else:
                groups[-1] += found
            same_stretch = True
    return groups


def _read_trusted(value: str, border: Border, limits: ReadingLimits) -> tuple[Result, ...] | None:
    """Return the results of a field the border wrote, () of another's, None if unreadable."""
    ids = {authserv_id.lower() for authserv_id in border.authserv_ids}
    if len(value) > limits.authentication_results_read_bytes:
        return None if value[:300].lower().lstrip().startswith(tuple(ids) or ("spf=",)) else ()
    found = read_results(value, has_authserv_id=True)
    if found is None and any(authserv_id in value[:300].lower() for authserv_id in ids):
        return None  # It may be the border's own, so what stands below it must not take its place.
    if found is not None and found.authserv_id in ids:
        return found.results or _NOTHING_FOUND
    if border.profile == "m365" and (found is None or found.authserv_id is None):
        bare = read_results(value, has_authserv_id=False)
        return None if bare is None else bare.results or _NOTHING_FOUND
    return ()


def _is_ours(received: str, border: Border) -> bool:
    by = _BY.search(received[:2_000])
    if by is None:
        return False
    host = by[1].lower()
    if host in {name.lower() for name in (*border.authserv_ids, *border.internal_hosts)}:
        return True
    if border.profile == "m365" and host.endswith(_MICROSOFT):
        return True
    # Google hands mail on inside itself with "Received: by 2002:a05:...", without
    # a "from": no host wrote that on behalf of a stranger (RFC 5321 §4.4).
    return not _FROM.match(received) and host.count(":") >= 2


def _judge(results: Sequence[Result] | None, domain: str) -> Authenticity:
    if results is None:
        return Authenticity.UNVERIFIED
    dmarc = [result for result in results if result.method == "dmarc"]
    if any(result.outcome == "fail" and result.may_be_about(domain) for result in dmarc):
        return Authenticity.FAILED
    if _names_another_author(results, domain):
        return Authenticity.UNVERIFIED
    if any(result.outcome == "pass" and result.domains_of("header.from") for result in dmarc):
        return Authenticity.VERIFIED
    if any(_is_aligned_pass(result, domain) for result in results):
        return Authenticity.VERIFIED
    return Authenticity.UNVERIFIED


def _names_another_author(results: Sequence[Result], domain: str) -> bool:
    return any(
        about != domain
        for result in results
        if result.method == "dmarc"
        for about in result.domains_of("header.from")
    )


def _is_aligned_pass(result: Result, domain: str) -> bool:
    """Whether SPF or DKIM passed for exactly the author's domain (strict alignment).

    Relaxed alignment needs the organisational domain, for which only the
    border can ask the DNS (RFC 9989 §4.10); where it did, it says dmarc=pass.
    """
    if result.outcome != "pass":
        return False
    if result.method == "dkim":
        signed = result.domains_of("header.d") or result.domains_of("header.i")
        return bool(signed) and all(name == domain for name in signed)
    if result.method == "spf":
        # HELO does not count, MAIL FROM only.
        asked = result.domains_of("smtp.mailfrom")
        return bool(asked) and all(name == domain for name in asked)
    return False
