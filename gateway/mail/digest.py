"""How a teacher's waiting messages become one mail, or several when one would be too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.mail.compose import encoded_size
from gateway.mail.digest_entry import Digest, DigestEntry, EmptyDigest, in_order
from gateway.mail.render import Rendered, render

PAGE_LIMIT_BYTES = 90_000  # Gmail hides what follows about 102 kB; fields need a little too
_FIELDS_BYTES = 4_000
_ROOM = PAGE_LIMIT_BYTES - _FIELDS_BYTES
_MOST_TEXTS = 40  # of one conversation in one mail


@dataclass(frozen=True, slots=True)
class Page:
    """One mail of a digest, and the entries that stand in it."""

    words: Rendered
    entries: tuple[DigestEntry, ...]

    @property
    def alone(self) -> DigestEntry | None:
        """The one conversation that a reply to the mail as a whole can mean."""
        shown = [entry for entry in self.entries if entry.kind == "message"]
        return shown[0] if len(shown) == 1 else None


def render_digest(digest: Digest) -> tuple[Rendered, ...]:
    """Return the mails that carry `digest`; see `digest_pages`."""
    return tuple(page.words for page in digest_pages(digest))


def digest_pages(digest: Digest) -> tuple[Page, ...]:
    """Return the mails that carry `digest`, each at most 90 kB when composed, in reading order.

    A lone entry is a plain single mail, so that "Reply" answers it (fedora-infra/fmn#91).
    Every entry stands in exactly one of the mails.

    Raises:
        EmptyDigest: there is nothing to tell.
    """
    if not digest.entries:
        raise EmptyDigest
    if len(digest.entries) == 1:
        entry, _size_alone = _fitted(digest, digest.entries[0])
        kind = "single" if entry.kind == "message" else "with-dsl"
        return (Page(render(kind, {**_common(digest), "entry": entry}), (entry,)),)
    pages = list(_pages(digest))
    first, mails = 1, []
    for number, page in enumerate(pages, 1):
        mails.append(Page(_rendered(digest, page, first, number, len(pages)), page))
        first += sum(entry.kind == "message" for entry in page)
    return tuple(mails)


def _pages(digest: Digest) -> Iterator[tuple[DigestEntry, ...]]:
    # Each entry is measured alone, for rendering every growing page would take the square.
    empty = _size(_rendered(digest, (), 1, 10, 10))
    page: list[DigestEntry] = []
    used = empty
    for entry, alone in (_fitted(digest, entry) for entry in in_order(digest.entries)):
        size = alone - empty
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


def _fitted(digest: Digest, entry: DigestEntry) -> tuple[DigestEntry, int]:
    """Return `entry`, its texts cut where one mail could not hold it, and that mail's octets.

    The longest text gives way first.
    """
    if len(entry.more) > _MOST_TEXTS:
        ends = (*entry.more[: _MOST_TEXTS // 2], *entry.more[-_MOST_TEXTS // 2 :])
        entry = replace(entry, more=ends, left_out=len(entry.more) - len(ends))
    while (size := _size(_rendered(digest, (entry,), 100, 10, 10))) > _ROOM:
        texts = [entry.text, *(one.text for one in entry.more)]
        longest = max(range(len(texts)), key=lambda number: len(texts[number]))
        whole = sum(map(len, texts))
        spare = max(whole - whole * _ROOM // size * 9 // 10, 1)
        keep = max(len(texts[longest]) - spare, len(texts[longest]) // 2)
        if not texts[longest]:
            return entry, size
        entry = _shortened(entry, longest, texts[longest][:keep].rstrip())
    return entry, size


def _shortened(entry: DigestEntry, number: int, text: str) -> DigestEntry:
    if number == 0:
        return replace(entry, text=text, cut=True)
    more = list(entry.more)
    more[number - 1] = replace(more[number - 1], text=text, cut=True)
    return replace(entry, more=tuple(more))


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
