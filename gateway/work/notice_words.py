"""What does a notice say, in English and, above it, in the family's own language?"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gateway.mail.bilingual import Fact, Facts, MissingFact, above
from gateway.mail.language_file import Language
from gateway.mail.languages import ENGLISH, language_for
from gateway.mail.local_times import when_in, windows_in
from gateway.mail.outlines import OUTLINES
from gateway.mail.render import Above, Rendered, render
from gateway.school import School
from gateway.work.phrases import (
    TOPIC_WORDS,
    Waiting,
    contact_values,
    office_topics,
    topics_away,
    waiting_words,
)
from rules.effects import NoticeKind
from rules.wording import when

log = logging.getLogger(__name__)

HELPLINE = "0808 800 5000"  # the NSPCC's, for adults who worry about any child
_EMERGENCY_NUMBER = re.compile(r"(?<!\d)(?<!\d )\d{3}(?! ?\d)")  # 999, 112; no part of a longer one


@dataclass(frozen=True, slots=True)
class Told:
    """All that one notice tells, before it is put into words. Instants are aware, UTC."""

    kind: NoticeKind
    class_name: str = ""
    teacher: str = ""
    reads_at: datetime | None = None
    due: datetime | None = None
    acknowledge_by: datetime | None = None
    old_reads_at: datetime | None = None
    old_due: datetime | None = None
    waiting: Waiting = field(default_factory=Waiting)
    office_open: bool = True
    office_opens_at: datetime | None = None
    link_address: str = ""
    class_addresses: tuple[str, ...] = ()  # where somebody who was linked may write
    waiting_for: tuple[str, ...] = ()  # children whose link must be approved first
    more: tuple[tuple[str, Any], ...] = ()  # what only an English template needs


def notice_words(school: School, told: Told, language_tag: str, now: datetime) -> Rendered:
    """Return the notice, in the language of `language_tag` too where the school may send it.

    A translation that is missing or broken leaves the English alone: a parent must never wait
    for ours to be mended.
    """
    english = {
        "class_name": told.class_name,
        "teacher": told.teacher or "The teacher",
        "reads": _when(school, told.reads_at, now),
        "answers_by": _when(school, told.due, now),
        "acknowledges_by": _when(school, told.acknowledge_by, now),
        "old_reads": _when(school, told.old_reads_at, now),
        "old_answers_by": _when(school, told.old_due, now),
        "new_answers_by": _when(school, told.due, now) if told.old_due else "",
        "reason": waiting_words(told.waiting),
        "office_topics": office_topics(school.policy),
        "office_open": told.office_open,
        "office_opens": _when(school, told.office_opens_at, now),
        "link_address": told.link_address,
        "waiting_for": told.waiting_for,
    }
    values = contact_values(school) | english | dict(told.more)
    return render(str(told.kind), values, _above(school, told, language_tag, now))


def _when(school: School, instant: datetime | None, now: datetime) -> str:
    return when(instant, now, school.zone) if instant else ""


def _above(school: School, told: Told, tag: str, now: datetime) -> Above | None:
    if tag == ENGLISH or told.kind not in OUTLINES:
        return None
    language = language_for(tag, drafts=school.policy.draft_translations)
    if language is None:
        return None
    facts = Facts(
        facts_in(language, school, told, now), told.waiting.kind, office_open=told.office_open
    )
    try:
        return above(str(told.kind), language, facts)
    except MissingFact as missing:
        log.warning(
            "translation_unusable",
            extra={"language": language.code, "kind": str(told.kind), "fault": str(missing)},
        )
        return None


def facts_in(language: Language, school: School, told: Told, now: datetime) -> dict[str, Fact]:
    """Return every fact that a translated notice may hold, in the words of `language`."""
    policy = school.policy
    contacts = policy.contacts
    promise = policy.promise
    by_day = promise.clock == "working_day"
    number = _EMERGENCY_NUMBER.search(contacts.emergency)

    def said(instant: datetime | None) -> str:
        return when_in(language, instant, now, school.zone) if instant else ""

    return {
        "school_name": school.name,
        "office_phone": contacts.office_phone,
        "office_address": contacts.office_address,
        # Where the school's own sentence names no number, the English alone has it.
        "emergency_number": number[0] if number else "",
        "helpline": HELPLINE,
        "class_name": told.class_name,
        "teacher": told.teacher or language.sentences["shared.the_teacher"],
        "reads": said(told.reads_at),
        "answers_by": said(told.due),
        "acknowledges_by": said(told.acknowledge_by),
        "old_reads": said(told.old_reads_at),
        "new_answers_by": said(told.due) if told.old_due else "",
        "office_opens": said(told.office_opens_at),
        "why": told.waiting.why,
        "office_topics": tuple(_topic(language, topic) for topic in topics_away(policy)),
        "link_address": told.link_address,
        "class_addresses": told.class_addresses,
        "waiting_for": told.waiting_for,
        "windows": windows_in(language, school.calendar.hours),
        "within_days": str(promise.days) if by_day else "",
        "within_hours": "" if by_day else str(promise.hours),
        "acknowledge_hours": str(promise.acknowledge_hours or ""),
    }


def _topic(language: Language, topic: str) -> str:
    return language.topics.get(topic) or TOPIC_WORDS.get(topic, topic.replace("_", " "))
