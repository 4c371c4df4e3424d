"""However hostile the text, the cost of matching grows as the text does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.topicpacks import load_packs
from rules.topic_looked import numbers_in
from rules.topic_match import PhraseIndex
from rules.topic_packs import compile_packs
from rules.topic_phrases import Choice, Element, Gap, Simple, read_phrase
from rules.topic_words import sentences
from rules.topics import understand

PACKS = load_packs()
MATCHER = compile_packs(PACKS)


def work(words: int) -> int:
    """Return how often a phrase was read in `words` words that keep every gap open."""
    index = PhraseIndex()
    for number, phrase in enumerate(("a ~12 b", "a ~12 c ~12 d", "(a|a a|a a a) ~12 e")):
        index.add(number, read_phrase(phrase, {}))
    (sentence,) = sentences("a b c d e " * words)
    index.look_at(sentence)
    return index.phrases_read


def ends(elements: tuple[Element, ...], words: list[str], begins: set[int]) -> set[int]:
    """Say by trying everything where `elements` can end that begin at one of `begins`."""
    for element in elements:
        match element:
            case Simple(text=text):
                begins = {at + 1 for at in begins if at < len(words) and words[at] == text}
            case Gap(most):
                begins = {at + far for at in begins for far in range(most + 1)}
            case Choice(branches, optional):
                tried = {end for branch in branches for end in ends(branch, words, begins)}
                begins = tried | (begins if optional else set())
    return {at for at in begins if at <= len(words)}


LETTER = st.sampled_from("abc")
PIECE = st.recursive(
    LETTER | st.sampled_from(["~1", "~2"]),
    lambda inner: st.builds(
        lambda bracket, parts: bracket[0] + "|".join(parts) + bracket[1],
        st.sampled_from(["()", "[]"]),
        st.lists(st.lists(inner, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=2),
    ),
    max_leaves=4,
)
PHRASE = st.builds(lambda *parts: " ".join(parts), LETTER, PIECE, PIECE, LETTER)


@given(phrases=st.lists(PHRASE, max_size=5), words=st.lists(st.sampled_from("abcx"), min_size=1))
def test_the_machine_finds_exactly_what_trying_everything_finds(phrases, words):
    index = PhraseIndex()
    read = [read_phrase(phrase, {}) for phrase in phrases]
    for number, elements in enumerate(read):
        index.add(number, elements)
    (sentence,) = sentences(" ".join(words))
    wanted = {}
    for number, elements in enumerate(read):
        found = ends(elements, words, set(range(len(words))))
        if found:
            wanted[number] = min(found)  # the opening mark stands before the first word
    assert index.look_at(sentence).found == wanted


def test_repetition_that_would_make_an_expression_backtrack_costs_what_other_text_costs():
    assert work(40_000) <= 10 * work(4_000)


@pytest.mark.parametrize("text", ["not in ", "he is not ~ off ", "when will he be in at ", "? "])
def test_a_long_text_of_our_own_phrases_is_read_in_proportion_to_its_length(text):
    index = MATCHER.index
    before = index.phrases_read
    understand(MATCHER, subject="", own_text=text * 2_000)
    first = index.phrases_read - before
    understand(MATCHER, subject="", own_text=text * 20_000)
    assert index.phrases_read - before - first <= 11 * first


@pytest.mark.parametrize("before", [0, 2_040, 2_047, 2_048, 5_000])
def test_a_phrase_is_found_wherever_it_stands_in_a_long_sentence(before):
    index = PhraseIndex()
    index.add(1, read_phrase("not ~12 well", {}))
    (sentence,) = sentences("x " * before + "not so very well" + " y" * 3_000)
    looked = index.look_at(sentence)
    assert looked.found == {1: before + 4}
    assert looked.begins(1, before + 4) == before + 1


FILLER = st.sampled_from("abcx")
SENTENCES = st.lists(st.lists(FILLER, min_size=1, max_size=6), min_size=1, max_size=6)


@given(phrase=PHRASE, texts=SENTENCES)
def test_sentences_read_together_are_read_as_each_alone(phrase, texts):
    index = PhraseIndex()
    index.add(0, read_phrase(phrase, {}))
    known = [index.known(text, ()) for text in texts]
    together = index.look_through(known, [index.possible(words) for words in known])
    held = together.sentences_with(0)
    found = {together.sentence_at(bit): together for bit in numbers_in(held)}
    for number, words in enumerate(known):
        alone = index.look_through([words], [index.possible(words)])
        assert (number in found) == bool(alone.found)
        if alone.found:
            assert together.where(0, number) == alone.where(0, 0)


@pytest.mark.parametrize("padding", ["Book today. ", "fine {}\n", "ill {}\n", "x ", "? ", "\n"])
@pytest.mark.parametrize("told", ["My dad hits me.", "he is ill today"])
def test_nothing_hides_behind_a_hundred_thousand_characters(padding, told):
    filled = "".join(padding.format(number) for number in range(100_000 // len(padding)))
    wanted = understand(MATCHER, subject="", own_text=told)
    found = understand(MATCHER, subject="", own_text=f"{filled}\n\n{told}\n\n{filled}")
    assert wanted.labels - {"classroom"} <= found.labels


@pytest.mark.parametrize("words", [20_000, 40_000])
def test_a_sentence_of_many_thousand_words_is_one_sentence(words):
    long = "word " * words
    said = understand(MATCHER, subject="", own_text=f"my dad {long} hits me every night")
    hits = [one for one in said.evidence if one.label == "safeguarding"]
    assert all(one.end - one.start < 100 for one in hits)
    cancelled = understand(MATCHER, subject="", own_text=f"{long} he hit him in the match {long}")
    assert (
        cancelled.labels
        == understand(MATCHER, subject="", own_text="he hit him in the match").labels
    )


def test_what_the_matcher_remembers_never_changes_an_answer():
    text = "Ben won't be in today, could you send his homework please? He is not well."
    fresh = compile_packs(PACKS)
    used = compile_packs(PACKS)
    for pack in PACKS:
        for example in pack.must_match:
            understand(used, subject=example.subject, own_text=example.text)
    one = understand(fresh, subject="", own_text=text)
    assert one == understand(used, subject="", own_text=text)
    assert one == understand(fresh, subject="", own_text=text)
