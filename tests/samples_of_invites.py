"""What the mails about invite codes are filled with, in the tests of all mails."""

from __future__ import annotations

from typing import Any

_SUMMARY = (
    "Teachers read messages from 8am to 8.30am and 3.30pm to 5pm on school days.",
    "You get an answer within one working day.",
)
_POPPY = ("Poppy", "3B", "3b@class.oakfield.example")
_MAX = ("Max", "1A", "1a@class.oakfield.example")
INVITE_SAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "invite": (
        {
            "child": "Poppy",
            "class_name": "3B",
            "code": "M7HP-7RWP-34G",
            "link_address": "link@class.oakfield.example",
            "last_day": "Thursday 24 December",
            "summary": _SUMMARY,
        },
    ),
    "linked": tuple(
        {"rooms": rooms, "waiting_for": waiting, "summary": _SUMMARY}
        for rooms, waiting in (((_POPPY,), ()), ((_POPPY, _MAX), ("Ben",)), ((), ("Ben", "Zoe")))
    ),
    "code-refused": ({},),
}
