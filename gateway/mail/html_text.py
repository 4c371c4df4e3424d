"""Turns an HTML part into text: what is shown, what is hidden, and what is quoted, apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from gateway.mail.html_prune import take_hidden, take_quotes, take_signatures
from gateway.mail.shown_text import safe_text

_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,1000}>[^<]{0,100000}(?=</)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,10000}>")
_BLANK_LINES = re.compile(r"\n{3,}")
_CONFIG = ParserConfig(css=STRICT_CSS_PROFILE)


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The texts of an HTML document. `own` is `shown` without quotes and signatures.

    `rough` when the document was too deep or too broken for a tree: then every
    text in it, whether it would be shown or not, is in `own` and `shown`.
    """

    own: str
    shown: str
    hidden: str = ""
    quoted: str = ""
    rough: bool = False


def read_html(
    document: str, most: int, *, forwarded: bool = False, in_order: bool = True
) -> HtmlText:
    """Return the texts of `document`; at most `most` characters go through the HTML parser.

    What is beyond is read roughly: tags taken out, text left. With `forwarded`
    the message under the author's words is not taken for a quote. Without
    `in_order` the quotes in `shown` stand last, which is quicker. Never raises.
    """
    tree = _tree(document[:most])
    if tree is None:
        text = without_tags(document)
        return HtmlText(text, text, rough=True)
    hidden = "\n".join(take_hidden(tree))
    cut = take_signatures(tree)
    # A quote is rendered before it is cut out, so that shown keeps its order.
    shown = None if cut or not in_order else _render(tree)
    quotes = take_quotes(tree, forwarded=forwarded)
    own = _render(tree) if quotes or shown is None else shown
    quoted = _joined(_render(element) for element in (*cut, *quotes))
    rest = without_tags(document[most:]) if len(document) > most else ""
    own = _joined((own, rest))
    if not quotes and not cut:
        return HtmlText(own, own, hidden, "", rough=bool(rest))
    shown = _joined((own, quoted)) if shown is None else _joined((shown, rest))
    if len(own.split()) < 2:
        return HtmlText(shown, shown, hidden, "", rough=bool(rest))
    return HtmlText(own, shown, hidden, quoted, rough=bool(rest))


def without_tags(document: str) -> str:
    """Return a document with everything in angle brackets gone, linearly and without a tree."""
    return _tidy(_TAG.sub(" ", _SCRIPT.sub(" ", document)))


def _tree(document: str) -> HtmlElement | None:
    if not document.strip():
        return None
    # The octets are ours now: a <meta charset> or XML declaration must not count again.
    parser = HTMLParser(
        recover=True, remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8"
    )
    try:
        tree = document_fromstring(document.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    # libxml2 stops at 256 levels and says nothing but this.
    deep = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return None if deep else tree


def _render(element: HtmlElement) -> str:
    return _tidy(Inscriptis(element, _CONFIG).get_text())


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in safe_text(text.replace("\xa0", " ")).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text.strip())
