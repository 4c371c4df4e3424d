"""The policy as a page to publish: what is published is what runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from click.testing import CliRunner

from gateway.cli import main
from gateway.cli.init import write_samples
from gateway.clock import SystemClock
from gateway.config.policyfile import load_policy
from gateway.configuration import load_configuration, open_store
from gateway.mail.render import fill_page
from gateway.policypage import policy_page, summary
from gateway.store import hours
from gateway.store.roster_write import ensure_school
from rules.calendar import SchoolCalendar
from rules.hours_entry import HoursEntry
from rules.policy import Booking, ClosedDays, EarlyClosing, Leave, Promise, Span
from tests.policy_world import HOURS, POLICY
from tests.readability import read_html, readability

TODAY = date(2026, 11, 24)
HALF_TERM = ClosedDays(date(2027, 2, 15), date(2027, 2, 19), "Half term")


def words_of(policy, today=TODAY):
    """Return all that the page says, and the same by the heading of its part."""
    page = policy_page(policy, SchoolCalendar.of(policy), today)
    parts = {
        part.heading: "\n".join([*part.sentences, *(f"{what}: {how}" for what, how in part.rows)])
        for part in page.parts
    }
    return "\n".join(parts.values()), parts


def with_hours(**changes):
    return replace(POLICY, hours=replace(HOURS, **changes))


def test_the_page_says_the_windows_the_promise_and_the_contacts():
    whole, parts = words_of(POLICY)
    assert "from 8am to 8.30am and 3.30pm to 5pm on school days." in whole
    assert "within one working day" in parts["When you get an answer"]
    assert "01632 960123" in parts["If it cannot wait"]
    assert "Saturday 19 December 2026 to Sunday 3 January 2027: Christmas holiday" in whole


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        (Promise(days=5), "You get an answer within five working days."),
        (Promise("elapsed", hours=48), "You get an answer within 48 hours."),
        (Promise(days=5, acknowledge_hours=48), "You hear within 48 hours that your message"),
    ],
)
def test_another_promise_is_published_as_it_runs(promise, words):
    assert words in words_of(replace(POLICY, promise=promise))[0]


def test_a_week_with_unlike_days_is_told_day_by_day():
    short = (Span(time(8), time(8, 30)),)
    whole, _parts = words_of(with_hours(windows=(*HOURS.windows[:4], short, (), ())))
    assert "3.30pm to 5pm on Monday, Tuesday, Wednesday and Thursday." in whole
    assert "from 8am to 8.30am on Friday." in whole


def test_a_topic_stands_where_the_rules_send_it():
    parts = words_of(replace(POLICY, where={"attendance": "teacher", "send": "senco"}))[1]
    rows = parts["What to write to whom"]
    assert "attendance" not in rows
    assert "special needs (SEND): the special needs lead (SENCo)" in rows
    assert "appointments: the school office" in rows
    assert "a complaint: the school office" in rows


def test_days_that_are_past_or_inside_longer_ones_are_left_out():
    christmas = HOURS.closed[0]
    closed = (
        christmas,
        ClosedDays(date(2026, 12, 25), date(2026, 12, 25), "Christmas Day"),
        ClosedDays(date(2026, 10, 26), date(2026, 10, 30), "Autumn half term"),
        ClosedDays(date(2029, 12, 25), date(2029, 12, 25), "Christmas Day"),
        HALF_TERM,
    )
    rows = words_of(with_hours(closed=closed))[1]["Days and times without reading"]
    assert re.findall("Christmas Day|Autumn half term", rows) == []
    assert rows.index("Christmas holiday") < rows.index("Half term")


def test_training_and_early_closing_are_published_and_nothing_of_one_teacher():
    whole, _parts = words_of(
        with_hours(
            early=(EarlyClosing(date(2026, 12, 18), time(13, 15), "last day of term"),),
            bookings=(
                Booking(Span(time(15, 30), time(17)), "staff training", weekday=2),
                Booking(Span(time.min, time.max), "moving house", on=date(2026, 12, 3)),
                Booking(Span(time(8), time(9)), "choir", first=date(2026, 12, 7)),
                Booking(Span(time(15, 30), time(17)), "bygone", weekday=1, last=date(2026, 11, 3)),
                Booking(Span(time(15, 30), time(17)), "physio", weekday=1, staff="khan@x.example"),
            ),
            leave=(Leave("khan@x.example", date(2026, 12, 1), date(2026, 12, 4), "sick leave"),),
        )
    )
    assert "Friday 18 December 2026, from 1.15pm: last day of term" in whole
    assert "Every Wednesday, 3.30pm to 5pm: staff training" in whole
    assert "Thursday 3 December 2026: moving house" in whole
    assert "Every day from Monday 7 December 2026, 8am to 9am: choir" in whole
    assert not re.search("bygone|physio|sick|khan|head@", whole)


def test_a_review_that_is_late_is_not_hidden():
    whole, _parts = words_of(POLICY, date(2027, 10, 1))
    assert "The next review was due on Wednesday 1 September 2027 and is late." in whole


def test_the_summary_is_plain_and_names_the_next_closing_only_when_it_is_near():
    calendar = SchoolCalendar.of(POLICY)
    near, far = (summary(POLICY, calendar, on) for on in (TODAY, date(2026, 9, 1)))
    assert any("closed from Saturday 19 December 2026" in sentence for sentence in near)
    assert not any("closed" in sentence for sentence in far)
    figures = readability("\n".join(near))
    assert figures.grade <= 6
    assert figures.longest <= 25


@pytest.fixture
def folder(tmp_path):
    write_samples(tmp_path, SystemClock())
    return tmp_path


def settings(folder):
    return ["--settings", str(folder / "schoolgate.toml")]


def shown(folder, *options):
    return CliRunner().invoke(main, ["policy", "show", *settings(folder), *options])


def test_the_command_prints_the_page_of_the_file_that_runs(folder):
    done = shown(folder)
    assert done.exit_code == 0
    policy = load_policy(folder / "policy.toml")
    assert done.stdout.startswith(policy.school_name)
    for sentence in policy.clauses.values():
        assert sentence in done.stdout
    assert done.stdout == shown(folder, "--text").stdout
    found = json.loads(shown(folder, "--json").stdout)
    assert found["version"] == policy.version
    for part in found["parts"]:
        assert part["heading"] in done.stdout


def test_a_change_of_the_hours_since_is_on_the_page(folder):
    assert CliRunner().invoke(main, ["migrate", *settings(folder)]).exit_code == 0
    config = load_configuration(folder / "schoolgate.toml", {})
    domain = config.settings.gateway.domain
    today = SystemClock().now().date()
    # Longer than any holiday of the sample that it may fall into.
    pipes = HoursEntry("closed", today, today + timedelta(days=200), why="frozen pipes")
    store, now = open_store(config), SystemClock().now()
    with store.begin() as connection:
        school_id = ensure_school(connection, "Oakfield", domain, now)
        hours.propose(
            connection, school_id=school_id, source="mail", entries=(pipes,), words="", now=now
        )
        [change] = hours.changes(connection, school_id)
        hours.put_in_force(connection, change, now)
    store.close()
    done = shown(folder)
    assert "frozen pipes" in done.stdout
    assert done.stderr == ""


def test_the_web_page_says_what_the_text_says_and_loads_nothing(folder):
    done = shown(folder, "--html", str(folder / "policy.html"))
    assert done.exit_code == 0, done.output
    html = (folder / "policy.html").read_text("utf-8")
    assert not re.search(r"(?i)<(img|link|script|iframe)|url\(|@import|https?:|//", html)
    assert '<html lang="en-GB">' in html
    assert "size: A4" in html
    text = " ".join(shown(folder).stdout.split())
    blocks, _links, _attributes = read_html(html)
    assert [block for block in blocks if block not in text] == []


def test_a_clause_with_markup_is_text():
    page = policy_page(
        replace(POLICY, clauses={"P1": "<b>Be</b> kind & fair"}), SchoolCalendar.of(POLICY), TODAY
    )
    html = fill_page("policy-page/page.html", {"page": page, "today": "today"})
    assert "&lt;b&gt;Be&lt;/b&gt; kind &amp; fair" in html


def test_two_forms_at_once_are_refused(folder):
    assert shown(folder, "--json", "--text").exit_code == 2
    done = shown(folder, "--html", str(folder / "nowhere" / "policy.html"))
    assert done.exit_code == 1
    assert "No such file" in done.output
