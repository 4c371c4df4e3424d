"""Takes out of an HTML tree what is hidden, quoted or signature, and hands it back."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement

_NO_TEXT = frozenset({"script", "style", "head", "title", "meta", "link", "object", "embed"})
_HIDING_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|(?:^|;)opacity:0(?:;|!|$)"
    r"|(?:^|;)max-(?:height|width):0(?:px|pt)?(?:;|!|$)|text-indent:-\d{3}"
)
_STYLED = etree.XPath("descendant::*[@style or @hidden or @class or self::template]")
_MARKED = etree.XPath("descendant::*[@class or @id or @style or @type]")
_BACKGROUND = etree.XPath("descendant-or-self::*[@bgcolor or contains(@style, 'background')]")
_NO_SIZE = re.compile(r"(?:^|;)font-size:0(?:px|pt|em|%)?(?:;|!|$)")
_WHITE = re.compile(r"(?:^|;)color:(?:#fff(?:fff)?|white|rgb\(255,255,255\)|transparent)(?:;|!|$)")
_MEDIA_BLOCK = re.compile(r"@media[^{}]{0,500}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_CLASS_RULE = re.compile(r"\.([A-Za-z][\w-]{0,60})\s{0,5}\{([^{}]{0,2000})\}")
_MOST_STYLE = 50_000  # characters of style sheets looked at


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_QUOTE_CLASSES = _words(
    """gmail_quote gmail_quote_container yahoo_quoted yahoo_quoted_msg moz-cite-prefix
    protonmail_quote tutanota_quote zmail_extra mailspring-quoted-text mailmate_quote
    front-blockquote moz-email-headers-table"""
)
_QUOTE_IDS = _words(
    """olk_src_body_section mac_olk_src_body_section mail-editor-reference-message-container
    reply-intro isreplycontent yahoo_quoted ms-outlook-mobile-reference-message"""
)
# Everything from here to the end of the document is the message answered.
_FROM_HERE_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "stopspelling", "zwchr"})
_SIGNATURE_CLASSES = _words(
    """gmail_signature moz-signature protonmail_signature_block gmail_signature_prefix
    elementtoproof-signature"""
)
_SIGNATURE_IDS = frozenset(
    {"signature", "applemailsignature", "ms-outlook-mobile-signature", "divtagdefaultsignature"}
)
_OUTLOOK_RULE = re.compile(r"border-top:(?:solid|#[0-9a-f]{3,6}|[0-9.]+p[tx])")
_LABEL = re.compile(r"[^\s:：<>@/]{2,25}(?: [^\s:：<>@/]{1,25}){0,2} ?[:：]\s")
_DASHES = re.compile(r"\s*-{5,}")


def take_hidden(tree: HtmlElement) -> list[str]:
    """Remove what a reader would not see; return its texts, and the texts that stand for images."""
    classes = _hiding_classes(tree)
    _drop(list(tree.iter(*_NO_TEXT, etree.Comment, etree.ProcessingInstruction)))
    texts = [" ".join(image.get("alt", "").split()) for image in tree.iter("img")]
    candidates = _STYLED(tree)
    white_page = bool(candidates) and not _has_background(tree)
    for element in candidates:
        if _is_hidden(element, classes, white_page) and _is_in(element, tree):
            texts.append(" ".join(" ".join(element.itertext()).split()))
            _drop([element])
    return [text for text in texts if text]


def take_signatures(tree: HtmlElement) -> list[HtmlElement]:
    """Remove and return the elements that mail programs mark as signature."""
    return _take(
        tree,
        lambda element: (
            bool(_classes(element) & _SIGNATURE_CLASSES) or _identifier(element) in _SIGNATURE_IDS
        ),
    )


def take_quotes(tree: HtmlElement, *, forwarded: bool = False) -> list[HtmlElement]:
    """Remove and return what is marked as the message answered.

    A forwarded message is no quote: the parent who forwards threats wants them
    read. Gmail and Apple mark a forward inside the quote; Outlook's looks like
    a reply, so `forwarded` says what the subject says.
    """
    found = _take(tree, _is_quote, unless=_is_forward)
    if forwarded:
        return found
    for element in _MARKED(tree):
        if _begins_the_rest(element) and _is_in(element, tree):
            found.extend(_take_from(element, tree))
            break
    return found


def _is_quote(element: HtmlElement) -> bool:
    if element.tag == "blockquote" and (
        element.get("type", "").lower() == "cite" or "cite" in _classes(element)
    ):
        return True
    return bool(_classes(element) & _QUOTE_CLASSES) or _identifier(element) in _QUOTE_IDS


def _is_forward(element: HtmlElement) -> bool:
    text = _beginning(element)
    if _DASHES.match(text):
        return True
    return element.tag == "blockquote" and len(_LABEL.findall(text)) >= 3 and "@" in text


def _begins_the_rest(element: HtmlElement) -> bool:
    if _identifier(element) in _FROM_HERE_IDS:
        return True
    style = element.get("style")
    if not style or not _OUTLOOK_RULE.search(_compact(style)):
        return False
    return len(_LABEL.findall(_beginning(element))) >= 3


def _beginning(element: HtmlElement) -> str:
    """Return the first 600 characters or so of an element's text, a space between runs."""
    pieces: list[str] = []
    size = 0
    for text in element.itertext():
        words = " ".join(text.split())
        if words:
            pieces.append(words)
            size += len(words)
            if size > 600:
                break
    return " ".join(pieces) + " "


def _never(_element: HtmlElement) -> bool:
    return False


def _take(
    tree: HtmlElement,
    wanted: Callable[[HtmlElement], bool],
    unless: Callable[[HtmlElement], bool] = _never,
) -> list[HtmlElement]:
    """Remove and return the outermost elements that are `wanted`, never the root or the body."""
    found = []
    for element in _MARKED(tree):
        if element.tag == "body" or not wanted(element) or not _is_in(element, tree):
            continue
        if not unless(element):
            found.append(element)
            _drop([element])
    return found


def _is_in(element: HtmlElement, tree: HtmlElement) -> bool:
    """Whether an element is still in the tree, not in something already taken out."""
    # getroottree() would name the document's root for an element taken out as well.
    return any(above is tree for above in element.iterancestors())


def _take_from(element: HtmlElement, tree: HtmlElement) -> list[HtmlElement]:
    """Remove everything from `element` to the end of the body, and return it in one new element."""
    taken = [element]
    above = element
    while above is not tree and above.tag != "body":
        taken.extend(above.itersiblings())
        above = above.getparent()
    rest = tree.makeelement("div")
    for each in taken:
        rest.append(each)  # Moves it, with the text that follows it.
    return [rest]


def _drop(elements: list[HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: HtmlElement, classes: frozenset[str], white_page: bool) -> bool:
    attributes = element.attrib
    if not attributes or element.tag == "body":
        return bool(element.tag == "template")
    if "hidden" in attributes or (classes and _classes(element) & classes):
        return True
    style = attributes.get("style")
    if not style or ":" not in style:
        return False
    compact = _compact(style)
    if _HIDING_STYLE.search(compact):
        return True
    if _NO_SIZE.search(compact):
        # Newsletters set size 0 on a frame, and a real size again on what is inside.
        return not any(
            "font-size" in (inner.get("style") or "")
            for inner in element.iter("*")
            if inner is not element
        )
    return white_page and _WHITE.search(compact) is not None


def _has_background(tree: HtmlElement) -> bool:
    return bool(_BACKGROUND(tree))


def _hiding_classes(tree: HtmlElement) -> frozenset[str]:
    sheets = "".join(element.text or "" for element in tree.iter("style"))[:_MOST_STYLE]
    if "none" not in sheets and "hidden" not in sheets:
        return frozenset()
    rules = _CLASS_RULE.finditer(_MEDIA_BLOCK.sub(" ", sheets))
    return frozenset(rule[1].lower() for rule in rules if _HIDING_STYLE.search(_compact(rule[2])))


def _compact(style: str) -> str:
    return "".join(style[:2_000].lower().split())


def _classes(element: HtmlElement) -> set[str]:
    value = element.get("class")
    # Outlook on the web puts "x_" before the classes of what it quotes.
    return {name.removeprefix("x_") for name in value.lower().split()} if value else set()


def _identifier(element: HtmlElement) -> str:
    value = element.get("id")
    return value.lower().removeprefix("x_") if value else ""
