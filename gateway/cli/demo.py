"""`schoolgate demo`: one school day on this machine, from mail in to mail out."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Play a school day and show who got what."""
