"""What the mails about who may write are filled with, in the tests of all mails."""

from __future__ import annotations

from typing import Any

_SIGNED = f"a+{'a2' * 23}b@class.oakfield.example"
_ROW = {
    "words": "Nadia Okoro and Ben Okoro (3B)",
    "linked": ("Amina Okoro", "Daniel Okoro"),
    "why": "Two adults are linked to the child already.",
    "approve": _SIGNED,
}
PEOPLE_SAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "people-review": (
        {
            "lines": (
                "Link Dana Price (number G2) to Zoe Price (3B).",
                "Add the address dana@parent.example to theirs.",
            ),
            "warning": "It will wait: the leadership must approve it first.",
            "confirm": _SIGNED,
        },
        {"lines": ("Unlink Dana Price from Zoe Price.",), "warning": "", "confirm": _SIGNED},
    ),
    "people-done": (
        {
            "heading": "Removed from messaging",
            "lines": ("Dana Price cannot write to classes.", "Their mail reaches the office."),
            "return_to": _SIGNED,
        },
        {"heading": "Linked", "lines": ("Dana Price, number G2",), "return_to": ""},
    ),
    "people-refused": (
        {
            "why": "“Ben Okoro” may be several pupils.",
            "choices": ("Ben Okoro (3B), number P1", "Ben Okoro (4A), number P7"),
            "examples": (),
            "people_address": "people@class.oakfield.example",
        },
        {
            "why": "We did not understand “lnk”.",
            "choices": (),
            "examples": ("show Ben Okoro", "link dana@parent.example to Ben Okoro"),
            "people_address": "people@class.oakfield.example",
        },
    ),
    "links-waiting": (
        {"rows": (_ROW,), "more": 0, "leader": ""},
        {
            "rows": (_ROW | {"approve": ""}, _ROW | {"approve": "", "linked": ()}),
            "more": 3,
            "leader": "Mrs Castellan",
        },
    ),
    "removed": (
        {"guardian": "Dana Price", "until": "Tuesday 31 August 2027"},
        {"guardian": "Dana Price", "until": ""},
    ),
    "let-back": ({"guardian": "Dana Price"},),
    "new-address": ({"guardian": "Dana Price"},),
}
