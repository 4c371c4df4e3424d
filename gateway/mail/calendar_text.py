"""Turns an invitation (text/calendar, RFC 5545 §3.1) into plain lines: what, when, where, who."""

from __future__ import annotations

import re

_FOLD = re.compile(r"\n[ \t]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_WANTED = {
    "SUMMARY": "What",
    "DTSTART": "When",
    "DTEND": "Until",
    "LOCATION": "Where",
    "ORGANIZER": "Who",
    "DESCRIPTION": "",
}
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d*(Z?))?")
_MOST_LINES = 200


def calendar_lines(text: str) -> str:
    """Return the facts of each event as lines for a person; other properties are left out."""
    lines: list[str] = []
    in_event = False
    for line in _FOLD.sub("", text).split("\n"):
        name, _, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name in ("BEGIN", "END") and value.strip().upper() in ("VEVENT", "VTODO"):
            in_event = name == "BEGIN"
        elif in_event and name in _WANTED and value.strip():
            label = _WANTED[name]
            words = _ESCAPED.sub(_unescaped, value.strip())
            if name in ("DTSTART", "DTEND"):
                words = _TIME.sub(_written, words)
            lines.append(f"{label}: {words}" if label else words)
        if len(lines) >= _MOST_LINES:
            break
    return "\n".join(lines)


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


def _written(match: re.Match[str]) -> str:
    year, month, day, hour, minute, utc = match.groups()
    date = f"{day}/{month}/{year}"
    return f"{date} {hour}:{minute}{' UTC' if utc else ''}" if hour else date
