"""Turns an HTML part into text: what is shown, what is hidden, and what is quoted, apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from gateway.mail.html_prune import take_hidden, take_quotes, take_signatures
from gateway.mail.shown_text import safe_text

_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,1000}>[^<]{0,100000}(?=</)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,10000}>")
_BLANK_LINES = re.compile(r"\n{3,}")
# Stands where a block begins or ends; white space in HTML has no such meaning.
_BREAK = "\u2028"
_BLOCK_NAMES = (
    "address article aside blockquote br caption center dd div dl dt fieldset footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol option p pre section table td th tr ul"
)
_BLOCKS = _BLOCK_NAMES.split()
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
    document: str, most: int, *, forwarded: bool = False, laid_out: bool = True
) -> HtmlText:
    """Return the texts of `document`; at most `most` characters go through the HTML parser.

    What is beyond is read roughly: tags taken out, text left. With `forwarded`
    the message under the author's words is not taken for a quote. Without
    `laid_out` lists and tables are plain lines and quotes stand last in `shown`,
    which is quicker and enough to look for phrases. Never raises.
    """
    tree = _tree(document[:most])
    if tree is None:
        text = without_tags(document)
        return HtmlText(text, text, rough=True)
    render = _render if laid_out else _flat
    hidden = "\n".join(take_hidden(tree))
    # Rendered before anything is cut out, so that a quote keeps its place.
    shown = render(tree) if laid_out else ""
    cut = take_signatures(tree)
    cut += take_quotes(tree, forwarded=forwarded)
    own = render(tree) if cut or not shown else shown
    quoted = _joined(_flat(element) for element in cut)
    shown = shown or _joined((own, quoted))
    if not own.strip():
        own, quoted = shown, ""
    if len(document) <= most:
        return HtmlText(own, shown, hidden, quoted)
    rest = without_tags(document[most:])
    return HtmlText(_joined((own, rest)), _joined((shown, rest)), hidden, quoted, rough=True)


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


def _flat(element: HtmlElement) -> str:
    """Return an element's text, a line a block. It leaves marks in the element: use it last."""
    for block in element.iter(*_BLOCKS):
        block.text = f"{_BREAK}{block.text or ''}"
        block.tail = f"{_BREAK}{block.tail or ''}"
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in safe_text(text.replace("\xa0", " ")).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text.strip())
