"""Writes a Content as JSON and reads it back, for the pipe between the reading child and us."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rules.message import Attachment, Content, Originator, TextView


def to_json(content: Content) -> str:
    """Return `content` as JSON in ASCII."""
    value = asdict(content)
    value["originator"]["flags"] = sorted(content.originator.flags)
    date = content.date_claimed
    value["date_claimed"] = date.isoformat() if date else None
    return json.dumps(value)


def from_json(text: str) -> Content:
    """Return the Content that `to_json` wrote.

    Raises:
        ValueError: the text is not such JSON. (KeyError and TypeError are
            turned into it: a child that died may have left anything.)
    """
    try:
        value: dict[str, Any] = json.loads(text)
        originator = value.pop("originator")
        originator["flags"] = frozenset(originator["flags"])
        date = value.pop("date_claimed")
        return Content(
            originator=Originator(**originator),
            views=tuple(TextView(**view) for view in value.pop("views")),
            attachments=tuple(Attachment(**each) for each in value.pop("attachments")),
            headers=tuple((name, text) for name, text in value.pop("headers")),
            references=tuple(value.pop("references")),
            defects=tuple(value.pop("defects")),
            date_claimed=datetime.fromisoformat(date) if date else None,
            **value,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a Content") from error
