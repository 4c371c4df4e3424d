"""Which words of a text name a day, or some days together? As written; no date is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.wording import DAYS, MONTHS

_TOKEN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
    r"|2(?:day|moro|morrow)\b|\d{1,4}(?:[.:]\d{1,2})?(?:st|nd|rd|th|am|pm)?(?![^\W_])|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[&,+(\-\u2013\u2014]",
    re.IGNORECASE,
)
_SHORT_DAYS = ["mon", "tue,tues", "wed,weds", "thu,thur,thurs", "fri", "sat", "sun"]
_WEEKDAYS = {name.lower(): number for number, name in enumerate(DAYS)}
_WEEKDAYS |= {short: n for n, shorts in enumerate(_SHORT_DAYS) for short in shorts.split(",")}
_WEEKDAYS |= {"wensday": 2, "wednsday": 2, "thurday": 3, "tuseday": 1, "satday": 5}
_ALSO_WORDS = frozenset({"mon", "wed", "sat", "sun"})  # words of English, French and Panjabi too
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_NEAR = {"today": 0, "2day": 0, "tomorrow": 1, "yesterday": -1, "yday": -1}
_NEAR |= dict.fromkeys(["tomorow", "tommorow", "tommorrow", "tomorro", "tmrw", "tmw"], 1)
_NEAR |= dict.fromkeys(["tmoro", "2moro", "2morrow"], 1)
_LIST = frozenset({"and", "&", ",", "+", "or"})
_RANGE = frozenset({"to", "-", "\u2013", "\u2014", "until", "till", "til", "through", "thru"})
_BEFORE = _LIST | _RANGE | frozenset({"on", "this", "next", "last", "by", "from", "back", "off"})
_BEFORE_NUMBER = _LIST | _RANGE | frozenset({"on", "the", "from", "back", "off", "(", "before"})
_NO_DATE_AFTER = frozenset(
    {"birthday", "day", "days", "time", "year", "form", "grade", "class", "week", "place"}
    | {"floor", "anniversary", "wedding"}
)
_PARTS = frozenset({"morning", "afternoon", "am", "pm", "lunchtime"})


@dataclass(frozen=True, slots=True)
class Named:
    """One day as parsed: what of it was said, before any date is looked for."""

    near: int | None = None
    weekday: int | None = None
    number: int | None = None
    month: int | None = None
    year: int | None = None
    which: str = ""  # "this", "next" or "last"


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """Days named together, and where they stand: `text[start:end]`; `through` is a range."""

    days: tuple[Named, ...]
    through: bool
    start: int
    end: int


def groups_in(text: str) -> Iterator[Group]:
    """Yield the days that `text` names, those of one list or range together."""
    tokens = [_Token(m[0].lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        found = _group(tokens, at)
        if found is None:
            at += 1
            continue
        first = tokens[at].start
        at, through, named = found
        last = tokens[at - 1].end
        last += "(" in text[first:last] and text[last : last + 1] == ")"
        yield Group(tuple(_filled(named)), through, first, last)


def _group(tokens: list[_Token], at: int) -> tuple[int, bool, list[Named]] | None:
    """Return where the days that begin at `at` end, whether they are a range, and which."""
    item = _day(tokens, at) or _bare_number(tokens, at)
    if item is None:
        return None
    used, named = item
    at, days, through = at + used, [named], False
    while at + 1 < len(tokens) and not through:
        joins = tokens[at].word
        skip = 1
        if joins == "," and tokens[at + 1].word in ("and", "&"):
            skip = 2
        while at + skip < len(tokens) and tokens[at + skip].word in ("on", "the"):
            skip += 1
        following = _day(tokens, at + skip) or _bare_number(tokens, at + skip)
        if joins not in _LIST | _RANGE or following is None:
            break
        # "Monday, 30 November" is one day said twice over; a list goes on with its own kind.
        if joins == "," and following[1].weekday is None and named.number is None:
            break
        through = joins in _RANGE
        named = following[1]
        days.append(named)
        at += skip + following[0]
    return at, through, days


def _day(tokens: list[_Token], at: int) -> tuple[int, Named] | None:
    """Return the day that begins at `at`, and how many tokens say it."""
    if at >= len(tokens):
        return None
    word = tokens[at].word
    follows = tokens[at + 1].word if at + 1 < len(tokens) else ""
    before = tokens[at - 1].word if at else ""
    if word in _NEAR:
        beside = _dated(tokens, at + 2, beside_a_weekday=True) if follows == "(" else None
        if beside is not None:  # "yesterday (15th)"
            return 2 + beside[0], replace(beside[1], near=_NEAR[word])
        return (2 if follows in _PARTS else 1), Named(near=_NEAR[word])
    if word == "this" and follows in _PARTS:
        return 2, Named(near=0)
    if word in ("this", "next", "last") and follows in _WEEKDAYS:
        found = _weekday(tokens, at + 1)
        return found[0] + 1, replace(found[1], which=word)
    if word in _WEEKDAYS:
        dated = _dated(tokens, at + 1)
        if word in _ALSO_WORDS and not (dated or before in _BEFORE or follows in _LIST | _RANGE):
            return None
        return _weekday(tokens, at)
    return _dated(tokens, at)


# "Every Friday", "six Wednesday afternoons": no day of the calendar.
_NO_ONE_DAY = frozenset(
    {"every", "each", "one", "a", "two", "three", "four", "five", "six", "any", "some", "most"}
    | {"full", "alternate", "either", "the"}
)


def _weekday(tokens: list[_Token], at: int) -> tuple[int, Named]:
    named, used = Named(weekday=_WEEKDAYS[tokens[at].word]), 1
    if at + 1 < len(tokens) and tokens[at + 1].word == "week":  # a week later than Friday
        return 2, replace(named, which="next")
    if at > 1 and [one.word for one in tokens[at - 2 : at]] == ["week", "on"]:
        return 1, replace(named, which="next")
    if at and tokens[at - 1].word in _NO_ONE_DAY:  # also "the Monday": of which week?
        named = replace(named, which="next")
    skip = 1 + (at + 1 < len(tokens) and tokens[at + 1].word in ("the", ","))
    dated = _dated(tokens, at + skip, beside_a_weekday=True)
    if dated is not None:
        return skip + dated[0], replace(dated[1], weekday=named.weekday)
    if at + used < len(tokens) and tokens[at + used].word in _PARTS:
        used += 1
    return used, named


def _dated(
    tokens: list[_Token], at: int, *, beside_a_weekday: bool = False
) -> tuple[int, Named] | None:
    if at >= len(tokens):
        return None
    word = tokens[at].word
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        year, month, number = map(int, word.split("-"))
        return 1, Named(number=number, month=month, year=year)
    if "/" in word:
        number, month, *rest = map(int, word.split("/"))
        full = rest[0] + (2000 if rest[0] < 100 else 0) if rest else None
        return (1, Named(number=number, month=month, year=full)) if 1 <= month <= 12 else None
    ordinal = re.fullmatch(r"(\d{1,2})(st|nd|rd|th)?", word)
    if ordinal and 1 <= int(ordinal[1]) <= 31:
        skip = 2 if at + 1 < len(tokens) and tokens[at + 1].word == "of" else 1
        named = Named(number=int(ordinal[1]))
        follows = tokens[at + skip].word if at + skip < len(tokens) else ""
        if follows in _MONTHS:
            return _with_year(
                tokens, at + skip + 1, skip + 1, replace(named, month=_MONTHS[follows])
            )
        before = tokens[at - 1].word if at else ""
        stands = beside_a_weekday or before in _BEFORE_NUMBER or before in _WEEKDAYS
        if ordinal[2] and stands and follows not in _NO_DATE_AFTER:
            return 1, named
        return None
    if word in _MONTHS and at + 1 < len(tokens):
        ordinal = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", tokens[at + 1].word)
        if ordinal and 1 <= int(ordinal[1]) <= 31:
            return _with_year(tokens, at + 2, 2, Named(number=int(ordinal[1]), month=_MONTHS[word]))
    return None


def _with_year(tokens: list[_Token], at: int, used: int, named: Named) -> tuple[int, Named]:
    if at < len(tokens) and re.fullmatch(r"20\d\d", tokens[at].word):
        return used + 1, replace(named, year=int(tokens[at].word))
    return used, named


def _bare_number(tokens: list[_Token], at: int) -> tuple[int, Named] | None:
    """Return the "3" of "3-5 December" or "3 and 4 December": the month follows the next number."""
    if at + 2 >= len(tokens) or not re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", tokens[at].word):
        return None
    number = int(re.sub(r"\D", "", tokens[at].word))
    dated = _dated(tokens, at + 2)
    if tokens[at + 1].word not in _LIST | _RANGE or dated is None or dated[1].month is None:
        return None
    return (1, Named(number=number)) if 1 <= number <= 31 else None


def _filled(named: list[Named]) -> list[Named]:
    """Give each day of a group the month that only its end has: "9th to 13th June"."""
    filled: list[Named] = []
    month: int | None = None
    year: int | None = None
    for one in reversed(named):
        if one.number is not None and one.month is None and month is not None:
            one = replace(one, month=month, year=year)
        month, year = one.month or month, one.year or year
        filled.insert(0, one)
    return filled
