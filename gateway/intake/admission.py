"""Who may come in, and how much all who are in may hold at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from gateway.intake import reply
from gateway.intake.limits import SmtpLimits
from gateway.intake.reply import Reply

Network = IPv4Network | IPv6Network


class Admission:
    """Counts connections and the octets of unfinished messages. Belongs to one event loop."""

    def __init__(self, limits: SmtpLimits, trusted_relays: Sequence[Network] = ()) -> None:
        self._limits = limits
        self._trusted_relays = tuple(trusted_relays)
        self._by_peer: Counter[str] = Counter()
        self.held_bytes = 0  # of all unfinished messages; changed by `hold` only

    @property
    def connections(self) -> int:
        """How many are in."""
        return self._by_peer.total()

    def enter(self, peer: str) -> Reply | None:
        """Count a connection from `peer`, or return the refusal (and count nothing)."""
        if self.connections >= self._limits.connections:
            return reply.TOO_MANY_CONNECTIONS
        if self._by_peer[peer] >= self._limits.connections_per_ip and not self._is_trusted(peer):
            return reply.TOO_MANY_CONNECTIONS
        self._by_peer[peer] += 1
        return None

    def leave(self, peer: str) -> None:
        """Forget a connection that had entered."""
        self._by_peer[peer] -= 1
        if not self._by_peer[peer]:
            del self._by_peer[peer]  # Or the addresses of a term's peers would pile up.

    def hold(self, more_bytes: int) -> bool:
        """Count octets in memory (fewer when negative); tell whether there is room for more."""
        self.held_bytes += more_bytes
        return self.held_bytes <= self._limits.in_flight_bytes

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:  # A local socket has no address.
            return False
        return any(address in network for network in self._trusted_relays)
