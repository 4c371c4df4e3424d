"""schoolgate rules: what an administrator and a program are shown."""

import json

import pytest
from click.testing import CliRunner

from gateway.cli.rules import rules
from rules.topic_packs import LABELS

ABSENCE = {
    "id": "a-1",
    "subject": "Sam",
    "body": "Sam won't be in today.\n\n> Sent: Monday\n> wants to kill himself",
    "date": "2025-03-12T07:40:00+00:00",
    "lang": "en-GB",
}
KIT = {"id": "b-2", "subject": "", "body": "Is it PE today? – Zoë", "date": "nonsense"}


def run(*arguments, lines=(ABSENCE, KIT)):
    data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return CliRunner().invoke(rules, [*arguments, "-"], input=data.encode())


def test_classify_prints_one_object_a_message_in_order_and_nothing_else():
    done = run("classify")
    assert done.exit_code == 0
    assert done.stderr == ""
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a-1", "b-2"]
    for answer in answers:
        assert set(answer) == {"id", "labels", "urgent", "extra", "perhaps", "evidence"}
        assert answer["labels"] == sorted(answer["labels"])
        assert set(answer["labels"]) <= LABELS
        assert isinstance(answer["urgent"], bool)


def test_evidence_of_classify_indexes_the_message_as_given_quotation_included():
    answer = json.loads(run("classify").stdout.splitlines()[0])
    whole = f"{ABSENCE['subject']}\n{ABSENCE['body']}"
    assert answer["labels"] == ["attendance", "safeguarding"]
    for one in answer["evidence"]:
        assert set(one) == {"label", "start", "end", "text", "rule"}
        assert whole[one["start"] : one["end"]] == one["text"] != ""


def test_eval_counts_only_what_is_labelled():
    lines = ({**ABSENCE, "labels": ["attendance", "safeguarding"], "urgent": False}, KIT)
    done = run("eval", "--json", lines=lines)
    figures = json.loads(done.stdout)
    assert figures["office"] == {
        "precision": 1.0, "recall": 1.0, "f1": 1.0, "right": 1, "wrong": 0, "missed": 0
    }  # fmt: skip
    assert figures["urgent"]["wrong"] == 0
    assert (
        figures["send"]["precision"] is figures["send"]["recall"] is figures["send"]["f1"] is None
    )
    assert set(figures) == {"office", "urgent"} | LABELS


def test_eval_lists_what_was_for_the_teacher_alone_and_would_go_elsewhere():
    away = {**ABSENCE, "labels": ["classroom"], "urgent": False}
    kit = {**KIT, "labels": ["classroom"], "urgent": False}
    done = run("eval", "--false-alarms", lines=(away, kit, {**away, "labels": ["attendance"]}))
    assert done.exit_code == 0
    first, *reasons, last = done.stdout.splitlines()
    assert first == "a-1  attendance, safeguarding  “Sam”"
    assert any("won't be in" in line and "[attendance.en/" in line for line in reasons)
    assert last == "1 of 2 messages for the teacher alone"


def test_false_alarms_are_told_to_a_program_too():
    away = {**ABSENCE, "labels": ["classroom"], "urgent": False}
    found = json.loads(run("eval", "--false-alarms", "--json", lines=(away,)).stdout)
    assert found["of"] == 1
    (alarm,) = found["alarms"]
    assert alarm["id"] == "a-1"
    assert alarm["wrongly"] == ["attendance", "safeguarding"]
    assert {"label", "text", "rule"} == set(alarm["evidence"][0])


def test_eval_shows_a_dash_where_there_was_no_case():
    done = run("eval", lines=({**ABSENCE, "labels": ["attendance", "safeguarding"]},))
    (row,) = [line.split() for line in done.stdout.splitlines() if line.startswith("send")]
    assert row == ["send", "–", "–", "–", "0", "0", "0"]


def test_the_form_that_classify_prints_is_in_its_help():
    done = CliRunner().invoke(rules, ["classify", "--help"])
    for key in ("id", "labels", "urgent", "extra", "perhaps", "evidence"):
        assert f'"{key}":' in done.stdout
    assert '[{"label", "start", "end", "text", "rule"}, ...]' in done.stdout


@pytest.mark.parametrize(
    ("command", "line", "said"),
    [
        ("classify", b'{"id": ' + b"[" * 100_000, "is nested too deeply"),
        ("classify", b'{"id": "\\ud800"}', "id holds half of a surrogate pair"),
        ("classify", b'{"body": "Ben \\udc00 is ill"}', "body holds half of a surrogate pair"),
        ("classify", b'{"id": NaN}', "is not JSON"),
        ("classify", b'{"subject": 7}', "subject is not text"),
        ("classify", b"\xff{}", "is not JSON"),
        ("classify", b"[]", "is not a JSON object"),
        ("eval", b'{"labels": null}', "labels is not a list of labels"),
        ("eval", b'{"labels": 3}', "labels is not a list of labels"),
        ("eval", b'{"labels": [["send"]]}', "labels is not a list of labels"),
        ("eval", b'{"labels": "send"}', "labels is not a list of labels"),
        ("eval", b'{"labels": ["send", "sned"]}', 'unknown in labels: "sned"'),
        ("eval", b'{"urgent": 1}', "urgent is neither true nor false"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_number(command, line, said):
    done = CliRunner().invoke(rules, [command, "-"], input=b'{"id": 1}\n\n' + line + b"\n")
    assert done.exit_code == 65
    assert done.stderr.startswith(f"line 3: {said}")
    assert isinstance(done.exception, SystemExit)


def test_classify_looks_at_no_label_that_a_line_already_has():
    (answer,) = run("classify", lines=({**KIT, "labels": None},)).stdout.splitlines()
    assert json.loads(answer)["id"] == "b-2"


def test_what_is_not_a_message_is_refused_on_the_error_stream():
    done = CliRunner().invoke(rules, ["classify", "-"], input=b'{"id": 1}\n[]\n')
    assert done.exit_code == 65
    assert "line 2" in done.stderr


def test_explain_reads_a_message_or_plain_words():
    message = b"Subject: =?utf-8?q?Zo=C3=AB?=\nContent-Type: text/plain\n\nShe is off sick today.\n"
    for given in (message, "Zoë is off sick today.".encode()):
        done = CliRunner().invoke(rules, ["explain"], input=given)
        assert "labels:  attendance" in done.stdout
        assert "attendance.en/off-school" in done.stdout


def test_explain_tells_topic_by_topic_which_words_decided():
    text = "Sam is off today with a sore throat. Which reading book are we on?"
    lines = CliRunner().invoke(rules, ["explain", "--packs-only"], input=text.encode())
    _labels, _urgent, _extra, _perhaps, heading, *reasons = lines.stdout.splitlines()
    assert heading == "attendance, because of"
    assert reasons[0].startswith("    “Sam is off today”  [attendance.en/")
    assert "classroom, because of" in reasons
    # Words that stand within others are told with them.
    assert not any("“is off today”" in line for line in reasons)


def test_explain_says_why_a_message_is_for_the_teacher_when_no_words_say_so():
    done = CliRunner().invoke(rules, ["explain", "--packs-only"], input=b"Thanks ever so much")
    assert done.stdout.splitlines()[-1] == "classroom, because nothing in it belongs elsewhere"


@pytest.mark.parametrize(
    "given",
    [
        b"From: a@parent.example\nContent-Type: text/html\n\n<p>Her uncle <b>hits</b> her</p>\n",
        b"From: a@parent.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nPHA+SGVyIHVuY2xlIGhpdHMgaGVyPC9wPg==\r\n",
        b"X-Spam: no\nFrom: a@parent.example\n\nThanks.\n\n> Her uncle hits her\n",
    ],
)
def test_explain_reads_a_message_as_the_gateway_does(given):
    done = CliRunner().invoke(rules, ["explain"], input=given)
    assert "labels:  safeguarding" in done.stdout


@pytest.mark.parametrize("first", ["Reminder: Ben is ill", "X-ray: Ben is ill", "Ben is ill:"])
def test_plain_words_with_a_colon_are_no_message(first):
    done = CliRunner().invoke(rules, ["explain"], input=f"{first}\n\nSee you soon.\n".encode())
    assert "labels:  attendance" in done.stdout


def test_the_built_in_packs_pass_their_own_examples():
    done = CliRunner().invoke(rules, ["test"])
    assert done.exit_code == 0, done.stdout
    assert " 0 failed" in done.stdout


def test_a_failing_example_of_the_schools_is_named_and_fails_the_run(tmp_path):
    pack = '[[rule]]\nname = "x"\nphrases = ["purple"]\n[examples]\nmust_match = ["green"]\n'
    (tmp_path / "send.en-x-ours.toml").write_text(pack)
    done = CliRunner().invoke(rules, ["test", "--packs", str(tmp_path)])
    assert done.exit_code == 1
    assert "send.en-x-ours.toml: must match:  green" in done.stdout
