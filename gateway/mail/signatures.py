"""Finds where a signature begins: the standard mark, a program's advertisement, a contact block."""

from __future__ import annotations

import re

# RFC 3676 §4.3 says "-- "; programs lose the space or use longer dashes.
_MARK = re.compile(r"[ \t]*(?:-- ?|—|__|–)[ \t\u00a0]*$")
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,80}\.[^\s<>@]{2,20}|https?://|www\.")
_PHONE = re.compile(r"(?:\+|\(|(?<!\d)0)\d[\d ()./-]{6,18}\d")
_LONGEST = 25  # lines of a signature after its mark
_LINE = 80  # characters of a contact block's longest line
# What programs write under a message on their own, as its last lines. The
# beginnings are case folded; the program's name follows.
_ADVERTISEMENTS = (
    "sent from my ",
    "sent from mail for ",
    "sent from outlook",
    "sent from yahoo",
    "sent from samsung",
    "sent from the all new",
    "sent from gmail",
    "sent with ",
    "sent via ",
    "get outlook for ",
    "get bluemail",
    "via mobile",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "diese nachricht wurde von meinem ",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir ",
    "enviado desde ",
    "enviado do meu ",
    "enviado de mi ",
    "enviado pelo ",
    "inviato da ",
    "inviato dal ",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "wysłane z ",
    "wysłano z ",
    "trimis de pe ",
    "trimis din ",
    "skickat från ",
    "sendt fra ",
    "lähetetty ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "изпратено от ",
    "odesláno z ",
    "odoslané z ",
    "küldve ",
    "poslano s ",
    "poslano z ",
    "išsiųsta iš ",
    "gönderildi",
    "iphone'umdan gönderildi",
    "στάλθηκε από ",
    "أرسلت من ",
    "تم الإرسال من ",
    "مُرسل من ",
    "میرے ",
    "从我的",
    "发自我的",
    "發自我的",
    "iphoneから送信",
    "나의 iphone",
)


def signature_start(lines: list[str]) -> int:
    """Return the index of the first line of the signature, or the number of lines."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    for at in range(end - 1, max(end - 1 - _LONGEST, -1), -1):
        if _MARK.match(lines[at]) and (at == 0 or at < end):
            start = at
    advertisement = _advertisement(lines, start)
    return advertisement if advertisement < len(lines) else (start if start < end else len(lines))


def contact_block_start(lines: list[str]) -> int:
    """Return where a closing block with an address or telephone number begins.

    The last lines of a member of staff: name, role, school, telephone. Only
    short lines that stand together at the end, at most ten; else the number
    of lines.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    contact = False
    blanks = 0
    while begin and end - begin < 10:
        line = lines[begin - 1].strip()
        if not line:
            blanks += 1
            if blanks > 2:
                break
        elif len(line) > _LINE or (_is_prose(line) and not _is_contact(line)):
            break
        else:
            contact = contact or _is_contact(line)
        begin -= 1
    while begin < end and not lines[begin].strip():
        begin += 1
    return begin if contact and begin > 0 else len(lines)


def _is_prose(line: str) -> bool:
    return line.endswith((".", "!", "?")) or len(line.split()) > 8


def _is_contact(line: str) -> bool:
    return bool(_ADDRESS.search(line) or _PHONE.search(line))


def _advertisement(lines: list[str], end: int) -> int:
    """Return the index of a program's advertisement among the last lines before `end`."""
    seen = 0
    for at in range(end - 1, -1, -1):
        line = lines[at].strip().strip("*_<>[]").casefold()
        if not line:
            continue
        seen += 1
        if line.startswith(_ADVERTISEMENTS) and len(line) < 80 and not line.endswith((".", "?")):
            return at
        if seen == 3:
            break
    return len(lines)
