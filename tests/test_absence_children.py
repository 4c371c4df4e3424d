"""Which child a report of absence means: the one who is named, the only one, or nobody guesses."""

from datetime import date

import pytest

from rules.absence import absence_card
from rules.absence_child import ChildBy, LinkedChild

TUESDAY = date(2026, 11, 24)
BEN = LinkedChild("ben", "Ben", in_the_class=True)
ZOE = LinkedChild("zoe", "Zoë", in_the_class=False)
MAX = LinkedChild("max", "Max", in_the_class=True)
WILL = LinkedChild("will", "Will", in_the_class=True)
MARY = LinkedChild("mary", "Mary-Jane", in_the_class=True)


def meant(text, *children, subject=""):
    found = absence_card(subject, text, TUESDAY, children)
    return [child.pupil_id for child in found.children], found.child_by


def test_the_only_child_linked_in_the_class_is_meant_and_it_is_said_that_it_is_the_only_one():
    assert meant("She won't be in today.", BEN) == (["ben"], ChildBy.ONLY)
    assert meant("He won't be in today.", BEN, ZOE) == (["ben"], ChildBy.ONLY)


def test_where_two_fit_both_are_shown_and_it_is_said_that_the_message_does_not_tell():
    assert meant("He won't be in today.", BEN, MAX) == (["ben", "max"], ChildBy.UNSAID)


def test_without_a_child_in_the_class_nothing_is_stated():
    assert meant("Off today.") == ([], ChildBy.NONE)
    assert meant("Off today.", ZOE) == ([], ChildBy.NONE)


@pytest.mark.parametrize(
    "text",
    [
        "Ben is not coming to school today.",
        "Ben will be late in today.",
        "Ben is in hospital and off today.",
        "Ben is off today.",
        "BEN OFF TODAY",
        "ben's off today, max is in",
        "It's Ben that's off with the temperature, not Max. Max is in.",
        "Ben won't be in today. Max will be in as usual.",
        "Off today. Ben's mum",
    ],
)
def test_the_child_who_is_named_as_absent_is_meant(text):
    assert meant(text, BEN, MAX) == (["ben"], ChildBy.NAMED)


def test_the_subject_may_name_the_child():
    assert meant("Off today.", BEN, MAX, subject="Ben") == (["ben"], ChildBy.NAMED)


def test_a_child_of_another_class_is_meant_when_named():
    assert meant("Zoe is off today.", BEN, ZOE) == (["zoe"], ChildBy.NAMED)


def test_two_who_are_named_are_both_meant():
    assert meant("Ben and Max won't be in today.", BEN, MAX) == (["ben", "max"], ChildBy.NAMED)


@pytest.mark.parametrize(
    "text", ["Both of them are off today.", "The twins won't be in.", "My boys are off sick."]
)
def test_words_for_all_of_them_mean_all_of_them(text):
    assert meant(text, BEN, MAX) == (["ben", "max"], ChildBy.ALL)


def test_a_child_and_their_only_other_linked_sibling_are_both_meant():
    text = "Ben and his sister will be off tomorrow."
    assert meant(text, BEN, ZOE) == (["ben", "zoe"], ChildBy.ALL)
    assert meant(text, BEN, ZOE, MAX) == (["ben"], ChildBy.NAMED)  # which sister is not said


def test_the_name_in_a_sentence_of_another_matter_does_not_decide():
    text = "Max is off today. Ben's book is in his bag."
    assert meant(text, BEN, MAX) == (["max"], ChildBy.NAMED)


@pytest.mark.parametrize("text", ["He will not be in today.", "Will he be marked absent?"])
def test_a_name_that_is_a_word_too_counts_only_as_a_name(text):
    assert meant(text, BEN, WILL)[1] is ChildBy.UNSAID


@pytest.mark.parametrize(
    "text", ["Will is off today.", "Sorry, but Will won't be in.", "Will's off today."]
)
def test_a_name_that_is_a_word_too_is_heard_where_a_name_stands(text):
    assert meant(text, BEN, WILL) == (["will"], ChildBy.NAMED)


def test_a_double_name_is_heard_by_its_first_part_and_accents_do_not_matter():
    assert meant("Mary is off today.", BEN, MARY) == (["mary"], ChildBy.NAMED)
    assert meant("Mary-Jane is off today.", BEN, MARY) == (["mary"], ChildBy.NAMED)
    assert meant("Zoe has a cold and is off today.", BEN, ZOE) == (["zoe"], ChildBy.NAMED)


def test_a_teacher_of_the_same_name_is_not_the_child():
    assert meant("Dear Miss Ben, Max is off today.", BEN, MAX) == (["max"], ChildBy.NAMED)


@pytest.mark.parametrize(
    "text",
    [
        "Kai is ill today, his mum asked me to tell you.",
        "Kai won't be in today, I said I'd let you know for Omar.",
        "Kai's off today, he has been sick.",
    ],
)
def test_a_child_of_another_family_is_never_taken_for_the_senders(text):
    others = [LinkedChild("kai", "Kai", in_the_class=True)]
    found = absence_card("", text, TUESDAY, [BEN], (), others)
    assert (found.children, found.child_by) == ((), ChildBy.NONE)
    both = absence_card("", f"{text} Ben is off too.", TUESDAY, [BEN], (), others)
    assert (both.children, both.child_by) == ((BEN,), ChildBy.NAMED)
    beside = absence_card(
        "", "He's off today. Could Kai bring his book?", TUESDAY, [BEN], (), others
    )
    assert beside.child_by is ChildBy.ONLY
