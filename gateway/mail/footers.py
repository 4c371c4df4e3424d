"""Finds what programs and mail hosts write under a message on their own, in many languages.

An advertisement ("Sent from my iPhone", "Get Outlook for Android") and the paragraph that
says the message is confidential. Both stand last, so only the end is looked at.
"""

from __future__ import annotations

import re

_ADVERTISEMENT = 90  # characters of the longest
_MOST_WORDS = 12
# The beginnings, case folded; the program's name follows.
_BEGINNINGS = (
    "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo",
    "sent from samsung", "sent from the all new", "sent from gmail", "sent from a ",
    "sent with ", "sent via ", "get outlook for ", "get bluemail", "via mobile", "von meinem ",
    "gesendet von ", "gesendet mit ", "diese nachricht wurde von meinem ", "envoyé de mon ",
    "envoyé depuis ", "envoyé à partir ", "enviado desde ", "enviado do meu ",
    "enviado de mi ", "enviado pelo ", "enviado a partir ", "inviato da ", "inviato dal ",
    "verzonden vanaf ", "verstuurd vanaf ", "wysłane z ", "wysłano z ", "trimis de pe ",
    "trimis din ", "skickat från ", "sendt fra ", "lähetetty ", "отправлено с ",
    "отправлено из ", "надіслано з ", "відправлено з ", "изпратено от ", "odesláno z ",
    "odoslané z ", "küldve ", "poslano s ", "poslano z ", "išsiųsta iš ", "gönderildi",
    "iphone'umdan gönderildi", "στάλθηκε από ", "أرسلت من ", "تم الإرسال من ", "مُرسل من ",
    "مرسل من ", "میرے ", "从我的", "发自我的", "發自我的", "iphoneから送信", "나의 iphone",
    "anfonwyd o ", "dërguar nga ",
)  # fmt: skip
# Elsewhere in the line: a word for sending or getting, near the name of a program or device.
_VERBS = re.compile(
    r"\b(?:sent|get|gesendet|holen|beziehen|laden|envoy|obten|téléchar|enviad|obter|obtenha|"
    r"baixar|inviat|scarica|ottieni|verzonden|verstuurd|download|wysłan|pobierz|uzyskaj|trimis|"
    r"obțineți|descărcați|skickat|hämta|sendt|hent|lähetetty|hanki|отправлен|получите|"
    r"скачать|надіслан|відправлен|отримайте|завантажте|изпратен|odeslán|získejte|küldve|poslan|"
    r"išsiųsta|gönderil|edinin|στάλθηκε|أرسل|ارسل|مرسل|الإرسال|الحصول|احصل|بھیجا|حاصل|"
    r"anfonwyd|cael|lawrlwytho)"
)
_PRODUCTS = re.compile(
    r"iphone|ipad|android|outlook|blackberry|smartphone|mobiltelefon|آیفون|آيفون|الهاتف|موبائل|"
    r"телефон|\b(?:gmail|yahoo|samsung|galaxy|huawei|xiaomi|redmi|bluemail|proton|thunderbird|"
    r"hotmail|windows mail|windows phone|ios|aol|xperia|oneplus|oppo|vodafone|verizon)\b"
)
_PRONOUN = re.compile(r"(?:i|we|he|she|they|please|can|could|did|the|my)\b")
# "This e-mail is confidential and for its recipient only", by three stems.
_SECRET = re.compile(
    r"confiden|vertraulich|poufn|riservat|vertrouwelijk|конфіденц|конфиденц|cyfrinachol|سري|"
    r"رازدار|خفیہ|intended (?:solely|only) for|views expressed|privileged|ausschlie(?:ß|ss)lich"
)
_MESSAGE = re.compile(
    r"e-?mail|message|nachricht|courriel|correo|mensaje|mensagem|wiadomoś|mesaj|messaggio|"
    r"bericht|лист|повідомл|сообщен|neges|ebost|رسالة|البريد|ای میل|پیغام"
)
_FORMULA = re.compile(
    r"intended (?:solely|only|for|recipient)|in error|any attachment|unauthori[sz]ed|empfänger|"
    r"destinat|adresat|odbiorc|ontvanger|geadresseerde|المستلم|المرسل إليه|المعني|отримувач|"
    r"получател|derbynnydd|bwriadwyd|وصول کنندہ|views expressed"
)
_HEADLINE = re.compile(
    r"[*_\- ]*(?:disclaimer|confidentiality(?: notice)?|legal notice|haftungsausschluss|"
    r"avis de confidentialité|aviso legal|aviso de confidencialidad|klauzula poufności)[*_: \-]*$"
)
_FEWEST_DISCLAIMER_WORDS = 12
_PLEA = re.compile(r"[*_ ]*(?:please )?(?:consider|think of) the environment\b|p please consider")


def footer_start(lines: list[str], end: int) -> int:
    """Return the index of the first footer line among the last before `end`, or `end`."""
    found = end
    # A host's paragraph stands under the program's line, and that under the author's words.
    while True:
        last = _last_filled(lines, found)
        if last < 0:
            return found
        begin = last
        while begin and lines[begin - 1].strip():
            begin -= 1
        if begin > 0 and _is_disclaimer(lines[begin : last + 1]):
            found = begin
        elif (at := _advertisement(lines, last + 1)) <= last:
            found = at
        else:
            return found


def _last_filled(lines: list[str], end: int) -> int:
    at = end - 1
    while at >= 0 and not lines[at].strip():
        at -= 1
    return at


def _advertisement(lines: list[str], end: int) -> int:
    """Return the index of a program's advertisement among the last three lines, or `end`."""
    seen = 0
    for at in range(end - 1, -1, -1):
        line = " ".join(lines[at].split()).strip("*_<>[]- ").casefold()
        if not line:
            continue
        seen += 1
        if _is_advertisement(line):
            return at
        if seen == 3:
            break
    return end


def _is_advertisement(line: str) -> bool:
    line = line.partition("<http")[0].partition("(http")[0].strip()
    if len(line) > _ADVERTISEMENT or line.endswith(("?", "!")) or len(line.split()) > _MOST_WORDS:
        return False
    if line.startswith(_BEGINNINGS) and not line.endswith("."):
        return True
    if _PRONOUN.match(line):
        return False
    return _PRODUCTS.search(line) is not None and _VERBS.search(line) is not None


def _is_disclaimer(paragraph: list[str]) -> bool:
    text = " ".join(" ".join(paragraph).split()).casefold()[:3_000]
    if _HEADLINE.match(text) or _PLEA.match(text):
        return True
    return (
        len(text.split()) >= _FEWEST_DISCLAIMER_WORDS
        and _SECRET.search(text) is not None
        and _FORMULA.search(text) is not None
        and _MESSAGE.search(text[:400]) is not None
    )
