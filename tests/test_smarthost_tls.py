"""The line to the smarthost is verified TLS, or nothing is said on it."""

from __future__ import annotations

import pytest

from gateway.rehearsal.postbox import Postbox
from gateway.work.smarthost import Smarthost
from tests.certificates import Authority, an_authority, self_signed
from tests.scripted_sink import ScriptedSink
from tests.test_smarthost import a_message, settings

LOGIN = ("gateway", "right horse")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return an_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def tried(tmp_path):
    """Try one message against a mail host with this context; return the attempt and the mail."""
    started = []

    def attempt_against(context, security, login=None, **ours):
        got = []
        postbox = Postbox(
            tmp_path / "mail",
            lambda *delivery: got.append(delivery),
            security=security,
            context=context,
            login=login,
        )
        postbox.start()
        started.append(postbox)
        smarthost = Smarthost(settings(postbox.port, security=security, **ours))
        attempt = smarthost.attempt(a_message(), 10)
        smarthost.hang_up()
        return attempt, got

    yield attempt_against
    for postbox in started:
        postbox.stop()


@pytest.mark.parametrize("security", ["implicit_tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_of_the_named_authority_for_the_named_host_is_good(
    tried, authority, security, host
):
    attempt, got = tried(authority.server(host), security, host=host, ca_file=authority.file)
    assert attempt.outcome == "sent"
    assert got == [("mum@parent.example", "b@elm.example", a_message().octets)]


@pytest.mark.parametrize("security", ["implicit_tls", "starttls"])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("another name", "certificate is for another name"),
        ("self-signed", "outbound.ca_file"),
        ("unknown authority", "outbound.ca_file"),
        ("expired", "certificate has expired"),
    ],
)
def test_any_other_certificate_keeps_the_mail_here_and_says_what_to_do(
    tried, authority, tmp_path, security, fault, words
):
    context = {
        "another name": lambda: authority.server("mail.other.example"),
        "self-signed": lambda: self_signed(tmp_path, "127.0.0.1"),
        "unknown authority": lambda: an_authority(tmp_path).server("127.0.0.1"),
        "expired": lambda: authority.server("127.0.0.1", expired=True),
    }[fault]()
    attempt, got = tried(context, security, ca_file=authority.file)
    assert (attempt.outcome, attempt.away, got) == ("deferred", True, [])
    assert words in attempt.words


def test_without_an_authority_named_the_machines_own_are_asked(tried, authority):
    attempt, got = tried(authority.server("127.0.0.1"), "implicit_tls")
    assert (attempt.away, got) == (True, [])


def test_a_host_that_offers_no_starttls_is_told_nothing(authority):
    with ScriptedSink() as sink:
        smarthost = Smarthost(settings(sink.port, security="starttls", ca_file=authority.file))
        attempt = smarthost.attempt(a_message())
    assert attempt.away
    assert "STARTTLS" in attempt.words
    assert [command[:4] for command in sink.commands] == ["EHLO"]


def test_a_port_that_speaks_no_tls_is_told_in_plain_words(authority):
    with ScriptedSink() as sink:
        smarthost = Smarthost(settings(sink.port, security="implicit_tls", ca_file=authority.file))
        attempt = smarthost.attempt(a_message(), 5)
    assert attempt.away
    assert "outbound.security" in attempt.words


@pytest.mark.parametrize("security", ["implicit_tls", "starttls"])
def test_we_log_in_over_tls(tried, authority, security):
    attempt, _ = tried(
        authority.server("127.0.0.1"),
        security,
        login=LOGIN,
        ca_file=authority.file,
        username=LOGIN[0],
        password=LOGIN[1],
    )
    assert attempt.outcome == "sent"


@pytest.mark.parametrize("password", ["wrong", "ünprintable"])
def test_a_wrong_password_fails_no_message_and_is_not_repeated_in_the_words(
    tried, authority, password
):
    attempt, got = tried(
        authority.server("127.0.0.1"),
        "starttls",
        login=LOGIN,
        ca_file=authority.file,
        username=LOGIN[0],
        password=password,
    )
    assert (attempt.outcome, attempt.away, got) == ("deferred", True, [])
    assert "password" in attempt.words
    assert password not in attempt.words
    assert "ü" not in attempt.words
