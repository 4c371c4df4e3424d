"""What is a subject without the marks that answering and forwarding leave on it?"""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 200  # characters compared
# "Re", "Fw" and "Fwd" (RFC 5256 §2.1), and what mail programs in other languages write.
_MARKS = "re|fwd?|aw|wg|sv|vs|vb|odp|pd|tr|ynt|antw|doorst|rv|enc|res|i|r|ref|رد"
_PREFIX = re.compile(
    rf"(?:\[[^\[\]]*\]\s*)*(?:{_MARKS})\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*", re.IGNORECASE
)
_LIST = re.compile(r"\[[^\[\]]*\]\s*(?=\S)")  # the mark of a mailing list
_TRAILER = re.compile(r"\s*\((?:fwd|fw|wtr)\)$", re.IGNORECASE)


def base_subject(subject: str) -> str:
    """Return the base subject (RFC 5256 §2.1), in one case and with single spaces; "" for none."""
    text = " ".join(unicodedata.normalize("NFKC", subject)[: _LONGEST * 2].split())
    while True:
        before = text
        text = _TRAILER.sub("", text).strip()
        if found := _PREFIX.match(text) or _LIST.match(text):
            text = text[found.end() :]
        if text == before:
            return text.casefold()[:_LONGEST]
