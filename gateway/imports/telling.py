"""How is a planned import told to whoever runs it?"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.imports.plan import RosterPlan
from gateway.imports.planning import CALLED_OTHERWISE
from gateway.imports.readers import LEFT_ALONE
from gateway.roster.records import Flaw, Roster

LINES_SHOWN = 20  # of one heading, unless all are asked for

# The order in which the headings are told; what needs a person comes last, where it is read.
_LAST = (
    CALLED_OTHERWISE,
    LEFT_ALONE,
    "links waiting",
    "links unverified",
    "links invited",
    "more than two linked",
    "links not in the records, kept",
    "staff not in the records, kept for their role",
    "staff in the records, ended here",
)


def plan_lines(plan: RosterPlan, *, everything: bool = False) -> Iterator[str]:
    """Yield what the import changes: each heading with how many, and the first lines of it."""
    for heading in sorted(plan.told, key=lambda one: (one in _LAST, one)):
        lines = plan.told[heading]
        yield f"{len(lines):6} {heading}"
        shown = lines if everything else lines[:LINES_SHOWN]
        yield from (f"         {line}" for line in shown)
        if len(lines) > len(shown):
            yield f"         and {len(lines) - len(shown)} more (--all shows them)"


def review_lines(plan: RosterPlan, *, everything: bool = False) -> Iterator[str]:
    """Yield the pairs of contacts that are probably one person: how many, and the first."""
    pairs = plan.to_review
    if not pairs:
        return
    yield f"{len(pairs):6} probably one person; kept as two until you import with --merge"
    shown = pairs if everything else pairs[:LINES_SHOWN]
    yield from (f"         {merge.where}: {merge.why}" for merge in shown)
    if len(pairs) > len(shown):
        yield f"         and {len(pairs) - len(shown)} more (--all shows them)"


def ending_lines(plan: RosterPlan) -> Iterator[str]:
    """Yield what would end of which too much would, and how to say that it is meant."""
    for ending in plan.too_many_endings:
        yield (
            f"{ending.number} of {ending.of} {_would(ending.what)}; "
            f"{ending.allowed} may without being asked"
        )
    if plan.too_many_endings:
        most = max(ending.number for ending in plan.too_many_endings)
        yield "Is the file whole, and of this school? If so, run this again with"
        yield f"--allow-ending {most}"


def _would(what: str) -> str:
    if what == CALLED_OTHERWISE:
        return "pupils would have another name and family name, as if they were other children"
    if what == LEFT_ALONE:
        return "classes would be left without anybody who reads for them"
    return f"{what} would end"


def flaw_lines(flaws: tuple[Flaw, ...]) -> Iterator[str]:
    """Yield each row that was not taken: file, line and why."""
    yield from (str(flaw) for flaw in flaws)


def as_data(plan: RosterPlan, roster: Roster) -> dict[str, object]:
    """Return the plan for a program to read."""
    return {
        "source": roster.source,
        "whole": roster.is_whole,
        "counts": dict(plan.counts),
        "told": {heading: list(lines) for heading, lines in plan.told.items()},
        "endings": [
            {
                "what": one.what,
                "number": one.number,
                "of": one.of,
                "allowed": one.allowed,
                "too_many": one.is_too_many,
            }
            for one in plan.endings
        ],
        "merges": [
            {"kept": one.kept, "merged": one.merged, "why": one.why, "where": str(one.where)}
            for one in plan.to_review
        ],
        "flaws": [str(flaw) for flaw in roster.flaws],
        "notes": [str(note) for note in roster.notes],
    }
