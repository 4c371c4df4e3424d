"""What do Gmail, Outlook or a telephone make of a person's words? Messages as they really come."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

PHOTO_SIZE = (96, 64)


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that is answered, as the mail program quotes it."""

    from_name: str
    from_address: str
    sent: datetime
    subject: str
    text: str
    message_id: str
    references: str


@dataclass(frozen=True, slots=True)
class Page:
    """What somebody writes, and to whom. `sent` is local time."""

    from_name: str
    from_address: str
    to: tuple[str, ...]
    subject: str
    text: str
    sent: datetime
    message_id: str
    quoted: Quoted | None = None
    html_only: bool = False
    files: tuple[str, ...] = ()


def write(page: Page, program: str) -> EmailMessage:
    """Return `page` as `program` writes it: gmail, outlook, iphone, webmail or plain."""
    text, html = _bodies(page, program)
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{page.from_name} <{page.from_address}>"
    message["To"] = ", ".join(page.to)
    message["Subject"] = page.subject
    message["Date"] = format_datetime(page.sent)
    message["Message-ID"] = page.message_id
    if page.quoted is not None:
        message["In-Reply-To"] = page.quoted.message_id
        message["References"] = f"{page.quoted.references} {page.quoted.message_id}".strip()
    message["MIME-Version"] = "1.0"
    for name, value in _FIELDS.get(program, {}).items():
        message[name] = value
    if page.html_only:
        message.set_content(html, subtype="html", cte="quoted-printable")
    else:
        message.set_content(text, cte="quoted-printable")
        if program != "plain":
            message.add_alternative(html, subtype="html", cte="quoted-printable")
    for name in page.files:
        octets, kind, file_name = _FILES[name]()
        message.add_attachment(octets, maintype=kind[0], subtype=kind[1], filename=file_name)
    _set_boundaries(message, program)
    return message


_FIELDS = {
    "outlook": {"Accept-Language": "en-GB, en-US", "Content-Language": "en-GB"},
    "iphone": {"X-Mailer": "iPhone Mail (23B85)"},
    "webmail": {"X-Mailer": "WebService/1.1.24652 YMailNorrin"},
    "plain": {"User-Agent": "Mozilla Thunderbird"},
}
_SIGNED = {"iphone": "Sent from my iPhone"}
_BOUNDARIES = {
    "gmail": "000000000000{0:012x}",
    "outlook": "_{0:03d}_LO4P123MB{0:012X}GBRP123_",
    "iphone": "Apple-Mail-{0:012X}",
    "webmail": "----=_Part_{0}_{0:012d}",
    "plain": "------------{0:024x}",
}


def _bodies(page: Page, program: str) -> tuple[str, str]:
    signature = _SIGNED.get(program, "")
    text = "\n\n".join(part for part in (page.text, signature) if part)
    lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
    html = {
        "gmail": f'<div dir="ltr">{lines}</div>',
        "iphone": '<html><body dir="auto">' + lines + "</body></html>",
    }.get(program, f"<html><head><style>p {{margin: 0}}</style></head><body>{lines}</body></html>")
    if program == "outlook":
        paragraphs = "".join(
            f'<p class="MsoNormal">{escape(line) or "&nbsp;"}</p>' for line in text.split("\n")
        )
        html = (
            f'<html><body lang="EN-GB"><div class="WordSection1">{paragraphs}</div></body></html>'
        )
    if page.quoted is None:
        return text + "\n", html
    quoted_text, quoted_html = _quotation(page.quoted, program)
    return f"{text}\n\n{quoted_text}\n", html.replace("</body>", "") + quoted_html


def _quotation(quoted: Quoted, program: str) -> tuple[str, str]:
    """Return the quoted message below the answer, in text and HTML."""
    who = f"{quoted.from_name} <{quoted.from_address}>"
    inner = "<br>".join(escape(line) for line in quoted.text.split("\n"))
    if program == "outlook":
        sent = quoted.sent.strftime("%d %B %Y %H:%M")
        head = {"From": who, "Sent": sent, "To": "", "Subject": quoted.subject}
        text = "\n".join(f"{name}: {value}".rstrip() for name, value in head.items() if value)
        html = "<br>".join(f"<b>{n}:</b> {escape(v)}" for n, v in head.items() if v)
        return (
            f"{'_' * 32}\n{text}\n\n{quoted.text}",
            f'<hr><div id="divRplyFwdMsg">{html}</div><div>{inner}</div></body></html>',
        )
    at = quoted.sent.strftime("%H:%M")
    day = quoted.sent.strftime("%a, %d %b %Y" if program == "gmail" else "%d %b %Y")
    line = f"On {day}{' at' if program == 'gmail' else ', at'} {at}, {who} wrote:"
    text = "\n".join(f"> {part}".rstrip() for part in quoted.text.split("\n"))
    html = (
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(line)}<br></div>'
        f'<blockquote class="gmail_quote" type="cite">{inner}</blockquote></div>'
    )
    return f"{line}\n\n{text}", html


def _set_boundaries(message: MIMEPart, program: str) -> None:
    form = _BOUNDARIES.get(program, _BOUNDARIES["plain"])
    seed = zlib.crc32(str(message["Message-ID"]).encode())
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(form.format(seed + number))


def _photo() -> tuple[bytes, tuple[str, str], str]:
    """Return a small PNG: a jumper-blue square with a lighter stripe."""
    width, height = PHOTO_SIZE
    rows = b"".join(
        b"\0" + bytes((90, 130, 190) if 24 < y < 36 else (30, 60, 140)) * width
        for y in range(height)
    )

    def chunk(kind: bytes, octets: bytes) -> bytes:
        body = kind + octets
        return struct.pack(">I", len(octets)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
    return png + chunk(b"IEND", b""), ("image", "png"), "jumper.png"


_FILES = {"photo": _photo}
