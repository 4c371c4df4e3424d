"""The words of the school's hours, as the mails say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.school import School
from rules.calendar import SchoolCalendar
from rules.policy import Policy, Span
from rules.wording import DAYS, day_words, span_words

TOPIC_WORDS = {
    "attendance": "attendance",
    "appointment": "appointments",
    "send": "special needs (SEND)",
    "complaint": "a complaint",
    "rights_request": "a request for records",
}
_SCHOOL_DAYS = 5


def contact_values(school: School) -> dict[str, Any]:
    """Return what every mail names: the school, and somebody to ring."""
    contacts = school.policy.contacts
    return {
        "school_name": school.name,
        "office_phone": contacts.office_phone,
        "office_address": contacts.office_address,
        "emergency": contacts.emergency,
    }


def topic_words(topics: tuple[str, ...]) -> list[str]:
    """Return what the school calls these topics."""
    return [TOPIC_WORDS.get(topic, topic.replace("_", " ")) for topic in topics]


def topics_away(policy: Policy) -> tuple[str, ...]:
    """Return all topics that the policy gives to anybody but the teacher."""
    return tuple(topic for topic, where in policy.where.items() if where != "teacher")


def office_topics(policy: Policy) -> list[str]:
    """Return what a parent is told to write to the office about."""
    return topic_words(topics_away(policy))


def usual_windows(policy: Policy) -> str:
    """Return "8am to 8.30am and 3.30pm to 5pm on school days", day by day where they differ."""
    days = policy.hours.windows[:_SCHOOL_DAYS]
    if len(set(days)) == 1:
        return f"{_spans(days[0])} on school days"
    words = [f"{DAYS[number]} {_spans(spans)}" for number, spans in enumerate(days) if spans]
    return "; ".join(words)


def own_windows(calendar: SchoolCalendar, now: datetime) -> tuple[str, ...]:
    """Return a line for each of the next school days with this teacher's own windows."""
    lines = []
    today = now.astimezone(calendar.zone).date()
    for number in range(7):
        day = calendar.day(today + timedelta(days=number))
        local = [
            Span(
                window.opens.astimezone(calendar.zone).time(),
                window.closes.astimezone(calendar.zone).time(),
            )
            for window in day.windows
        ]
        if local:
            lines.append(f"{day_words(day.on)}: {_spans(tuple(local))}")
    return tuple(lines[:_SCHOOL_DAYS])


def _spans(spans: tuple[Span, ...]) -> str:
    return " and ".join(span_words(span.opens, span.closes) for span in spans)


MARK_WORDS: Mapping[str, str] = {
    "allegation": "says something about a member of staff",
    "unreadable": "could not be read in full",
    "automatic": "may be automatic mail",
    "not verified": "sender not proven",
    "not linked": "sender not known to the school",
    "removed guardian": "sender was removed from messaging",
    "guardian barred from the child": "sender is barred from this child",
    "guardian of no child it could be about": "sender has no child in this class",
    "pupil": "from a pupil",
    "staff": "from staff",
}


def mark_words(marks: list[str]) -> list[str]:
    """Return the marks of an alert in plain words."""
    return [MARK_WORDS.get(mark, mark) for mark in marks]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a message waits, before it is put into words: a reason of the whole school's.

    `kind` is one of `gateway.mail.outlines.REASONS`, or "" when nothing is to be said; `why` is
    the school's own name for a closure.
    """

    kind: str = ""
    why: str = ""


def waiting(calendar: SchoolCalendar, now: datetime) -> Waiting:
    """Return why a message that arrives at `now` is read later, by the school's `calendar`."""
    if calendar.window_at(now) is not None:
        return Waiting("in_window")
    if calendar.is_working(now):
        return Waiting("school_day")
    why = calendar.why_shut(now)
    if why in _REASON_OF:
        return Waiting(_REASON_OF[why])
    return Waiting("closed", why)


def moved(calendar: SchoolCalendar, old_reads_at: datetime) -> Waiting:
    """Return why the school's `calendar` has nobody read at `old_reads_at` any more.

    Where the school itself still reads then, it is one teacher's matter: nothing is said of it.
    """
    if calendar.window_at(old_reads_at) is not None:
        return Waiting()
    if calendar.is_working(old_reads_at):
        return Waiting("hours_changed")
    why = calendar.why_shut(old_reads_at)
    usual = why in _REASON_OF or why == "not a working day"
    return Waiting("hours_changed") if usual else Waiting("closed", why)


def waiting_words(reason: Waiting) -> str:
    """Return the reason as one English sentence, or "" where there is none."""
    return f"The school is closed: {reason.why}." if reason.why else _REASONS[reason.kind]


_REASON_OF = {
    "the weekend": "weekend",
    "outside working hours": "outside_hours",
}
_REASONS = {
    "": "",
    "in_window": "Teachers get messages a few times in each reading hour.",
    "school_day": "In the school day, teachers give their time to the children.",
    "weekend": "Staff do not read messages at the weekend.",
    "outside_hours": "Staff do not read messages before or after the school day.",
    "hours_changed": "The school's hours have changed.",
}
