"""Replies to a digest as mail programs write them: what was answered, in each one's markup."""

from __future__ import annotations

import html as markup
import random
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from gateway.mail.html_text import read_html
from tests.campaigns.reply_languages import ADDRESS, TEACHER, WHO, Language

_LINK = re.compile(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sent:
    """The mail that is answered, as it was sent."""

    subject: str
    text: str
    html: str

    @property
    def inside(self) -> str:
        """What stands between its body tags."""
        found = re.search(r"<body[^>]*>(.*)</body>", self.html, re.DOTALL)
        return _STYLE.sub("", found[1] if found else self.html)

    def as_text(self, links: str) -> str:
        """Return the text a program makes of its HTML; `links` tells what it does with links."""
        forms = {"none": r"\2", "angle": r"\2&lt;\1&gt;", "bracket": r"\2 [\1]"}
        return read_html(_LINK.sub(forms[links], self.html), 500_000).shown


@dataclass(frozen=True, slots=True)
class Written:
    """The two forms of a reply; `html` is empty where the program writes text alone."""

    text: str
    html: str = ""
    flowed: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What the teacher wrote: above everything, under it, and between its lines."""

    top: str = ""
    bottom: str = ""
    between: str = ""


Style = Callable[[Own, Sent, Language, random.Random], Written]


def _marked(text: str, width: int = 0, mark: str = "> ") -> str:
    lines = []
    for line in text.split("\n"):
        pieces = textwrap.wrap(line, width, break_long_words=False) if width else [line]
        lines += [f"{mark}{piece}".rstrip() for piece in pieces or [""]]
    return "\n".join(lines)


def _div(text: str, name: str = "div", style: str = "") -> str:
    lines = text.split("\n")
    attribute = f' style="{style}"' if style else ""
    return "".join(f"<{name}{attribute}>{markup.escape(line) or '<br>'}</{name}>" for line in lines)


def _answered(own: Own, quoted: str, name: str = "") -> str:
    """Put the answer after the line of the mail that names its family, in marked text."""
    if not own.between:
        return quoted
    lines = quoted.split("\n")
    at = next((n for n, line in enumerate(lines) if name and name in line), len(lines) // 3)
    return "\n".join([*lines[: at + 1], "", own.between, "", *lines[at + 1 :]])


def _wrapped(attribution: str, picker: random.Random) -> str:
    return "\n".join(textwrap.wrap(attribution, picker.choice((72, 60, 300)))) or attribution


def _fields(language: Language, sent: Sent, bold: str = "") -> list[str]:
    values = (f"{WHO} <{ADDRESS}>", language.date, TEACHER, sent.subject)
    pairs = zip(language.labels, values, strict=True)
    return [f"{bold}{label}:{bold} {value}" for label, value in pairs]


def _html_fields(language: Language, sent: Sent) -> str:
    return "<br>".join(
        f"<b>{markup.escape(label)}:</b> {markup.escape(value)}"
        for label, value in (one.split(":", 1) for one in _fields(language, sent))
    )


def gmail(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = picker.choice(language.wrote)
    quoted = _marked(sent.as_text("angle"), picker.choice((0, 76)))
    quoted = _answered(own, quoted)
    below = f"\n\n{own.bottom}" if own.bottom else ""
    text = f"{own.top}\n\n{_wrapped(attribution, picker)}\n\n{quoted}{below}\n"
    html = (
        f'<div dir="ltr">{_div(own.top)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{markup.escape(attribution)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex">{sent.inside}</blockquote>'
        f"{_div(own.between) if own.between else ''}</div>{_div(own.bottom) if own.bottom else ''}"
    )
    return Written(text, html)


def gmail_mobile(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = picker.choice(language.wrote)
    text = f"{own.top}\n\n{attribution}\n\n{_marked(sent.text)}\n"
    html = (
        f'<p dir="ltr">{markup.escape(own.top)}</p><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">{markup.escape(attribution)}<br></div><blockquote class="gmail_quote">'
        f"{sent.inside}</blockquote></div>"
    )
    return Written(text, html)


def apple_mail(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = picker.choice(language.wrote)
    quoted = _answered(own, _marked(f"{attribution}\n\n{sent.text}", picker.choice((0, 78))))
    outside = picker.random() < 0.4
    if outside:
        quoted = f"{attribution}\n\n" + _answered(own, _marked(sent.text))
    text = f"{own.top}\n\n{quoted}\n{own.bottom}\n"
    html = (
        f'<html><body style="overflow-wrap: break-word;">{_div(own.top)}<div><br><blockquote '
        f'type="cite"><div>{markup.escape(attribution)}</div><br class="Apple-interchange-newline">'
        f"<div>{sent.inside}</div></blockquote></div>{_div(own.between + own.bottom)}</body></html>"
    )
    return Written(text, html)


def iphone(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    footer = picker.choice(language.footers)
    attribution = picker.choice(language.wrote)
    text = f"{own.top}\n\n{footer}\n\n{_marked(attribution + chr(10) + sent.text)}\n"
    html = (
        f'<html><body dir="auto">{_div(own.top)}<div dir="ltr"><br><div>{markup.escape(footer)}'
        f'</div></div><div dir="ltr"><br><blockquote type="cite">{markup.escape(attribution)}<br>'
        f"<br></blockquote></div><blockquote type='cite'><div>{sent.inside}</div></blockquote>"
        "</body></html>"
    )
    return Written(text, html)


def outlook_desktop(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    fields = "\n".join(_fields(language, sent))
    warning = picker.choice(("", "CAUTION: This email came from outside the trust.\n\n"))
    quoted = sent.as_text(picker.choice(("angle", "none")))
    text = f"{own.top}\n\n{fields}\n\n{warning}{quoted}\n{own.bottom}"
    html = (
        f'<html><body lang="EN-GB"><div class="WordSection1">{_div(own.top, "p")}<div><div '
        'style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p '
        f'class="MsoNormal">{_html_fields(language, sent)}</p></div></div><p>{warning}</p>'
        f"{sent.inside}</div>{_div(own.bottom)}</body></html>"
    )
    return Written(text, html)


def outlook_inline(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    """Answers typed into the unmarked text: "see my answers below in red"."""
    fields = "\n".join(_fields(language, sent))
    quoted = _answered(own, sent.as_text("angle"))
    return Written(f"{own.top}\n\n{fields}\n\n{quoted}\n")


def outlook_web(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    fields = "\n".join(_fields(language, sent))
    text = f"{own.top}\n{'_' * 32}\n{fields}\n\n{sent.as_text('angle')}\n"
    inside = re.sub(r'\b(class|id)="', r'\1="x_', sent.inside)
    html = (
        f'<html><body dir="ltr">{_div(own.top, style="font-family: Aptos; font-size: 12pt")}'
        '<div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block; width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font>{_html_fields(language, sent)}</font><div>'
        f"&nbsp;</div></div><div>{inside}</div></body></html>"
    )
    return Written(text, html)


def outlook_mobile(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    footer = picker.choice(language.footers)
    fields = "\n".join(_fields(language, sent))
    text = f"{own.top}\n\n{footer}\n{'_' * 32}\n{fields}\n\n{sent.as_text('angle')}\n"
    html = (
        f'<html><body><div dir="auto">{_div(own.top)}</div><div id="ms-outlook-mobile-signature" '
        f'dir="auto">{markup.escape(footer)}</div><hr style="display:inline-block;width:98%" '
        f'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{_html_fields(language, sent)}</div>'
        f"{sent.inside}</body></html>"
    )
    return Written(text, html)


def outlook_new(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    """The new Outlook and the Mac's: bold fields in the text, nothing marked in the HTML."""
    fields = "\n".join(_fields(language, sent, "*"))
    text = f"{own.top}\n\n{fields}\n\n{sent.as_text('angle')}\n"
    html = (
        f'<html><body>{_div(own.top)}<div style="padding-top:3pt"><p>{_html_fields(language, sent)}'
        f"</p></div>{sent.inside}</body></html>"
    )
    return Written(text, html)
