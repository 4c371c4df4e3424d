"""Reads a Content-Type or Content-Disposition: value and parameters (RFC 2045 §5.1, RFC 2231)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gateway.mail.charsets import decode

# One parameter: a name, "=", and a quoted string or whatever reaches to the next
# semicolon. Every alternative stops at a different character, so this is linear.
_PARAMETER = re.compile(
    r"[ \t]*([^=;\"\s]{1,80})[ \t]*=[ \t]*(?:\"((?:[^\"\\]|\\.)*)(?:\"|$)([^;]*)|([^;]*))"
)
_VALUE = re.compile(r"[^;]*")
# "application/pdf name=..." and "text/plain>": the semicolon forgotten, or junk after.
_HEAD = re.compile(r"[ \t]*+([^;\s]*+)[ \t]*+(?=;|$|[^;=\s]++[ \t]*+=)")
_PIECE = re.compile(r"([^*]+)\*(\d{1,3})(\*?)")
_COMMENT = re.compile(r"\([^()\"]*\)")
_MOST_PIECES = 100


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A field's value (lower case) and its parameters, names lower case."""

    value: str
    parameters: dict[str, str]
    repeated: bool = False  # a parameter stands twice: programs differ in which they take


def read_parameters(text: str, most_bytes: int) -> FieldValue:
    """Return the value and parameters of a field; broken ones as far as they go. Never raises."""
    text = text[:most_bytes]
    if "(" in text and '"' not in text:
        text = _COMMENT.sub(" ", text)
    if head := _HEAD.match(text):
        value, end = head[1].lower(), head.end()
        if end < len(text) and text[end] != ";":
            end -= 1  # The white space stands for the missing semicolon.
    else:
        value = text.partition(";")[0].strip().lower()
        end = len(text.partition(";")[0])
    whole: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    repeated = False
    while end < len(text):
        found = _PARAMETER.match(text, end + 1)
        if found is None:
            following = _VALUE.match(text, end + 1)
            end = following.end() if following else len(text)
            continue
        end = found.end()
        name = found[1].lower()
        quoted = found[2] is not None
        content = re.sub(r"\\([\\\"])", r"\1", found[2]) if quoted else found[4].strip()
        if piece := _PIECE.fullmatch(name):
            parts = pieces.setdefault(piece[1], {})
            if len(parts) < _MOST_PIECES:
                parts.setdefault(int(piece[2]), (content, bool(piece[3])))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {}).setdefault(0, (content, True))
        elif name in whole:
            repeated = True
        else:
            whole[name] = content
    for name, parts in pieces.items():
        # RFC 2231 §4: the extended form wins over a plain one beside it.
        whole[name] = _joined(parts)
    return FieldValue(value, whole, repeated)


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    """Join the numbered pieces of a parameter (RFC 2231 §3)."""
    charset = ""
    octets: list[bytes] = []
    for number in sorted(parts):
        content, extended = parts[number]
        if extended:
            if number == 0 and content.count("'") >= 2:
                charset, _, content = content.split("'", 2)
            octets.append(unquote_to_bytes(content))
        else:
            octets.append(content.encode("utf-8", "surrogatepass"))
    return decode(b"".join(octets), charset or "utf-8")[0]
