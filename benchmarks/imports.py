"""A whole roster import as a technician runs it: seconds, CPU and memory of `schoolgate`.

    python -m benchmarks.imports [--pupils 400 50000] [--style sims-style] [--folder /dev/shm]

Each is a first import into an empty store, the same again, and taking it back, with the command
itself in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.roster_makers import STYLES, write
from tests.roster_town import invent

ROW = "{:<14} {:>7} {:<7} {:>8} {:>8} {:>6} {:>5}"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.imports", description=__doc__)
    parser.add_argument("--pupils", type=int, nargs="+", default=[400, 50_000])
    parser.add_argument("--style", choices=STYLES, nargs="+", default=list(STYLES))
    parser.add_argument("--folder", type=Path, help="where the files are made")
    options = parser.parse_args(arguments if arguments is not None else [])
    print(ROW.format("style", "pupils", "what", "wall s", "CPU s", "MB", "exit"))
    for pupils in options.pupils:
        town = invent(pupils)
        for style in options.style:
            with tempfile.TemporaryDirectory(dir=options.folder) as folder:
                path = write(style, town, Path(folder))
                _run(Path(folder), "init", "--dir", folder)
                _run(Path(folder), "migrate", *_settings(folder))
                for what, words in (
                    ("import", ("import", str(path), "--good-rows")),
                    ("again", ("import", str(path), "--good-rows")),
                    ("undo", ("undo",)),
                ):
                    wall, cpu, megabytes, code = _run(
                        Path(folder), "roster", *words, *_settings(folder)
                    )
                    print(
                        ROW.format(
                            style, pupils, what, f"{wall:.1f}", f"{cpu:.1f}", megabytes, code
                        ),
                        flush=True,
                    )


def _settings(folder: str) -> tuple[str, str]:
    return "--settings", f"{folder}/schoolgate.toml"


def _run(folder: Path, *words: str) -> tuple[float, float, int, int]:
    """Run a command to its end: wall and CPU seconds, megabytes at most, exit code."""
    began = time.perf_counter()
    with (folder / "out.txt").open("wb") as out:
        command = [sys.executable, "-c", "from gateway.cli import main; main()", *words]
        started = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _pid, status, usage = os.wait4(started.pid, 0)
    wall = time.perf_counter() - began
    started.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return wall, cpu, usage.ru_maxrss // 1024, started.returncode


if __name__ == "__main__":
    main(sys.argv[1:])
