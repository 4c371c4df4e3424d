"""Reads the text of one part: transfer encoding, charset, flowed lines, HTML, calendar."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.mail.calendar_text import calendar_lines
from gateway.mail.charsets import decode, label_in_html
from gateway.mail.flowed import unflow
from gateway.mail.html_text import read_html, without_tags
from gateway.mail.limits import ReadingLimits
from gateway.mail.shown_text import safe_text
from gateway.mail.structure import Part


@dataclass(frozen=True, slots=True, eq=False)
class PartText:
    """The texts of one part. `own` is `shown` without what its HTML marks as quoted.

    `raw` are other readings, for when the part's labels may be false.
    """

    own: str
    shown: str
    hidden: str = ""
    quoted: str = ""
    raw: tuple[str, ...] = ()
    is_html: bool = False


def read_text(
    part: Part, limits: ReadingLimits, *, forwarded: bool = False, laid_out: bool = False
) -> PartText:
    """Return the texts of a part, whatever its labels say. Never raises.

    HTML is laid out for a reader only on request; for the scan, words are enough.
    """
    octets, damaged = part.octets()
    is_html = part.media_type == "text/html"
    label = part.content_type.parameters.get("charset")
    if is_html and not label:
        label = label_in_html(octets)
    text, doubtful = decode(octets, label)
    text = safe_text(text)
    raw: list[str] = []
    if damaged or doubtful:
        raw.append(safe_text(decode(part.raw()[: limits.text_bytes])[0]))
    if is_html:
        found = read_html(text, limits.html_bytes, forwarded=forwarded, laid_out=laid_out)
        if found.rough:
            raw.append(without_tags(text))
        return PartText(found.own, found.shown, found.hidden, found.quoted, tuple(raw), True)
    if part.media_type == "text/calendar":
        raw.append(text[: limits.text_bytes])
        text = calendar_lines(text)
    elif part.content_type.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.content_type.parameters.get("delsp", "") == "yes")
    if len(text) > limits.text_bytes:
        raw.append(text[limits.text_bytes :])
        text = text[: limits.text_bytes]
    return PartText(text, text, raw=tuple(raw))
