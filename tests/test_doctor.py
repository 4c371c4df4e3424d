"""The doctor finds what is wrong with a set-up, and says what to do about each thing."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from gateway.cli import main
from gateway.configuration import load_configuration, open_store
from gateway.doctor import examine_policy
from gateway.rehearsal.postbox import Postbox
from gateway.store import register
from gateway.store import schema as t
from gateway.store.roster_write import school_of
from tests.installation import DOMAIN, install
from tests.rosters import STAFF, families, written
from tests.settled import run

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def mail_host(tmp_path):
    found = Postbox(tmp_path / "mail")
    found.start()
    yield found
    found.stop()


@pytest.fixture
def school(tmp_path, mail_host):
    """A school with nothing wrong in it."""
    found = install(tmp_path, mail_host.port)
    take(tmp_path, STAFF)
    return found


def take(folder, staff_text):
    people = written(folder, "staff.csv", staff_text)
    children = written(folder, "families.csv", families())
    words = ("roster", "import", "--staff", str(people), "--families", str(children))
    assert run(folder, *words).exit_code == 0


def findings(folder):
    """Return what the doctor finds as (level, what), and hold it to its exit code."""
    done = run(folder, "doctor", "--json")
    found = [(entry["level"], entry["what"]) for entry in json.loads(done.output)]
    assert done.exit_code == (1 if any(level == "fault" for level, _ in found) else 0)
    assert all(entry["do"] for entry in json.loads(done.output))
    return found


def without(role):
    return "".join(line for line in STAFF.splitlines(keepends=True) if f",{role}," not in line)


def test_a_school_that_is_well_gets_a_clean_bill(school):
    assert findings(school.folder) == []
    assert run(school.folder, "doctor").output == "Nothing is wrong.\n"


def test_an_empty_roster_is_a_fault(tmp_path, mail_host):
    install(tmp_path, mail_host.port)
    assert findings(tmp_path) == [("fault", "nobody is on the roster")]


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("office", ("fault", "the roster names nobody as the school office")),
        ("DSL", ("fault", "the roster names nobody as the safeguarding lead")),
        ("deputy dsl", ("warning", "nobody stands in for the safeguarding lead")),
    ],
)
def test_a_post_that_nobody_holds_is_found(tmp_path, mail_host, role, found):
    install(tmp_path, mail_host.port)
    take(tmp_path, without(role))
    assert findings(tmp_path) == [found]


def test_a_class_without_a_teacher_is_found(tmp_path, mail_host):
    install(tmp_path, mail_host.port)
    take(tmp_path, STAFF.replace(",3B,", ",,").replace("4A;3B", "4A"))
    assert findings(tmp_path) == [("fault", "nobody reads for 3B: its mail goes to the office")]
    done = run(tmp_path, "doctor")
    assert "name 3B in the classes of its teacher in the staff file" in done.output
    assert done.output.endswith("1 fault.\n")


def test_an_overdue_review_is_said_in_these_words(school):
    policy = load_configuration(school.settings, {}).policy
    overdue = replace(policy, next_review=date(2025, 11, 30))
    (finding,) = examine_policy(overdue, NOW)
    assert finding.level == "fault"
    assert finding.what == "the policy's review is overdue since 30 Nov 2025 (358 days)"
    (soon,) = examine_policy(replace(policy, next_review=date(2026, 12, 23)), NOW)
    assert (soon.level, soon.what) == (
        "warning",
        "the policy's review is due on 23 Dec 2026 (in 30 days)",
    )


def test_an_overdue_review_fails_the_command(school):
    path = school.folder / "policy.toml"
    lines = path.read_text("utf-8").splitlines()
    lines = ['reviewed = "2024-11"' if line.startswith("reviewed =") else line for line in lines]
    lines = [
        'next_review = "2025-11"' if line.startswith("next_review =") else line for line in lines
    ]
    path.write_text("\n".join(lines), "utf-8")
    ((level, what),) = findings(school.folder)
    assert level == "fault"
    assert what.startswith("the policy's review is overdue since 30 Nov 2025 (")


def test_holidays_that_run_out_are_warned_of(school):
    policy = load_configuration(school.settings, {}).policy
    hours = replace(policy.hours, closed=policy.hours.closed[:1])
    found = [finding.what for finding in examine_policy(replace(policy, hours=hours), NOW)]
    assert found == ["the school's holidays are not known for more than 60 days ahead"]


def test_a_smarthost_that_does_not_answer_is_a_fault(school, mail_host):
    port = mail_host.port
    text = school.settings.read_text("utf-8").replace(f"port = {port}", f"port = {school.port}")
    school.settings.write_text(text, "utf-8")
    ((level, what),) = findings(school.folder)
    assert level == "fault"
    assert what.startswith(f"the smarthost 127.0.0.1, port {school.port}, cannot be reached: ")


def test_a_register_that_was_changed_is_a_fault(school):
    store = open_store(load_configuration(school.settings, {}))
    with store.begin() as connection:
        for event in ("raised", "told"):
            register.append(
                connection,
                school_id=school_of(connection, DOMAIN),
                event=event,
                spool_id="m" * 16,
                at=NOW,
            )
    assert findings(school.folder) == []
    with store.begin() as connection:
        connection.execute(update(t.register).values(event="kept").where(t.register.c.number == 1))
    store.close()
    assert findings(school.folder) == [
        ("fault", "the safeguarding register has been changed at row 1")
    ]


def test_a_school_without_a_border_is_warned_that_nobody_is_believed(school):
    text = school.settings.read_text("utf-8").replace('"rfc8601"', '"none"')
    lines = [line for line in text.splitlines() if not line.startswith("authserv_ids")]
    school.settings.write_text("\n".join(lines), "utf-8")
    ((level, what),) = findings(school.folder)
    assert level == "warning"
    assert what.startswith("nobody checks who wrote: every message goes to the office queue")
    assert run(school.folder, "doctor").output.endswith("No faults.\n")


def test_a_filter_whose_machines_are_not_named_is_warned_of(school):
    text = school.settings.read_text("utf-8")
    text = text.replace('trusted_relays = ["127.0.0.0/8"]', 'host = "0.0.0.0"')
    school.settings.write_text(text, "utf-8")
    ((level, what),) = findings(school.folder)
    assert level == "warning"
    assert what.startswith("other machines reach us, and none is named as the mail filter's")


def test_a_disk_that_fills_up_is_found(school):
    text = school.settings.read_text("utf-8")
    school.settings.write_text(
        text.replace("min_free_bytes = 1000000", f"min_free_bytes = {10**18}"), "utf-8"
    )
    ((level, what),) = findings(school.folder)
    assert level == "fault"
    assert what.endswith(" MB are free where the store lives")


def test_what_init_writes_has_nothing_wrong_but_the_people_and_the_border(tmp_path):
    assert CliRunner().invoke(main, ["init", "--dir", str(tmp_path)]).exit_code == 0
    assert run(tmp_path, "migrate").exit_code == 0
    found = [what for _level, what in findings(tmp_path)]
    assert any(what.startswith("nobody checks who wrote") for what in found)
    assert "nobody is on the roster" in found
