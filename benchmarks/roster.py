"""Reading a school's people: seconds and memory for each format, at a school and at 50,000.

    python -m benchmarks.roster [--pupils 400 50000] [--style sims-style] [--folder /dev/shm]

Each reading has a process of its own, so that the memory is its own; the time is that of
`gateway.roster.reading.read`, from a file already written to its result.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

from gateway.roster.reading import read
from tests.roster_makers import STYLES, write
from tests.roster_town import invent

ROW = "{:<14} {:>7} {:>9} {:>8} {:>6} {:>6} {:>7} {:>7} {:>7} {:>6}"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.roster", description=__doc__)
    parser.add_argument("--pupils", type=int, nargs="+", default=[400, 50_000])
    parser.add_argument("--style", choices=STYLES, nargs="+", default=list(STYLES))
    parser.add_argument("--folder", type=Path, help="where the files are made")
    options = parser.parse_args(arguments if arguments is not None else [])
    words = ("style", "pupils", "contacts", "links", "staff", "flaws", "merges", "wall s", "CPU s")
    print(ROW.format(*words, "MB"))
    context = multiprocessing.get_context("spawn")
    for pupils in options.pupils:
        town = invent(pupils)
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            for style in options.style:
                path = write(style, town, Path(folder))
                with context.Pool(1) as pool:
                    print(pool.apply(_measured, (style, path)))


def _measured(style: str, path: Path) -> str:
    began, cpu = time.perf_counter(), time.process_time()
    found = read(path, pupil_domains=("pupils.oakfield.example",))
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = (found.pupils, found.contacts, found.links, found.staff, found.flaws, found.merges)
    numbers = [len(one) for one in counts]
    return ROW.format(style, *numbers, f"{wall:.2f}", f"{used:.2f}", peak)


if __name__ == "__main__":
    main(sys.argv[1:])
