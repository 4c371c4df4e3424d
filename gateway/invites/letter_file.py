"""Keeps the file with the letters to its owner: whoever has a letter can use its code."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes the place of `path` once it is whole; its owner alone may read it.

    Until then, and where nothing was written or something went wrong, what stood there stays:
    it may hold letters that are not printed yet.

    Raises:
        OSError: it cannot be written there.
    """
    # A name of its own: nobody can have put a file of theirs, or a link, in its place before.
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            is_empty = file.tell() == 0
            file.flush()
            os.fsync(file.fileno())
        if not is_empty:
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
