"""What counts as the same notice: one for each thing the guardian does not yet know."""

from dataclasses import replace
from datetime import UTC, date, datetime

from rules.effects import NoticeKind, SendNotice
from rules.notices import notice_key

MONDAY, TUESDAY = date(2026, 11, 9), date(2026, 11, 10)
URGENT = SendNotice(NoticeKind.URGENT, "amina@parent.example", "g1", "c1")
CLOSED = replace(URGENT, office_open=False, office_opens_at=datetime(2026, 11, 10, 8, tzinfo=UTC))


def test_a_second_topic_for_the_office_is_not_told_in_the_same_words_again():
    about = [replace(URGENT, topics=topics) for topics in (("attendance",), ("appointment",))]
    assert len({notice_key(notice, MONDAY) for notice in about}) == 1


def test_whoever_was_told_the_office_has_it_is_still_told_when_the_office_is_shut():
    assert notice_key(URGENT, MONDAY) != notice_key(CLOSED, MONDAY)


def test_what_was_passed_on_while_the_office_is_open_is_told_again_the_next_day():
    assert notice_key(URGENT, MONDAY) != notice_key(URGENT, TUESDAY)
