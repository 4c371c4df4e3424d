"""Takes a teacher's answer out of what their mail program sent: quotes and signature off.

What is left goes to a family, so it errs towards doubt: other families' words
may stand in the digest that was answered, and a telephone number or staff
address in a signature. A doubtful answer is held and the teacher asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gateway.mail.html_text import read_html
from gateway.mail.interleaved import is_interleaved, with_questions
from gateway.mail.known_quotes import Known, above_the_quote, known_from, mark_known
from gateway.mail.limits import DEFAULT_LIMITS
from gateway.mail.quotes import Split, split_quotes
from gateway.mail.signatures import contact_block_start
from rules.folded import words_of
from rules.message import Content

_MARKED = re.compile(r"^[ \t]{0,3}[>›»|]", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}@[^\s<>@]{1,80}\.[^\s<>@]{2,20}")
_SIGNED = re.compile(r"\b[a-z]\+[a-z2-7]{40,60}@", re.IGNORECASE)
_FEWEST_PROSE_WORDS = 4
_STRANGE_SHARE = 0.15  # of the words in one form of an answer, that the other form lacks
_MOST_OF_A_CLOSING = 8  # words: "Kind regards" and a name, which one form took for more
_NOTHING = known_from(())


@dataclass(frozen=True, slots=True)
class CleanReply:
    """A teacher's own words. `cut` is all that was taken off; `doubtful` says to hold it.

    `above` is what stands above the quote, before words that were known were taken out of it:
    words of another family among them were put there by hand.
    """

    text: str
    cut: str = ""
    doubtful: bool = False
    above: str = ""


def clean_reply(text: str, html: str | None = None) -> CleanReply:
    """Return what a teacher wrote, without what they answered and without their signature.

    The plain text decides; `html`, the same message's other form, stands in
    where there is no plain text, and casts doubt where it disagrees.
    """
    plain = _cleaned(text)
    if html is None or not html.strip():
        return plain
    found = read_html(html, DEFAULT_LIMITS.html_bytes)
    marked = _cleaned(found.own)
    cut = "\n".join(piece for piece in (marked.cut, found.quoted) if piece)
    marked = CleanReply(marked.text, cut, marked.doubtful or found.rough)
    if not text.strip():
        return marked
    return _agreed(plain, marked)


def clean_answer(
    content: Content, sent: Sequence[str] = (), said: Sequence[str] = (), question: str = ""
) -> CleanReply:
    """Return what a teacher wrote in a message that was read.

    `sent` are the texts that the teacher may have quoted, as we sent them, and `said`
    those among them that the teacher wrote: what a quote is in no doubt then, whatever
    the mail program. `question` is what the family wrote that gets the answer: where the
    answers stand between quoted lines, those of it are shown with them.
    """
    known = known_from((*sent, question) if sent else (), said)
    quoted = "\n".join(view.text for view in content.views if view.kind == "quoted")
    body = mark_known(content.body_text, known)
    whole = _own_words(body, question, certain=body != content.body_text)
    best = _cleaned(content.own_text, known, question)
    # The reader cut what was marked, up to the end where nothing said where it ends. Where
    # we know each line of the quote, what else stands between its lines is an answer.
    if known.steps and _is_better(body, whole, best):
        best = whole
    answered = bool(known.steps) and is_interleaved(body, best.text)
    for view in content.views:
        if view.kind == "html":
            other = _cleaned(view.text, known, question)
            best = _agreed(best, other, answered=answered, sure=bool(known.steps))
    kept = set(best.text.split("\n"))
    cut = "\n".join(line for line in content.body_text.split("\n") if line not in kept)
    # The mark below lets the line that introduces the quote be known for what it is.
    above = split_quotes(f"{above_the_quote(content.body_text, known)}\n\n> ").own
    cut = "\n".join(one for one in (cut.strip("\n"), quoted) if one)
    return replace(best, cut=cut, above=above)


def _is_better(body: str, whole: CleanReply, best: CleanReply) -> bool:
    """Whether the body as it is tells more than what the reader kept of it."""
    if whole.doubtful:
        return False
    longer = len(words_of(whole.text)) > len(words_of(best.text))
    return best.doubtful or not longer or is_interleaved(body, whole.text)


def _agreed(
    plain: CleanReply, marked: CleanReply, *, answered: bool = False, sure: bool = False
) -> CleanReply:
    """Return what two forms of one answer agree on, doubtful when they do not.

    The form that kept less was told more about what is a quote: its mail
    program marked it. It must be wholly in the other, or neither is sure. With
    `answered`, the first form has answers that stand inside what the other calls a quote;
    with `sure`, each line of the quote was known in it.
    """
    if words_of(plain.text) == words_of(marked.text):
        return plain
    shorter, longer = sorted((plain, marked), key=lambda reply: len(words_of(reply.text)))
    more = len(words_of(longer.text)) - len(words_of(shorter.text))
    if longer is plain and (answered or (sure and more <= _MOST_OF_A_CLOSING)):
        return replace(plain, doubtful=plain.doubtful or _lacks(marked.text, plain.text))
    doubtful = shorter.doubtful or _lacks(shorter.text, longer.text)
    return replace(shorter, doubtful=doubtful or not shorter.text)


def _lacks(part: str, whole: str) -> bool:
    """Whether more than a few words of `part` are not in `whole`, each with its neighbour."""
    words, others = words_of(part), words_of(whole)
    pairs = set(zip(["", *others], others, strict=False))
    strange = sum(pair not in pairs for pair in zip(["", *words], words, strict=False))
    return strange > max(2, _STRANGE_SHARE * len(words)) or not set(words) & set(others)


def _cleaned(text: str, known: Known = _NOTHING, question: str = "") -> CleanReply:
    marked = mark_known(text, known)
    return _own_words(marked, question, certain=marked != text)


def _own_words(text: str, question: str, *, certain: bool) -> CleanReply:
    split: Split = split_quotes(text, certain=certain)
    lines = split.own.split("\n")
    start = contact_block_start(lines)
    kept = "\n".join(lines[:start]).rstrip()
    contact = "\n".join(lines[start:]).strip()
    cut = "\n".join(piece for piece in (contact, split.signature, split.quoted) if piece)
    doubtful = (
        split.doubtful
        or not kept.strip()
        or _MARKED.search(kept) is not None
        or _holds_a_strange_address(kept)
    )
    if is_interleaved(text, kept):
        # Answers between quoted lines lean on the question, which was cut.
        doubtful = doubtful or not question
        kept = with_questions(text, kept, question) if question else kept
    return CleanReply(kept, cut, doubtful)


def _holds_a_strange_address(text: str) -> bool:
    """Whether an address stands where no sentence does: part of an attribution, most likely."""
    for line in text.split("\n"):
        if _SIGNED.search(line):
            return True
        if _ADDRESS.search(line) and len(_ADDRESS.sub(" ", line).split()) < _FEWEST_PROSE_WORDS:
            return True
    return False
