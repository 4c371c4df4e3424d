"""Two rows about one link: which of their values stand?"""

from __future__ import annotations

from dataclasses import replace

from gateway.roster.records import LinkRecord


def stricter(one: LinkRecord, other: LinkRecord) -> tuple[LinkRecord, tuple[str, ...]]:
    """Return one link for both rows, and the names of the values about which they differ.

    A bar wins over none, "no" over "yes", the later place in the order of contacts over the
    earlier, the shorter time over the longer. What only one row says is no difference.
    """
    differing = tuple(
        name.replace("_", " ")
        for name in (
            "parental_responsibility",
            "may_message",
            "may_receive",
            "barred",
            "priority",
            "begins",
            "ends",
        )
        if None not in (getattr(one, name), getattr(other, name))
        and getattr(one, name) != getattr(other, name)
    )
    pr = _both(one.parental_responsibility, other.parental_responsibility)
    reasons = dict.fromkeys(r for r in (one.restricted_reason, other.restricted_reason) if r)
    first_days = [day for day in (one.begins, other.begins) if day is not None]
    last_days = [day for day in (one.ends, other.ends) if day is not None]
    places = [place for place in (one.priority, other.priority) if place is not None]
    return (
        replace(
            one,
            kind=one.kind if one.kind != "guardian" else other.kind,
            parental_responsibility=pr,
            may_message=_both(one.may_message, other.may_message),
            may_receive=_both(one.may_receive, other.may_receive),
            barred=None
            if one.barred is None and other.barred is None
            else bool(one.barred or other.barred),
            restricted_reason="; ".join(reasons) or None,
            priority=max(places, default=None),
            begins=max(first_days, default=None),
            ends=min(last_days, default=None),
        ),
        differing,
    )


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Return whether both allow it; who says nothing leaves it to the other."""
    said = [value for value in (one, other) if value is not None]
    return all(said) if said else None
