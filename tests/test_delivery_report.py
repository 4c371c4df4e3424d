"""Which report about mail of ours says that it did not arrive."""

import pytest

from gateway.mail.read import read_message
from rules.delivery_report import says_it_failed
from tests.shared import shared

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.parent.example>
Subject: {subject}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at mx.parent.example.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.parent.example

Final-Recipient: rfc822; amina@parent.example
Action: {action}
Status: {status}
--b--
"""
PLAIN = "From: {sender}\nSubject: {subject}\n\nYour message. Reason: no such user.\n"


def read(text, **values):
    return read_message(text.format(**values).replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("action", "failed"),
    [("failed", True), ("Failed", True), ("delayed", False), ("delivered", False)],
)
def test_the_field_of_a_report_says_it(action, failed):
    # The subject is the same for all: only the field counts (RFC 3464 §2.3.3).
    report = read(REPORT, subject="Delivery report", action=action, status="5.1.1")
    assert says_it_failed(report) is failed


@pytest.mark.parametrize(
    "sender", ["mailer-daemon@parent.example", "Post_Master@parent.example", "<>"]
)
def test_a_mail_system_that_knows_no_such_fields_says_it_all_the_same(sender):
    assert says_it_failed(read(PLAIN, sender=sender, subject="Returned mail"))


@pytest.mark.parametrize("subject", ["Warning: mail delayed", "Mail is still being retried"])
def test_a_mail_system_that_still_tries_has_not_failed(subject):
    assert not says_it_failed(read(PLAIN, sender="mailer-daemon@parent.example", subject=subject))


@pytest.mark.parametrize("sender", ["amina@parent.example", "postcard@parent.example"])
def test_a_parents_note_that_they_are_away_says_nothing_of_the_kind(sender):
    assert not says_it_failed(read(PLAIN, sender=sender, subject="Away until Monday"))


def test_answers_of_machines_and_complaints_about_mail_are_no_failures():
    folder = shared("corpus", "sisimai-set-of-emails", "bsd")
    others = [*folder.glob("rfc3834-*.eml"), *folder.glob("arf-*.eml")]
    assert others
    assert not [one.name for one in others if says_it_failed(read_message(one.read_bytes()))]


def test_nearly_all_reports_of_real_mail_hosts_are_understood():
    """What is missed is a provider's own form; then the office's list still shows it."""
    folder = shared("corpus", "sisimai-set-of-emails", "bsd")
    reports = [read_message(one.read_bytes()) for one in sorted(folder.glob("lhost-p*.eml"))]
    understood = [one for one in reports if says_it_failed(one)]
    assert len(understood) >= 0.95 * len(reports)
