"""The language of phrases, small enough for a school to write."""

import pytest

from rules.topic_match import PhraseIndex
from rules.topic_phrases import PhraseFault, read_phrase
from rules.topic_words import fold, sentences

WORDS = {"day": ("(monday|tuesday)", "next week"), "loop": ("{loop} x",), "empty": ()}


def found(phrase: str, text: str, **opening: tuple[str, ...]) -> str | None:
    """Return the words of `text` that `phrase` matches."""
    index = PhraseIndex()
    index.add(7, read_phrase(phrase, WORDS))
    for sentence in sentences(text, **opening):
        looked = index.look_at(sentence)
        if 7 in looked.found:
            last = looked.found[7]
            return text[sentence[looked.begins(7, last)].start : sentence[last].end]
    return None


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("off today", "She is OFF  today.", "OFF  today"),
        ("off today", "Today she is off.", None),
        ("off today", "She is off. Today we rest.", None),
        ("vomit*", "He vomited", "vomited"),
        ("(ill|under the weather)", "bit under the weather", "under the weather"),
        ("is [really|so] ill", "he is ill", "is ill"),
        ("is [really|so] ill", "he is really ill", "is really ill"),
        ("not ~2 in", "not coming back in", "not coming back in"),
        ("not ~2 in", "not ever coming back in", None),
        ("off {day}", "off next week", "off next week"),
        ("at #time", "at 2.15pm", "at 2.15pm"),
        ("#number", "about 20", "20"),
        ("#percent", "only 89.4% so far", "89.4%"),
        ("#start late", "Late again", "Late"),
        ("late #end", "we are late!", "late"),
        ("wont", "he won’t", "won’t"),
        ("well", "we'll be there", None),
        ("d&v", "has D&V", "D&V"),
        ("one-to-one", "his one to one", "one to one"),
        ("chłopcy", "Chlopcy", "Chlopcy"),
        ("জ্বর*", "রাইয়ানের জ্বর।", "জ্বর"),
        ("#masked", "you b****", "b****"),
        ("#masked", "**Important**", None),
    ],
)
def test_a_phrase_finds_its_words_and_no_others(phrase, text, words):
    assert found(phrase, text) == words


def test_the_subject_can_be_asked_for():
    assert found("#subject ~2 absence", "An absence", opens_with=("subject",)) == "An absence"
    assert found("#subject ~2 absence", "An absence") is None


@pytest.mark.parametrize(
    "phrase", ["", "~2 in", "[so]", "(a|)", "(a", "a)", "{none}", "{loop}", "{empty}", "#shape",
               "a**", "~0", "~21", "(a)b", "f*ck"],
)  # fmt: skip
def test_a_phrase_that_cannot_be_read_is_refused_with_a_reason(phrase):
    with pytest.raises(PhraseFault):
        read_phrase(phrase, WORDS)


def test_a_wrapped_line_does_not_end_a_sentence_but_a_short_one_does():
    wrapped = "I am writing to let you know that Ben is going to be off\ntoday with a cold"
    assert found("off today", wrapped) == "off\ntoday"
    assert found("off today", "PE kit off\ntoday is Monday") is None


def test_folding_keeps_words_apart_that_are_different_words():
    assert fold("Won't") == fold("won’t") == "wont"
    assert fold("he'll") != fold("hell")
    assert fold("Zoë") == "zoe"


def test_a_word_stretched_for_effect_has_a_shape_of_its_own():
    shapes = {word.folded: word.shapes for word in next(sentences("Pleeeease miss it is 10000"))}
    assert "stretched" in shapes["pleeeease"]
    assert "stretched" not in shapes["miss"]
    assert "stretched" not in shapes["10000"]
