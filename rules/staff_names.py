"""Which members of staff does a text name: by surname and title, by both names, by an initial?

Whoever shares the name is named too: for what this serves, one too many is safer than one too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.familiar import FAMILIAR_WORDS
from rules.people import Staff

_HE = frozenset({"mr", "mister", "sir"})
_SHE = frozenset({"mrs", "miss", "ms", "madam"})
_TITLES = _HE | _SHE | {"mx", "dr", "doctor", "prof", "professor", "rev"}
_WORD = r"[^\W\d_]+(?:['-][^\W\d_]+)*"
_TITLED = re.compile(
    rf"\b({'|'.join(sorted(_TITLES))})\b\.?[ \t]{{1,3}}({_WORD})(?=(?:[ .\t]{{1,3}}({_WORD}))?)"
)
_WORD_BEFORE = re.compile(rf"\b({_WORD})[ \t]{{1,3}}$")
_POST = (
    r"(?:ta|teaching\s+assistant|lsa|assistant|teacher|coach|dinner\s+lady|supervisor|caretaker|"
    r"cook|mentor|tutor|key\s+worker|member\s+of\s+staff)"
)
_POST_AFTER = re.compile(rf"[\s,(]+(?:the|a|an|our|his|her|your|who\s+is)\s+(?:\w+\s+)?{_POST}\b")
_POST_BEFORE = re.compile(rf"\b{_POST}(?:\s+in\s+\w+)?[\s,(]+(?:called\s+|named\s+)?$")
_THE_VERB = re.compile(
    r"(?:\b(?:i|we|you|they|he|she|to|will|would|not|never|might|may|must|can|cannot|also|really|"
    r"did|does|do)|'ll|n't)\s+$"
)
_MOST_NAME = 40  # characters of a name before a surname
_SHORT, _LONG = 4, 8  # letters of a surname in which one, or two, may be wrong
_MOST_WRONG = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a text that names staff. `staff_ids` is empty where the roster has no such name.

    `is_name` is false where a title stands alone, as children say it: "Miss shouted at me".
    """

    start: int
    end: int
    staff_ids: frozenset[str]
    is_name: bool = True


def folded(text: str) -> str:
    """Return `text` in small plain letters, each in its place."""
    return "".join(map(_plain, text))


def names_in(
    text: str, plain: str, staff: Iterable[Staff], family: frozenset[str]
) -> Iterator[Named]:
    """Yield each place that names one of `staff`, or somebody by a title.

    `plain` is `text` folded, as are the names in `family`, those of the writer and the children:
    a bare surname that is the family's own names no staff.
    """
    known = tuple(_Known.of(person) for person in staff)
    looked_up: dict[tuple[str, str, str], tuple[frozenset[str], int]] = {}
    for found in _TITLED.finditer(plain):
        title, first, second = asked = found.group(1), found.group(2), found.group(3) or ""
        if asked not in looked_up:
            looked_up[asked] = _titled(title, first, second, known, family)
        whom, words = looked_up[asked]
        end = found.end(2) if words == 1 or not second else found.end(3)
        is_name = bool(whom) or title not in ("miss", "sir")
        ahead = plain[max(found.start() - _MOST_NAME, 0) : found.start()]
        if not is_name and _THE_VERB.search(ahead):
            continue  # "he will miss lunch"
        yield Named(found.start(), end if is_name else found.end(1), whom, is_name)
    for person in known:
        if person.first:
            yield from _by_first_name(plain, person)
        yield from _untitled(text, plain, person, family)


@dataclass(frozen=True, slots=True)
class _Known:
    staff_id: str
    title: str
    first: str
    surnames: frozenset[str]  # joined, and each part of one that has several

    @classmethod
    def of(cls, person: Staff) -> _Known:
        words = [_bare(word) for word in folded(person.name).split()]
        title = words.pop(0) if len(words) > 1 and words[0] in _TITLES else ""
        first = words.pop(0) if len(words) > 1 else ""
        parts = [part for word in words for part in word.split("-")]
        whole = "".join(parts).replace("'", "")
        if first and not title:
            # "Mary Ann Smith" and "Ana van Dyke": the last word is the surname in any case.
            parts = parts[-1:] if len(words) > 1 else parts
        names = {whole, *(part.replace("'", "") for part in parts)}
        return cls(person.staff_id, title, first, frozenset(name for name in names if name))

    def may_be(self, title: str) -> bool:
        """Whether nobody would take the title for that of another person."""
        return not ((title in _HE and self.title in _SHE) or (title in _SHE and self.title in _HE))


def _titled(
    title: str, first: str, second: str, known: tuple[_Known, ...], family: frozenset[str]
) -> tuple[frozenset[str], int]:
    """Return whom a title and the word or two after it mean, and how many words that were."""
    one, both = _joined(first), _joined(first + second)
    last = _joined(second)
    tries: list[tuple[list[_Known], int]] = [
        ([who for who in known if second and both in who.surnames], 2),
        ([who for who in known if who.first == one and last in who.surnames], 2),
        ([who for who in known if one in who.surnames], 1),
    ]
    if len(one) == 1:
        tries.append(([who for who in known if last in who.surnames], 2))
        tries.append(([who for who in known if any(s[0] == one for s in who.surnames)], 1))
    tries.append(([who for who in known if one and who.first == one], 1))
    tries.append(([who for who in known if any(_nearly(one, s) for s in who.surnames)], 1))
    for found, words in tries:
        fitting = [who for who in found if who.may_be(title)]
        if fitting:
            return frozenset(who.staff_id for who in fitting), words
    # "Mr Khan" of a Miss Khan is a slip of the pen, unless the family is called so.
    slips = [who for who in known if one in who.surnames and one not in family]
    return frozenset(who.staff_id for who in slips), 1


def _untitled(text: str, plain: str, person: _Known, family: frozenset[str]) -> Iterator[Named]:
    """Yield where a person stands with both names, or with a surname that no family here has."""
    for surname in person.surnames:
        if surname in family or len(surname) < _SHORT - 1:
            continue
        for found in re.finditer(rf"\b{re.escape(surname)}\b", plain):
            ahead = _WORD_BEFORE.search(plain, max(found.start() - _MOST_NAME, 0), found.start())
            before = ahead.group(1) if ahead else ""
            if person.first and before and before not in _ORDINARY and before != person.first:
                continue  # a stranger, or a child, with the surname
            if surname in FAMILIAR_WORDS and not text[found.end() - len(surname)].isupper():
                continue  # "up the hill"
            yield Named(found.start(), found.end(), frozenset({person.staff_id}))


def _by_first_name(plain: str, person: _Known) -> Iterator[Named]:
    """Yield where a first name stands with a post: "Sarah the TA", "our TA, Sarah"."""
    name = re.escape(person.first)
    for found in re.finditer(rf"\b{name}\b", plain):
        after = plain[found.end() : found.end() + _MOST_NAME]
        before = plain[max(found.start() - _MOST_NAME, 0) : found.start()]
        if _POST_AFTER.match(after) or _POST_BEFORE.search(before):
            yield Named(found.start(), found.end(), frozenset({person.staff_id}))


# Before a bare surname these are no first name.
_ORDINARY = frozenset(
    word
    for line in (
        "a about after again and as at because but by from had has he her him his if in is it me",
        "my no of on or our saw said says she so than that the then they this to was we what when",
        "where which while who with you your",
    )
    for word in line.split()
)


def _nearly(word: str, surname: str) -> bool:
    """Whether `word` is `surname` with a slip: a letter wrong, left out, too many or swapped."""
    if len(surname) < _SHORT or abs(len(word) - len(surname)) > _MOST_WRONG or not word:
        return False
    allowed = _MOST_WRONG if len(surname) >= _LONG else 1
    return word[0] == surname[0] and _slips(word, surname) <= allowed


def _slips(one: str, other: str) -> int:
    """Return the optimal string alignment distance: a swap of neighbours is one slip."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _joined(word: str) -> str:
    """Return a name without what people leave out: "o'brien's" and "obrien" are one."""
    return _bare(word).replace("'", "").replace("-", "")


def _bare(word: str) -> str:
    return word.strip(".,").removesuffix("'s").removesuffix("'")


def _plain(letter: str) -> str:
    if letter in "’‘`´ʼ":
        return "'"
    if letter in "‐‑‒–—":
        return "-"
    base = unicodedata.normalize("NFKD", letter)[0].lower()
    return base if len(base) == 1 else letter
