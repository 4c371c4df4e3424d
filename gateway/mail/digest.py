"""How a teacher's waiting messages become one mail, or several when one would be too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gateway.mail.compose import encoded_size
from gateway.mail.render import Rendered, render

PAGE_LIMIT_BYTES = 90_000  # Gmail hides what follows about 102 kB; fields need a little too
_FIELDS_BYTES = 4_000
_ROOM = PAGE_LIMIT_BYTES - _FIELDS_BYTES


class EmptyDigest(ValueError):
    """A digest without entries is never sent."""


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One message in a digest, or (kind "with-dsl") the bare fact that one is elsewhere.

    Times are words in the school's zone ("Friday 27 November, 3.45pm"); `due_at` is the
    same instant as `due`, aware, and only puts the oldest promise first. Addresses
    are signed ones of ours. For "with-dsl", `received` says since when, and text,
    subject and addresses stay empty.
    """

    guardian: str
    class_name: str
    received: str
    due_at: datetime
    due: str = ""
    pupils: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    late: bool = False  # the promise has passed
    note: str = ""
    chasers: int = 0  # how often the guardian has asked again
    attachments: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    reply_to: str = ""
    report_to: str = ""
    raise_to: str = ""
    kind: Literal["message", "with-dsl"] = "message"
    cut: bool = False  # the text is only its beginning


@dataclass(frozen=True, slots=True)
class Digest:
    """All that waits for one teacher at one reading time."""

    teacher: str
    school_name: str
    reading_time: str  # "Monday 30 November, 3.30pm"
    own_windows: tuple[str, ...]  # the teacher's own reading hours this week, a line each
    office_phone: str
    office_address: str
    entries: tuple[DigestEntry, ...]
    emergency: str = "In an emergency, ring 999."


def render_digest(digest: Digest) -> tuple[Rendered, ...]:
    """Return the mails that carry `digest`, each at most 90 kB when composed, in reading order.

    A lone entry is a plain single mail, so that "Reply" answers it (fedora-infra/fmn#91).
    Every entry stands in exactly one of the mails.

    Raises:
        EmptyDigest: there is nothing to tell.
    """
    if not digest.entries:
        raise EmptyDigest
    if len(digest.entries) == 1:
        entry = _fitted(digest, digest.entries[0])
        kind = "single" if entry.kind == "message" else "with-dsl"
        return (render(kind, {**_common(digest), "entry": entry}),)
    pages = list(_pages(digest))
    first, mails = 1, []
    for number, page in enumerate(pages, 1):
        mails.append(_rendered(digest, page, first, number, len(pages)))
        first += sum(entry.kind == "message" for entry in page)
    return tuple(mails)


def _pages(digest: Digest) -> Iterator[tuple[DigestEntry, ...]]:
    # Notes from the safeguarding lead first: they are short, and the teacher is about
    # to meet the child. Then the oldest promise.
    order = sorted(digest.entries, key=lambda entry: (entry.kind == "message", entry.due_at))
    # Each entry is measured alone, for rendering every growing page would take the square.
    empty = _size(_rendered(digest, (), 1, 10, 10))
    page: list[DigestEntry] = []
    used = empty
    for entry in (_fitted(digest, entry) for entry in order):
        size = _size(_rendered(digest, (entry,), 100, 10, 10)) - empty
        if page and used + size > _ROOM:
            yield from _halved(digest, tuple(page))
            page, used = [], empty
        page.append(entry)
        used += size
    yield from _halved(digest, tuple(page))


def _halved(digest: Digest, page: tuple[DigestEntry, ...]) -> Iterator[tuple[DigestEntry, ...]]:
    # A page has one encoding for all its scripts, so it may take more than its pieces.
    if len(page) < 2 or _size(_rendered(digest, page, 100, 10, 10)) <= _ROOM:
        yield page
    else:
        middle = len(page) // 2
        yield from _halved(digest, page[:middle])
        yield from _halved(digest, page[middle:])


def _fitted(digest: Digest, entry: DigestEntry) -> DigestEntry:
    """Return `entry`, its text cut where one mail could not hold it."""
    while entry.text and (size := _size(_rendered(digest, (entry,), 100, 10, 10))) > _ROOM:
        keep = len(entry.text) * _ROOM // size * 9 // 10
        entry = replace(entry, text=entry.text[:keep].rstrip(), cut=True)
    return entry


def _rendered(
    digest: Digest, page: Sequence[DigestEntry], first: int, number: int, pages: int
) -> Rendered:
    messages = tuple(entry for entry in page if entry.kind == "message")
    values = {
        "entries": messages,
        "held": tuple(entry for entry in page if entry.kind == "with-dsl"),
        "first": first,
        "page": number,
        "pages": pages,
    }
    return render("digest", {**_common(digest), **values})


def _common(digest: Digest) -> dict[str, Any]:
    total = sum(entry.kind == "message" for entry in digest.entries)
    return {
        "teacher": digest.teacher,
        "school_name": digest.school_name,
        "reading_time": digest.reading_time,
        "own_windows": digest.own_windows,
        "office_phone": digest.office_phone,
        "office_address": digest.office_address,
        "emergency": digest.emergency,
        "total": total,
        "count_words": "1 message" if total == 1 else f"{total} messages",
    }


def _size(mail: Rendered) -> int:
    return encoded_size(mail.text) + encoded_size(mail.html)
