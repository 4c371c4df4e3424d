"""A message in a language that no pack hears goes to a person at once, and never into silence."""

import pytest

from gateway.topicpacks import load_matcher
from rules.effects import (
    AddToDigest,
    AlertSafeguarding,
    HoldForOffice,
    NoticeKind,
    RedirectToOffice,
    SendNotice,
)
from rules.topics import understand
from tests.policy_world import HEAD, OFFICE, ROOM_3B, directory, of, understood, when
from tests.test_allegations import written

MATCHER = load_matcher()
STRANGE = [
    "Habari mwalimu, mtoto wangu Juma ana homa kali na hataweza kuja shuleni leo. Asante sana.",
    "Chào cô, hôm nay con trai tôi bị sốt nên không đi học được. Cảm ơn cô nhiều.",
    "Merhaba hocam, oğlum bugün hasta olduğu için okula gelemeyecek. Teşekkür ederim.",
    "Здравствуйте, мой сын заболел и сегодня не придёт в школу. Спасибо большое.",
    "سلام خانم معلم، پسرم امروز تب دارد و نمی‌تواند به مدرسه بیاید. ممنون از لطف شما.",
    "नमस्ते, मेरे बेटे को बुखार है इसलिए वह आज स्कूल नहीं आएगा। धन्यवाद।",
    "老师您好，我儿子今天发烧了，不能去学校，请假一天，谢谢。",
    "ሰላም መምህር፣ ወደይ ሎሚ ሓሚሙ ስለ ዘሎ ናብ ቤት ትምህርቲ ኣይመጽእን እዩ።",
]
PLAIN = "Hello Miss Khan, Ben has lost his jumper again. Could you have a look for it please?"


def decided(text, **changes):
    found = understand(MATCHER, subject="", own_text=text)
    return when(written(text), **{"understanding": found} | changes)


@pytest.mark.parametrize("text", STRANGE)
def test_the_office_has_it_now_and_the_teacher_in_the_window(text):
    decision = decided(text)
    [redirect] = of(decision, RedirectToOffice)
    assert redirect.staff_id == OFFICE.staff_id
    assert redirect.topics == ("a language that is not read here",)
    assert redirect.teacher_told
    [item] = of(decision, AddToDigest)
    assert item.note == "The office has this too: it is in a language that is not read here."
    assert of(decision, SendNotice)[0].kind is NoticeKind.HELD
    assert "language-not-read" in {one.rule for one in decision.reasons}


def test_a_language_that_is_read_is_left_to_its_packs():
    decision = decided(PLAIN)
    assert not of(decision, RedirectToOffice)
    assert "language-not-read" not in {one.rule for one in decision.reasons}


def test_what_the_packs_heard_in_it_all_the_same_decides():
    absent = when(written(STRANGE[0]), understanding=understood("attendance"))
    assert of(absent, RedirectToOffice)[0].topics == ("attendance",)
    concern = when(written(STRANGE[0]), understanding=understood("safeguarding"))
    assert of(concern, AlertSafeguarding)
    assert not of(concern, RedirectToOffice)


def test_where_nobody_reads_for_the_class_the_office_alone_has_it():
    empty = ROOM_3B.__class__(ROOM_3B.class_id, ROOM_3B.name, ROOM_3B.address)
    decision = decided(STRANGE[0], directory=directory(addressed_class=empty, classes=(empty,)))
    assert len(of(decision, RedirectToOffice)) == 1
    assert of(decision, SendNotice)[0].kind is NoticeKind.REDIRECTED


def test_where_the_roster_names_no_office_it_is_held_and_the_teacher_has_it():
    decision = decided(STRANGE[0], directory=directory(leads=(HEAD,)))
    assert of(decision, HoldForOffice)
    assert of(decision, AddToDigest)
