"""Reads the text of one Authentication-Results field, linearly (RFC 8601 §2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.mail.addresses import fold_domain
from gateway.mail.lexical import after_closing, after_comment

# Stands for anything inside a quoted string that outside it would have a meaning.
_INERT = "\x00"
_MEANINGFUL = str.maketrans(dict.fromkeys(' \t;=()"\\/', _INERT))


@dataclass(frozen=True, slots=True)
class Result:
    """What one method found: `dkim=pass header.d=parent.example`."""

    method: str
    outcome: str
    properties: tuple[tuple[str, str], ...] = ()

    def domains_of(self, name: str) -> tuple[str, ...]:
        """Return the folded domain of each property `name`; "" where it is none."""
        return tuple(
            fold_domain(value.strip("<>").rpartition("@")[2]) or ""
            for key, value in self.properties
            if key == name
        )

    def may_be_about(self, domain: str) -> bool:
        """Whether `domain` is among the authors this result names, or it names nobody."""
        return domain in (self.domains_of("header.from") or (domain,))


@dataclass(frozen=True, slots=True)
class Results:
    """One field as read. `authserv_id` is lower case; None where the field has none."""

    authserv_id: str | None
    results: tuple[Result, ...]


def read_results(value: str, *, has_authserv_id: bool) -> Results | None:
    """Return what the field says, or None when it cannot be read safely.

    A version other than 1 makes all results unknown (RFC 8601 §2.2), as does
    a comment or quoted string that does not end: a border writes neither.
    With `has_authserv_id` false every section is a result, as Microsoft writes.
    """
    sections = _sections(value)
    if sections is None:
        return None
    authserv_id = None
    if has_authserv_id:
        head = sections.pop(0).split(" ")
        if not head[0] or "=" in head[0]:
            return Results(None, ())
        authserv_id = head[0].lower()
        if head[1:] not in ([], ["1"]):
            return Results(authserv_id, ())
    return Results(authserv_id, tuple(filter(None, map(_result, sections))))


def _result(section: str) -> Result | None:
    words = section.split(" ")
    method, equals, outcome = words[0].partition("=")
    if not equals:
        return None  # "none", or nothing we know.
    properties = []
    for word in words[1:]:
        name, equals, text = word.partition("=")
        if equals:
            properties.append((name.lower(), text))
    return Result(method.lower().partition("/")[0], outcome.lower(), tuple(properties))


def _sections(value: str) -> list[str] | None:
    """Return the text between semicolons: comments as a space, quoted strings inert."""
    pieces: list[str] = []
    at, size = 0, len(value)
    while at < size:
        char = value[at]
        if char == "(":
            end = after_comment(value, at)
            if end is None:
                return None
            pieces.append(" ")
            at = end
        elif char == '"':
            end = after_closing(value, at, '"')
            if end is None:
                return None
            pieces.append(value[at + 1 : end - 1].translate(_MEANINGFUL))
            at = end
        elif char < " " and char != "\t":
            return None
        else:
            pieces.append(char)
            at += 1
    sections = []
    for section in "".join(pieces).split(";"):
        words = " ".join(word for word in section.replace("\t", " ").split(" ") if word)
        # White space may stand around "=" (RFC 8601 §2.2, pvalue and CFWS).
        sections.append(words.replace(" = ", "=").replace(" =", "=").replace("= ", "=").strip(" "))
    return sections
