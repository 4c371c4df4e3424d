"""Runs every benchmark beside it, or those named: `python -m benchmarks [accept ...]`."""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = ("accept", "send", "understanding", "whole_way")


def main(names: list[str]) -> None:
    """Run the `main()` of each module named, or of all."""
    for name in names or BENCHMARKS:
        importlib.import_module(f"benchmarks.{name}").main([])


if __name__ == "__main__":
    main(sys.argv[1:])
