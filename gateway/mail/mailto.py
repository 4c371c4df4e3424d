"""Links that open a new mail with everything filled in (RFC 6068): our only kind of button.

A link that acts when it is opened would be pressed by mail scanners; these act when
a person presses "Send".
"""

from __future__ import annotations

from urllib.parse import quote

from gateway.mail.clean import SUBJECT_LIMIT, clean_line, clean_lines

_LIMIT = 1000  # characters; older mail programs cut longer links, and with them the body


def mailto(address: str, subject: str = "", body: str = "") -> str:
    """Return a mailto link of fewer than 1,000 characters; the body, then the subject, give way.

    "+" is written %2B, which no mail program takes for a space.
    """
    to = quote(address, safe="@")
    subject, body = clean_line(subject, SUBJECT_LIMIT), clean_lines(body)
    while len(link := _link(to, subject, body)) >= _LIMIT and (subject or body):
        if body:
            body = body[: len(body) * 3 // 4]
        else:
            subject = subject[: len(subject) * 3 // 4]
    return link


def _link(to: str, subject: str, body: str) -> str:
    fields = (("subject", subject), ("body", body.replace("\n", "\r\n")))
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in fields if text)
    return f"mailto:{to}?{query}" if query else f"mailto:{to}"
