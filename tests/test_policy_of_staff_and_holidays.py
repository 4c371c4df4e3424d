"""Bank holidays, working days, leave and later keys of policy.toml, and the mistakes in them."""

from datetime import date, time, timedelta

import pytest

from gateway.config.bankholidays import NATIONS, bank_holidays
from gateway.config.policyfile import load_policy
from rules.calendar import SchoolCalendar
from rules.policy import ClosedDays, Leave, Span
from tests.test_policyfile import GOOD, SAMPLE, WINDOWS, faults_in, load

BASE = GOOD + WINDOWS
ENGLAND = '[hours.bank_holidays]\nnation = "england"\n'


def staff(address: str, working: str = '{ mon-wed = ["08:00-17:00"] }', more: str = "") -> str:
    return f'[[hours.staff]]\naddress = "{address}"\nworking = {working}\n{more}\n'


def leave(address: str, first: str, last: str, more: str = "") -> str:
    return f'[[hours.leave]]\naddress = "{address}"\nfrom = {first}\nto = {last}\n{more}\n'


BAD = [
    (staff("ash"), 'hours.staff[0].address: "ash" is not an email address'),
    (staff("a@x.example", '{ mon = ["18:00-19:00"] }'), "hours.staff[0].working: leaves no reading "
     "window; if they are away, write [[hours.leave]]"),
    (staff("a@x.example", '{ mon-fri = ["08:26-15:34"] }'), "hours.staff[0].working: leaves no "
     "reading window; if they are away, write [[hours.leave]]"),
    (staff("a@x.example", more="from = 2027-02-01\nto = 2027-01-01"),
     "hours.staff[0].to: 2027-01-01 is before from, 2027-02-01"),
    (staff("a@x.example", more="until = 2027-02-01"), "hours.staff[0].until: unknown key"),
    (staff("a@x.example", '{ mno = ["08:00-17:00"] }'),
     'hours.staff[0].working.mno: unknown day "mno"; did you mean mon?'),
    (staff("a@x.example") + staff("A@X.example", more="from = 2027-01-01"),
     "hours.staff[1]: has dates that hours.staff[0] gives already"),
    (leave("a@x.example", "2027-01-10", "2027-01-02"),
     "hours.leave[0].to: 2027-01-02 is before from, 2027-01-10"),
    (leave("a@x.example", "2027-01-02", "2027-01-10", 'cover = "A@x.example"'),
     "hours.leave[0].cover: is the person who is away"),
    (leave("a@x.example", "2027-01-02", "2027-01-10", 'cover = "b@x.example"')
     + leave("b@x.example", "2027-01-10", "2027-01-12"),
     "hours.leave[0].cover: is away then, by hours.leave[1]"),
    ('[[hours.training]]\nevery = "wed"\nhours = "15:30-17:00"\nstaff = "ash"',
     'hours.training[0].staff: "ash" is not an email address'),
    ('[hours.bank_holidays]\nnation = "englnd"', "hours.bank_holidays.nation: must be 'england', "
     "'wales', 'scotland' or 'northern-ireland', not 'englnd'; did you mean england?"),
    ('[hours.bank_holidays]\nexcept = ["Good Friday"]',
     'hours.bank_holidays: needs nation = "england" or another beside except'),
    (ENGLAND + 'except = ["Good Fridy"]', 'hours.bank_holidays.except[0]: "Good Fridy" is no bank '
     "holiday of england in the years of this policy; did you mean Good Friday?"),
    (ENGLAND + "except = [2025-12-24]", 'hours.bank_holidays.except[0]: "2025-12-24" is no bank '
     "holiday of england in the years of this policy"),
    (ENGLAND + '[[hours.early_closing]]\non = 2025-04-18\ncloses = "13:15"',
     "hours.early_closing[0].on: 2025-04-18 is a closed day already: Good Friday"),
    ("[promise]\nacknowledge_hours = 0", "promise.acknowledge_hours: must be at least 1, not 0"),
    ("[replies]\nsend_now = 1", "replies.send_now: must be true or false, without quotes"),
    ('[languages]\ndrafts = "yes"', "languages.drafts: must be true or false, without quotes"),
    ("[digests]\nattach_up_to = 5", "digests.attach_up_to: unknown key; did you mean "
     "attach_up_to_kb?"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "words"), BAD)
def test_a_mistake_about_staff_or_holidays_is_named_with_its_remedy(tmp_path, added, words):
    assert faults_in(tmp_path, BASE + added) == (f"policy.toml: {words}",)


def test_the_days_of_a_job_share_may_follow_each_other(tmp_path):
    text = staff("Ash@x.example", more="to = 2027-01-31") + staff(
        "ash@x.example", '{ thu-fri = ["08:00-17:00"] }', "from = 2027-02-01"
    )
    first, second = load(tmp_path, BASE + text).hours.staff_weeks
    assert (first.staff, second.staff) == ("ash@x.example", "ash@x.example")
    assert (first.last, second.first) == (date(2027, 1, 31), date(2027, 2, 1))
    assert second.week[3] == (Span(time(8), time(17)),)
    calendar = SchoolCalendar.of(load(tmp_path, BASE + text)).narrowed("ash@x.example")
    assert calendar.day(date(2027, 1, 29)).windows == ()  # a Friday
    assert calendar.day(date(2027, 2, 5)).windows != ()


def test_leave_takes_the_days_and_says_no_reason(tmp_path):
    text = leave("ash@x.example", "2026-11-23", "2026-11-24", 'why = "operation"')
    policy = load(tmp_path, BASE + text)
    assert policy.hours.leave == (
        Leave("ash@x.example", date(2026, 11, 23), date(2026, 11, 24), "operation"),
    )
    teacher = SchoolCalendar.of(policy).narrowed("ash@x.example")
    day = teacher.day(date(2026, 11, 24))
    assert day.windows == ()
    assert day.facts == ("Monday 23 November to Tuesday 24 November is leave of this teacher",)
    assert day.why_shut == ""
    assert "operation" not in " ".join(teacher.promise(day.working[0].opens).facts)


def test_the_later_keys_have_safe_defaults_and_are_read(tmp_path):
    plain = load(tmp_path, BASE)
    assert (plain.send_now, plain.draft_translations) == (True, False)
    assert (plain.small_attachments_bytes, plain.promise.acknowledge_hours) == (1_000_000, None)
    text = (
        "[replies]\nsend_now = false\n[languages]\ndrafts = true\n"
        "[digests]\nattach_up_to_kb = 50\n[promise]\nacknowledge_hours = 48\n"
    )
    said = load(tmp_path, BASE + text)
    assert (said.send_now, said.draft_translations) == (False, True)
    assert (said.small_attachments_bytes, said.promise.acknowledge_hours) == (50_000, 48)


@pytest.mark.parametrize(
    ("nation", "only"),
    [
        ("england", {date(2026, 4, 6): "Easter Monday", date(2026, 8, 31): "Summer bank holiday"}),
        ("wales", {date(2026, 4, 6): "Easter Monday", date(2026, 8, 31): "Summer bank holiday"}),
        ("scotland", {date(2026, 1, 2): "2 January", date(2026, 11, 30): "St Andrew's Day"}),
        ("northern-ireland", {date(2026, 3, 17): "St Patrick's Day"}),
    ],
)
def test_each_nation_has_its_own_bank_holidays(nation, only):
    found = bank_holidays(nation, range(2026, 2028))
    assert only.items() <= found.items()
    common = {date(2026, 4, 3): "Good Friday", date(2026, 12, 28): "Boxing Day (substitute day)"}
    assert common.items() <= found.items()
    assert (date(2026, 4, 6) in found) == (nation != "scotland")


def test_there_is_a_table_for_each_nation_and_each_year_of_a_policy():
    for nation in NATIONS:
        for year in range(2024, 2036):
            assert 8 <= len(bank_holidays(nation, [year])) <= 16


def test_bank_holidays_are_closed_days_for_some_years_around_the_review(tmp_path):
    closed = load(tmp_path, BASE + ENGLAND).hours.closed  # reviewed 2024-11, due 2025-11
    assert {one.first.year for one in closed} == {2023, 2024, 2025, 2026, 2027}
    assert ClosedDays(date(2025, 4, 18), date(2025, 4, 18), "Good Friday") in closed


def test_the_schools_own_name_for_a_bank_holiday_is_the_one_shown(tmp_path):
    own = '[[hours.closed]]\nfrom = 2025-04-18\nwhy = "{}"\n'
    policy = load(tmp_path, BASE + ENGLAND + own.format("Holy Friday"))
    good_friday = SchoolCalendar.of(policy).day(date(2025, 4, 18))
    assert good_friday.why_shut == "Holy Friday"
    twice = load(tmp_path, BASE + ENGLAND + own.format("Good friday")).hours.closed
    assert len([one for one in twice if one.first == date(2025, 4, 18)]) == 1


@pytest.mark.parametrize("written", ["2025-05-05", '"Early May bank holiday"', '"2025-05-05"'])
def test_a_bank_holiday_on_which_the_school_works_is_an_ordinary_day(tmp_path, written):
    policy = load(tmp_path, BASE + ENGLAND + f"except = [{written}]\n")
    calendar = SchoolCalendar.of(policy)
    assert calendar.day(date(2025, 5, 5)).windows != ()
    assert calendar.day(date(2025, 5, 26)).windows == ()


def test_the_shipped_policy_is_closed_on_every_bank_holiday_and_substitute():
    calendar = SchoolCalendar.of(load_policy(SAMPLE))
    for on in bank_holidays("england", [2026, 2027]):
        assert calendar.day(on).windows == ()
    first = date(2026, 1, 1)
    school_days = [first + timedelta(days=number) for number in range(730)]
    assert 400 < sum(bool(calendar.day(on).windows) for on in school_days) < 480
