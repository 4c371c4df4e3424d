"""What stands in some sentences: which phrases, in which of the sentences, on which words?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rules.topic_places import Known, Language, Phrase, Places

BLOCK = 16384  # words read at once
_LONGEST_MATCH = 200  # words: phrases that could stand over more are read as far as this
_FEW = 4  # sentences, told apart to see which phrases may stand there


class Looked:
    """Sentences looked through: the phrases found, and whether any other stands in them.

    One sentence, or several of together up to about `BLOCK` words. `found` has the first
    last word of each phrase, counted through the sentences.
    """

    __slots__ = ("_ends", "_parts", "_passing", "_passing_each", "_phrases", "_with", "found")

    def __init__(
        self,
        phrases: Mapping[int, Phrase],
        language: Language,
        sentences: Sequence[Sequence[Known]],
        passing: Sequence[int],
    ) -> None:
        self._phrases = phrases
        self._passing_each = passing  # by sentence: the phrases that its words do not rule out
        self._passing = 0
        for one in passing:
            self._passing |= one
        self._parts: list[tuple[int, Places]] = []
        if len(sentences) > 1:
            self._parts.append((0, Places(language, sentences)))
        else:
            [words] = sentences
            for first in range(0, len(words), BLOCK):
                # A phrase that begins in this part may end in the next.
                part = words[first : first + BLOCK + _LONGEST_MATCH]
                self._parts.append((first, Places(language, [part])))
        self.found: dict[int, int] = {}
        self._ends: dict[int, int] = {}  # of phrases asked about: where they end,
        self._with: dict[int, int] = {}  # and in which sentences

    def find(self, phrases: int) -> int:
        """Look for `phrases`, numbers as bits, and return how many had to be read."""
        asked = phrases & self._passing
        for number in numbers_in(asked):
            if self.sentences_with(number):
                ends = self._ends[number]
                self.found[number] = (ends & -ends).bit_length() - 2
        return asked.bit_count()

    def sentences_with(self, number: int) -> int:
        """Return the sentences in which phrase `number` stands, as bits: see `sentence_at`."""
        known = self._with.get(number)
        if known is None:
            phrase = self._phrases[number]
            if len(self._parts) == 1:
                places = self._parts[0][1]
                ends = places.ends_of(phrase)
                known = places.sentences_of(ends) if ends else 0
            else:
                ends = 0
                for first, places in self._parts:
                    ends |= places.ends_of(phrase) << first
                known = 1 if ends else 0
            self._ends[number] = ends
            self._with[number] = known
        return known

    def sentences_with_any(self, phrases: int, among: int) -> int:
        """Return which of the sentences `among` have one of `phrases`, numbers as bits."""
        found = 0
        for number in numbers_in(phrases & self._passing_in(among)):
            found |= self.sentences_with(number) & among
            if found == among:
                break
        return found

    def _passing_in(self, among: int) -> int:
        if among.bit_count() > _FEW:
            return self._passing
        passing = 0
        for place in numbers_in(among):
            passing |= self._passing_each[self.sentence_at(place)]
        return passing

    def sentence_at(self, bit: int) -> int:
        """Return the index of the sentence that is this bit of what `sentences_with` returns."""
        return self._parts[0][1].sentence_at(bit)

    def first_of(self, phrases: Sequence[int], sentence: int) -> int:
        """Return that of the phrases standing in a sentence whose rarest word comes first."""
        if len(phrases) == 1:
            return phrases[0]
        stop = 0 if len(self._parts) > 1 else self._parts[0][1].stop_of(sentence)
        standing = [number for number in phrases if self._with[number] >> stop & 1]
        if len(standing) == 1:
            return standing[0]
        start = self._parts[0][1].start_of(sentence)
        return min(standing, key=lambda number: self._first_word_of(number, start))

    def _first_word_of(self, number: int, start: int) -> tuple[int, int, int]:
        phrase = self._phrases[number]
        return min(
            (first + word, symbol, phrase.woken)
            for first, places in self._parts
            for word, symbol in places.first_words_of(phrase, start)
        )

    def where(self, number: int, sentence: int) -> tuple[int, int]:
        """Return on which words of the sentence phrase `number` stands there first.

        On the fewest words, as that is the evidence; they are counted from its opening mark.
        """
        start = self._parts[0][1].start_of(sentence)
        ends = self._ends[number] >> start
        last = (ends & -ends).bit_length() - 2
        return self.begins(number, start + last) - start, last

    def begins(self, number: int, last: int) -> int:
        """Return the word where phrase `number`, ending at word `last`, begins at the latest."""
        phrase = self._phrases[number]
        beginnings = (
            first + begins
            for first, places in self._parts
            if first <= last and (begins := places.begins(phrase, last - first + 1)) >= 0
        )
        return max(beginnings, default=last)


def numbers_in(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, rising."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
