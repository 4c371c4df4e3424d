"""The second reader helps the packs: it adds, says why, and takes nothing away."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.second_reader import as_values, load_second_reader, model_of
from gateway.topicpacks import load_matcher
from rules.second_reader import LONGEST_SENTENCE, Model, Read, Topic, features_of, opinions
from rules.topic_packs import LABELS
from rules.topic_words import sentences
from rules.topics import SECOND_READER, understand

ALONE = load_matcher()
HELPED = load_matcher(second_reader=True)
HEAVY = {"lanterns": (1.0, ((0, 4.0),)), "the": (0.1, ())}
READ = (Read("send", "He needs his lanterns.", frozenset({"lanterns"})),)
MODEL = Model((Topic("send", -2.0, 0.5, 0.2),), HEAVY, READ)


def asked(model: Model, text: str):
    return opinions(model, features_of([(0, words) for words in sentences(text)], (), "morning"))


def test_a_word_it_knows_makes_a_topic_and_is_the_reason():
    [opinion] = asked(MODEL, "Where are the lanterns?")
    assert opinion.is_decided
    assert opinion.span == (0, len("Where are the lanterns?"))
    assert MODEL.alike(opinion) == ("He needs his lanterns.",)


def test_words_it_does_not_know_say_nothing():
    assert asked(MODEL, "Where is the reading book?") == ()


def test_a_model_is_the_same_after_it_was_written_down():
    assert model_of(as_values(MODEL)) == MODEL
    shipped = load_second_reader()
    assert model_of(as_values(shipped)) == shipped


def test_the_model_that_ships_knows_every_label():
    assert {topic.name for topic in load_second_reader().topics} >= LABELS
    assert all(topic.doubtful <= topic.decided for topic in load_second_reader().topics)


TOLD_SIDEWAYS = (
    "He asked me if it is normal that his uncle locks the bathroom door when they are both in it.",
    "She has stopped eating her tea and cries every night, it has been weeks now.",
    "Mam's new boyfriend throws things at us when he has had a drink",
)


@pytest.mark.parametrize("text", TOLD_SIDEWAYS)
def test_a_worry_told_in_new_words_reaches_the_safeguarding_lead(text):
    found = understand(HELPED, subject="", own_text=text)
    assert "safeguarding" in found.labels
    assert any(one.label == "safeguarding" for one in found.evidence)


def test_its_evidence_names_it_shows_words_and_what_they_are_like():
    found = understand(HELPED, subject="", own_text=TOLD_SIDEWAYS[0])
    said = [one for one in found.evidence if one.rule == SECOND_READER]
    assert said
    for one in said:
        assert f"\n{TOLD_SIDEWAYS[0]}"[one.start : one.end] == one.text
        assert one.alike


PHRASES = (
    "he she was ill off today hit by dad not in tomorrow dentist at 2 please can we meet"
    " the senco about his plan she cries every night thanks book homework trip coat 999"
)
WORDS = st.sampled_from(PHRASES.split())


@given(st.lists(WORDS, max_size=40))
def test_what_the_packs_decided_stays_decided(words):
    text = " ".join(words)
    alone = understand(ALONE, subject="", own_text=text)
    helped = understand(HELPED, subject="", own_text=text)
    if "automatic" not in alone.perhaps:
        assert alone.labels - {"classroom"} <= helped.labels
    assert alone.extra <= helped.extra
    assert alone.urgent <= helped.urgent or "automatic" in helped.labels
    assert alone.perhaps <= helped.perhaps | helped.labels


def test_without_it_the_packs_read_alone():
    assert load_matcher().second_reader is None
    assert replace(HELPED, second_reader=None) == ALONE


def test_a_very_long_message_is_read_in_its_beginning_only():
    seen = features_of([(0, words) for words in sentences("lanterns. " * 20_000)], (), "x")
    assert seen.features["lanterns"][0] <= 5_000


def test_a_message_without_a_full_stop_is_read_in_pieces():
    told = "where are the lanterns "
    text = told + "please " * 10_000
    words = [(0, piece) for piece in sentences(text, longest=LONGEST_SENTENCE)]
    [opinion] = opinions(MODEL, features_of(words, (), "morning"))
    assert opinion.span == (0, len(told) + (LONGEST_SENTENCE - 4) * len("please ") - 1)
    found = understand(replace(ALONE, second_reader=MODEL), subject="", own_text=text)
    assert "send" in found.labels
