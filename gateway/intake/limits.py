"""How much of anything one SMTP peer may ask of us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SmtpLimits:
    """Bounds of the SMTP listener. A count is what is still answered; the next one is not.

    A session that goes over a count of commands or errors is told 421 and
    closed. What is odd in a message's form is never refused here: long lines,
    many lines and deep nesting are accepted and set aside later.
    """

    size_bytes: int = 25 * 1024 * 1024  # 552 5.3.4; advertised as SIZE (RFC 1870)
    # Beyond the size we still read, so that the peer hears the 552 at its final
    # dot (RFC 5321 §4.2.5), but not for ever.
    discarded_bytes: int = 100_000_000
    in_flight_bytes: int = 256_000_000  # of all sessions together; 452 4.3.1
    recipients: int = 50  # 452 4.5.3
    unknown_recipients: int = 10  # a harvester's budget in one session
    connections: int = 100
    connections_per_ip: int = 10  # trusted relays are exempt
    junk_commands: int = 100  # NOOP, RSET, EHLO ... since the last accepted message
    errors: int = 20  # since the last accepted message
    command_octets: int = 1024  # RFC 5321 §4.5.3.1.4 asks for 512 and what extensions add
    idle_seconds: float = 120.0  # for one whole command, and between two pieces of a message
    message_seconds: float = 600.0
    floor_bytes_per_second: int = 500  # a message slower than this after idle_seconds; 0 is off
    parting_delay_seconds: float = 1.0  # before a 421 that guessing or errors have earned
    linger_seconds: float = 5.0  # for a peer that does not read our last words
    stop_seconds: float = 20.0  # for transactions in flight when we close
    min_free_bytes: int = (
        25 * 1024 * 1024 * 3 // 2 + 100_000_000
    )  # less room than this: 452 4.3.1 at MAIL
