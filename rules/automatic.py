"""Was this written by a person, and may it be answered (RFC 3834 §2, RFC 5230 §4.6)?

Two decisions, since they err on different sides: "do not answer" is wide, "no
person wrote it" is narrow. Exchange asks for no automatic answers on quite
ordinary mail, and a parent may well write about an "Automatic reply".
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from rules.automatic_signs import (
    HEADER_SIGNS,
    LIST_OF_ROBOTS,
    NAMES_OF_ROBOTS,
    PREFIXES_OF_ROBOTS,
    SUFFIXES_OF_ROBOTS,
)
from rules.automatic_subjects import SUBJECT_BEGINNINGS, SUBJECT_PHRASES

Kind = Literal["human", "automatic", "no_reply", "suspected", "loop"]

# Postfix and chasquid stop at 50 (RFC 5321 §6.3 suggests 100).
MOST_RECEIVED_FIELDS = 50
_MOST_READ = 2_000  # characters of one field


@dataclass(frozen=True, slots=True)
class AutomaticVerdict:
    """Whether a person wrote a message, and why we think so.

    `human` may be answered. `no_reply` is a person's, but asks for no answer.
    `suspected` may be a machine's: no answer, and a person still reads it.
    `automatic` and `loop` are for no reader. `evidence` names the signs.
    """

    kind: Kind
    evidence: tuple[str, ...] = ()

    @property
    def may_answer(self) -> bool:
        """Whether any automatic response may be sent."""
        return self.kind == "human"


def judge_automatic(
    headers: tuple[tuple[str, str], ...],
    reverse_path: str | None,
    own_addresses: Collection[str] | Callable[[str], bool] = frozenset(),
    *,
    subject: str | None = None,
) -> AutomaticVerdict:
    """Return who or what wrote a message with these `headers`.

    `reverse_path` None is the null path `<>`: such mail is never answered
    (RFC 5321 §4.5.5). `own_addresses`, folded, are those we receive or send
    by. `subject` is the decoded one; without it the header's is taken as is.
    """
    evidence: dict[Kind, list[str]] = {}
    senders = _senders(headers, reverse_path)

    def is_own(address: str) -> bool:
        if callable(own_addresses):
            return own_addresses(address)
        return address in own_addresses

    received = 0
    for name, value in headers:
        key = name.lower()
        if key == "received":
            received += 1
        elif key == "subject" and subject is None:
            subject = value
        elif sign := _header_sign(key, value[:_MOST_READ]):
            evidence.setdefault(sign, []).append(f"header {key}")
    if any(is_own(address) for _, address in senders):
        evidence.setdefault("loop", []).append("our own address")
    if received > MOST_RECEIVED_FIELDS:
        evidence.setdefault("loop", []).append("received fields")
    if reverse_path is None:
        evidence.setdefault("automatic", []).append("null reverse path")
    for field, address in senders:
        if robot := _robot(address.partition("@")[0]):
            # A person's mail may leave through a bulk sender's bounce address.
            kind: Kind = (
                "no_reply" if field == "reverse path" and robot == "bounce" else "automatic"
            )
            evidence.setdefault(kind, []).append(f"{field} {robot}")
    if words := _automatic_subject(subject or ""):
        evidence.setdefault("suspected", []).append(f"subject {words}")
    order: tuple[Kind, ...] = ("loop", "automatic", "suspected", "no_reply")
    for found in order:
        if found in evidence:
            return AutomaticVerdict(found, tuple(evidence[found]))
    return AutomaticVerdict("human")


def _header_sign(key: str, value: str) -> Kind | None:
    """Return what one header field says of its message, by the table of signs."""
    rule = HEADER_SIGNS.get(key)
    if rule is None:
        if key.startswith("list-"):
            return "automatic"
        return None
    text = value.lower().strip()
    if rule.unless and (not text or _first_word(text) in rule.unless):
        return None
    if rule.words and not any(word in text for word in rule.words):
        return None
    return rule.kind


def _first_word(text: str) -> str:
    for mark in ";( \t":
        text = text.partition(mark)[0]
    return text


def _senders(
    headers: tuple[tuple[str, str], ...], reverse_path: str | None
) -> list[tuple[str, str]]:
    found = [("reverse path", reverse_path.lower())] if reverse_path else []
    for name, value in headers:
        key = name.lower()
        if key in ("from", "sender"):
            found.append((key, _address(value[:_MOST_READ])))
    return found


def _address(value: str) -> str:
    """Return the last address in angle brackets, or the whole value, lower case.

    A null author (`MAILER-DAEMON <>`) and a mail system's own name count as
    the daemon's address.
    """
    name, angle, inside = value.rpartition("<")
    address = (inside.partition(">")[0] if angle else value).strip().lower()
    if (angle and not address) or name.strip(' "').casefold() in NAMES_OF_ROBOTS:
        return "mailer-daemon"
    return address


def _robot(local: str) -> str | None:
    """Return which kind of machine has this local part, or None."""
    plain = local.strip(" \"'").partition("+")[0]
    if plain in ("bounce", "bounces"):
        return "bounce"
    if plain in LIST_OF_ROBOTS or plain.replace("_", "-").replace(".", "-") in LIST_OF_ROBOTS:
        return "robot"
    for prefix, kind in PREFIXES_OF_ROBOTS:
        if plain.startswith(prefix):
            return kind
    for suffix, kind in SUFFIXES_OF_ROBOTS:
        if plain.endswith(suffix):
            return kind
    return None


def _automatic_subject(subject: str) -> str | None:
    folded = " ".join(subject[:300].casefold().split())
    folded = folded.replace(" :", ":")
    for beginning in SUBJECT_BEGINNINGS:
        if folded.startswith(beginning):
            return beginning
    for phrase in SUBJECT_PHRASES:
        if folded.startswith(phrase) or f" {phrase}" in folded:
            return phrase
    return None
