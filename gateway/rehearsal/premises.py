"""A school in one folder: settings, policy, key, store and people, ready for a rehearsal."""

from __future__ import annotations

import re
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from gateway.configuration import Configuration, load_configuration
from gateway.program import Program
from gateway.rehearsal.border import AUTHSERV_ID
from gateway.rehearsal.cast import Cast
from gateway.resources import resource_path
from gateway.roster.families import read_families
from gateway.roster.staff import read_staff
from gateway.store.roster_write import RosterWriter

MARKER = ".schoolgate-demo"
_MARKER_WORDS = (
    "Written by `schoolgate demo`, which may delete this folder and all that is in it.\n"
)
SETTINGS, POLICY = "schoolgate.toml", "policy.toml"  # as `schoolgate init` names them
FAMILIES, STAFF = "families.csv", "staff.csv"


class NotOurs(Exception):
    """The folder holds something that the demo did not write, and was left alone."""


@dataclass(frozen=True, slots=True)
class Premises:
    """The folder of one rehearsal."""

    folder: Path

    @property
    def mail(self) -> Path:
        """Everybody's mailboxes, a Maildir an address."""
        return self.folder / "mail"

    @property
    def show(self) -> Path:
        """Everything delivered, as pages to open."""
        return self.folder / "show"

    @property
    def letters(self) -> Path:
        """The letters that the office printed."""
        return self.folder / "letters"

    @property
    def settings(self) -> Path:
        """The settings file; every other command takes it with --settings."""
        return self.folder / SETTINGS

    def cast(self) -> Cast:
        """Return who is in the roster's files."""
        return Cast.of(
            read_staff(self.folder / STAFF),
            read_families(self.folder / FAMILIES),
        )


def lay_out(folder: Path) -> Premises:
    """Return premises at `folder` with nothing but the roster's files; an earlier demo's go.

    Raises:
        NotOurs: the folder is not empty, and no demo wrote it.
        OSError: it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise NotOurs(f"{folder} is a file")
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise NotOurs(
                f"{folder} holds something that the demo did not write; name another --out"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(_MARKER_WORDS, encoding="utf-8")
    for name in (STAFF, FAMILIES):
        (folder / name).write_bytes(resource_path("templates", "demo", name).read_bytes())
    return Premises(folder)


def furnish(premises: Premises, smarthost_port: int) -> Configuration:
    """Fit what `schoolgate init` wrote to a rehearsal; return the configuration.

    Raises:
        OSError: the folder cannot be written.
        ConfigurationFaults: a file of the user's environment overrides what was written.
    """
    settings = premises.settings.read_text("utf-8")
    settings = _set(settings, "port = 8025", f"port = {free_port()}")
    settings = _set(settings, "port = 25", f"port = {smarthost_port}")
    settings = _set(settings, 'profile = "none"', 'profile = "rfc8601"')
    settings = _set(
        settings,
        '# authserv_ids = ["filter.oakfield.example"]',
        f'authserv_ids = ["{AUTHSERV_ID}"]',
    )
    settings = _set(settings, "[office_queue]", "[office_queue]\nbatch_minutes = 5")
    premises.settings.write_text(settings, encoding="utf-8")
    policy = premises.folder / POLICY
    words = _set(policy.read_text("utf-8"), 'send = "office"', 'send = "senco"')
    # The rehearsal shows how a home language looks; no speaker has looked through these yet.
    words = _set(words, "drafts = false", "drafts = true")
    policy.write_text(words, encoding="utf-8")
    return load_configuration(premises.settings, {})


def enrol(premises: Premises, program: Program) -> None:
    """Import the roster's files, as `schoolgate roster import` does."""
    school, now = program.school, program.clock.now()
    with program.store.begin() as connection:
        writer = RosterWriter(connection, school.school_id, school.domain, now, school.today(now))
        writer.write_staff(read_staff(premises.folder / STAFF))
        writer.write_families(read_families(premises.folder / FAMILIES))


def free_port() -> int:
    """Return a port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _set(text: str, line: str, new: str) -> str:
    """Replace one whole line of a sample, which must be there once, keeping a remark behind it."""
    text, count = re.subn(rf"(?m)^{re.escape(line)}(?=\s*(#.*)?$)", new.replace("\\", r"\\"), text)
    if count != 1:
        raise ValueError(f"the sample has {count} lines {line!r}")
    return text
