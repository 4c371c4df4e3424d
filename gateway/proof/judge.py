"""How far is the author's domain proven by what we asked ourselves? SPF, DKIM and DMARC as one.

A domain is proven by a signature or a reverse-path that belongs to it: the very domain, or,
where its DMARC policy allows it, one of the same organisation. Without a policy only the very
domain counts: nobody has said that others may speak for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.mail.addresses import fold_domain
from gateway.proof.dkim_check import Signature, check_signatures
from gateway.proof.dmarc_check import DmarcRecord, organisation, policy_for
from gateway.proof.lookups import Asking, NotNow
from gateway.proof.spf_check import SenderPolicy, Session, check_sender_policy
from rules.message import Authenticity


@dataclass(frozen=True, slots=True)
class Proof:
    """What our checks found. `authenticity` None: the DNS did not say enough, ask again later.

    The words are those of RFC 8601 §2.7, for the journal.
    """

    authenticity: Authenticity | None
    spf: str
    dkim: tuple[str, ...]
    dmarc: str

    @property
    def words(self) -> str:
        """What was found, in one line for a person: no name, no word of the message."""
        dkim = [f"dkim={found}" for found in self.dkim] or ["dkim=none"]
        return ", ".join((f"spf={self.spf}", *dkim, f"dmarc={self.dmarc}"))


def prove(octets: bytes, author: str, session: Session, arrived: datetime, asking: Asking) -> Proof:
    """Say how far `author`, the domain of the one From mailbox, is proven.

    `octets` are the message as received, `session` is what the peer said of itself.
    """
    domain = fold_domain(author)
    if domain is None:  # an address literal: nobody publishes anything for it
        return Proof(Authenticity.UNVERIFIED, "none", (), "none")
    policy = check_sender_policy(session, arrived, asking)
    signatures = check_signatures(octets, domain, arrived, asking)
    authenticity, dmarc = _judged(domain, policy, signatures, asking)
    return Proof(authenticity, policy.outcome, tuple(map(_words, signatures)), dmarc)


def _judged(
    domain: str, policy: SenderPolicy, signatures: tuple[Signature, ...], asking: Asking
) -> tuple[Authenticity | None, str]:
    passed = [one.domain for one in signatures if one.outcome == "pass"]
    sender = policy.domain if policy.outcome == "pass" else ""
    if domain in passed or sender == domain:
        # The very domain is aligned under any policy, so none need be asked for.
        return Authenticity.VERIFIED, "pass"
    try:
        record = policy_for(domain, asking)
        if record is not None and _is_one_organisation(domain, record, passed, sender, asking):
            return Authenticity.VERIFIED, "pass"
    except NotNow:
        return None, "temperror"
    if _something_is_unknown(policy, signatures):
        return None, "temperror"
    if record is None:
        return Authenticity.UNVERIFIED, "none"
    return Authenticity.FAILED, "fail"


def _is_one_organisation(
    domain: str, record: DmarcRecord, passed: list[str], sender: str, asking: Asking
) -> bool:
    """Whether a domain that passed is of the author's organisation, and may speak for it.

    Raises:
        NotNow: the DNS did not say.
    """
    others = set(passed) if record.dkim == "relaxed" else set()
    if sender and record.spf == "relaxed":
        others.add(sender)
    # Domains of one organisation share their end; asking about others would be in vain.
    related = sorted(other for other in others if other.split(".")[-1] == domain.split(".")[-1])
    if not related:
        return False
    own = organisation(domain, asking)
    return any(organisation(other, asking) == own for other in related)


def _something_is_unknown(policy: SenderPolicy, signatures: tuple[Signature, ...]) -> bool:
    return policy.outcome == "temperror" or any(one.outcome == "temperror" for one in signatures)


def _words(signature: Signature) -> str:
    return f"{signature.outcome}: {signature.why}" if signature.why else signature.outcome
