"""Runs every benchmark beside it, or those named: `python -m benchmarks [accept ...] [--option]`.

Options go to each benchmark that is run, so they are of use with one.
"""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile

BENCHMARKS = ("accept", "roster", "send", "understanding", "whole_way")


def main(arguments: list[str]) -> None:
    """Run the `main()` of each module named, or of all."""
    names = list(takewhile(lambda word: not word.startswith("-"), arguments))
    for name in names or BENCHMARKS:
        importlib.import_module(f"benchmarks.{name}").main(arguments[len(names) :])


if __name__ == "__main__":
    main(sys.argv[1:])
