"""Builds the running program from its settings: the only place that wires. APScheduler wakes."""

from __future__ import annotations

import asyncio
import gc
import logging
import shutil
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from gateway.addresses import OwnAddresses
from gateway.clock import Clock
from gateway.config.settings import Settings
from gateway.configuration import Configuration, open_store
from gateway.instance import InstanceLock
from gateway.intake.group_commit import SpoolWriter
from gateway.intake.limits import SmtpLimits
from gateway.intake.smtp import SmtpAddress, SmtpListener
from gateway.mail.authentication import Border
from gateway.mail.limits import ReadingLimits
from gateway.proof.lookups import Lookups
from gateway.school import School
from gateway.store.attempts import RetryRule
from gateway.store.engine import Store
from gateway.store.migrate import check_schema
from gateway.store.once import insert_once
from gateway.store.recovery import take_back_leases
from gateway.store.roster_write import ensure_office, ensure_school, other_schools
from gateway.store.schema import policies
from gateway.ticks import Ticks
from gateway.tokens import Keys
from gateway.topicpacks import load_matcher
from gateway.work.allowed import allowed_by
from gateway.work.approvals import ApprovalWatch
from gateway.work.clock_put_back import ClockPutBack
from gateway.work.digest import Digester
from gateway.work.escalate import Escalator
from gateway.work.failures import Failures
from gateway.work.letters import Letters
from gateway.work.look_apart import Looker
from gateway.work.news import NewsTeller
from gateway.work.overdue import Overdue
from gateway.work.post import Post
from gateway.work.prove import Prover
from gateway.work.reader import Reader
from gateway.work.retell import Retell
from gateway.work.review import ReviewReminder
from gateway.work.rounds import Rounds
from gateway.work.send import Pace, Sender
from gateway.work.settle import Settler
from gateway.work.smarthost import Smarthost, SmarthostSettings
from gateway.work.waiting_links import WaitingLinks

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
REFRESH_SECONDS = 5.0


class WrongSchool(Exception):
    """The store belongs to a school whose mail would be lost from sight."""


class Program:
    """The gateway, running: `start` on a loop, `stop` once."""

    def __init__(
        self, configuration: Configuration, clock: Clock, tick_seconds: float = TICK_SECONDS
    ):
        """Open the store and build every part. Nothing runs before `start`.

        Raises:
            WrongSchema: the store needs `schoolgate migrate`.
            StoreNotDurable: the database may lose what it has committed.
            NoServers: we are to ask the DNS, and there is nobody to ask.
            WrongSchool: the store holds mail of another domain.
        """
        settings = configuration.settings
        self.clock = clock
        self.store = open_store(configuration)
        check_schema(self.store)
        self.store.check_durable()
        self._lock = InstanceLock(self.store)
        self.school = school_of(self.store, configuration, clock.now())
        schools = {self.school.school_id: self.school}
        keys = Keys(configuration.secrets.token_key, configuration.secrets.previous_token_key)
        topics = settings.topics
        self._looker = Looker(topics.folder, second_reader=topics.second_reader)
        reader = Reader(
            _reading_limits(settings),
            _border(settings),
            load_matcher(topics.folder, second_reader=topics.second_reader),
            self._looker,
        )

        def letters(school: School) -> Letters:
            return Letters(school, Post(school, keys), reader)

        self._prover = _prover(settings, self.store, clock, lambda: self.rounds.wake())
        self.addresses = OwnAddresses(self.store, schools)
        self.sender = _sender(self.store, configuration, clock, schools)
        self.rounds = Rounds(
            self.store,
            clock,
            Settler(
                self.store,
                clock,
                schools,
                keys,
                reader,
                letters,
                settings.reading.attempts,
                queue_every=timedelta(minutes=settings.office_queue.batch_minutes),
                prover=self._prover,
            ),
            Escalator(self.store, clock, schools, letters),
            Digester(self.store, clock, schools, letters),
            self.sender,
            (
                ClockPutBack(self.store, clock, schools),
                Retell(self.store, clock, schools, letters),
                Overdue(self.store, clock, schools),
                NewsTeller(self.store, clock, schools, letters),
                ReviewReminder(self.store, clock, schools, letters),
                ApprovalWatch(self.store, clock, schools, letters),
                WaitingLinks(self.store, clock, schools, letters),
            ),
        )
        self._writer = SpoolWriter(self.store, on_commit=lambda _spool_ids: self.rounds.wake())
        self.listener = _listener(settings, self._writer, self.addresses, self.store, clock)
        self._ticks = Ticks()
        self._ticks.call(self.rounds.wake, tick_seconds, "tick_work")
        self._ticks.call(self._refresh, REFRESH_SECONDS, "tick_roster")

    async def start(self) -> None:
        """Take the lock, start the workers, and open the door last."""
        if self._lock.take():
            # Nobody else works on this store, so a lease is a dead program's: its mail goes now.
            with self.store.begin() as connection:
                take_back_leases(connection)
        self.addresses.refresh()
        self._writer.start()
        self.rounds.start()
        self._ticks.start()
        # The packs are some hundred thousand objects that live as long as we do: looking through
        # them again and again for cycles took a tenth of the time of reading mail.
        gc.freeze()
        await self.listener.start()

    def _refresh(self) -> None:
        """Read again what another program may have changed: the classes, and the hours."""
        self.addresses.refresh()
        with self.store.read() as connection:
            self.school.refresh(connection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way: no session open, no work at hand."""
        asking = self._prover is not None and not self._prover.is_idle
        return not self.listener.is_busy and self.rounds.is_idle and not asking

    @property
    def done(self) -> int:
        """How much work has been done since the start: for whoever waits until none is."""
        return self.rounds.done

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which there is something to do; None when never."""
        return self.rounds.next_due()

    async def stop(self) -> None:
        """Close the door first, then finish what is under way."""
        await self.listener.stop()
        self._ticks.stop()
        await asyncio.to_thread(self._writer.stop)
        if self._prover is not None:
            self._prover.stop()
        await asyncio.to_thread(self.rounds.stop)
        await asyncio.to_thread(self._looker.close)
        self._lock.drop()
        self.store.close()


def letters_for(configuration: Configuration, school: School) -> Letters:
    """Return the letters of a school, for a command that has some to write."""
    settings, secrets = configuration.settings, configuration.secrets
    packs = load_matcher(settings.topics.folder, second_reader=settings.topics.second_reader)
    reader = Reader(_reading_limits(settings), _border(settings), packs)
    keys = Keys(secrets.token_key, secrets.previous_token_key)
    return Letters(school, Post(school, keys), reader)


def school_of(store: Store, configuration: Configuration, now: datetime) -> School:
    """Return the school of this installation, its policy's text kept for `why`.

    Raises:
        WrongSchool: the store holds mail of another domain.
    """
    policy = configuration.policy
    domain = configuration.settings.gateway.domain
    with store.begin() as connection:
        strangers = other_schools(connection, domain)
        if strangers:
            raise WrongSchool(
                f"the store holds the mail of {', '.join(strangers)}, and gateway.domain is "
                f"{domain}: set it back, or name another store"
            )
        school_id = ensure_school(connection, policy.school_name, domain, now)
        ensure_office(connection, school_id, policy.contacts.office_address, now)
        insert_once(
            connection,
            policies,
            {
                "school_id": school_id,
                "version": policy.version,
                "loaded": now,
                "text": configuration.policy_text,
            },
        )
    school = School.of(school_id, domain, policy)
    with store.read() as connection:
        school.refresh(connection)
    return school


def _reading_limits(settings: Settings) -> ReadingLimits:
    reading = settings.reading.model_dump(exclude={"attempts"})
    return ReadingLimits(message_bytes=settings.intake.smtp.size_bytes, **reading)


def _border(settings: Settings) -> Border | None:
    border = settings.intake.border
    if border.profile == "none" or border.profile == "own":
        return None
    return Border(border.profile, border.authserv_ids, relays=settings.intake.smtp.trusted_relays)


def _prover(
    settings: Settings, store: Store, clock: Clock, wake: Callable[[], None]
) -> Prover | None:
    border = settings.intake.border
    if border.profile != "own":
        return None
    lookups = Lookups(clock, border.dns_servers, border.dns_port)
    return Prover(store, clock, lookups, wake)


def _listener(
    settings: Settings, writer: SpoolWriter, addresses: OwnAddresses, store: Store, clock: Clock
) -> SmtpListener:
    smtp = settings.intake.smtp
    tls = None
    if smtp.tls_certificate_file is not None and smtp.tls_key_file is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        tls.load_cert_chain(smtp.tls_certificate_file, smtp.tls_key_file)
    names = SmtpLimits.__dataclass_fields__
    limits = {name: value for name, value in smtp.model_dump().items() if name in names}
    folder = Path(store.url.database or "/").absolute().parent if store.is_sqlite else Path("/")
    return SmtpListener(
        SmtpAddress(
            smtp.host,
            smtp.port,
            settings.gateway.hostname,
            tls,
            trusted_relays=smtp.trusted_relays,
        ),
        SmtpLimits(**limits),
        writer,
        addresses.school_of,
        clock,
        lambda: shutil.disk_usage(folder).free,
    )


def _sender(
    store: Store, configuration: Configuration, clock: Clock, schools: Mapping[str, School]
) -> Sender:
    outbound = configuration.settings.outbound
    smarthost = Smarthost(
        SmarthostSettings(
            outbound.host,
            outbound.port,
            outbound.helo_name or configuration.settings.gateway.hostname,
            outbound.security,
            outbound.ca_file,
            outbound.username,
            configuration.secrets.outbound_password,
            timeout_seconds=outbound.timeout_seconds,
        )
    )
    retry = RetryRule(
        outbound.retry_first_seconds,
        outbound.retry_longest_seconds,
        timedelta(hours=outbound.give_up_after_hours),
    )

    failures = Failures(clock, schools)
    return Sender(
        store,
        smarthost,
        clock,
        allowed_by(store, schools),
        retry,
        failures.tell,
        failures.withheld,
        Pace(connections=outbound.connections),
    )
