"""`schoolgate init` leaves an installation that starts."""

import base64
import stat
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from gateway.cli.init import AlreadyThere, init, write_samples
from gateway.clock import RehearsalClock
from gateway.config.policyfile import load_policy
from gateway.config.secretfiles import load_secrets
from gateway.config.settings import load_settings

TODAY = RehearsalClock(datetime(2027, 6, 30, 23, 30, tzinfo=UTC), speed=0)  # 1 July in London


def test_what_init_writes_loads_without_a_fault(tmp_path):
    write_samples(tmp_path / "new", TODAY)
    settings = load_settings(tmp_path / "new" / "schoolgate.toml")
    assert load_policy(settings.gateway.policy).school_name == "Oakfield Primary School"
    assert len(load_secrets(settings, {}).token_key) == 32


def test_the_new_policy_is_reviewed_today_and_again_in_twelve_months(tmp_path):
    write_samples(tmp_path, TODAY)
    policy = load_policy(tmp_path / "policy.toml")
    assert (policy.reviewed, policy.next_review) == (date(2027, 7, 1), date(2028, 7, 1))
    leap_day = RehearsalClock(datetime(2028, 2, 29, 12, tzinfo=UTC), speed=0)
    write_samples(tmp_path, leap_day, force=True)
    assert load_policy(tmp_path / "policy.toml").next_review == date(2029, 2, 28)


def test_the_key_is_new_each_time_and_only_ours_to_read(tmp_path):
    for name in ("a", "b"):
        write_samples(tmp_path / name, TODAY)
    first, second = (tmp_path / name / "schoolgate.key" for name in ("a", "b"))
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert len(base64.b64decode(first.read_text())) == 32
    assert first.read_text() != second.read_text()


@pytest.mark.parametrize("name", ["schoolgate.toml", "policy.toml", "schoolgate.key"])
def test_nothing_is_overwritten_unasked(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(AlreadyThere, match=name):
        write_samples(tmp_path, TODAY)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_force_replaces_the_files_and_never_the_key(tmp_path):
    write_samples(tmp_path, TODAY)
    key = (tmp_path / "schoolgate.key").read_text()
    (tmp_path / "policy.toml").write_text("broken")
    write_samples(tmp_path, TODAY, force=True)
    assert load_policy(tmp_path / "policy.toml").version
    assert (tmp_path / "schoolgate.key").read_text() == key


def test_the_command_says_what_it_wrote_and_refuses_a_second_time(tmp_path):
    runner = CliRunner()
    first = runner.invoke(init, ["--dir", str(tmp_path)])
    assert first.exit_code == 0
    assert first.output.count("wrote ") == 3
    second = runner.invoke(init, ["--dir", str(tmp_path)])
    assert second.exit_code == 1
    assert "already in" in second.output
