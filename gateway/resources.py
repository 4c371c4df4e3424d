"""Where are the files that travel with the program: templates and migrations?

In a checkout they are folders beside `gateway/`; in an installed wheel they are under
`gateway/_data/` (see `force-include` in pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


class MissingResource(Exception):
    """A file of the program itself is not there: the installation is broken."""


def resource_path(*parts: str) -> Path:
    """Return the path of a file or folder such as `resource_path("templates", "init")`.

    Raises:
        MissingResource: it is neither in the installed package nor in the checkout.
    """
    for root in (PACKAGE / "_data", PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise MissingResource(f"{'/'.join(parts)} is not part of this installation; install it again")
