"""How are a time, a window and a day's name said in another language?

Names and clocks come from CLDR (UTS 35), whose data travel with Babel; nothing asks the machine's
locale. Digits stay those of the clocks and telephones that the families use here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from babel.dates import format_date, format_time

from gateway.mail.language_file import Language
from rules.policy import Hours, Span

_SCHOOL_DAYS = 5
_A_MONDAY = date(2024, 1, 1)


def clock_in(language: Language, at: time) -> str:
    """Return "15:30", or what stands for "3.30 in the afternoon"; noon is always "12:00".

    Twelve o'clock with a half of the day beside it is read as either end of it.
    """
    pattern = "HH:mm" if at.hour in (0, 12) else language.dates["clock"]
    return format_time(at, pattern, locale=language.code)


def when_in(language: Language, instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return what `rules.wording.when` says in English. Both instants are aware."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    words = clock_in(language, local.time())
    if local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset():
        words = f"{words} {local.tzname()}"  # the hour that happens twice
    near = {
        today: "today",
        today + timedelta(days=1): "tomorrow",
        today - timedelta(days=1): "yesterday",
    }.get(local.date())
    if near and (local.hour, local.minute) != (0, 0):
        return language.dates[near].replace("{clock}", words)
    day = _day(language, local.date(), today)
    return language.dates["dated"].replace("{day}", day).replace("{clock}", words)


def windows_in(language: Language, hours: Hours) -> tuple[str, ...]:
    """Return the reading windows of a school week: "8:00-8:30", or "Monday: 8:00-8:30" by day."""
    days = hours.windows[:_SCHOOL_DAYS]
    if len(set(days)) == 1:
        return tuple(_span(language, span) for span in days[0])
    return tuple(
        f"{_day_name(language, number)}: {' + '.join(_span(language, span) for span in spans)}"
        for number, spans in enumerate(days)
        if spans
    )


def _span(language: Language, span: Span) -> str:
    return f"{clock_in(language, span.opens)}\N{EN DASH}{clock_in(language, span.closes)}"


def _day(language: Language, on: date, today: date) -> str:
    pattern = language.dates["day" if on.year == today.year else "day_of_year"]
    return format_date(on, pattern, locale=language.code)


def _day_name(language: Language, weekday: int) -> str:
    return format_date(_A_MONDAY + timedelta(days=weekday), "EEEE", locale=language.code)
