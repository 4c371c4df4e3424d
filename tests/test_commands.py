"""What the technician can ask of an installation, in words and as data for a program."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from gateway.cli import main
from gateway.work.story import mail_words
from rules.effects import NoticeKind
from tests.settled import AMINA, LETTERS, run, settle_a_morning


@pytest.fixture(scope="module")
def morning(tmp_path_factory):
    return settle_a_morning(tmp_path_factory.mktemp("school")).folder


@pytest.fixture
def folder(morning, tmp_path):
    """A copy of the installation, to be changed."""
    return shutil.copytree(morning, tmp_path / "copy")


def data(folder, *words):
    done = run(folder, *words, "--json")
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return json.loads(done.output)


def ids_by_ending(folder):
    found = data(folder, "audit", "--list")["messages"]
    return {entry["ending"]: entry["id"] for entry in found}


def test_audit_finds_each_message_in_one_place(morning):
    found = data(morning, "audit")
    assert found["accepted"] == found["sum"] == len(LETTERS)
    assert found["endings"] == {
        "office queue": 1,
        "redirected": 1,
        "waiting": 2,
        "with DSL or SLT": 1,
    }
    done = run(morning, "audit", "--list")
    assert done.exit_code == 0
    assert "Everything is accounted for." in done.output
    assert "waiting until Tuesday 24 November, 3.30pm" in done.output


def test_audit_exits_1_when_a_message_is_missing_from_its_place(folder):
    change(folder, "DELETE FROM digest_items WHERE kind = 'message'")
    done = run(folder, "audit")
    assert done.exit_code == 1
    assert "Something is missing." in done.output
    assert data(folder, "audit")["whole"] is False


def test_queue_says_what_waits_for_whom_and_until_when(morning):
    done = run(morning, "queue")
    assert "message for Miss Khan, until Tuesday 24 November, 3.30pm" in done.output
    assert "note for Miss Khan that the safeguarding lead has it, until Tuesday" in done.output
    waiting = data(morning, "queue")["for_readers"]
    assert {entry["until"] for entry in waiting if entry["kind"] == "message"} == {
        "2026-11-24T15:30:00+00:00"
    }


def test_queue_says_what_failed_and_what_the_mail_host_said(morning):
    (mail,) = data(morning, "queue")["mails"]
    assert (mail["kind"], mail["state"], mail["attempts"]) == ("notice-held", "failed", 1)
    assert "failing on purpose" in mail["last_words"]
    said = run(morning, "queue").output
    assert "notice “the teacher reads it later”, failed after 1 try, Tuesday 24 November" in said


def test_every_kind_of_notice_has_plain_words():
    for kind in NoticeKind:
        assert mail_words(f"notice-{kind}") not in (f"notice “{kind}”", f"notice-{kind}")


def test_queue_lists_the_open_concerns_by_id_and_time_alone(morning):
    spool_id = ids_by_ending(morning)["with DSL or SLT"]
    said = run(morning, "queue").output
    assert f"{spool_id}  safeguarding concern, open since Tuesday 24 November, 9.1" in said
    assert "the next in line will be told Tuesday 24 November, 9.2" in said
    assert "uncle" not in said
    (concern,) = data(morning, "queue")["concerns"]
    assert (concern["id"], concern["told"], concern["in_line"]) == (spool_id, 1, 2)


def test_an_id_is_found_in_capitals_too(folder):
    spool_id = ids_by_ending(folder)["redirected"].upper()
    assert run(folder, "why", spool_id).exit_code == 0
    assert run(folder, "queue", "--raw", spool_id).exit_code == 0
    (mail,) = data(folder, "queue")["mails"]
    assert run(folder, "queue", "--retry", mail["id"].upper()).exit_code == 0


def test_a_failed_mail_can_be_tried_once_more(folder):
    (mail,) = data(folder, "queue")["mails"]
    assert data(folder, "queue", "--retry", mail["id"]) == {"retried": mail["id"]}
    (mail,) = data(folder, "queue")["mails"]
    assert mail["state"] == "waiting"
    again = run(folder, "queue", "--retry", mail["id"])
    assert again.exit_code == 1
    assert "no failed mail has the id" in again.output


def test_a_message_can_be_had_octet_for_octet_as_it_came(morning):
    done = run(morning, "queue", "--raw", ids_by_ending(morning)["redirected"])
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"Authentication-Results: mx.oakfield.example; dmarc=pass")
    assert done.stdout_bytes.endswith(b"she has a temperature.\r\n")


@pytest.mark.parametrize("words", [("queue", "--raw", "nonesuch"), ("why", "nonesuch")])
def test_an_id_that_nobody_has_is_said_so(morning, words):
    done = run(morning, *words)
    assert done.exit_code == 1
    assert "no message has the id nonesuch" in done.output


def test_why_tells_the_rule_the_words_and_the_policy(morning):
    story = run(morning, "why", ids_by_ending(morning)["redirected"]).output
    assert "attendance goes to the office (E10)" in story
    assert "“is absent”" in story
    assert "the policy: Please tell the school office about attendance." in story
    assert "mail to the office sent (office@oakfield.example)" in story


def test_why_tells_of_a_promise_and_the_calendars_facts(morning):
    story = run(morning, "why", ids_by_ending(morning)["waiting"]).output
    assert "waits for Miss Khan, reading time Tuesday 24 November, 3.30pm" in story
    assert "answer promised by Wednesday 25 November, 8.30am" in story


def test_why_tells_of_a_concern_and_who_has_it(morning):
    story = run(morning, "why", ids_by_ending(morning)["with DSL or SLT"]).output
    assert "may mean a child at risk (T9)" in story
    assert "In the safeguarding register" in story
    assert "It was brought to: Mrs Adeyemi" in story
    assert "safeguarding alert sent (adeyemi@oakfield.example)" in story


def test_why_has_the_same_story_as_data(morning):
    found = data(morning, "why", ids_by_ending(morning)["office queue"])
    assert (found["message"]["originator"], found["message"]["authenticity"]) == (AMINA, "failed")
    decided = next(entry for entry in found["journal"] if entry["event"] == "decided")
    assert decided["detail"]["reasons"][0]["rule"] == "sender-not-verified"


def test_the_examples_in_the_packs_are_run_and_their_failures_decide_the_exit_code():
    done = CliRunner().invoke(main, ["rules", "test", "--json"])
    found = json.loads(done.output)
    assert found["examples"] > 100
    assert done.exit_code == (1 if found["failures"] else 0)


def test_an_example_that_does_not_hold_is_named(tmp_path):
    pack = '[[rule]]\nname = "x"\nphrases = ["zebra crossing"]\n'
    pack += '[examples]\nmust_match = ["We met a giraffe."]\n'
    (tmp_path / "attendance.xx.toml").write_text(pack, encoding="utf-8")
    done = CliRunner().invoke(main, ["rules", "test", "--packs", str(tmp_path)])
    assert done.exit_code == 1
    assert "attendance.xx.toml: must match:  We met a giraffe." in done.output


def test_a_pack_of_the_schools_own_that_is_wrong_is_named(tmp_path):
    (tmp_path / "attendance.xx.toml").write_text("nonsense = 1\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["rules", "test", "--packs", str(tmp_path)])
    assert done.exit_code == 78
    assert "attendance.xx.toml: nonsense: unknown key" in done.output


def test_explain_names_the_words_that_decided():
    done = CliRunner().invoke(main, ["rules", "explain"], input="Ben is absent today.")
    assert done.exit_code == 0
    assert "labels:  attendance" in done.output
    assert "“Ben is absent today”" in done.output


@pytest.mark.parametrize(
    "command", ["queue", "audit", "doctor", "migrate", "serve", "roster import", "why"]
)
def test_every_command_says_at_once_that_the_settings_are_missing(tmp_path, command):
    words = {"roster import": ["--staff", __file__], "why": ["x"]}.get(command, [])
    done = run(tmp_path, *command.split(), *words)
    assert done.exit_code == 78
    assert "Write one with `schoolgate init`" in done.output


def test_a_bad_configuration_ends_a_real_process_with_78_and_names_every_fault(folder):
    settings = folder / "schoolgate.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('[log]\nlevel = "loud"\n[reading]\ndepth = 1\n')
    done = subprocess.run(
        [sys.executable, "-c", "from gateway.cli import main; main()", "serve"],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 78
    assert re.findall(r"schoolgate.toml: ([a-z.]+):", done.stderr) == ["reading.depth", "log.level"]
    assert done.stdout == ""


def test_a_store_of_another_release_is_refused_with_the_remedy(folder):
    change(folder, "UPDATE alembic_version SET version_num = '0000'")
    for command in ("queue", "audit", "doctor", "serve"):
        done = run(folder, command)
        assert done.exit_code == 78
        assert "run `schoolgate migrate`" in done.output


def change(folder, statement):
    """Change the store behind the program's back."""
    engine = create_engine(f"sqlite:///{folder / 'schoolgate.db'}")
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount
    engine.dispose()
