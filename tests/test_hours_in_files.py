"""Calendar files and CSV change the hours; what they do not say clearly is named and left out."""

from datetime import date, time

import pytest

from gateway.hours.from_csv import read_csv
from gateway.hours.from_ical import read_ical

TODAY = date(2026, 11, 23)
ASH, OFFICE = "a.ash@oakfield.example", "office@oakfield.example"
STAFF, READERS = frozenset({ASH, OFFICE}), frozenset({ASH})


def calendar(*events, head=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *head.split()]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events, head=""):
    return read_ical(calendar(*events, head=head), "Europe/London", TODAY, STAFF, READERS)


def rows(*lines):
    head = "kind,from,to,hours,weekday,who,cover,why"
    return read_csv("\n".join((head, *lines)).encode(), STAFF)


def test_an_all_day_event_is_its_dates_whatever_zone_anybody_is_in():
    found = read(
        "UID:1\nDTSTART;VALUE=DATE:20261126\nDTEND;VALUE=DATE:20261128\nSUMMARY:School closed",
        "UID:2\nDTSTART;TZID=America/New_York:20261217T000000\n"
        "DTEND;TZID=America/New_York:20261218T000000\nSUMMARY:INSET day",
    )
    assert [(one.kind, one.first, one.last) for one in found.entries] == [
        ("closed", date(2026, 11, 26), date(2026, 11, 27)),
        ("closed", date(2026, 12, 17), date(2026, 12, 17)),
    ]


def test_a_weekly_training_leaves_out_and_moves_what_the_file_does():
    found = read(
        "UID:3\nDTSTART;TZID=Europe/London:20261125T153000\n"
        "DTEND;TZID=Europe/London:20261125T170000\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        "EXDATE;TZID=Europe/London:20261202T153000\nSUMMARY:Staff training",
        "UID:3\nRECURRENCE-ID;TZID=Europe/London:20261209T153000\n"
        "DTSTART;TZID=Europe/London:20261210T160000\nDTEND;TZID=Europe/London:20261210T170000\n"
        "SUMMARY:Staff training",
    )
    assert sorted((one.first, one.opens) for one in found.entries) == [
        (date(2026, 11, 25), time(15, 30)),
        (date(2026, 12, 10), time(16)),
        (date(2026, 12, 16), time(15, 30)),
    ]
    assert {one.staff for one in found.entries} == {None}


def test_a_training_keeps_its_local_hour_when_the_clocks_change():
    found = read(
        "UID:4\nDTSTART;TZID=GMT Standard Time:20270324T153000\n"
        "DTEND;TZID=GMT Standard Time:20270324T163000\nRRULE:FREQ=WEEKLY;COUNT=2\n"
        "SUMMARY:Training",
        "UID:5\nDTSTART:20270331T143000Z\nDTEND:20270331T153000Z\nSUMMARY:Team meeting",
    )
    assert {one.opens for one in found.entries} == {time(15, 30)}


def test_a_meeting_takes_the_teachers_who_are_invited():
    found = read(
        "UID:6\nDTSTART:20261130T153000Z\nDTEND:20261130T163000Z\nSUMMARY:Team meeting\n"
        "ATTENDEE:mailto:A.Ash@oakfield.example\nORGANIZER:mailto:office@oakfield.example"
    )
    assert [one.staff for one in found.entries] == [ASH]


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;VALUE=DATE:20261218\nSUMMARY:Early finish 1.15pm",
        "DTSTART;TZID=Europe/London:20261218T131500\n"
        "DTEND;TZID=Europe/London:20261218T153000\nSUMMARY:Early closing",
    ],
)
def test_an_early_closing_has_its_time_in_the_title_or_in_its_beginning(event):
    [entry] = read(f"UID:7\n{event}").entries
    assert (entry.kind, entry.first, entry.closes) == ("early", date(2026, 12, 18), time(13, 15))


@pytest.mark.parametrize(
    "title", ["Non-uniform day", "Last day before half term", "Holiday club", "School photos"]
)
def test_an_event_that_is_not_understood_is_listed_and_left_out(title):
    found = read(f"UID:8\nDTSTART;VALUE=DATE:20261127\nSUMMARY:{title}")
    assert found.entries == ()
    assert title in found.left_out[0]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("DTSTART:20261126T000000Z\nRRULE:FREQ=SECONDLY", "more often than once a day"),
        ("DTSTART:20261126T000000Z\nRRULE:FREQ=DAILY;BYHOUR=1,2", "more often than once a day"),
        ("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=DAILY;INTERVAL=0", "without an interval"),
        ("DTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "too long"),
        ("DTSTART;VALUE=DATE:garbage", "cannot be read"),
        ("DTSTART;TZID=Mars/Phobos:20261126T100000", "time zone"),
    ],
)
def test_a_bad_event_is_named_with_its_line_and_the_others_are_read(event, words):
    good = "UID:good\nDTSTART;VALUE=DATE:20261126\nSUMMARY:Closed"
    found = read(good, f"UID:bad\n{event}\nSUMMARY:training")
    assert len(found.entries) == 1
    assert "line 9, event bad" in found.faults[0]
    assert words in found.faults[0]


@pytest.mark.parametrize(
    "octets",
    [
        b"hello",
        b"\xff\xfe\x00",
        calendar(*["UID:1\nSUMMARY:closed"] * 3000),
        b"x" * 6_000_000,
        calendar(
            *[
                f"UID:{n}\nDTSTART;VALUE=DATE:20261126\nRRULE:FREQ=DAILY;COUNT=1000000000"
                for n in range(3)
            ]
        ),
    ],
)
def test_a_file_that_is_too_much_or_no_calendar_is_refused_whole(octets):
    found = read_ical(octets, "Europe/London", TODAY, STAFF, READERS)
    assert found.entries == ()
    assert found.faults


def test_the_zones_that_a_file_defines_itself_are_never_worked_out():
    trap = (
        "BEGIN:VTIMEZONE TZID:Europe/London BEGIN:STANDARD DTSTART:19700101T000000 "
        "RRULE:FREQ=SECONDLY TZOFFSETFROM:+0900 TZOFFSETTO:+0900 END:STANDARD END:VTIMEZONE"
    )
    [entry] = read(
        "UID:1\nDTSTART;TZID=Europe/London:20261126T153000\n"
        "DTEND;TZID=Europe/London:20261126T160000\nSUMMARY:training",
        head=trap,
    ).entries
    assert entry.opens == time(15, 30)


def test_a_csv_says_one_change_a_line():
    found = rows(
        "closed,2026-12-03,,,,,,boiler",
        "early,04/12/2026,,13:15,,,,",
        "training,2026-12-01,2027-02-01,15:30-17:00,wed,,,choir",
        f"days,2027-01-05,,,mon-wed,{ASH},,",
        f"leave,2026-12-07,2026-12-08,,,{ASH},{OFFICE},",
        f"quiet,2026-12-10,,16:30-17:00,,{ASH},,",
    )
    assert found.faults == ()
    kinds = [one.kind for one in found.entries]
    assert kinds == ["closed", "early", "training", "days", "days", "days", "leave", "quiet"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("closd,2026-12-03,,,,,,", "did you mean closed?"),
        ("closed,3 Dec,,,,,,", "not a date"),
        ("closed,2026-12-03,2026-12-01,,,,,", "is before from"),
        ("closed,2026-12-03,,,,nobody@oakfield.example,,", "nobody on the staff"),
        (f"closed,2026-12-03,,,,{ASH},,", "whole school"),
        (f"leave,2026-12-03,,,,{ASH},{ASH},", "cover for themselves"),
        ("leave,2026-12-03,,,,,,", "needs somebody"),
        ("training,2026-12-03,,,,,,", "needs hours"),
        ("training,2026-12-03,,17:00-15:30,,,,", "not before"),
        ("early,2026-12-03,,,,,,", "not a time"),
        ("closed,2026-12-03,,,,,,a,b", "more cells"),
    ],
)
def test_a_fault_in_a_csv_is_named_with_its_line(line, words):
    found = rows("closed,2026-12-24,,,,,,", line)
    assert len(found.entries) == 1
    assert found.faults[0].startswith("line 3: ")
    assert words in found.faults[0]


@pytest.mark.parametrize(
    "title",
    [
        "School NOT closed (change of plan)",
        "INSET day cancelled - school open",
        "Inset postponed",
        "CANCELED: Early closing 13:15",
        "No early closing today 13:15",
        "The school isn't closed",
        "Library closed",
        "Swimming pool closed",
        "Road closure",
        "Holiday homework",
        "Year 6 half term trip",
    ],
)
def test_a_title_that_takes_it_back_or_speaks_of_something_else_closes_nothing(title):
    found = read(f"UID:9\nDTSTART;VALUE=DATE:20261126\nSUMMARY:{title}")
    assert found.entries == ()
    assert title in found.left_out[0]


@pytest.mark.parametrize(
    "title",
    [
        "Closed",
        "Snow: closed",
        "No school today",
        "The school will be closed",
        "Oakfield Primary School closed",
        "Christmas closure",
        "Bank holiday (school closed)",
        "Office and school closed",
    ],
)
def test_a_title_that_says_the_school_is_closed_closes_it(title):
    [entry] = read(f"UID:10\nDTSTART;VALUE=DATE:20261126\nSUMMARY:{title}").entries
    assert (entry.kind, entry.first) == ("closed", date(2026, 11, 26))


@pytest.mark.parametrize(
    "whom",
    [
        "SUMMARY:Governors' meeting\nATTENDEE:mailto:chair@elsewhere.example",
        "SUMMARY:Training for guest@elsewhere.example",
    ],
)
def test_a_meeting_of_strangers_moves_nobodys_windows_and_is_named(whom):
    found = read(f"UID:11\nDTSTART:20261130T153000Z\nDTEND:20261130T163000Z\n{whom}")
    assert found.entries == ()
    assert "teaches here" in found.left_out[0]


@pytest.mark.parametrize(
    ("title", "why"),
    [
        (f"Training for {ASH}", "Training"),
        (f"First aid training ({OFFICE})", "First aid training"),
        (f"Staff training, ask {OFFICE}, {ASH}", "Staff training"),
    ],
)
def test_a_title_loses_every_address_before_anybody_reads_it(title, why):
    times = "DTSTART:20261130T153000Z\nDTEND:20261130T163000Z"
    assert {one.why for one in read(f"UID:1\n{times}\nSUMMARY:{title}").entries} == {why}


def test_a_reason_with_an_address_in_it_is_a_fault_of_its_line():
    found = rows(f"closed,2026-11-26,,,,,,ask {OFFICE}")
    assert found.entries == ()
    assert "line 2" in found.faults[0]
    assert OFFICE not in found.faults[0]
