"""What would the topic packs make of this message? A trial outside the mail's journey."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.mail.quotes import split_quotes
from gateway.mail.read import read_message
from rules.message import TextView
from rules.topic_packs import Matcher
from rules.topics import Evidence, Understanding, understand

_FORWARDED = ("fw:", "fwd:")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")  # RFC 5322 §3.6.8, §4.5.1: obsolete space before ":"
# What a message can begin with. Any word may stand before a colon in plain text: "Reminder: ...".
_MESSAGE_FIELDS = frozenset(
    b"authentication-results bcc cc content-transfer-encoding content-type date delivered-to"
    b" dkim-signature from in-reply-to list-id message-id mime-version received received-spf"
    b" references reply-to return-path sender subject to".split()
)
# Such fields begin a message only when one of the above follows: "X-ray: he broke an arm".
_TRACE_PREFIXES = (b"x-", b"arc-", b"resent-", b"list-", b"content-")


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


def understand_octets(matcher: Matcher, octets: bytes) -> Understanding:
    """Return what the packs make of a file: an RFC 5322 message, or just the words of one.

    A message is read as the gateway reads it, and its Date stands for its arrival.

    Raises:
        TooMuch: a limit of the reader is exceeded.
    """
    octets = octets.removeprefix(b"\xef\xbb\xbf")
    if not is_message(octets):
        return understand_trial(matcher, read_trial("", octets.decode("utf-8", "replace"), None))
    content = read_message(octets)
    return understand(
        matcher,
        subject=content.subject,
        own_text=content.own_text,
        readable=tuple(view for view in content.views if view.text != content.own_text),
        sent=content.date_claimed,
    )


def is_message(octets: bytes) -> bool:
    """Tell whether these octets begin with the header of a message."""
    block = re.split(rb"\r?\n\r?\n", octets, maxsplit=1)[0]
    names = [
        found.group(1).lower() if (found := _FIELD.match(line)) else b""
        for line in block.splitlines()
        if line[:1] not in (b" ", b"\t")
    ]
    if not names or names[0] in _MESSAGE_FIELDS:
        return bool(names)
    return names[0].startswith(_TRACE_PREFIXES) and not _MESSAGE_FIELDS.isdisjoint(names)


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
