"""How hard our own sentences are to read (Flesch-Kincaid, for English)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_ADDRESS = re.compile(r"\S+@\S+")
_LABEL = re.compile(r"^(?:\d+\. |- )|^[A-Z][^.?!]*: [^.?!]*$|^----?$")
_SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
_WORD = re.compile(r"[A-Za-z0-9][\w.'’-]*")
_VOWELS = re.compile(r"[aeiouy]+")
# The e of "times" and "asked" is not spoken; that of "messages", "boxes" and "table" is.
_SILENT = re.compile(r"(?:(?<![cs]h)[^laeiouycgszx]es|[^aeiouytd]ed|[^laeiouy]e)$")
_SPOKEN = {"mr": 2, "mrs": 2, "am": 2, "pm": 2, "somebody": 3, "nobody": 3, "file": 1, "files": 1}


@dataclass(frozen=True, slots=True)
class Readability:
    """Figures of one text: school grade, and words in a sentence."""

    grade: float
    mean: float
    longest: int


def own_sentences(text: str) -> list[str]:
    """Return the sentences we wrote ourselves in a text part: no labels, no one else's words."""
    body = text.partition("\n--\n")[0]
    lines = [line for line in body.split("\n") if not line.startswith("    ")]
    sentences = (
        sentence
        for line in lines
        if not _LABEL.search(line)
        for sentence in _SENTENCE_END.split(_ADDRESS.sub("this address", line))
    )
    return [sentence.strip() for sentence in sentences if _WORD.search(sentence)]


def readability(text: str) -> Readability:
    """Return the figures of our own sentences in `text`."""
    sentences = [_WORD.findall(sentence) for sentence in own_sentences(text)]
    words = [word for sentence in sentences for word in sentence]
    mean = len(words) / len(sentences)
    in_a_word = sum(map(syllables, words)) / len(words)
    return Readability(0.39 * mean + 11.8 * in_a_word - 15.59, mean, max(map(len, sentences)))


def syllables(word: str) -> int:
    """Return how many syllables a word has; figures count as one, as they do elsewhere."""
    bare = word.lower().replace("’", "'").removesuffix("'s")
    letters = "".join(filter(str.isalpha, bare))
    if letters in _SPOKEN:
        return _SPOKEN[letters]
    return max(1, len(_VOWELS.findall(letters)) - bool(_SILENT.search(letters)))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._hidden = 0
        self._fresh = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "title", "head"}
        self._fresh |= tag not in {"strong", "span", "bdi", "a"}
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title", "head"}
        self._fresh |= tag not in {"strong", "span", "bdi"}

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._fresh or not self.texts:
            self.texts.append("")
            self._fresh = False
        self.texts[-1] += data


def read_html(html: str) -> tuple[list[str], list[str], list[tuple[str, str, str]]]:
    """Return a page's blocks of visible text, its links, and (tag, attribute, value) of all."""
    page = _Page()
    page.feed(html)
    page.close()
    blocks = [" ".join(text.split()) for text in page.texts]
    return [block for block in blocks if block], page.links, page.attributes
