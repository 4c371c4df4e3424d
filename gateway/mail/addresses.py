"""Reads one mailbox out of an address field, or says why it is not one (RFC 5322 §3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import idna

from gateway.mail.lexical import after_closing, after_comment
from gateway.mail.shown_text import shown

Kind = Literal["word", "quoted", "literal", "special"]

_ATEXT = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a0-\U0010ffff-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a0-\U0010ffff-]+)*"
)
# A label may carry an underscore in the wild but not begin or end with a hyphen.
_ASCII_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LITERAL = re.compile(r"\[[0-9A-Fa-f.:A-Za-z-]{2,60}\]")
_SPECIALS = frozenset('<>@,:;\\()[]"')
# Controls and marks that change direction: no address holds them, and what a
# program makes of them differs (bidi overrides, zero-width, line separators).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# The shapes that no two readers disagree on: a bare address, or a phrase of
# plain words (or one quoted string without specials) before one in angle brackets.
_PLAIN = re.compile(
    r"(?:(?:\"[^\"\\<>@,:;()\[\]]*\"|[A-Za-z0-9 _'=?*+/&!-]*)[ ]?"
    r"<([A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)>|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+)"
)


class NoMailbox(Enum):
    """Why a value is not one mailbox."""

    NONE = "none"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox as written; `plain` when its shape leaves nothing to disagree about."""

    local: str
    domain: str
    phrase: str
    plain: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    spaced: bool  # white space or a comment stood before it


def read_mailbox(value: str) -> Mailbox | NoMailbox:
    """Return the only mailbox in an unfolded address field's value.

    AMBIGUOUS when any two programs might see different mailboxes in it; NONE
    when none would see one. Encoded words are not decoded.
    """
    if _FORBIDDEN.search(value):
        return NoMailbox.AMBIGUOUS if "@" in value else NoMailbox.NONE
    tokens = _tokens(value)
    if tokens is None:
        return NoMailbox.AMBIGUOUS if "@" in value else NoMailbox.NONE
    texts = [token.text for token in tokens if token.kind == "special"]
    if "@" not in texts:
        # A group without members, "<>", a name alone, or nothing.
        hidden = any("@" in shown(token.text) for token in tokens if token.kind == "quoted")
        return NoMailbox.AMBIGUOUS if hidden and "<" in texts else NoMailbox.NONE
    if texts.count("@") > 1:
        return _same_name_and_address(tokens, value) or NoMailbox.AMBIGUOUS
    if texts not in (["@"], ["<", "@", ">"]):
        return NoMailbox.AMBIGUOUS
    return _single(tokens, value)


def _single(tokens: list[_Token], value: str) -> Mailbox | NoMailbox:
    phrase: list[_Token] = []
    if tokens[-1].text == ">" and tokens[-1].kind == "special":
        opening = next(i for i, token in enumerate(tokens) if token.text == "<")
        phrase, tokens = tokens[:opening], tokens[opening + 1 : -1]
    elif any(token.kind == "special" and token.text in "<>" for token in tokens):
        return NoMailbox.AMBIGUOUS  # Something stands after the angle bracket.
    if len(tokens) == 2 and "@" in (tokens[0].text, tokens[1].text):
        return NoMailbox.NONE  # Half an address is nobody's.
    if len(tokens) != 3 or tokens[1].text != "@" or tokens[1].kind != "special":
        return NoMailbox.AMBIGUOUS
    local, at, domain = tokens
    if at.spaced or domain.spaced:
        # Legal once (RFC 5322 §4.4), read differently today.
        return NoMailbox.AMBIGUOUS
    if local.kind == "word" and (not _ATEXT.fullmatch(local.text) or "=?" in local.text):
        # A dot at either end or two together are common and never a guardian's;
        # an encoded word here is forbidden (RFC 2047 §5) and decoded by some.
        return NoMailbox.AMBIGUOUS
    if local.kind not in ("word", "quoted") or domain.kind not in ("word", "literal"):
        return NoMailbox.AMBIGUOUS
    if "=?" in domain.text:
        return NoMailbox.AMBIGUOUS
    shape = _PLAIN.fullmatch(value)
    return Mailbox(local.text, domain.text, _phrase(phrase), shape is not None)


def _same_name_and_address(tokens: list[_Token], value: str) -> Mailbox | None:
    """Accept `mum@parent.example <mum@parent.example>`, which real programs write."""
    texts = [token.text for token in tokens]
    if len(texts) != 8 or texts[3] != "<" or texts[7] != ">" or tokens[0].kind != "word":
        return None
    if [text.lower() for text in texts[:3]] != [text.lower() for text in texts[4:7]]:
        return None
    found = _single(tokens[3:], value)
    if isinstance(found, NoMailbox):
        return None
    return Mailbox(found.local, found.domain, "".join(texts[:3]), plain=True)


def _phrase(tokens: list[_Token]) -> str:
    pieces: list[str] = []
    for token in tokens:
        text = token.text
        if token.kind == "quoted":
            text = re.sub(r"\\(.)", r"\1", text[1:-1])
        pieces.append(f" {text}" if token.spaced and pieces else text)
    return "".join(pieces)


def _tokens(value: str) -> list[_Token] | None:
    """Return the tokens of a value, comments left out, or None when it is broken."""
    tokens: list[_Token] = []
    spaced = False
    at, size = 0, len(value)
    while at < size:
        char = value[at]
        if char in " \t":
            spaced, at = True, at + 1
            continue
        if char == "(":
            end = after_comment(value, at)
            if end is None:
                return None
            spaced, at = True, end
            continue
        if char == '"':
            end = after_closing(value, at, '"')
            if end is None:
                return None
            token = _Token("quoted", value[at:end], spaced)
        elif char == "[":
            end = after_closing(value, at, "]")
            if end is None:
                return None
            token = _Token("literal", value[at:end], spaced)
        elif char in _SPECIALS:
            if char in ")\\]":
                return None
            end = at + 1
            token = _Token("special", char, spaced)
        else:
            end = at + 1
            while end < size and value[end] not in _SPECIALS and value[end] not in " \t":
                end += 1
            token = _Token("word", value[at:end], spaced)
        tokens.append(token)
        spaced, at = False, end
    return tokens


def fold_mailbox(mailbox: Mailbox) -> str | None:
    """Return the mailbox for comparison: lower case, A-labels; None if it has no domain."""
    domain = mailbox.domain
    if domain.startswith("["):
        folded = domain.lower() if _LITERAL.fullmatch(domain) else None
    else:
        folded = fold_domain(domain)
    return None if folded is None else f"{mailbox.local.lower()}@{folded}"


def fold_domain(domain: str) -> str | None:
    """Return a domain name in lower case A-labels (RFC 5890 §2.3.2.1), or None if it is none."""
    lowered = domain.lower()
    if not lowered.isascii():
        try:
            lowered = idna.encode(lowered, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError, ValueError):
            return None
    labels = lowered.split(".")
    if len(lowered) > 253 or not all(_ASCII_LABEL.fullmatch(label) for label in labels):
        return None
    return lowered


def looks_like_address(text: str) -> str | None:
    """Return the folded address that a shown text holds, if it holds one."""
    if "@" not in text:
        return None
    for word in text[:500].split():
        found = read_mailbox(word.strip("<>()[]\"'.,;:"))
        if isinstance(found, Mailbox) and (folded := fold_mailbox(found)):
            return folded
    return None
