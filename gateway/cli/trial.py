"""What would the topic packs make of this message? A trial outside the mail's journey."""

from __future__ import annotations

import email
import email.errors
import email.header
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message

from gateway.mail.quotes import split_quotes
from rules.message import TextView
from rules.topic_packs import Matcher
from rules.topics import Evidence, Understanding, understand

_FORWARDED = ("fw:", "fwd:")


@dataclass(frozen=True, slots=True)
class Trial:
    """A message to try the packs on. `own_text` and `rest` are as long as `body`."""

    subject: str
    body: str
    own_text: str
    rest: str
    sent: datetime | None


def read_trial(subject: str, body: str, sent: datetime | None) -> Trial:
    """Return the message with the author's own words told from what was quoted."""
    forwarded = subject.lstrip().lower().startswith(_FORWARDED)
    own_text, rest = _in_place(body, split_quotes(body, forwarded=forwarded).own)
    return Trial(subject, body, own_text, rest, sent)


def _in_place(body: str, own: str) -> tuple[str, str]:
    """Return the lines of `own`, and all others, each at its place in a text as long as `body`.

    The author's lines come back in their order, but not their offsets; evidence
    has to point into the body, so the other lines become spaces.
    """
    wanted = own.split("\n")
    kept: list[str] = []
    left: list[str] = []
    found = 0
    for line in body.split("\n"):
        mine = found < len(wanted) and line == wanted[found]
        found += mine
        kept.append(line if mine else " " * len(line))
        left.append(" " * len(line) if mine else line)
    if found < len(wanted):
        return body, ""
    return "\n".join(kept), "\n".join(left)


def trial_from_octets(octets: bytes) -> Trial:
    """Return the message in a file: an RFC 5322 message, or just the words of one."""
    text = octets.decode("utf-8", "replace")
    name, colon, _ = text.partition("\n")[0].partition(":")
    if not colon or not name.strip() or " " in name.strip():
        return read_trial("", text, None)
    message = email.message_from_bytes(octets)
    return read_trial(_header(message, "Subject"), _plain_text(message), None)


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name, ""))
    try:
        return str(email.header.make_header(email.header.decode_header(raw)))
    except (email.errors.HeaderParseError, LookupError, UnicodeError):
        return raw


def _plain_text(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            octets = part.get_payload(decode=True)
            if isinstance(octets, bytes):
                try:
                    return octets.decode(part.get_content_charset() or "utf-8", "replace")
                except LookupError:
                    return octets.decode("utf-8", "replace")
    return ""


def understand_trial(matcher: Matcher, trial: Trial) -> Understanding:
    """Return what the packs make of `trial`; all evidence indexes `subject + "\\n" + body`."""
    readable = (TextView("quoted", trial.rest),) if trial.rest.strip() else ()
    understanding = understand(
        matcher,
        subject=trial.subject,
        own_text=trial.own_text,
        readable=readable,
        sent=trial.sent,
    )
    offset = len(trial.subject) + 1
    placed = tuple(_placed(one, trial.rest, offset) for one in understanding.evidence)
    return replace(understanding, evidence=placed)


def _placed(one: Evidence, rest: str, offset: int) -> Evidence:
    if one.start >= 0:
        return one
    start = rest.find(one.text) + offset
    return replace(one, start=start, end=start + len(one.text))
