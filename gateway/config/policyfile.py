"""What does the school's policy say? `policy.toml` as `rules.policy.Policy`, all faults at once.

The file is written for a head teacher, so its shape is its own; `_Policy.as_rules` is the one
place where it becomes the value the rules know.
"""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from gateway.config.hosts import domain_name
from gateway.config.mailboxes import Mailbox, StaffAddress
from gateway.config.policyhours import HoursSection
from gateway.config.tomlfile import (
    FileFaults,
    Section,
    SectionFaults,
    Text,
    Whole,
    meant,
    model_in,
    read_model,
)
from gateway.config.written import first_day_of, last_day_of
from rules import policy as rules

# What the shipped packs can find. A school may add packs, so others are let through, but a
# name that is nearly one of these is a slip that would leave a topic with the teacher.
TOPICS = ("attendance", "appointment", "send", "classroom", "complaint", "rights_request")
ALWAYS_TO_THE_DSL = ("safeguarding", "allegation")


class PolicyFaults(FileFaults):
    """The policy cannot be put in force as written. `faults` are whole lines."""


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = meant(value, zoneinfo.available_timezones())
        raise ValueError(f'"{value}" is not a time zone such as "Europe/London"{near}') from error
    return value


def _phone(value: str) -> str:
    if sum(character.isdigit() for character in value) < 5:
        raise ValueError(f'"{value}" is not a telephone number, and every notice names one')
    return value


def _somebody(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("names nobody, so nobody would be told when a review is due")
    return value


def _topic(value: str) -> str:
    if value in ALWAYS_TO_THE_DSL:
        raise ValueError("goes to the safeguarding lead at once, whatever a policy says")
    near = meant(value, TOPICS)
    if value not in TOPICS and near:
        raise ValueError(f"unknown topic{near}")
    return value


def _clause(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,2}[0-9]{1,2}", value):
        raise ValueError('is not the id of a clause, such as "E5"')
    return value


Flag = Annotated[bool, Field(strict=True)]


class _School(Section):
    name: Text
    zone: Annotated[Text, AfterValidator(_zone)] = "Europe/London"


class _Review(Section):
    reviewed: Annotated[date, BeforeValidator(first_day_of)]
    next_review: Annotated[date, BeforeValidator(last_day_of)]
    owners: Annotated[tuple[Mailbox, ...], AfterValidator(_somebody)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.next_review <= self.reviewed:
            words = f"{self.next_review} is not after reviewed, {self.reviewed}"
            raise SectionFaults([(("next_review",), words)])
        return self


class _Promise(Section):
    clock: Literal["working_day", "elapsed"] = "working_day"
    days: Annotated[Whole, Field(ge=1, le=20)] = 1
    hours: Annotated[Whole, Field(ge=1, le=480)] = 24
    acknowledge_hours: Annotated[Whole, Field(ge=1, le=480)] | None = None


class _Contacts(Section):
    office_phone: Annotated[Text, AfterValidator(_phone)]
    office_address: Mailbox
    emergency: Text = "In an emergency, ring 999."


class _Safeguarding(Section):
    escalate_after_minutes: Annotated[Whole, Field(ge=1, le=240)] = 15
    outside_contact: StaffAddress | None = None


class _Notices(Section):
    a_day: Annotated[Whole, Field(ge=1, le=20)] = 3
    not_linked_every_days: Annotated[Whole, Field(ge=1, le=60)] = 7


class _Pupils(Section):
    domains: tuple[Annotated[Text, AfterValidator(domain_name)], ...] = ()


class _Replies(Section):
    send_now: Flag = True


class _Languages(Section):
    drafts: Flag = False


class _Digests(Section):
    attach_up_to_kb: Annotated[Whole, Field(ge=0, le=20_000)] = 1_000


class _Invites(Section):
    days: Annotated[Whole, Field(ge=1, le=365)] = 30


class _Links(Section):
    imported: rules.ImportedLinks = "at-once"


class _Staff(Section):
    onboarding_mail: Flag = True


class _Policy(Section):
    version: Text
    school: _School
    review: _Review
    hours: HoursSection
    promise: _Promise = Field(default_factory=_Promise)
    contacts: _Contacts
    topics: dict[Annotated[str, AfterValidator(_topic)], rules.Where] = Field(default_factory=dict)
    safeguarding: _Safeguarding = Field(default_factory=_Safeguarding)
    notices: _Notices = Field(default_factory=_Notices)
    pupils: _Pupils = Field(default_factory=_Pupils)
    staff: _Staff = Field(default_factory=_Staff)
    replies: _Replies = Field(default_factory=_Replies)
    languages: _Languages = Field(default_factory=_Languages)
    digests: _Digests = Field(default_factory=_Digests)
    invites: _Invites = Field(default_factory=_Invites)
    links: _Links = Field(default_factory=_Links)
    clauses: dict[Annotated[str, AfterValidator(_clause)], Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_its_years(self) -> Self:
        faults = [(("hours", *place), words) for place, words in self.hours.faults_in(self._years)]
        if faults:
            raise SectionFaults(faults)
        return self

    @property
    def _years(self) -> range:
        """The years whose bank holidays are kept: a late review must not make school of them."""
        return range(self.review.reviewed.year - 1, self.review.next_review.year + 3)

    def as_rules(self) -> rules.Policy:
        promise = self.promise
        policy = rules.Policy(
            version=self.version,
            school_name=self.school.name,
            zone=self.school.zone,
            reviewed=self.review.reviewed,
            next_review=self.review.next_review,
            owners=self.review.owners,
            hours=self.hours.as_rules(self._years),
            promise=rules.Promise(
                promise.clock, promise.days, promise.hours, promise.acknowledge_hours
            ),
            contacts=rules.Contacts(
                self.contacts.office_phone,
                self.contacts.office_address,
                self.contacts.emergency,
            ),
            clauses=dict(self.clauses),
            escalate_after=timedelta(minutes=self.safeguarding.escalate_after_minutes),
            outside_contact=self.safeguarding.outside_contact,
            notices_a_day=self.notices.a_day,
            not_linked_every=timedelta(days=self.notices.not_linked_every_days),
            pupil_domains=self.pupils.domains,
            onboarding_mail=self.staff.onboarding_mail,
            send_now=self.replies.send_now,
            draft_translations=self.languages.drafts,
            invite_days=self.invites.days,
            imported_links=self.links.imported,
            small_attachments_bytes=self.digests.attach_up_to_kb * 1_000,
        )
        # A topic the file does not speak of goes where it always goes.
        return replace(policy, where={**policy.where, **self.topics})


def load_policy(path: Path) -> rules.Policy:
    """Return the policy in the file at `path`.

    Raises:
        PolicyFaults: anything in it is wrong; every fault is named.
    """
    try:
        return read_model(path, _Policy).as_rules()
    except FileFaults as error:
        raise PolicyFaults(error.faults) from error


def policy_in(text: str) -> rules.Policy:
    """Return the policy that a policy file with this text says: an earlier version, perhaps.

    Raises:
        PolicyFaults: anything in it is wrong, or is not said so any more.
    """
    try:
        return model_in(text, Path("policy.toml"), _Policy).as_rules()
    except FileFaults as error:
        raise PolicyFaults(error.faults) from error
