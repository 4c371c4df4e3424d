"""One line of mail changes the hours: what is understood, and what is refused and never guessed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.hours_line import HoursLine, NotUnderstood, read_line

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 6, 40, tzinfo=LONDON)
WED, THU, FRI = date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)
ASH, BIRCH = "a.ash@oakfield.example", "b.birch@oakfield.example"


def entries(line, now=TUESDAY):
    found = read_line(line, now)
    assert isinstance(found, HoursLine), found
    return found.entries


def refusal(line, now=TUESDAY):
    found = read_line(line, now)
    assert isinstance(found, NotUnderstood), found
    return found.why


@pytest.mark.parametrize(
    ("line", "first", "last", "why"),
    [
        ("closed today", TUESDAY.date(), TUESDAY.date(), ""),
        ("Closed tomorrow: snow", WED, WED, "snow"),
        ("The school is closed on Thursday.", THU, THU, ""),
        ("closed Thu 26 Nov", THU, THU, ""),
        ("closed 26/11", THU, THU, ""),
        ("closed 26.11.", THU, THU, ""),
        ("closed 2026-11-26: no heating", THU, THU, "no heating"),
        ("closed 26 Nov - 27 Nov", THU, FRI, ""),
        ("closed 26–27 Nov", THU, FRI, ""),
        ("closed from Thursday to Friday", THU, FRI, ""),
        ("closed today because of snow", TUESDAY.date(), TUESDAY.date(), "snow"),
        ("snow day tomorrow", WED, WED, "snow"),
        ("INSET day 4 Jan", date(2027, 1, 4), date(2027, 1, 4), "INSET day"),
    ],
)
def test_a_closed_day_is_said_in_many_ways(line, first, last, why):
    [entry] = entries(line)
    assert (entry.kind, entry.first, entry.last, entry.why) == ("closed", first, last, why)


@pytest.mark.parametrize(
    "line",
    [
        "training Wed 15:30-17:00",
        "Training Wednesday 15.30 – 17.00",
        "training 3.30pm-5pm on Wed",
        "training Wed 3.30-5pm",
        "training Wed from 15:30 to 17:00",
        "staff training 25/11 15:30-17:00",
        "training 25.11. 15.30-17.00",
        "training Wed １５:３０-１７:００",  # full-width digits are the same digits
    ],
)
def test_a_training_is_said_in_many_ways(line):
    [entry] = entries(line)
    found = (entry.kind, entry.first, entry.last, entry.opens, entry.closes, entry.staff)
    assert found == ("training", WED, WED, time(15, 30), time(17), None)


@pytest.mark.parametrize("line", ["early closing Fri 13:15", "closing early Fri at 1.15pm"])
def test_a_day_that_ends_early(line):
    [entry] = entries(line)
    assert (entry.kind, entry.first, entry.closes) == ("early", FRI, time(13, 15))


def test_leave_names_who_is_away_and_who_reads_meanwhile():
    [entry] = entries(f"leave 30 Nov to 4 Dec for {ASH}, cover {BIRCH}")
    assert (entry.staff, entry.cover) == (ASH, BIRCH)
    assert (entry.first, entry.last) == (date(2026, 11, 30), date(2026, 12, 4))


def test_working_days_are_an_entry_each_and_hold_until_they_are_ended():
    found = entries(f"works mon-wed for {ASH}")
    assert [(one.weekday, one.last) for one in found] == [(0, None), (1, None), (2, None)]
    [first, _second] = entries(f"works mon and thu 8:00-12:00 from 30 Nov for {ASH}")
    assert (first.first, first.opens) == (date(2026, 11, 30), time(8))


def test_a_weekly_quiet_time_begins_on_its_next_day():
    [entry] = entries("quiet 16:30-17:00 every Fri until 18 Dec")
    assert (entry.weekday, entry.first, entry.last) == (4, FRI, date(2026, 12, 18))


def test_a_days_name_is_today_while_its_time_is_not_past():
    afternoon = datetime(2026, 11, 25, 16, 0, tzinfo=LONDON)
    assert entries("quiet Wed 16:30-17:00", afternoon)[0].first == WED
    assert entries("quiet Wed 15:00-15:30", afternoon)[0].first == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("closed", "does not say which day"),
        ("closed yesterday", "do not understand"),
        ("closed next Friday", "do not understand"),  # two days in English
        ("closed 20 Nov", "has passed"),
        ("closed 26 Nov 2031", "more than a year away"),
        ("closed Wednesday 26 Nov", "do not understand"),  # it is a Thursday
        ("closed 1 Dec to 1 Mar", "91 days"),
        ("closed Fri 13:15", "early closing"),
        ("early closing Fri", "at what time"),
        ("early closing Fri 1:15", "am or pm"),
        ("early closing 12.12 13.12", "not clear"),
        ("training Wed", "from when to when"),
        ("training Wed 17:00-15:30", "is not before"),
        ("training Wed half past three", "from when to when"),
        ("training Wed 15:30-17:00 for Mrs Ash", "email address"),
        ("training Wed ١٥:٣٠-١٧:٠٠", "from when to when"),
        ("closed ٢٦ Nov", "do not understand"),
        ("quiet 16:30-17:00", "which day"),
        ("quiet today 8:00-8:30 and 15:30-16:00", "two spans"),
        ("works mon-wed", "for whom"),
        ("hello", "do not know"),
        ("yes", "use the link"),
        ("", "no line"),
        ("closed today and reopen the window at 19:00", "time"),
        ("closed " + "today " * 1000, "too long"),
        ("x" * 1_000_000, "too long"),
    ],
)
def test_what_is_not_understood_whole_is_refused_with_a_reason(line, words):
    assert words in refusal(line)


@pytest.mark.parametrize("line", ["undo", "Undo.", "undo that", "please undo"])
def test_undo_is_a_line_of_its_own(line):
    assert read_line(line, TUESDAY).undo


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"training Wed 15:30-17:00: first aid for {ASH}", "address"),
        (f"leave tomorrow for {ASH}: ill, cover {BIRCH}", "address"),
        ("leave tomorrow: ill, Mr Birch covers", "Whom"),
        ("quiet Fri: a meeting for everyone", "Whom"),
        ("training every Wed 15:30-17:00: phonics until 18 Dec", "day or a time"),
        ("closed today: snow, and tomorrow", "day or a time"),
        ("closed Thu (26-27 Nov)", "day or a time"),
        ("closed today because of snow until 12:00", "day or a time"),
        ("quiet Fri: cancelled", "may not hold"),
        ("leave from 30 Nov", "until when"),
        ("closed from Thursday", "until when"),
    ],
)
def test_no_part_of_a_line_is_swallowed_by_its_reason_or_left_open(line, words):
    assert words in refusal(line)


@pytest.mark.parametrize("why", ["Good Friday", "no heating in year 6", "the Mayor may visit"])
def test_a_reason_may_be_any_words_that_change_nothing(why):
    assert [one.why for one in entries(f"closed 26 Mar: {why}")] == [why]


@given(st.text(max_size=300))
def test_any_text_is_understood_or_refused_and_never_a_fault(text):
    found = read_line(text, TUESDAY)
    assert isinstance(found, HoursLine | NotUnderstood)


WORDS = st.sampled_from(
    "closed early closing training quiet leave works today tomorrow fri wed 26 nov - to 13:15 "
    f"15:30-17:00 3pm every until for {ASH} cover : 4/12 2027-01-05 and , 31 feb noon".split()
)


@given(st.lists(WORDS, max_size=9))
def test_no_order_of_known_words_is_a_fault_and_nothing_in_the_past_is_taken(words):
    found = read_line(" ".join(words), TUESDAY)
    if isinstance(found, HoursLine):
        for entry in found.entries:
            assert entry.first >= TUESDAY.date()
            assert entry.last is None or entry.last >= entry.first
            assert entry.opens is None or entry.closes is None or entry.opens < entry.closes
