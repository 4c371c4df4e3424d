"""Finds the shared material beside a developer's checkout; a user's clone has none and skips."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = Path(__file__).resolve().parent / "data"


def shared(*parts: str) -> Path:
    """Return a path below the shared folder, or skip the test where the folder is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs shared/{'/'.join(parts)}, which a user's clone does not have")
    return path
