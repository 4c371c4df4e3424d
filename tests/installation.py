"""A whole installation in a folder: settings, roster, and `schoolgate serve` as a process."""

from __future__ import annotations

import csv
import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from click.testing import CliRunner

from gateway.cli import main
from gateway.cli.init import write_samples
from gateway.clock import SystemClock
from gateway.configuration import Configuration, load_configuration, open_store
from gateway.store.engine import Store
from gateway.store.spool import oldest_received

DOMAIN = "class.oakfield.example"
BORDER = "mx.oakfield.example"
OFFICE = "office@oakfield.example"
DSL = "adeyemi@oakfield.example"
HEAD = "lloyd@oakfield.example"
LEADS = (
    ("School office", OFFICE, "office", "", 0),
    ("Mrs Adeyemi", DSL, "dsl", "", 0),
    ("Mr Lloyd", HEAD, "head;slt", "", 0),
)
SETTINGS = """
[gateway]
domain = "{domain}"
hostname = "mail.oakfield.example"
[store]
url = "sqlite:///schoolgate.db"
[intake.smtp]
port = {port}
trusted_relays = ["127.0.0.0/8"]
min_free_bytes = 1000000
[intake.border]
profile = "rfc8601"
authserv_ids = ["{border}"]
[outbound]
host = "127.0.0.1"
port = {smarthost_port}
security = "none"
[tokens]
key_file = "schoolgate.key"
"""
STAFF_COLUMNS = ("name", "email", "roles", "classes", "rank")
FAMILY_COLUMNS = (
    "pupil_ref",
    "given_name",
    "family_name",
    "class",
    "guardian_name",
    "guardian_email",
)
# What must never be in the log of a run in which nothing of ours failed.
TROUBLE = ("Traceback", "_failed", "spool_batch_refused", "store_unavailable", "no_reading_time")
OPEN_WITHIN_SECONDS = 120.0  # for what would never open; a busy machine only takes longer


@dataclass(slots=True)
class Installation:
    """One school on this machine. `command` runs its `schoolgate`, as the technician would."""

    folder: Path
    port: int
    started: list[Serving] = field(default_factory=list)

    @property
    def settings(self) -> Path:
        return self.folder / "schoolgate.toml"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `schoolgate` to its end."""
        return subprocess.run(
            [*_SCHOOLGATE, *words, "--settings", str(self.settings)],
            capture_output=True,
            text=True,
            check=False,
        )

    def take_on(self, staff: Iterable[Sequence[Any]], families: Iterable[Sequence[Any]]) -> None:
        """Import the roster, the office and the leads among the staff."""
        write_csv(self.folder / "staff.csv", STAFF_COLUMNS, (*LEADS, *staff))
        write_csv(self.folder / "families.csv", FAMILY_COLUMNS, families)
        files = ["--staff", str(self.folder / "staff.csv")]
        if len((self.folder / "families.csv").read_text().splitlines()) > 1:
            files += ["--families", str(self.folder / "families.csv")]
        self.inside("roster", "import", *files)

    def inside(self, *words: str) -> None:
        """Run a command that prepares a test inside this process: it starts much sooner."""
        done = CliRunner().invoke(main, [*words, "--settings", str(self.settings)])
        assert done.exit_code == 0, done.output

    def take_another_port(self) -> None:
        """Let the next start listen elsewhere: somebody may have taken the port meanwhile."""
        port = free_port()
        settings = self.settings.read_text("utf-8")
        assert f"port = {self.port}\n" in settings
        self.settings.write_text(
            settings.replace(f"port = {self.port}\n", f"port = {port}\n", 1), "utf-8"
        )
        self.port = port

    def serve(self, *options: str) -> Serving:
        """Start the gateway; it may not be listening yet."""
        if "--rehearse-from" in options:
            # All mail of a test is a rehearsal's, whatever clock it came in by.
            (self.folder / "schoolgate.db.rehearsal").touch()
        log = self.log.open("ab")
        process = subprocess.Popen(
            [*_SCHOOLGATE, "serve", "--settings", str(self.settings), *options], stderr=log
        )
        serving = Serving(process, self.port, log)
        self.started.append(serving)
        return serving

    def audit(self) -> dict[str, Any]:
        """Return what `schoolgate audit --json --list` says."""
        done = self.command("audit", "--json", "--list")
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def settled_audit(self, within_seconds: float) -> dict[str, Any]:
        """Return the audit once nothing waits to be settled, or when the time is up."""
        deadline = time.monotonic() + within_seconds
        store = self.store()
        while time.monotonic() < deadline:
            with store.read() as connection:
                if oldest_received(connection) is None:
                    break
            time.sleep(0.1)
        store.close()
        return self.audit()

    def configuration(self) -> Configuration:
        """Return what the program is built from."""
        return load_configuration(self.settings, {})

    def store(self) -> Store:
        """Open the store to look into it."""
        return open_store(self.configuration())

    def log_tail(self, lines: int = 5) -> str:
        """Return the end of the log, for a failure's message."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def troubles(self) -> list[str]:
        """Return the lines of the log that tell of a failure of ours."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if any(word in line for word in TROUBLE)]


@dataclass(slots=True)
class Serving:
    """`schoolgate serve`, running. End it with `terminate` or `kill`."""

    process: subprocess.Popen[bytes]
    port: int
    log: IO[bytes]
    started: float = field(default_factory=time.monotonic)

    def wait_until_open(self) -> float:
        """Return how many seconds after its start it greets; fail when it never does."""
        while time.monotonic() - self.started < OPEN_WITHIN_SECONDS:
            assert self.process.poll() is None, f"serve ended with {self.process.returncode}"
            if greets(self.port):
                return time.monotonic() - self.started
            time.sleep(0.02)
        raise AssertionError(f"serve does not greet within {OPEN_WITHIN_SECONDS} s")

    def terminate(self) -> int:
        """Ask it to stop, as a service manager does, and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Take its life, as a power cut does."""
        self._end(signal.SIGKILL)

    def wait(self, seconds: float) -> int:
        """Return its exit code when it ends by itself."""
        code = self.process.wait(seconds)
        self.log.close()
        return code

    def most_memory_mib(self) -> float:
        """Return the most memory it has held so far (VmHWM)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def _end(self, sign: signal.Signals) -> int:
        if self.process.poll() is None:
            self.process.send_signal(sign)
        return self.wait(60)


_SCHOOLGATE = (sys.executable, "-c", "from gateway.cli import main; main()")


@contextmanager
def installed(folder: Path, smarthost_port: int) -> Iterator[Installation]:
    """Give an installation with an empty store; whatever it still runs afterwards is ended."""
    school = install(folder, smarthost_port)
    try:
        yield school
    finally:
        for serving in school.started:
            serving.kill()


def install(folder: Path, smarthost_port: int) -> Installation:
    """Set up an installation with an empty store; for who starts nothing there."""
    found = Installation(folder, free_port())
    write_samples(folder, SystemClock())
    without_onboarding(folder)
    values = {"port": found.port, "smarthost_port": smarthost_port}
    found.settings.write_text(SETTINGS.format(domain=DOMAIN, border=BORDER, **values), "utf-8")
    found.inside("migrate")
    return found


def without_onboarding(folder: Path) -> None:
    """Let the school in `folder` onboard its staff by hand: no mail but what a test leads to."""
    path = folder / "policy.toml"
    text = path.read_text("utf-8")
    assert "onboarding_mail = true" in text
    path.write_text(text.replace("onboarding_mail = true", "onboarding_mail = false"), "utf-8")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a roster file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def free_port() -> int:
    """Return a port to listen on again and again: below those that outgoing connections take."""
    chosen = random.SystemRandom()
    while True:
        port = chosen.randrange(18_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def greets(port: int) -> bool:
    """Tell whether an SMTP server answers there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            return line.recv(4) == b"220 "
    except OSError:
        return False


def authenticated(domain: str, verdict: str = "pass") -> bytes:
    """Return the field that the school's border puts on top."""
    words = f"Authentication-Results: {BORDER}; dmarc={verdict} header.from={domain}\r\n"
    return words.encode("ascii", "replace")
