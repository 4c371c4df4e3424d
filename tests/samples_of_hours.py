"""What the mails about a change of the hours are filled with, in the tests of all mails."""

from __future__ import annotations

from typing import Any

_REVIEW: dict[str, Any] = {
    "adds": ("The school is closed on Thursday 26 November: snow.",),
    "ends": (),
    "days": (
        "Thursday 26 November: no reading hours "
        "(before: 8am to 8.30am and 3.30pm to 5pm), 12 of the staff",
    ),
    "more_days": 0,
    "messages": 3,
    "families": 2,
    "answers": 1,
    "next_reading": "",
}
_LONG = _REVIEW | {
    "ends": ("All staff: no messages on Friday 27 November, 3.30pm to 5pm (staff training).",),
    "more_days": 4,
    "messages": 1,
    "families": 1,
    "answers": 3,
    "next_reading": "Monday 14 December, 8am",
}
_NOTHING = _REVIEW | {"days": (), "messages": 0, "families": 0, "answers": 0}
_SIGNED = f"a+{'a2' * 23}b@class.oakfield.example"
HOURS_SAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "hours-review": tuple(one | {"confirm": _SIGNED} for one in (_REVIEW, _LONG, _NOTHING)),
    "hours-changed": tuple(one | {"undo": _SIGNED} for one in (_REVIEW, _LONG, _NOTHING)),
    "hours-done": tuple(
        one | {"words": "The school is closed on Thursday 26 November: snow.", "still": still}
        for one, still in (
            (_REVIEW, ()),
            (_LONG, ("The school is closed on Thursday 26 November: heating.",)),
            (_NOTHING, ()),
        )
    ),
    "hours-undo": tuple(
        {
            "words": "The school is closed on Thursday 26 November: snow.",
            "who": who,
            "since": "Tuesday 24 November, 6.40am",
            "undo": _SIGNED,
        }
        for who in ("Miss Price", "")
    ),
    "hours-refused": (
        {
            "why": "It does not say which day.",
            "clause": "",
            "examples": ("closed tomorrow: snow", "undo"),
            "hours_address": "hours@class.oakfield.example",
        },
        {
            "why": "The school's hours are the office's to change. You may narrow your own.",
            "clause": "Teachers are encouraged to set quiet hours of their own.",
            "examples": ("quiet 16:30-17:00 every Fri",),
            "hours_address": "hours@class.oakfield.example",
        },
    ),
}
