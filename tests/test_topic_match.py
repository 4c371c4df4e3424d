"""However hostile the text, matching costs one step a word."""

import pytest

from gateway.topicpacks import load_packs
from rules.topic_match import Automaton
from rules.topic_packs import compile_packs
from rules.topic_phrases import read_phrase
from rules.topic_words import sentences
from rules.topics import understand

PACKS = load_packs()


class Counted(Automaton):
    """An automaton that counts the states it looks at."""

    looked_at = 0

    def _next(self, states, symbols):
        self.looked_at += len(states)
        return super()._next(states, symbols)


def work(words: int) -> tuple[int, int]:
    """Return steps computed and states looked at for `words` words that keep every gap open."""
    automaton = Counted()
    for number, phrase in enumerate(("a ~12 b", "a ~12 c ~12 d", "(a|a a|a a a) ~12 e")):
        automaton.add(number, read_phrase(phrase, {}))
    (sentence,) = sentences("a " * words)
    automaton.found_in(sentence)
    return automaton.steps_computed, automaton.looked_at


def test_repetition_that_would_make_an_expression_backtrack_costs_nothing_new():
    assert work(20_000) == work(200)


@pytest.mark.parametrize("text", ["not in ", "he is not ~ off ", "when will he be in at ", "? "])
def test_a_long_text_of_our_own_phrases_is_read_with_few_steps(text):
    matcher = compile_packs(PACKS)
    understand(matcher, subject="", own_text=text * 200)
    first = matcher.automaton.steps_computed
    understand(matcher, subject="", own_text=text * 20_000)
    assert matcher.automaton.steps_computed - first <= 10


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
