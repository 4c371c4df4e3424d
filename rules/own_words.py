"""Which stretches of a plain-text body did its author write this time?

Quotations (`>` lines, what follows an "On ... wrote:" or a copied header
block), signatures below `-- ` and the adverts of telephones are left out. One
pass over the lines; offsets are kept, so evidence can point into the body.
"""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST_LINE_READ = 400  # no attribution line is longer; a longer line is prose

# How mail programs begin the line over a quotation, and how they end it.
_WROTE = (
    "wrote", "writes", "a écrit", "escribió", "escreveu", "schrieb", "napisał", "napisał(a)", "a scris",
    "написав", "написал", "пише", "كتب", "كتبت", "لکھا", "লিখেছেন", "ਲਿਖਿਆ", "rašė", "írta", "ysgrifennodd",
    "wuu qoray",
)  # fmt: skip
_FROM = (
    "from", "od", "de", "von", "від", "от", "من", "de la", "nuo", "feladó", "oddiwrth", "da", "ka", "پیغام از",
)  # fmt: skip
_OTHER_FIELDS = (
    "sent", "date", "to", "subject", "cc", "wysłano", "data", "do", "temat", "enviado", "para", "asunto",
    "assunto", "envoyé", "à", "objet", "gesendet", "datum", "an", "betreff", "trimis", "către", "subiect",
    "надіслано", "дата", "кому", "тема", "تاريخ", "إلى", "الموضوع", "تم الإرسال", "anfonwyd", "at", "pwnc",
)  # fmt: skip
_DIVIDERS = (
    "original message", "forwarded message", "original appointment", "wiadomość oryginalna",
    "oryginalna wiadomość", "mensaje original", "mensagem original", "message d'origine",
    "message transféré", "ursprüngliche nachricht", "mesaj original", "begin forwarded message",
    "reply message", "mensaje reenviado", "przekazana wiadomość", "الرسالة الأصلية",
)  # fmt: skip
_PHONE_ADVERTS = (
    "sent from my", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from the all new",
    "sent via", "get outlook for", "sent using", "wysłane z", "wysłano z", "enviado desde", "enviado do meu",
    "enviado de mi", "envoyé de mon", "envoyé depuis", "trimis de pe", "надіслано з", "отправлено с",
    "von meinem", "gesendet von", "anfonwyd o", "أُرسلت من", "تم الإرسال من", "downloaded from the app",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the body: `start` up to, but not including, `end`."""

    start: int
    end: int


def own_words(text: str) -> tuple[Span, ...]:
    """Return the stretches of `text` its author wrote, in order.

    A reply written between the lines it answers is several stretches. Where
    cutting would leave no word at all the whole text is returned: something
    forwarded without comment is still what the author wanted read.
    """
    kept: list[Span] = []
    lines = _lines(text)
    quoting_to_the_end = False
    for number, (start, end) in enumerate(lines):
        line = text[start : min(end, start + _LONGEST_LINE_READ)].strip()
        if line in ("--", "—-") and number:
            break
        if quoting_to_the_end or _begins_copied_message(text, lines, number, line):
            quoting_to_the_end = True
            continue
        if line.startswith((">", "|>", "&gt;")) or _attributes(text, lines, number, line):
            continue
        if line.lower().startswith(_PHONE_ADVERTS) and len(line) < 80:
            continue
        kept.append(Span(start, end))
    if not any(text[span.start : span.end].strip() for span in kept):
        return (Span(0, len(text)),) if text else ()
    return _joined(kept)


def only(text: str, spans: tuple[Span, ...]) -> str:
    """Return `text` with all but `spans` turned to spaces: as long, and every offset the same."""
    pieces: list[str] = []
    last = 0
    for span in spans:
        pieces += [_blank(text[last : span.start]), text[span.start : span.end]]
        last = span.end
    return "".join([*pieces, _blank(text[last:])])


def all_but(text: str, spans: tuple[Span, ...]) -> str:
    """Return `text` with `spans` turned to spaces: the quotations and signatures, in place."""
    gaps: list[Span] = []
    last = 0
    for span in spans:
        gaps.append(Span(last, span.start))
        last = span.end
    return only(text, (*gaps, Span(last, len(text))))


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _lines(text: str) -> list[tuple[int, int]]:
    lines = []
    start = 0
    for piece in text.splitlines(keepends=True):
        lines.append((start, start + len(piece)))
        start += len(piece)
    return lines


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _line(text: str, lines: list[tuple[int, int]], number: int) -> str:
    if number >= len(lines):
        return ""
    start, end = lines[number]
    return text[start : min(end, start + _LONGEST_LINE_READ)].strip()


def _attributes(text: str, lines: list[tuple[int, int]], number: int, line: str) -> bool:
    """Whether `line` says who wrote the quotation that follows, by itself or with the next line."""
    if not line or line.startswith(">"):
        return False
    following = _line(text, lines, number + 1)
    whole = line if line.endswith(":") else f"{line} {following}"
    if not whole.endswith(":") or len(whole) > 300:
        return False
    body = whole[:-1].rstrip().lower()
    if not any(mark in body for mark in _WROTE) or not any(
        mark.isdigit() or mark == "@" for mark in body
    ):
        return False
    after = number + (1 if whole == line else 2)
    quoted = any(_line(text, lines, after + ahead).startswith(">") for ahead in range(3))
    return quoted or body.endswith(_WROTE)


def _begins_copied_message(text: str, lines: list[tuple[int, int]], number: int, line: str) -> bool:
    """Whether a copied message without `>` marks begins here; it runs to the end of the body."""
    lowered = line.lower()
    bare = lowered.strip("-_* >:")
    if bare in _DIVIDERS and (line[:1] in "-_*" or line.endswith(":")):
        return True
    if _field(lowered) in _FROM:
        others = (_field(_line(text, lines, number + ahead).lower()) for ahead in range(1, 5))
        return sum(other in _OTHER_FIELDS for other in others) >= 2
    if _attributes(text, lines, number, line):
        return not any(_line(text, lines, number + ahead).startswith(">") for ahead in range(1, 5))
    return False


def _field(line: str) -> str:
    name, colon, _ = line.lstrip("*").partition(":")
    return name.strip(" *") if colon and len(name) < 20 else ""
