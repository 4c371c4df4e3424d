"""Every mistake in policy.toml is named, in words a head teacher can act on."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from gateway.config.policyfile import PolicyFaults, load_policy
from gateway.resources import resource_path
from rules.policy import Booking, ClosedDays, Policy, Span

SAMPLE = resource_path("templates", "init", "policy.toml")
GOOD = """
version = "1"
[school]
name = "Oakfield Primary School"
[review]
reviewed = "2024-11"
next_review = "2025-11"
owners = ["head@oakfield.example"]
[contacts]
office_phone = "01632 960123"
office_address = "office@oakfield.example"
[hours.working]
mon-fri = ["08:00-17:00"]
[hours.office]
mon-fri = ["08:00-16:30"]
[hours.windows]
"""
WINDOWS = 'mon-fri = ["08:00-08:30", "15:30-17:00"]\n'


def load(folder: Path, text: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


def faults_in(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyFaults) as refused:
        load(folder, text)
    return refused.value.faults


BAD_WINDOWS = [
    ('mon = ["08:00-08:30", "17:00-17:30"]', "mon[1]: is not within the working hours of that day"),
    ('sat = ["08:00-08:30"]', "sat[0]: is not within the working hours of that day"),
    ('mon = ["08:30-08:00"]', "mon[0]: 08:30 is not before 08:00"),
    ('mon = ["08:00-08:05", "15:30-15:34"]', "mon[1]: is shorter than 5 minutes, too short for "
     "anybody to read in"),
    ('mon = ["8-9"]', 'mon[0]: "8" is not a time; write it like "15:30"'),
    ('mon = ["08:00"]', 'mon[0]: "08:00" is not a span of time; write it like "08:00-08:30"'),
    ('mon = ["24:00-25:00"]', 'mon[0]: "24:00" is not a time; write it like "15:30"'),
    ('mon = ["08:00-08:30", "08:15-09:00"]', "mon[1]: begins at 08:15, before the span before it "
     "ends"),
    ('monday = ["08:00-08:30"]', 'monday: unknown day "monday"; did you mean mon?'),
    ('fri-mon = ["08:00-08:30"]', 'fri-mon: is not a range of days; write it like "mon-fri"'),
    (WINDOWS + 'wed = ["08:00-08:30"]', "wed: wed is given already, under mon-fri"),
]  # fmt: skip

BAD = [
    ("[promise]\nclock = \"working\"", "promise.clock: must be 'working_day' or 'elapsed', not "
     "'working'; did you mean working_day?"),
    ("[promise]\ndays = 0", "promise.days: must be at least 1, not 0"),
    ("[notices]\na_days = 3", "notices.a_days: unknown key; did you mean a_day?"),
    ("[safeguarding]\nescalate_after = 5", "safeguarding.escalate_after: unknown key; did you "
     "mean escalate_after_minutes?"),
    ('[topics]\nattendence = "office"', "topics.attendence: unknown topic; did you mean "
     "attendance?"),
    ('[topics]\nsend = "senko"', "topics.send: must be 'teacher', 'office', 'senco', 'dsl' or "
     "'head', not 'senko'; did you mean senco?"),
    ('[topics]\nsafeguarding = "teacher"', "topics.safeguarding: goes to the safeguarding lead at "
     "once, whatever a policy says"),
    ('[clauses]\n"5" = "x"', 'clauses.5: is not the id of a clause, such as "E5"'),
    ('[pupils]\ndomains = ["a b"]', 'pupils.domains[0]: "a b" is not a domain name such as '
     "mail.school.example"),
    ('[[hours.closed]]\nfrom = 2026-12-19\nto = 2026-01-03\nwhy = "Christmas"',
     "hours.closed[0].to: 2026-01-03 is before from, 2026-12-19"),
    ('[[hours.closed]]\nfrom = "19.12.2026"\nwhy = "Christmas"',
     'hours.closed[0].from: "19.12.2026" is not a date; write it like 2026-11-30'),
    ('[[hours.closed]]\nform = 2026-12-25\nfrom = 2026-12-25\nwhy = "Christmas"',
     "hours.closed[0].form: unknown key; did you mean from?"),
    ("[[hours.closed]]\nfrom = 2026-12-25", "hours.closed[0].why: is missing"),
    ('[[hours.early_closing]]\non = 2026-12-18\ncloses = "1pm"',
     'hours.early_closing[0].closes: "1pm" is not a time; write it like "15:30"'),
    ('[[hours.training]]\nhours = "15:30-17:00"',
     'hours.training[0]: needs either on = 2027-01-13 or every = "wed", and not both'),
    ('[[hours.training]]\nevery = "wen"\nhours = "15:30-17:00"',
     'hours.training[0].every: unknown day "wen"; did you mean wed?'),
]  # fmt: skip

REPLACED = [
    ("next_review = \"2025-11\"", 'next_review = "2024-10-31"',
     "review.next_review: 2024-10-31 is not after reviewed, 2024-11-01"),
    ('next_review = "2025-11"', 'next_review = "2025-13"',
     'review.next_review: "2025-13" is not a date; write it like 2026-11-30'),
    ('owners = ["head@oakfield.example"]', "owners = []",
     "review.owners: names nobody, so nobody would be told when a review is due"),
    ('"head@oakfield.example"', '"the head"',
     'review.owners[0]: "the head" is not an email address'),
    ('office_phone = "01632 960123"', "", "contacts.office_phone: is missing"),
    ('"01632 960123"', '"ask Ann"',
     'contacts.office_phone: "ask Ann" is not a telephone number, and every notice names one'),
    ('[school]', '[school]\nzone = "Europe/Londn"', 'school.zone: "Europe/Londn" is not a time '
     'zone such as "Europe/London"; did you mean Europe/London?'),
    ('version = "1"', "version = 1", "version: must be text, in quotes"),
    ('"Oakfield Primary School"', '""', "school.name: must not be empty"),
    (WINDOWS, "", "hours.windows: has no window, so no teacher would ever read"),
]  # fmt: skip


@pytest.mark.parametrize(("windows", "words"), BAD_WINDOWS)
def test_a_window_that_cannot_be_is_named_by_its_day_and_place(tmp_path, windows, words):
    assert faults_in(tmp_path, GOOD + windows) == (f"policy.toml: hours.windows.{words}",)


@pytest.mark.parametrize(("added", "words"), BAD)
def test_a_mistake_in_the_policy_is_named_with_its_remedy(tmp_path, added, words):
    assert faults_in(tmp_path, GOOD + WINDOWS + added) == (f"policy.toml: {words}",)


@pytest.mark.parametrize(("old", "new", "words"), REPLACED)
def test_what_every_policy_needs_is_asked_for(tmp_path, old, new, words):
    text = (GOOD + WINDOWS).replace(old, new, 1)
    assert faults_in(tmp_path, text) == (f"policy.toml: {words}",)


def test_a_day_that_is_closed_cannot_close_early(tmp_path):
    text = GOOD + WINDOWS + (
        '[[hours.closed]]\nfrom = 2026-12-18\nwhy = "snow"\n'
        '[[hours.early_closing]]\non = 2026-12-18\ncloses = "13:15"\n'
        '[[hours.early_closing]]\non = 2026-12-17\ncloses = "13:15"\n'
        '[[hours.early_closing]]\non = 2026-12-17\ncloses = "12:00"\n'
    )  # fmt: skip
    assert faults_in(tmp_path, text) == (
        "policy.toml: hours.early_closing[0].on: 2026-12-18 is a closed day already: snow",
        "policy.toml: hours.early_closing[2].on: 2026-12-17 is given twice",
    )


def test_all_mistakes_of_a_policy_are_named_at_once(tmp_path):
    text = (GOOD + 'mon = ["8-9"]\n').replace("2025-11", "2023-11").replace("01632 960123", "x")
    assert len(faults_in(tmp_path, text + "[notices]\na_days = 1\n")) == 4


def test_a_review_month_is_due_on_its_last_day(tmp_path):
    policy = load(tmp_path, GOOD + WINDOWS)
    assert (policy.reviewed, policy.next_review) == (date(2024, 11, 1), date(2025, 11, 30))
    leap = (GOOD + WINDOWS).replace('"2025-11"', '"2028-02"')
    assert load(tmp_path, leap).next_review == date(2028, 2, 29)


def test_times_may_be_written_as_the_school_writes_them(tmp_path):
    windows = "mon-fri = [{ opens = 08:00:00, closes = 08:30:00 }]\nsat = []\n"
    assert load(tmp_path, GOOD + windows).hours.windows[0] == (Span(time(8), time(8, 30)),)
    assert load(tmp_path, GOOD + 'wed = "8.00-8.30"').hours.windows[2][0].closes == time(8, 30)


def test_the_shipped_policy_is_the_schools_policy_and_has_no_fault():
    policy = load_policy(SAMPLE)
    assert policy.school_name == "Oakfield Primary School"
    assert policy.hours.windows[0] == (Span(time(8), time(8, 30)), Span(time(15, 30), time(17)))
    assert policy.hours.windows[5:] == ((), ())
    assert policy.where == {"attendance": "office", "appointment": "office", "send": "office"}
    assert (policy.escalate_after, policy.notices_a_day) == (timedelta(minutes=15), 3)
    assert ClosedDays(date(2026, 12, 19), date(2027, 1, 3), "Christmas holiday") in (
        policy.hours.closed
    )
    training = Booking(Span(time(15, 30), time(17)), "staff training", on=date(2027, 1, 13))
    assert policy.hours.bookings == (training,)
    assert {"H1", "G11", "E5", "E10", "T9"} <= policy.clauses.keys()


def test_a_topic_that_the_policy_leaves_out_goes_where_it_always_goes(tmp_path):
    policy = load(tmp_path, GOOD + WINDOWS + '[topics]\nsend = "senco"\nuniform = "office"\n')
    assert policy.where["send"] == "senco"
    assert policy.where["attendance"] == policy.where["uniform"] == "office"
