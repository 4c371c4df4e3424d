"""More mail programs: Yahoo, Samsung, Thunderbird, plain ones, and those that mark nothing."""

from __future__ import annotations

import html as markup
import random

from tests.campaigns.reply_languages import Language
from tests.campaigns.reply_styles import (
    Own,
    Sent,
    Style,
    Written,
    _answered,
    _div,
    _fields,
    _html_fields,
    _marked,
    _wrapped,
    apple_mail,
    gmail,
    gmail_mobile,
    iphone,
    outlook_desktop,
    outlook_inline,
    outlook_mobile,
    outlook_new,
    outlook_web,
)


def yahoo(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = language.wrote[-1]
    quoted = _marked(sent.as_text("none"), 0, " ")
    text = f" {own.top}\n\n    {attribution}  \n \n{quoted}\n"
    html = (
        f'<html><body><div class="ydp1yahoo-style-wrap">{_div(own.top)}</div><div '
        f'id="yahoo_quoted_5513" class="yahoo_quoted"><div>{markup.escape(attribution)}</div>'
        f"<div>{sent.inside}</div></div></body></html>"
    )
    return Written(text, html)


def samsung(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    footer = picker.choice(language.footers)
    fields = "\n".join(_fields(language, sent))
    line = f"-------- {language.original} --------"
    text = f"{own.top}\n\n\n{footer}\n\n{line}\n{fields}\n\n{sent.as_text('none')}\n"
    html = (
        f'<html><body dir="auto">{_div(own.top)}<div id="composer_signature" dir="auto">'
        f'{markup.escape(footer)}</div><div><br></div><div align="left" dir="auto" '
        f'style="font-size:100%;color:#000000"><div>{line}</div><div>'
        f"{_html_fields(language, sent)}</div><div><br></div></div>{sent.inside}</body></html>"
    )
    return Written(text, html)


def thunderbird(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = _wrapped(picker.choice(language.wrote), picker)
    quoted = _answered(own, _marked(sent.text, picker.choice((0, 70))))
    text = f"{own.top}\n\n{attribution}\n{quoted}\n\n{own.bottom}\n"
    if not picker.random() < 0.5:
        return Written(text, flowed=True)
    html = (
        f'<html><body><p>{markup.escape(own.top)}</p><div class="moz-cite-prefix">'
        f"{markup.escape(attribution)}<br></div><blockquote type='cite' cite='mid:1@2'>"
        f"{sent.inside}</blockquote>{_div(own.between)}{_div(own.bottom)}</body></html>"
    )
    return Written(text.strip("\n") + "\n", html)


def html_alone(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    written = picker.choice((gmail, outlook_desktop, outlook_web, outlook_new, samsung))(
        own, sent, language, picker
    )
    return Written("", written.html)


def unmarked_blockquote(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    attribution = picker.choice(language.wrote)
    html = (
        f"<p>{markup.escape(own.top)}<br><br>{markup.escape(attribution)}</p>"
        f'<blockquote style="border-left:1px solid #0857A6">{sent.inside}</blockquote>'
    )
    return Written(f"{own.top}\n\n{attribution}\n\n{sent.text}\n", html)


def no_sign_at_all(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    """A program that quotes without a word or a mark."""
    gap = picker.choice(("\n\n", "\n\n\n\n", "\n\n" + "_" * 20 + "\n"))
    return Written(f"{own.top}{gap}{picker.choice((sent.text, sent.as_text('none')))}\n")


def narrow(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    """An old telephone: everything wrapped at 40, marks only before the first piece."""
    attribution = picker.choice(language.wrote)
    lines = []
    for line in sent.text.split("\n"):
        pieces = [line[at : at + 40] for at in range(0, len(line), 40)] or [""]
        lines += [f"> {pieces[0]}", *pieces[1:]]
    quoted = "\n".join(lines)
    return Written(f"{own.top}\n\n{attribution}\n{quoted}\n")


def only_the_entry(own: Own, sent: Sent, language: Language, picker: random.Random) -> Written:
    """The signed link was pressed: nothing is quoted."""
    return Written(f"{own.top}\n\n{own.bottom}\n", f"<div>{_div(own.top)}{_div(own.bottom)}</div>")


STYLES: dict[str, Style] = {
    "Gmail web": gmail,
    "Gmail mobile": gmail_mobile,
    "Apple Mail": apple_mail,
    "iPhone": iphone,
    "Outlook desktop": outlook_desktop,
    "Outlook desktop, answers inside": outlook_inline,
    "Outlook web": outlook_web,
    "Outlook mobile": outlook_mobile,
    "Outlook new": outlook_new,
    "Yahoo": yahoo,
    "Samsung": samsung,
    "Thunderbird": thunderbird,
    "HTML alone": html_alone,
    "unmarked blockquote": unmarked_blockquote,
    "no sign at all": no_sign_at_all,
    "an old telephone": narrow,
    "nothing quoted": only_the_entry,
}
MAY_ANSWER_BETWEEN = {
    "Gmail web", "Apple Mail", "Thunderbird", "Outlook desktop, answers inside",
}  # fmt: skip
MAY_ANSWER_BELOW = {"Gmail web", "Apple Mail", "Thunderbird", "Outlook desktop"}
