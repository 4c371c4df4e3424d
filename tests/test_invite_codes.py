"""Invite codes: what one is made of, and how it is found in a mail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codes import (
    ALPHABET,
    LENGTH,
    NUMBER_OF_CODES,
    code_of,
    codes_in,
    grouped,
    is_code,
    without_codes,
)

DEV_MAILS = Path(__file__).parent / "data" / "parent-emails-dev.jsonl"
CODES = st.integers(0, NUMBER_OF_CODES - 1).map(code_of)
PLACES = st.integers(0, LENGTH - 1)


def test_a_code_holds_forty_bits():
    assert NUMBER_OF_CODES >= 2**40


def test_no_character_of_a_code_looks_like_another():
    for pair in ("0O", "0Q", "0D", "1I", "1L", "2Z", "5S", "6G", "8B", "UV", "9G"):
        assert not set(pair) <= set(ALPHABET)
    assert not set(ALPHABET) & set("AEIOU")


@given(CODES)
def test_a_code_is_known_for_one(code: str):
    assert is_code(code)
    assert codes_in(grouped(code)).codes == (code,)


@given(CODES, PLACES, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_never_another_code(code: str, place: int, other: str):
    wrong = code[:place] + other + code[place + 1 :]
    assert is_code(wrong) == (wrong == code)


@given(CODES, PLACES, PLACES)
def test_two_characters_that_changed_places_are_never_another_code(code: str, one: int, two: int):
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    wrong = "".join(letters)
    assert is_code(wrong) == (wrong == code)


@given(CODES, st.sampled_from(["-", " ", "", " - ", "–", ".", "\n> "]), st.booleans())
def test_a_code_is_found_however_it_is_typed(code: str, between: str, small: bool):
    typed = between.join((code[:4], code[4:8], code[8:]))
    typed = typed.lower() if small else typed
    assert codes_in(f"Hello,\nmy code is {typed}.\nThank you, Dana").codes == (code,)
    assert codes_in(f"> On Monday the school wrote:\n> {typed}").codes == (code,)
    assert codes_in(" ".join(code)).codes == (code,)


@given(st.lists(CODES, min_size=1, max_size=5, unique=True))
def test_the_codes_of_several_children_are_all_found(codes: list[str]):
    text = "\n".join(f"Child {number}: {grouped(one)}" for number, one in enumerate(codes, 1))
    assert codes_in(text).codes == tuple(codes)


@given(CODES, PLACES, st.sampled_from("0OISZ5AEU"))
def test_a_slip_is_seen_as_a_slip(code: str, place: int, wrong: str):
    found = codes_in(f"My code is {grouped(code[:place] + wrong + code[place + 1 :])}")
    assert (found.codes, found.mistyped) == ((), 1)


@pytest.mark.parametrize("text", ["ABCD-EFGH-IJK", "my code: CFGH-JKMN-PR", "CFGHJKMNPR33"])
def test_what_is_meant_as_a_code_is_a_slip(text: str):
    assert codes_in(text).mistyped == 1


def test_letters_of_another_keyboard_are_read_as_they_look():
    code = code_of(123456789012)
    assert code == "M7HP7RWP34G"
    assert codes_in("М7НР-7RWР-34G").codes == (code,)  # М, Н and Р are Cyrillic


def test_what_parents_write_holds_no_code():
    mails = [json.loads(line) for line in DEV_MAILS.read_text("utf-8").splitlines()]
    found = [mail["id"] for mail in mails if codes_in(*map(str, mail.values()))]
    assert len(mails) > 400
    assert found == []


@given(st.text())
def test_no_text_is_too_strange_to_be_looked_at(text: str):
    for code in codes_in(text, text).codes:
        assert is_code(code)


@given(number=st.integers(0, NUMBER_OF_CODES - 1), before=st.text(), after=st.text())
def test_no_code_is_left_where_codes_are_taken_out(number: int, before: str, after: str):
    code = grouped(code_of(number))
    text = f"{before} {code}\n{after}"
    left = without_codes(text, "")
    assert code not in left
    assert len(left) <= len(text)


def test_what_is_no_code_is_left_as_it_was():
    text = "Poppy’s number is 07700 900123, and ﬁve of us come: CFGH JKMN."
    assert without_codes(text, "-") == text
    assert without_codes(f"ﬃ {grouped(code_of(7))}, ß", "-") == "ﬃ -, ß"
