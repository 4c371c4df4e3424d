"""The quoting styles of the corpus: its files, with our digest in the place of what they quoted."""

from __future__ import annotations

import email
import html as markup
import random
import re
from pathlib import Path

from gateway.mail.html_text import read_html
from tests.campaigns.reply_languages import Language
from tests.campaigns.reply_styles import Own, Sent, Style, Written, _marked
from tests.shared import SHARED

_TALON = SHARED / "corpus" / "talon"
_GITHUB = SHARED / "corpus" / "email_reply_parser"
# In each page: the author's words, then the beginning of what is quoted.
_PAGES = {
    "html_replies/gmail.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/hotmail.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/mail_ru.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/ms_outlook_2003.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/ms_outlook_2007.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/ms_outlook_2010.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/thunderbird.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/windows_mail.html": ("Hi. I am fine.", "Hello! How are you?"),
    "html_replies/yandex_ru.html": ("Hi. I am fine.", "Hello! How are you?"),
    "OLK_SRC_BODY_SECTION.html": ("Reply", "Hi"),
}
_MAILS = (
    "android", "aol", "apple_mail", "apple_mail_2", "comcast", "gmail", "hotmail", "iphone",
    "sparrow", "thunderbird", "yahoo",
)  # fmt: skip
_TEXTS = (
    "email_1_3", "email_1_4", "email_1_6", "email_1_7", "email_bullets", "email_one_is_not_on",
    "greedy_on", "pathological", "email_2_1", "email_2_2", "email_2_3", "email_1_2",
)  # fmt: skip
_SIGNATURES = (
    "stripped/johndoeexamplecom_signature", "stripped/jeff_signature", "stripped/long_signature",
)  # fmt: skip


def corpus_styles() -> dict[str, Style]:
    """Return a style for each usable file; none where the corpus is not there."""
    if not _TALON.exists():
        return {}
    styles: dict[str, Style] = {}
    for name, (own, quoted) in _PAGES.items():
        styles[f"talon {name}"] = _page((_TALON / name).read_text("utf-8", "replace"), own, quoted)
    for name in _MAILS:
        styles[f"talon {name}.eml"] = _mail(_TALON / "standard_replies" / f"{name}.eml")
    for name in _TEXTS:
        styles[f"email_reply_parser {name}"] = _text((_GITHUB / f"{name}.txt").read_text("utf-8"))
    for name in _SIGNATURES:
        text = (_TALON / "signature" / "emails" / name).read_text("utf-8").replace("#sig#", "")
        styles[f"talon {name}"] = _signature(text)
    return styles


def _shown(own: Own) -> str:
    return markup.escape(own.top).replace("\n", "<br>")


def _page(page: str, own_words: str, quoted_words: str) -> Style:
    def style(own: Own, sent: Sent, _language: Language, picker: random.Random) -> Written:
        html = page.replace(own_words, _shown(own), 1)
        before, _found, after = html.rpartition(quoted_words)
        after = after.replace("Thanks,", "", 1).replace("Sasha.", "")
        html = f"{before}{sent.inside}{after}"
        return Written(picker.choice(("", read_html(html, 500_000).shown)), html)

    return style


def _mail(path: Path) -> Style:
    message = email.message_from_bytes(path.read_bytes())
    parts = {
        part.get_content_type(): part.get_payload(decode=True).decode("utf-8", "replace")  # type: ignore[union-attr]  # a leaf has octets
        for part in message.walk()
        if not part.is_multipart()
    }

    def style(own: Own, sent: Sent, _language: Language, _picker: random.Random) -> Written:
        plain = _filled(parts["text/plain"], own, sent)
        html = ""
        if page := parts.get("text/html"):
            begin, end = page.index("Hello"), max(m.start() for m in re.finditer(r"\bHi\b", page))
            html = (
                page[:begin] + _shown(own) + page[begin + 5 : end] + sent.inside + page[end + 2 :]
            )
        return Written(plain, html)

    return style


def _filled(text: str, own: Own, sent: Sent) -> str:
    """Put the answer for "Hello" and the digest for "Hi", with the marks before "Hi"."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = max(n for n, line in enumerate(lines) if line.strip(" >").startswith("Hi"))
    mark = re.match(r"[> ]*", lines[at])[0]  # type: ignore[index]  # it matches nothing too
    lines[at] = _marked(sent.text, mark=mark) if mark else sent.text
    first = next(n for n, line in enumerate(lines) if line.startswith("Hello"))
    lines[first] = own.top
    return "\n".join(lines)


def _text(file: str) -> Style:
    lines = file.split("\n")
    marks = next((n for n, line in enumerate(lines) if line.startswith(">")), None)
    begin = next(
        n
        for n, line in enumerate(lines)
        if re.match(r"On .*(?:\d{4}|\d/\d\d)|\s*-{20}|_{20}|\*?From:", line)
    )
    if marks is None:
        end = next(n for n, line in enumerate(lines) if "Subject:" in line) + 1
    else:
        end = marks
    introduction = "\n".join(lines[begin:end])

    def style(own: Own, sent: Sent, _language: Language, picker: random.Random) -> Written:
        wide = picker.choice((0, 76))
        quoted = sent.as_text("angle") if marks is None else _marked(sent.text, wide)
        return Written(f"{own.top}\n\n{introduction}\n{quoted}\n")

    return style


def _signature(signature: str) -> Style:
    def style(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
        attribution = picker.choice(language.wrote)
        return Written(f"{own.top}\n\n-- \n{signature}\n\n{attribution}\n{_marked(sent.text)}\n")

    return style
