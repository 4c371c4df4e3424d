"""The card that the office gets: what the parent said of attendance, and nothing else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.absence import absence_card
from rules.absence_child import ChildBy, LinkedChild
from rules.absence_kinds import Kind

TUESDAY = date(2026, 11, 24)
BEN = LinkedChild("ben", "Ben", in_the_class=True)


def card(text, *children, subject="", evidence=()):
    return absence_card(subject, text, TUESDAY, children or (BEN,), evidence)


def days(found):
    """Return each day as "role: dates", a range with "to"."""
    lines = []
    for day in found.days:
        joint = " to " if day.through else " "
        dates = joint.join(f"{one.day}/{one.month}" for one in day.dates)
        lines.append(f"{day.of}: {dates}{'?' if day.perhaps else ''}".strip())
    return lines


KINDS = [
    ("Ben is ill and won't be in today.", ["absent"], ["on: 24/11"]),
    ("Ben will not be in school on Thu & Fri.", ["absent"], ["on: 26/11 27/11"]),
    ("Ben's off today, back Monday.", ["absent"], ["on: 24/11", "back: 30/11"]),
    ("Keeping Ben home, hopefully back tomorrow.", ["absent"], ["back: 25/11?"]),
    ("Doctor says to keep him home till Thursday.", ["absent"], ["until: 26/11"]),
    ("Ben off. Temp 39.1.", ["absent"], []),
    ("off sick today", ["absent"], ["on: 24/11"]),
    ("Funeral is on Thursday so he will be off that day, back on Friday.", ["absent"],
     ["back: 27/11", "on: 26/11"]),
    ("Ben has been ill since Sunday and is still off.", ["absent"], ["since: 22/11"]),
    ("Ben was off last week, he had a bug.", ["was absent"], ["on:"]),
    ("Ben was absent yesterday with a cold.", ["was absent"], ["on: 23/11"]),
    ("Ben was off Friday with a bad tummy.", ["was absent"], ["on: 20/11"]),
    ("We are running late this morning.", ["late"], ["on: 24/11"]),
    ("We overslept!", ["late"], []),
    ("Dentist at 2 so collecting at 1.30.", ["leaving early"], []),
    ("I will pick Ben up at 11.20 tomorrow for the dentist.", ["leaving early"], ["on: 25/11"]),
    ("Ben has the dentist at 9 tomorrow and will be in late.", ["late"], ["on: 25/11"]),
    ("Won't be in this morning, I will bring him in after lunch.", ["absent", "late"],
     ["on: 24/11"]),
    ("Can Ben have Friday off for his uncle's wedding? We need to request leave of absence.",
     ["leave asked for"], ["on: 27/11"]),
    ("I would like to request leave for Ben from 9th to 13th December.", ["leave asked for"],
     ["from: 9/12 to 13/12"]),
    ("Will Ben be marked absent if he comes at ten?", ["a question about attendance"], []),
    ("I got a letter about his attendance. Who do I speak to?",
     ["a question about attendance"], []),
    ("Could you check the register? He was in.", ["a question about attendance"], []),
    ("Ben and Mia both have temperatures so neither will be in today.", ["absent"], ["on: 24/11"]),
    ("The flight is delayed so we won't be back until Wednesday.", ["absent"], ["until: 25/11"]),
    ("Please excuse Ben's absence on 20th November.", ["was absent"], ["on: 20/11"]),
    ("Ben is better and will be back in tomorrow.", [], ["back: 25/11"]),
    ("Hospital on Wednesday 2nd December at 10.15 so he will be in school after lunch.", ["late"],
     ["on: 2/12"]),
    ("I'd like to take Ben out of school on Friday 4th December. Could this be authorised?",
     ["leave asked for"], ["on: 4/12"]),
    ("On Friday he went to a party and on Saturday he was sick, and now Mia has it.", [], []),
    ("Ben has been signed off by the doctor until Friday.", ["absent"], ["until: 27/11"]),
    ("He has to be in court with us on 2nd Dec so no school for him that day.", ["absent"],
     ["on: 2/12"]),
    ("He was off with a sore throat, my phone was cut off till I got paid.", ["was absent"], []),
    ("Could you let me know what he missed while he was off on Monday?", [], []),
    ("Nan will pick Ben up at 3.15 as usual.", [], []),
    ("Ben poorly. x", [], []),  # nobody says that he stays at home
    ("Ben is not late today.", [], []),
    ("He will be at the assembly on Friday.", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds", "stated"), KINDS)
def test_the_card_has_the_kind_and_the_days_that_the_words_say(text, kinds, stated):
    found = card(text)
    assert [str(kind) for kind in found.kinds] == kinds
    assert sorted(days(found)) == sorted(stated)


@pytest.mark.parametrize(
    "text",
    [
        "His brother is off with a bug but Ben is coming in.",
        "Ben's sister is off today, so I am collecting him, not Gran.",
        "My mum is off work today so she brings him.",
        "I'm off today so I can help with the trip.",
        "I am late with the trip money, sorry.",
        "Ben's homework will be late.",
    ],
)
def test_what_is_said_of_somebody_else_is_no_absence_of_the_childs(text):
    assert Kind.ABSENT not in card(text).kinds


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hi. Ben was sick in the night. He won't be in today.", "Ben was sick in the night."),
        ("He won't be in today because Gran died. Thanks.",
         "He won't be in today because Gran died."),
        ("In future please write to both of us. Ben is off today with a cold.",
         "Ben is off today with a cold."),
        ("Ben won't be in today.", ""),
    ],
)  # fmt: skip
def test_the_reason_is_a_sentence_of_the_parents_own_or_not_stated(text, reason):
    assert card(text).reason == reason


def test_the_days_of_other_matters_stay_off_the_card():
    text = "Ben's off today. We finished the reading book on Friday. Is PE on Thursday?"
    assert days(card(text)) == ["on: 24/11"]


def test_the_subject_may_be_all_that_names_the_day():
    assert days(card("He won't be in, he has a cold.", subject="Thursday")) == ["on: 26/11"]
    assert days(card("He won't be in.", subject="Re: Trip on Thursday")) == []


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Доброго ранку! Марко не прийде до школи. Завтра буде.", "не прийде до школи"),
        ("Dzień dobry. Lena ma gorączkę i nie przyjdzie. Pozdrawiam", "nie przyjdzie"),
        ("Buenos días. Martina está enferma. Gracias", "está enferma"),
    ],
)
def test_in_another_language_the_card_shows_the_sentence_and_guesses_nothing(text, evidence):
    found = card(text, evidence=(evidence,))
    assert evidence in found.sentence
    assert (found.kinds, found.days, found.times, found.reason) == ((), (), (), "")
    assert found.child_by is ChildBy.ONLY


@given(st.text(max_size=600), st.text(max_size=60))
def test_any_text_has_a_card(text, subject):
    found = card(text, subject=subject)
    assert len(found.reason) <= 281


def test_a_megabyte_of_hostile_words_has_its_card_at_once():
    for words in ("off today and ", "collect ", "Monday, ", "won't ", "?! ", "back "):
        assert card(words * (1_000_000 // len(words))).child_by is ChildBy.ONLY
