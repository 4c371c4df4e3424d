"""Lays out all that was delivered in a rehearsal as pages to open in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment

from gateway.rehearsal.cast import Cast
from gateway.rehearsal.deliveries import Delivery
from gateway.resources import resource_path
from rules.wording import moment_words

INDEX = "index.html"


def lay_out_pages(
    folder: Path, school_name: str, cast: Cast, deliveries: Iterable[Delivery], zone: ZoneInfo
) -> Path:
    """Write each delivery as .html and .txt below `folder`, a folder a person; return the index."""
    people: dict[str, list[dict[str, str]]] = {}
    order = [row.name for row in cast.staff]
    for number, delivery in enumerate(deliveries, 1):
        at = delivery.at.astimezone(zone)
        name = f"{_plain(delivery.who)}/{number:03}-{at:%a-%H%M}-{_plain(delivery.subject)[:40]}"
        page = folder / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(delivery.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(delivery.text, encoding="utf-8")
        people.setdefault(delivery.who, []).append(
            {
                "page": f"{name}.html",
                "text": f"{name}.txt",
                "subject": delivery.subject,
                "at": moment_words(delivery.at, zone),
                "from": delivery.sender[0],
            }
        )
    sections = [
        {"name": name, "part": cast.part_of(name), "mails": people[name]}
        for name in sorted(people, key=lambda who: (_rank(order, who), who))
    ]
    source = resource_path("templates", "demo", INDEX).read_text("utf-8")
    template = Environment(autoescape=True).from_string(source)
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / INDEX
    shown = template.render(school_name=school_name, sections=sections)
    index.write_text(shown, encoding="utf-8")
    return index


def _rank(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _plain(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", words).strip("-").lower() or "mail"
