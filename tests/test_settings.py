"""Every mistake in schoolgate.toml is named, in words the technician can act on."""

import dataclasses
import re
from pathlib import Path

import pytest

from gateway.config.settings import Reading, Settings, SettingsFaults, load_settings
from gateway.config.storeurl import with_password
from gateway.mail.limits import ReadingLimits
from gateway.resources import resource_path

GOOD = """
[gateway]
domain = "class.oakfield.example"
hostname = "mail.oakfield.example"
[outbound]
host = "smtp.oakfield.example"
"""


def load(folder: Path, text: str) -> Settings:
    path = folder / "schoolgate.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def faults_in(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsFaults) as refused:
        load(folder, text)
    return refused.value.faults


SMTP, BORDER = "[intake.smtp]\n", "[intake.border]\n"
BAD = [
    ('[gatway]\na = 1', "gatway: unknown key; did you mean gateway?"),
    ("give_up_after = 3", "outbound.give_up_after: unknown key; did you mean give_up_after_hours?"),
    ("give_up_after_hours = 0", "outbound.give_up_after_hours: must be at least 1, not 0"),
    ("give_up_after_hours = 5000", "outbound.give_up_after_hours: must be at most 240, not 5000"),
    ('password = "hunter2"', "outbound.password: unknown key; did you mean password_file?"),
    ('password_file = "p"', "outbound.username: is missing: a password needs a name"),
    ('security = "start_tls"', "outbound.security: must be 'implicit_tls', 'starttls' or 'none', "
     "not 'start_tls'; did you mean starttls?"),
    ('security = "none"', 'outbound.security: is "none", which would send children\'s data in '
     "clear; only for 127.0.0.1"),
    ('port = "465"', "outbound.port: must be a whole number, without quotes"),
    ("port = true", "outbound.port: must be a whole number, without quotes"),
    ("port = 0", "outbound.port: must be at least 1, not 0"),
    ('helo_name = "a b"', 'outbound.helo_name: "a b" is not a domain name such as '
     "mail.school.example"),
    ("retry_longest_seconds = 100", "outbound.retry_longest_seconds: is less than "
     "retry_first_seconds, 300"),
    ('[log]\nlevel = "loud"', "log.level: must be 'debug', 'info', 'warning' or 'error', "
     "not 'loud'"),
    ('[store]\nurl = "sqlite:///:memory:"', "store.url: names no file, so accepted mail would "
     "be lost at the next restart"),
    ('[store]\nurl = "mysql://h/d"', 'store.url: "mysql://" is not a store we know; write '
     "sqlite:///schoolgate.db or postgresql://user@host/name"),
    ('[store]\nurl = "postgresql://u:hunter2@h/d"', "store.url: has a password in it; put it in "
     "a file and name that in password_file"),
    ('[store]\nurl = "postgresql://u@h"', "store.url: names no database; write "
     "postgresql://user@host/name"),
    (SMTP + "size_bytes = 10", "intake.smtp.size_bytes: must be at least 65536, not 10"),
    (SMTP + "size_byte = 10", "intake.smtp.size_byte: unknown key; did you mean size_bytes?"),
    (SMTP + "idle_seconds = 1.5", "intake.smtp.idle_seconds: must be a whole number, without "
     "quotes"),
    (SMTP + "connections_per_ip = 200", "intake.smtp.connections_per_ip: is more than "
     "connections, 100"),
    (SMTP + 'trusted_relays = ["10.0.0.1/8"]', 'intake.smtp.trusted_relays[0]: "10.0.0.1/8" is '
     "an address in a network; write 10.0.0.0/8"),
    (SMTP + 'trusted_relays = ["::1", "relay"]', 'intake.smtp.trusted_relays[1]: "relay" is not '
     "an address or a range such as 10.1.0.0/16"),
    (SMTP + 'trusted_relays = ["0.0.0.0/0"]', "intake.smtp.trusted_relays: 0.0.0.0/0 trusts "
     "every machine there is"),
    (SMTP + 'trusted_relays = "::1"', "intake.smtp.trusted_relays: must be a list: [ ... ]"),
    (SMTP + 'tls_key_file = "schoolgate.toml"', "intake.smtp.tls_certificate_file: is missing: a "
     "certificate and its key go together"),
    (SMTP + 'host = "0.0.0.0"', 'intake.smtp.host: "0.0.0.0" can be reached from other machines, '
     "and nobody checks who wrote: listen on 127.0.0.1, name your mail filter in "
     '[intake.border], or let us check with profile = "own" there'),
    (BORDER + 'profile = "rfc8601"', "intake.border.authserv_ids: is missing: without it "
     "anybody's Authentication-Results would be believed"),
    (BORDER + 'authserv_ids = ["f"]', 'intake.border.profile: is "none", so authserv_ids would '
     'be ignored; write "rfc8601" or "m365"'),
    (BORDER + 'profile = "o365"', "intake.border.profile: must be 'none', 'rfc8601', 'm365' "
     "or 'own', not 'o365'; did you mean m365?"),
    (BORDER + 'profile = "own"\nauthserv_ids = ["f"]', 'intake.border.profile: is "own", so we '
     "ask the DNS ourselves, and authserv_ids would be ignored"),
    (BORDER + 'profile = "m365"\ndns_servers = ["192.0.2.53"]', "intake.border.dns_servers: is "
     'asked only with profile "own", and the profile is "m365"'),
    (BORDER + 'profile = "own"\ndns_servers = ["ns.school.example"]', "intake.border."
     'dns_servers[0]: "ns.school.example" is not an address such as 192.0.2.53'),
    ("[reading]\ndepth = 1", "reading.depth: must be at least 3, not 1"),
    ("[office_queue]\nbatch_minutes = 0", "office_queue.batch_minutes: must be at least 1, not 0"),
    ('[tokens]\nkey_file = ""\nkeyfile = ""', "tokens.keyfile: unknown key; did you mean "
     "key_file?"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "words"), BAD)
def test_a_mistake_is_named_with_its_place_and_its_remedy(tmp_path, added, words):
    assert faults_in(tmp_path, GOOD + added) == (f"schoolgate.toml: {words}",)


def test_all_mistakes_are_named_at_once(tmp_path):
    faults = faults_in(tmp_path, "[outbound]\nport = 0\n[gateway]\ndomain = 'a b'\n[log]\nlvl = 1")
    assert [fault.split(": ")[1] for fault in faults] == [
        "gateway.domain",
        "gateway.hostname",
        "outbound.host",
        "outbound.port",
        "log.lvl",
    ]


def test_a_file_that_cannot_be_read_at_all_says_why(tmp_path):
    assert "is not TOML" in faults_in(tmp_path, "[gateway\n")[0]
    (tmp_path / "schoolgate.toml").write_bytes(b'a = "\xff"')
    with pytest.raises(SettingsFaults, match="UTF-8"):
        load_settings(tmp_path / "schoolgate.toml")
    with pytest.raises(SettingsFaults, match="cannot be read: No such file"):
        load_settings(tmp_path / "missing.toml")


def test_a_missing_certificate_is_found_at_the_start_and_not_at_the_first_connection(tmp_path):
    (fault,) = faults_in(tmp_path, GOOD + 'ca_file = "ca.pem"')
    assert fault == f"schoolgate.toml: outbound.ca_file: there is no file {tmp_path / 'ca.pem'}"


def test_the_shipped_sample_loads_and_every_value_it_shows_is_the_default(tmp_path):
    sample = resource_path("templates", "init", "schoolgate.toml")
    shown = load_settings(sample)
    assert (shown.outbound.host, shown.outbound.port) == ("127.0.0.1", 25)
    assert (shown.intake.smtp.host, shown.intake.smtp.port) == ("127.0.0.1", 8025)
    # Take away the comment sign from every number shown: nothing may change.
    text = sample.read_text(encoding="utf-8")
    numbers = re.sub(r"(?m)^# (\w+ = \d+\b)", r"\1", text)
    assert numbers.count("\n#") < text.count("\n#") - 20
    uncommented = load(tmp_path, numbers)
    assert uncommented.intake == shown.intake
    assert uncommented.reading == shown.reading
    assert uncommented.outbound == shown.outbound
    assert uncommented.office_queue == shown.office_queue


def test_paths_are_beside_the_settings_file_wherever_the_program_was_started(tmp_path):
    settings = load(tmp_path, GOOD)
    assert settings.store.url == f"sqlite:///{tmp_path}/schoolgate.db"
    assert settings.gateway.policy == tmp_path / "policy.toml"
    assert settings.tokens.key_file == tmp_path / "schoolgate.key"


def test_safe_values_hold_for_what_is_not_said(tmp_path):
    settings = load(tmp_path, GOOD)
    assert (settings.outbound.security, settings.outbound.port) == ("implicit_tls", 465)
    assert settings.intake.smtp.size_bytes == 25 * 1024 * 1024
    bigger = load(tmp_path, GOOD + "[intake.smtp]\nsize_bytes = 100_000_000")
    assert bigger.intake.smtp.min_free_bytes == 150_000_000 + 100 * 1024 * 1024


def test_the_limits_of_reading_have_the_names_and_values_of_the_reader():
    reader = {field.name: field.default for field in dataclasses.fields(ReadingLimits)}
    ours = Reading().model_dump(exclude={"attempts"})
    assert ours == {name: reader[name] for name in ours}


def test_a_database_password_joins_the_address_only_when_it_is_opened(tmp_path):
    settings = load(tmp_path, GOOD + '[store]\nurl = "postgresql://u@h:5/d"')
    assert settings.store.url == "postgresql+psycopg://u@h:5/d"
    assert with_password(settings.store.url, "a/b") == "postgresql+psycopg://u:a%2Fb@h:5/d"


def test_a_border_lets_us_listen_beyond_this_machine(tmp_path):
    text = GOOD + SMTP + 'host = "0.0.0.0"\n' + BORDER + 'profile = "m365"'
    assert load(tmp_path, text).intake.smtp.host == "0.0.0.0"


def test_our_own_checks_let_us_listen_beyond_this_machine(tmp_path):
    text = GOOD + SMTP + 'host = "::"\n' + BORDER + 'profile = "own"\ndns_servers = ["::1"]'
    border = load(tmp_path, text).intake.border
    assert (border.dns_servers, border.dns_port) == (("::1",), 53)
