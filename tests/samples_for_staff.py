"""Invented values for the mails that staff and owners get of the system itself."""

from __future__ import annotations

from typing import Any

_ACKNOWLEDGE = "a+x2m9v3t8r1w5b6n4kzq7@oakfield.example"
_WINDOWS = (
    "Monday 30 November: 8am to 8.30am and 3.30pm to 5pm",
    "Tuesday 1 December: 8am to 8.30am",
)
_WELCOME = {
    "teaches": True,
    "windows": _WINDOWS,
    "office_topics": ("attendance", "appointments", "special needs (SEND)"),
    "send_now": True,
    "changes": (),
    "hours_address": "hours@oakfield.example",
    "help_address": "help@oakfield.example",
    "acknowledge": _ACKNOWLEDGE,
}
_LATE = {
    "id": "k3v9t2m4xa",
    "class_name": "3B",
    "guardian": "Priya Patel",
    "pupils": ("Amina", "Zoe"),
    "received": "Tuesday 24 November, 9.10am",
    "due": "Wednesday 25 November, 8.30am",
}
_QUIET = "9.12am: an out of office note to 3B"
LATE_LISTS: tuple[dict[str, Any], ...] = (
    {"rows": (), "joined": (), "quiet": (), "late": (_LATE,)},
    {"rows": (), "joined": (), "quiet": (_QUIET,), "late": (_LATE, _LATE | {"pupils": ()})},
)
SAMPLES_FOR_STAFF: dict[str, tuple[dict[str, Any], ...]] = {
    "welcome": (
        _WELCOME,
        _WELCOME
        | {"send_now": False, "changes": ("Training on Wednesday 2 December, 3.30pm to 5pm.",)},
        _WELCOME | {"teaches": False, "windows": ()},
    ),
    "hours-news": (
        {
            "policy": False,
            "changes": ("The school is closed on Thursday 26 November: snow.",),
            "windows": _WINDOWS,
            "acknowledge": _ACKNOWLEDGE,
        },
        {
            "policy": True,
            "changes": ("Reading hours on Monday: 3.30pm to 5pm. Before: none.",),
            "windows": (),
            "acknowledge": _ACKNOWLEDGE,
        },
        {"policy": True, "changes": (), "windows": _WINDOWS, "acknowledge": _ACKNOWLEDGE},
    ),
    "policy-review": (
        {"standing": "due on 30 Nov 2026 (in 30 days)", "overdue": False, "version": "2"},
        {"standing": "overdue since 30 Nov 2025 (358 days)", "overdue": True, "version": "2"},
    ),
    "policy-change": (
        {
            "version": "3",
            "before": "2",
            "since": "Monday 30 November, 8am",
            "changes": ("Reading hours on Monday: 3.30pm to 5pm. Before: none.",),
        },
        {"version": "3", "before": "2", "since": "Monday 30 November, 8am", "changes": ()},
    ),
    "approval-ends": (
        {
            "guardian": "Rose Okoro",
            "pupil": "Ben Okoro",
            "last": "Wednesday 31 March",
            "over": False,
        },
        {
            "guardian": "Rose Okoro",
            "pupil": "Ben Okoro",
            "last": "Wednesday 31 March",
            "over": True,
        },
    ),
}
