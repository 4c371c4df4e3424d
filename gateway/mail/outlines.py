"""Which sentences make up each translated notice, in which order, with which facts in them?

The order is the same in every language; the words are in `templates/languages/`. English is
not made from this: its notices are the templates in `templates/<kind>/`, and a test compares
the facts of the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TOPICS = ("attendance", "appointment", "send", "complaint", "rights_request")

# How a time is said; `clock`, `day` and `day_of_year` are patterns of CLDR (UTS 35 part 4).
DATES: Mapping[str, frozenset[str]] = {
    "clock": frozenset(),
    "today": frozenset({"clock"}),
    "tomorrow": frozenset({"clock"}),
    "yesterday": frozenset({"clock"}),
    "dated": frozenset({"day", "clock"}),
    "day": frozenset(),
    "day_of_year": frozenset(),
    "comma": frozenset(),  # between the members of a list
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together.

    A sentence is left out when a fact in it is empty. The name "reason" stands for the one
    of the reasons that holds. `office_open` limits a paragraph to when the office is open,
    or closed.
    """

    sentences: tuple[str, ...]
    look: Literal["p", "facts", "alarm"] = "p"
    office_open: bool | None = None


def _facts(*sentences: str, office_open: bool | None = None) -> Paragraph:
    return Paragraph(sentences, "facts", office_open)


_RING = Paragraph(("shared.ring", "shared.danger"))
_READS = _facts("shared.reads", "shared.acknowledges")
_NEXT_TIME = Paragraph(("shared.next_time",))

OUTLINES: Mapping[str, tuple[Paragraph, ...]] = {
    "held": (_READS, Paragraph(("reason",)), _RING),
    "redirected": (_facts("redirected.passed", "shared.office_closed"), _NEXT_TIME, _RING),
    "divided": (
        _facts("divided.office", "shared.office_closed"),
        _facts("divided.rest", "shared.reads", "shared.acknowledges"),
        _NEXT_TIME,
        _RING,
    ),
    "urgent": (
        _facts("urgent.open", "urgent.ring_now", office_open=True),
        _facts("shared.office_closed", "urgent.unseen", office_open=False),
        Paragraph(("urgent.ring_then",), office_open=False),
        Paragraph(("shared.danger",), "alarm"),
    ),
    "senior": (
        _facts("senior.seen"),
        Paragraph(("shared.danger",), "alarm"),
        Paragraph(("senior.talk", "senior.worried")),
    ),
    "received": (_facts("received.office"), _RING),
    "security": (_facts("security.only_you"), Paragraph(("security.otherwise",)), _RING),
    "not-linked": (
        _facts("not-linked.unknown"),
        Paragraph(("not-linked.code", "not-linked.send_code")),
        Paragraph(("shared.danger",)),
    ),
    "linked": (
        _facts("linked.done", "linked.waits"),
        Paragraph(("help.windows", "help.otherwise")),
        Paragraph(("help.within_days", "help.within_hours", "help.acknowledge")),
        Paragraph(("help.office",)),
        _RING,
    ),
    "moved": (_facts("moved.told", "reason"), _READS, _facts("moved.answer"), _RING),
    "help": (
        Paragraph(("help.write",)),
        _facts("help.windows", "help.otherwise"),
        _facts("help.within_days", "help.within_hours", "help.acknowledge"),
        Paragraph(("help.office",)),
        _RING,
    ),
}

REASONS = ("in_window", "school_day", "weekend", "outside_hours", "closed", "hours_changed")

# Every sentence of a language file, with the facts it must hold: no more and no fewer.
SENTENCES: Mapping[str, frozenset[str]] = {
    name: frozenset(facts.split())
    for name, facts in {
        "shared.the_teacher": "",
        "shared.draft": "",
        "shared.reads": "teacher reads answers_by",
        "shared.acknowledges": "acknowledges_by",
        "shared.office_closed": "office_opens",
        "shared.next_time": "office_topics office_address",
        "shared.ring": "office_phone",
        "shared.danger": "emergency_number",
        "reasons.in_window": "",
        "reasons.school_day": "",
        "reasons.weekend": "",
        "reasons.outside_hours": "",
        "reasons.closed": "why",
        "reasons.hours_changed": "",
        "held.subject": "class_name",
        "redirected.subject": "class_name",
        "redirected.passed": "",
        "divided.subject": "class_name",
        "divided.office": "",
        "divided.rest": "",
        "urgent.subject": "",
        "urgent.open": "",
        "urgent.ring_now": "office_phone",
        "urgent.unseen": "",
        "urgent.ring_then": "office_phone",
        "senior.subject": "",
        "senior.seen": "",
        "senior.talk": "office_phone",
        "senior.worried": "helpline",
        "received.subject": "",
        "received.office": "",
        "security.subject": "",
        "security.only_you": "",
        "security.otherwise": "",
        "not-linked.subject": "school_name",
        "not-linked.unknown": "",
        "not-linked.code": "office_phone",
        "not-linked.send_code": "link_address",
        "linked.subject": "",
        "linked.done": "class_addresses",
        "linked.waits": "waiting_for",
        "moved.subject": "class_name",
        "moved.told": "teacher old_reads",
        "moved.answer": "new_answers_by",  # where only the answer comes later
        "help.subject": "school_name",
        "help.write": "",
        "help.windows": "windows",
        "help.otherwise": "",
        "help.within_days": "within_days",
        "help.within_hours": "within_hours",
        "help.acknowledge": "acknowledge_hours",
        "help.office": "office_topics office_address",
    }.items()
}
