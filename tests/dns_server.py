"""A DNS server on loopback: real UDP and TCP, answering from a zone written as a dict."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset

# One entry: {"TXT": "v=spf1 -all"}, {"MX": [10, "mail.example"]}, or the word "SERVFAIL" or "MUTE".
Entry = Mapping[str, Any] | str
Zone = Mapping[str, Sequence[Entry]]

UDP_OCTETS = 1_232
_ALIASES_FOLLOWED = 12


class DnsServer:
    """Answers from `zone`, which may be changed while it runs; counts what it was asked."""

    def __init__(self, zone: Zone) -> None:
        self.zone: dict[str, Sequence[Entry]] = {}
        self.asked: Counter[tuple[str, str]] = Counter()
        self.port = 0
        self.put(zone)

    def put(self, zone: Zone) -> None:
        """Add names, or replace what is said of them."""
        self.zone.update({name.lower().rstrip("."): found for name, found in zone.items()})

    def answer(self, wire: bytes, *, most: int | None) -> bytes | None:
        """Return the answer to one question; None when nothing is to be said."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        name = _as_written(question.name).lower()
        self.asked[name, kind] += 1
        reply = dns.message.make_response(query, recursion_available=True)
        found = self._look(name, kind, reply)
        if found == "MUTE":
            return None
        if found == "SERVFAIL":
            reply.answer.clear()
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif found == "NXDOMAIN":
            reply.set_rcode(dns.rcode.NXDOMAIN)
        octets = reply.to_wire(max_size=65_535)
        if most is not None and len(octets) > most:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            octets = reply.to_wire()
        return octets

    def _look(self, name: str, kind: str, reply: dns.message.Message) -> str:
        for _step in range(_ALIASES_FOLLOWED):
            entries = self.zone.get(name)
            if entries is None:
                return "NXDOMAIN"
            alias = None
            matched = False
            for entry in entries:
                if isinstance(entry, str):
                    if not matched:  # as the SPF suite means it: what stands before it is said
                        return entry
                    break
                for found, value in entry.items():
                    if found == kind:
                        matched = True
                        if value in ("SERVFAIL", "MUTE"):
                            return str(value)
                        _add(reply, name, kind, value)
                    elif found == "CNAME":
                        alias = str(value).rstrip(".").lower()
            if matched or alias is None:
                return ""
            _add(reply, name, "CNAME", alias)
            name = alias
        return "SERVFAIL"


def _add(reply: dns.message.Message, name: str, kind: str, value: Any) -> None:
    owner = dns.name.Name([*(label.encode() for label in name.split(".")), b""])
    rdtype = dns.rdatatype.from_text(kind)
    if kind == "TXT":
        pieces = value if isinstance(value, list) else [value]
        octets = [one.encode("utf-8") if isinstance(one, str) else one for one in pieces]
        strings = [cut for one in octets for cut in _cut(one)] or [b""]
        rdata: Any = dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, rdtype, strings)
    else:
        text = f"{value[0]} {value[1] or '.'}" if kind == "MX" else str(value)
        if kind in ("MX", "PTR", "CNAME") and not text.endswith("."):
            text += "."
        rdata = dns.rdata.from_text(dns.rdataclass.IN, rdtype, text)
    rrset = reply.find_rrset(reply.answer, owner, dns.rdataclass.IN, rdtype, create=True)
    rrset.add(rdata, 300)


def _as_written(name: dns.name.Name) -> str:
    return b".".join(name.labels[:-1]).decode("utf-8", "replace")


def _cut(octets: bytes) -> list[bytes]:
    return [octets[at : at + 255] for at in range(0, len(octets), 255)] or [b""]


class _Udp(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, sock = self.request
        try:
            found = self.server.dns.answer(wire, most=UDP_OCTETS)  # type: ignore[attr-defined]
        except dns.exception.DNSException:
            return
        if found is not None:
            sock.sendto(found, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        head = self.rfile.read(2)
        if len(head) < 2:
            return
        wire = self.rfile.read(struct.unpack("!H", head)[0])
        found = self.server.dns.answer(wire, most=None)  # type: ignore[attr-defined]
        if found is not None:
            self.wfile.write(struct.pack("!H", len(found)) + found)


class _TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def dns_server(zone: Zone) -> Iterator[DnsServer]:
    """Run a server on a free port of loopback, the same for UDP and TCP."""
    server = DnsServer(zone)
    for _attempt in range(20):
        udp = socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Udp)
        udp.daemon_threads = True
        server.port = udp.server_address[1]
        try:
            tcp = _TcpServer(("127.0.0.1", server.port), _Tcp)
            break
        except OSError:  # somebody has the port for TCP
            udp.server_close()
    else:
        raise OSError("no port is free for both")
    for each in (udp, tcp):
        each.dns = server  # type: ignore[attr-defined]
        threading.Thread(target=each.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        for each in (udp, tcp):
            each.shutdown()
            each.server_close()
