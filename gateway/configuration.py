"""Everything a program is built from, read and checked at once: settings, secrets and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.config.policyfile import PolicyFaults, load_policy
from gateway.config.secretfiles import Secrets, load_secrets
from gateway.config.settings import Settings, SettingsFaults, load_settings
from gateway.config.storeurl import with_password
from gateway.store.engine import Store
from rules.policy import Policy


class ConfigurationFaults(Exception):
    """The program must not start like this. `faults` are whole lines, of every file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one installation runs on."""

    settings: Settings
    secrets: Secrets
    policy: Policy
    policy_text: str


def load_configuration(path: Path, environ: Mapping[str, str]) -> Configuration:
    """Return the configuration of the settings file at `path`.

    Raises:
        ConfigurationFaults: with the faults of every file together.
    """
    try:
        settings = load_settings(path)
    except SettingsFaults as error:
        raise ConfigurationFaults(tuple(error.faults)) from error
    faults: list[str] = []
    policy: Policy | None = None
    secrets: Secrets | None = None
    try:
        policy = load_policy(settings.gateway.policy)
    except PolicyFaults as error:
        faults += error.faults
    try:
        secrets = load_secrets(settings, environ)
    except SettingsFaults as error:
        faults += error.faults
    if policy is None or secrets is None:
        raise ConfigurationFaults(tuple(faults))
    return Configuration(settings, secrets, policy, settings.gateway.policy.read_text("utf-8"))


def open_store(configuration: Configuration) -> Store:
    """Open the store of this installation."""
    settings, secrets = configuration.settings, configuration.secrets
    return Store(with_password(settings.store.url, secrets.store_password))
