"""In another language no allegation is known for one: then nobody it may be about is told."""

import pytest

from gateway.topicpacks import load_matcher
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    RedirectToOffice,
    ShowLead,
    TellTeacherHeld,
)
from rules.staff_abroad import speaks_of_staff
from rules.topics import understand
from tests.policy_world import of, understood, when
from tests.test_allegations import written

HELPED = load_matcher(second_reader=True)
ALLEGED = [
    "Nauczycielka uderzyła Bena w twarz i on boi się iść do szkoły.",
    "Pani Khan uderzyła dzisiaj Bena, ma siniaka na ręce.",
    "Doamna Khan l-a lovit pe Ben astăzi și are o vânătaie.",
    "La maestra le pegó a mi hijo en la cara.",
    "Вчителька вдарила мого сина сьогодні, у нього синець.",
    "ٹیچر نے میرے بیٹے کو مارا ہے اور اس کے چہرے پر نشان ہے",
    "Mae'r athrawes wedi taro fy mab heddiw",
]


@pytest.mark.parametrize("text", ALLEGED)
def test_the_reader_who_may_be_meant_is_told_nothing(text):
    found = understand(HELPED, subject="", own_text=text)
    decision = when(written(text), understanding=found)
    assert of(decision, AlertSafeguarding)
    assert not of(decision, TellTeacherHeld)
    assert not of(decision, AddToDigest)
    assert "reader-may-be-meant" in {one.rule for one in decision.reasons}


@pytest.mark.parametrize("text", ["A professora bateu no meu filho hoje.", ALLEGED[3]])
def test_what_is_only_perhaps_a_concern_does_not_wait_for_the_teacher_it_speaks_of(text):
    doubt = understood("classroom", "attendance", perhaps=("safeguarding",))
    decision = when(written(text), understanding=doubt)
    assert of(decision, AlertSafeguarding)
    assert not of(decision, AddToDigest)
    assert not of(decision, RedirectToOffice)
    assert not of(decision, ShowLead)


@pytest.mark.parametrize(
    "text",
    [
        "Hola maestra, Ben está un poco triste hoy.",
        "Bonjour maîtresse\nBen est un peu triste.",
        "Bună ziua doamna învățătoare, Ben este trist.",
        "شكراً لكِ معلمتي على اهتمامك، هو يحب المدرسة كثيراً",
        "Dear teacher, Ben is a bit sad today. His teachers are kind.",
    ],
)
def test_a_greeting_speaks_of_nobody(text):
    assert not speaks_of_staff(text)
    decision = when(written(text), understanding=understood(perhaps=("safeguarding",)))
    assert of(decision, AddToDigest)
    assert of(decision, ShowLead)


def test_a_concern_that_names_its_reader_is_not_named_to_them():
    text = "Ben says Miss Khan was there when it happened, and he is scared."
    decision = when(written(text), understanding=understood("safeguarding"))
    assert not of(decision, TellTeacherHeld)
    usual = when(written("Ben says his uncle hits him."), understanding=understood("safeguarding"))
    assert of(usual, TellTeacherHeld)


def test_a_text_of_nothing_but_such_words_is_read_once():
    assert speaks_of_staff("maestra " * 6000)
    assert not speaks_of_staff("maestra" + " " * 40_000 + ",")
