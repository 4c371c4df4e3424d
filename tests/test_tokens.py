"""Signed addresses: one action, one message, one person, until a day."""

import secrets
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.store.types import id_number, id_text
from gateway.tokens import Keys, local_part, read_token, token_in
from rules.instruction import Action

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
KEYS = Keys(KEY)
ITEM, PERSON, DAY = id_text(123456789), "staff-1", date(2026, 12, 24)
numbers = st.integers(0, 2**80 - 1)


@given(numbers, st.sampled_from(Action), st.dates(date(2020, 1, 1), date(2199, 1, 1)))
def test_a_token_tells_its_action_its_message_and_its_last_day(number, action, day):
    token = read_token(KEYS.sign(action, id_text(number), PERSON, day))
    assert (token.action, token.item_id, token.last_day) == (action, id_text(number), day)
    assert KEYS.is_for(token, PERSON)


@given(numbers)
def test_an_id_and_its_number_are_two_forms_of_one_thing(number):
    assert id_number(id_text(number)) == number


def test_a_token_is_worth_nothing_in_other_hands():
    token = read_token(KEYS.sign(Action.RELEASE, ITEM, PERSON, DAY))
    assert not KEYS.is_for(token, "staff-2")
    assert not KEYS.is_for(token, "")


def test_no_changed_letter_is_accepted():
    text = KEYS.sign(Action.RELEASE, ITEM, PERSON, DAY)
    accepted = 0
    for place in range(len(text) - 1):  # the last letter carries bits that mean nothing
        for letter in "abcdefghijklmnopqrstuvwxyz234567":
            if letter != text[place]:
                token = read_token(text[:place] + letter + text[place + 1 :])
                accepted += token is not None and KEYS.is_for(token, PERSON)
    assert accepted == 0


def test_ten_thousand_random_tokens_are_refused():
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for _ in range(10_000):
        token = read_token("".join(secrets.choice(letters) for _ in range(47)))
        assert token is None or not KEYS.is_for(token, PERSON)


def test_while_keys_are_changed_both_open_and_afterwards_only_the_new_one():
    old = read_token(Keys(OTHER_KEY).sign(Action.KEEP, ITEM, PERSON, DAY))
    assert Keys(KEY, previous=OTHER_KEY).is_for(old, PERSON)
    assert not Keys(KEY).is_for(old, PERSON)


def test_an_address_survives_a_mail_system_that_folds_case_and_fits_a_local_part():
    for action in Action:
        local = local_part(action, KEYS.sign(action, ITEM, PERSON, DAY))
        assert local == local.lower()
        assert len(local) <= 64
        assert token_in(local) == read_token(local.partition("+")[2])


@pytest.mark.parametrize(
    "text", ["", "r+", "r+abc", "x+" + "a" * 47, "r+" + "1" * 47, "r+" + "é" * 47]
)
def test_what_has_not_the_shape_of_a_token_is_none(text):
    assert token_in(text) is None


def test_an_answer_address_cannot_be_used_as_an_action_address():
    token = KEYS.sign(Action.RELEASE, ITEM, PERSON, DAY)
    assert token_in(f"r+{token}") is None


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"short")
