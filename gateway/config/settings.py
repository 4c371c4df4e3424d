"""How is this installation set up? `schoolgate.toml` as one frozen value, all faults at once.

Relative paths are relative to the settings file, whatever folder the program was started in.
Secrets are not here: `gateway.config.secretfiles` reads them from the files named, or from the
environment.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from gateway.config.hosts import address, domain_name, is_loopback, network
from gateway.config.storeurl import store_url
from gateway.config.tomlfile import (
    FileFaults,
    Section,
    SectionFaults,
    Text,
    Whole,
    folder_of,
    read_model,
)

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE


class SettingsFaults(FileFaults):
    """The program must not start with these settings. `faults` are whole lines."""


def _beside_the_file(value: Path, info: ValidationInfo) -> Path:
    if "\0" in str(value):
        raise ValueError("is not a path")
    return folder_of(info) / value


def _present(value: Path) -> Path:
    try:
        found = value.is_file()
    except OSError as error:  # a name too long for the file system, or a folder we may not enter
        raise ValueError(f"{value} cannot be looked at: {error.strerror}") from error
    if not found:
        raise ValueError(f"there is no file {value}")
    return value


def _store_url(value: str, info: ValidationInfo) -> str:
    return store_url(value, folder_of(info))


FilePath = Annotated[Path, AfterValidator(_beside_the_file)]
PresentFile = Annotated[FilePath, AfterValidator(_present)]
Domain = Annotated[Text, AfterValidator(domain_name)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(network)]
Port = Annotated[Whole, Field(ge=1, le=65_535)]


class Store(Section):
    """Where everything is kept."""

    url: Annotated[Text, AfterValidator(_store_url)] = Field(
        default="sqlite:///schoolgate.db", validate_default=True
    )
    password_file: FilePath | None = None  # PostgreSQL only


class Gateway(Section):
    """Who we are to other mail systems, and which policy is in force."""

    domain: Domain  # the domain of the class addresses
    hostname: Domain  # our name in the SMTP greeting
    policy: FilePath = Field(default=Path("policy.toml"), validate_default=True)


class SmtpIntake(Section):
    """The listener, and how much one peer may ask of it (RELIABILITY §7)."""

    host: Text = "127.0.0.1"
    port: Port = 8025
    tls_certificate_file: PresentFile | None = None
    tls_key_file: PresentFile | None = None
    trusted_relays: tuple[Network, ...] = ()  # exempt from the limit per address
    size_bytes: Annotated[Whole, Field(ge=64 * 1024, le=200 * MEBIBYTE)] = 25 * MEBIBYTE
    recipients: Annotated[Whole, Field(ge=1, le=1_000)] = 50
    connections: Annotated[Whole, Field(ge=1, le=10_000)] = 100
    connections_per_ip: Annotated[Whole, Field(ge=1, le=10_000)] = 10
    junk_commands: Annotated[Whole, Field(ge=1, le=10_000)] = 100
    errors: Annotated[Whole, Field(ge=1, le=1_000)] = 20
    unknown_recipients: Annotated[Whole, Field(ge=1, le=1_000)] = 10
    idle_seconds: Annotated[Whole, Field(ge=5, le=3_600)] = 120
    message_seconds: Annotated[Whole, Field(ge=10, le=7_200)] = 600
    floor_bytes_per_second: Annotated[Whole, Field(ge=0, le=1_000_000)] = 500
    received: Annotated[Whole, Field(ge=5, le=100)] = 50  # trace fields before it is a loop
    min_free_bytes: Annotated[Whole, Field(ge=0)] = Field(
        default_factory=lambda fields: _room_for(fields.get("size_bytes", 0))
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults: list[tuple[tuple[str, ...], str]] = []
        if (self.tls_certificate_file is None) != (self.tls_key_file is None):
            missing = "tls_key_file" if self.tls_key_file is None else "tls_certificate_file"
            faults.append(((missing,), "is missing: a certificate and its key go together"))
        if self.connections_per_ip > self.connections:
            faults.append(
                (("connections_per_ip",), f"is more than connections, {self.connections}")
            )
        for relay in self.trusted_relays:
            if relay.prefixlen == 0:
                faults.append((("trusted_relays",), f"{relay} trusts every machine there is"))
        if faults:
            raise SectionFaults(faults)
        return self


class Border(Section):
    """Whose word we take for who wrote a message (RFC 8601 §5), or that we ask ourselves."""

    profile: Literal["none", "rfc8601", "m365", "own"] = "none"
    authserv_ids: tuple[Text, ...] = ()
    dns_servers: tuple[Annotated[Text, AfterValidator(address)], ...] = ()  # own; (): the system's
    dns_port: Port = 53

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults: list[tuple[tuple[str, ...], str]] = []
        if self.profile == "rfc8601" and not self.authserv_ids:
            words = "is missing: without it anybody's Authentication-Results would be believed"
            faults.append((("authserv_ids",), words))
        if self.profile == "none" and self.authserv_ids:
            words = 'is "none", so authserv_ids would be ignored; write "rfc8601" or "m365"'
            faults.append((("profile",), words))
        if self.profile == "own" and self.authserv_ids:
            words = 'is "own", so we ask the DNS ourselves, and authserv_ids would be ignored'
            faults.append((("profile",), words))
        if self.profile != "own" and self.dns_servers:
            words = f'is asked only with profile "own", and the profile is "{self.profile}"'
            faults.append((("dns_servers",), words))
        if faults:
            raise SectionFaults(faults)
        return self


class Intake(Section):
    """How mail comes in."""

    smtp: SmtpIntake = Field(default_factory=SmtpIntake)
    border: Border = Field(default_factory=Border)

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        """Refuse an open door: beyond this machine, somebody must check who wrote."""
        if is_loopback(self.smtp.host) or self.border.profile != "none":
            return self
        words = (
            f'"{self.smtp.host}" can be reached from other machines, and nobody checks who wrote:'
            " listen on 127.0.0.1, name your mail filter in [intake.border], or let us check"
            ' with profile = "own" there'
        )
        raise SectionFaults([(("smtp", "host"), words)])


class Reading(Section):
    """How much of a message is read; what is beyond is set aside whole, never refused.

    The names are those of `gateway.mail.limits.ReadingLimits`; `attempts` is ours.
    """

    header_bytes: Annotated[Whole, Field(ge=16 * 1024, le=4 * MEBIBYTE)] = 256 * 1024
    field_bytes: Annotated[Whole, Field(ge=4 * 1024, le=MEBIBYTE)] = 64 * 1024
    fields: Annotated[Whole, Field(ge=100, le=10_000)] = 1_000
    lines: Annotated[Whole, Field(ge=1_000, le=5_000_000)] = 500_000
    depth: Annotated[Whole, Field(ge=3, le=100)] = 20
    parts: Annotated[Whole, Field(ge=10, le=2_000)] = 200
    boundary_bytes: Annotated[Whole, Field(ge=70, le=2_048)] = 256
    apart_above_bytes: Annotated[Whole, Field(ge=0, le=200 * MEBIBYTE)] = 4 * MEBIBYTE
    child_cpu_seconds: Annotated[Whole, Field(ge=1, le=120)] = 10
    child_memory_bytes: Annotated[Whole, Field(ge=128 * MEBIBYTE, le=4 * GIBIBYTE)] = 512 * MEBIBYTE
    attempts: Annotated[Whole, Field(ge=1, le=10)] = 3


USUAL_PORTS = {"implicit_tls": 465, "starttls": 587, "none": 25}


class Outbound(Section):
    """The mail server that carries everything we send."""

    host: Text
    security: Literal["implicit_tls", "starttls", "none"] = "implicit_tls"
    port: Port = Field(
        default_factory=lambda fields: USUAL_PORTS[fields.get("security", "implicit_tls")]
    )
    ca_file: PresentFile | None = None
    username: Text | None = None
    password_file: FilePath | None = None
    helo_name: Domain | None = None  # None: gateway.hostname
    connections: Annotated[Whole, Field(ge=1, le=20)] = 4
    timeout_seconds: Annotated[Whole, Field(ge=5, le=600)] = 300
    retry_first_seconds: Annotated[Whole, Field(ge=1, le=3_600)] = 300
    retry_longest_seconds: Annotated[Whole, Field(ge=1, le=86_400)] = 4_200
    give_up_after_hours: Annotated[Whole, Field(ge=1, le=240)] = 120

    @model_validator(mode="after")
    def _agree(self) -> Self:
        faults: list[tuple[tuple[str, ...], str]] = []
        if self.security == "none" and not is_loopback(self.host):
            words = 'is "none", which would send children\'s data in clear; only for 127.0.0.1'
            faults.append((("security",), words))
        if self.retry_longest_seconds < self.retry_first_seconds:
            words = f"is less than retry_first_seconds, {self.retry_first_seconds}"
            faults.append((("retry_longest_seconds",), words))
        if self.password_file is not None and self.username is None:
            faults.append((("username",), "is missing: a password needs a name"))
        if faults:
            raise SectionFaults(faults)
        return self


class Tokens(Section):
    """The keys that sign reply and action addresses. The previous one still opens."""

    key_file: FilePath = Field(default=Path("schoolgate.key"), validate_default=True)
    previous_key_file: FilePath | None = None


class Topics(Section):
    """The school's own topic packs, read beside ours, and whether the second reader helps."""

    folder: FilePath | None = None
    second_reader: bool = True


class OfficeQueue(Section):
    """How often the office gets its list of what waits for a person."""

    batch_minutes: Annotated[Whole, Field(ge=1, le=240)] = 5


class Log(Section):
    """How much is written to the log. Never a name, an address or a word of a message."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(Section):
    """All of `schoolgate.toml`."""

    gateway: Gateway
    outbound: Outbound
    store: Store
    intake: Intake
    reading: Reading
    tokens: Tokens
    topics: Topics
    office_queue: OfficeQueue
    log: Log

    @model_validator(mode="before")
    @classmethod
    def _sections_may_be_left_out(cls, found: dict[str, Any]) -> dict[str, Any]:
        optional = ("store", "intake", "reading", "tokens", "topics", "office_queue", "log")
        return {**{name: {} for name in optional}, **found}


def load_settings(path: Path) -> Settings:
    """Return the settings in the file at `path`.

    Raises:
        SettingsFaults: anything in it is wrong; every fault is named.
    """
    try:
        return read_model(path, Settings)
    except FileFaults as error:
        raise SettingsFaults(error.faults) from error


def _room_for(size_bytes: Any) -> int:
    return size_bytes * 3 // 2 + 100 * MEBIBYTE if isinstance(size_bytes, int) else 0
