"""What does one line such as "closed tomorrow: snow" change in the hours? Never a guess.

What is not understood whole is refused with a reason that its writer can act on. A day's name
means the next such day, today included while its time is not past.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.hours_entry import HoursEntry, Kind
from rules.hours_reason import check_reason
from rules.hours_times import NotSaid, moments, plain, read_days, take_span, weekdays_in
from rules.wording import day_words

LONGEST_LINE = 250  # characters
MOST_CLOSED_DAYS = 60
EXAMPLES = (
    "closed tomorrow: snow",
    "early closing Fri 13:15",
    "training Wed 15:30-17:00",
    "quiet 16:30-17:00 every Fri",
    "undo",
)
_KINDS: tuple[tuple[str, Kind, str], ...] = (
    (r"(?:the )?(?:school|we)(?: is| are|'s)? closed", "closed", ""),
    (r"clos(?:ed|ure|e)(?: the| our)?(?: school)?(?= )|closed", "closed", ""),
    (r"snow day", "closed", "snow"),
    (r"inset(?: day)?", "closed", "INSET day"),
    (r"early (?:closing|close|closure|finish)|clos(?:es|ing|e) early", "early", ""),
    (r"clos(?:es|ing) at(?= )", "early", ""),
    (r"(?:staff )?training", "training", ""),
    (r"staff meeting", "training", "staff meeting"),
    (r"(?:on )?leave|away", "leave", ""),
    (r"works|working days", "days", ""),
    (r"quiet(?: time| hours)?", "quiet", ""),
)
_ADDRESS = r"<?(?P<{}>[^\s<>,;:()]+@[^\s<>,;:()]*[^\s<>,;:().])>?"
_FOR = re.compile(r",? ?\bfor " + _ADDRESS.format("staff"))
_FOR_ALL = re.compile(r",? ?\bfor (?:everybody|everyone|all(?: the)?(?: staff| teachers)?|us all)$")
_COVER = re.compile(r",? ?\b(?:with )?cover(?:ed)?(?: is| by| from)? " + _ADDRESS.format("cover"))
_WHY = re.compile(
    r"(?<!\d)\s*:\s*(?P<after>.+)$|\s*:(?!\d)\s*(?P<free>.*)$|\((?P<inside>[^()]+)\)$"
)
_BECAUSE = re.compile(r",?\s+(?:because of|due to|because)\s+(?P<why>.+)$", re.IGNORECASE)
_WIDER = re.compile(
    r"(?:open|widen|extend|longer|more|add|read|reads|available|late|no quiet|also)(?![^\W_])"
)
_EVERY = re.compile(r"\b(?:every|each) (?=\w)|\bweekly\b")


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A line as understood: what it adds to the calendar, or that the last change be undone.

    Staff stand in the entries as the line names them: by address, or None where it names nobody.
    """

    entries: tuple[HoursEntry, ...] = ()
    undo: bool = False
    wider: bool = False  # it asks for more hours, which no line can give
    kind: Kind | None = None
    for_all: bool = False  # the line says that it is about everybody


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Why a line was not understood, in a sentence or two for its writer."""

    why: str


def read_line(line: str, now: datetime) -> HoursLine | NotUnderstood:
    """Return what `line` asks for at `now`, local time at the school."""
    if len(line) > LONGEST_LINE:
        return NotUnderstood("The line is too long.")
    try:
        return _read(line.strip().rstrip(".!").strip("“”\"' "), now)
    except NotSaid as fault:
        return NotUnderstood(str(fault))


def _read(line: str, now: datetime) -> HoursLine:
    line, why = _reason(line)
    check_reason(why)
    text = plain(line).removeprefix("please ").removesuffix(" please").rstrip(" ,.")
    if text in ("undo", "undo that", "undo it", "undo this", "undo the last change"):
        return HoursLine(undo=True)
    if _WIDER.match(text):
        return HoursLine(wider=True)
    kind, usual_why, rest = _kind_of(text)
    staff, cover, for_all, rest = _people(rest)
    if cover is not None and kind != "leave":
        raise NotSaid("Only leave names somebody who covers.")
    entry = HoursEntry(kind, now.date(), staff=staff, cover=cover, why=why or usual_why)
    match kind:
        case "early":
            entries = _early(entry, rest, now)
        case "days":
            entries = _works(entry, rest, now)
        case "closed" | "leave":
            entries = _whole_days(entry, rest, now)
        case _:
            entries = _timed(entry, rest, now)
    return HoursLine(entries, kind=kind, for_all=for_all)


def _reason(line: str) -> tuple[str, str]:
    """Return the line without the reason it gives, and that reason."""
    for pattern in (_WHY, _BECAUSE):
        found = pattern.search(line)
        if found is not None:
            words = next((one for one in found.groups() if one is not None), "")
            return line[: found.start()], words.strip(" .!")
    return line, ""


def _kind_of(text: str) -> tuple[Kind, str, str]:
    for pattern, kind, why in _KINDS:
        found = re.match(rf"(?:{pattern})(?![^\W_])", text)
        if found is not None:
            return kind, why, text[found.end() :].strip(" ,")
    if text in ("yes", "ok", "okay", "confirm", "do it"):
        raise NotSaid("To say yes, use the link in the mail that shows the change.")
    first = text.split(" ")[0] if text else ""
    raise NotSaid(f"We do not know “{first}”." if first else "There is no line in the mail.")


def _people(text: str) -> tuple[str | None, str | None, bool, str]:
    found = {}
    for name, pattern in (("cover", _COVER), ("staff", _FOR)):
        matches = list(pattern.finditer(text))
        if len(matches) > 1:
            raise NotSaid("It names two people. Please write one line for each.")
        if matches:
            found[name] = matches[0][name]
            text = f"{text[: matches[0].start()]} {text[matches[0].end() :]}".strip()
    everybody = _FOR_ALL.search(text)
    if everybody is not None:
        text = text[: everybody.start()]
    if re.search(r"\b(?:for|cover\w*)\b", text) or "@" in text:
        raise NotSaid("Name people by their email address, such as “for a.ash@school.example”.")
    return found.get("staff"), found.get("cover"), everybody is not None, " ".join(text.split())


def _whole_days(entry: HoursEntry, rest: str, now: datetime) -> tuple[HoursEntry, ...]:
    _no_time_in(rest)
    if _EVERY.search(rest):
        raise NotSaid("What holds every week is for the policy file.")
    if entry.kind == "leave" and not rest:
        raise NotSaid("It does not say which days.")
    entries = tuple(_replaced(entry, first, last) for first, last in read_days(rest, now.date()))
    days = sum(((one.last or one.first) - one.first).days + 1 for one in entries)
    if entry.kind == "closed" and days > MOST_CLOSED_DAYS:
        raise NotSaid(f"It closes the school for {days} days; a line may close {MOST_CLOSED_DAYS}.")
    return entries


def _early(entry: HoursEntry, rest: str, now: datetime) -> tuple[HoursEntry, ...]:
    readings: list[HoursEntry] = []
    fault = NotSaid("It does not say at what time.")
    for at, left in moments(rest):
        left = re.sub(r"\bat\b", "", left).strip()
        try:
            runs = read_days(left, now.date(), today_counts=at > now.time())
        except NotSaid as error:
            fault = error
            continue
        if len(runs) != 1 or runs[0][0] != runs[0][1]:
            fault = NotSaid("It names more than one day. Please write one line for each.")
            continue
        readings.append(_replaced(entry, *runs[0], closes=at))
    if len(readings) > 1:
        raise NotSaid(
            "It is not clear which is the day and which the time: write 13:15 and 26 Nov."
        )
    if not readings:
        raise fault
    _not_past(readings[0], now)
    return (readings[0],)


def _timed(entry: HoursEntry, rest: str, now: datetime) -> tuple[HoursEntry, ...]:
    span, left = take_span(rest)
    opens, closes = (span.opens, span.closes) if span else (None, None)
    if entry.kind == "training" and span is None:
        raise NotSaid("It does not say from when to when.")
    if span is None:
        _no_time_in(left)
    weekly, last, left = _weekly(left, now)
    if weekly is not None:
        if span is None:
            raise NotSaid("It does not say from when to when.")
        return tuple(
            _replaced(entry, _next(day, now), last, opens=opens, closes=closes, weekday=day)
            for day in weekly
        )
    ends = closes or time.max
    runs = read_days(left, now.date(), today_counts=ends > now.time())
    entries = tuple(_replaced(entry, *run, opens=opens, closes=closes) for run in runs)
    for one in entries:
        _not_past(one, now)
    return entries


def _weekly(text: str, now: datetime) -> tuple[tuple[int | None, ...] | None, date | None, str]:
    """Return the weekdays of "every Fri until 18 Dec", the last date, and what is left."""
    plural = re.fullmatch(r"(?:on )?(\w+days)\b(.*)", text)
    if not _EVERY.search(text) and text != "daily" and plural is None:
        return None, None, text
    text = _EVERY.sub("", text).strip(" ,")
    until = re.search(r" ?\b(?:until|till|to) (.+)$", text)
    last = read_days(until[1], now.date())[0][1] if until else None
    text = (text[: until.start()] if until else text).removeprefix("on ").strip()
    if text in ("day", "daily", "school day"):
        return (None,), last, ""
    days = weekdays_in(text)
    if days is None:
        raise NotSaid(f"We do not understand “{text}” as days of the week.")
    return days, last, ""


def _next(weekday: int | None, now: datetime) -> date:
    ahead = 0 if weekday is None else (weekday - now.weekday()) % 7
    return now.date() + timedelta(days=ahead)


def _works(entry: HoursEntry, rest: str, now: datetime) -> tuple[HoursEntry, ...]:
    if entry.staff is None:
        raise NotSaid("It does not say for whom: write “for” and an address.")
    span, left = take_span(rest)
    first, last = now.date(), None
    dated = re.search(r" ?\bfrom (.+)$", left)
    if dated is not None:
        both = re.split(r" to | until | till ", dated[1])
        first = read_days(both[0], now.date())[0][0]
        last = read_days(both[1], first)[0][1] if len(both) == 2 else None
        left = left[: dated.start()]
    days = weekdays_in(left.removeprefix("on ").strip())
    if days is None:
        raise NotSaid(f"We do not understand “{left}” as days of the week.")
    opens, closes = (span.opens, span.closes) if span else (None, None)
    return tuple(
        _replaced(entry, first, last, opens=opens, closes=closes, weekday=day) for day in days
    )


def _replaced(
    entry: HoursEntry,
    first: date,
    last: date | None,
    *,
    opens: time | None = None,
    closes: time | None = None,
    weekday: int | None = None,
) -> HoursEntry:
    return HoursEntry(
        entry.kind, first, last, entry.staff, entry.cover, weekday, opens, closes, entry.why
    )


def _no_time_in(text: str) -> None:
    span, _left = take_span(text) if re.search(r"\d:\d\d|[ap]m\b|noon", text) else (None, "")
    if span is not None or re.search(r"\d:\d\d|\d ?[ap]m\b|\bnoon\b", text):
        raise NotSaid("It names a time, but whole days are closed: is it “early closing”?")


def _not_past(entry: HoursEntry, now: datetime) -> None:
    is_today = entry.first == now.date()
    if is_today and entry.last == entry.first and (entry.closes or time.max) <= now.time():
        raise NotSaid(f"That time of {day_words(entry.first)} has passed.")
