"""Is this a host name, a network, this very machine? Answers for what a person typed."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import idna


def is_loopback(host: str) -> bool:
    """Return whether only this machine can be meant by `host`.

    A name other than localhost counts as another machine: what it resolves to may change.
    """
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def domain_name(value: str) -> str:
    """Return `value` as a domain name in lower case, A-labels for other alphabets (RFC 5890).

    Raises:
        ValueError: it is not a domain name; the words are for the technician.
    """
    try:
        name = idna.encode(value.strip().lower(), uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f'"{value}" is not a domain name such as mail.school.example') from error
    return name.rstrip(".")


def address(value: str) -> str:
    """Return `value` as an IP address in its usual form.

    Raises:
        ValueError: it is none; a name would have to be asked of the very server it names.
    """
    try:
        return str(ip_address(value.strip().strip("[]")))
    except ValueError as error:
        raise ValueError(f'"{value}" is not an address such as 192.0.2.53') from error


def network(value: object) -> IPv4Network | IPv6Network:
    """Return an address or a CIDR range as a network.

    Raises:
        ValueError: it is neither, or has bits set beyond its prefix.
    """
    try:
        return ip_network(str(value), strict=True)
    except ValueError as error:
        if "host bits" in str(error):
            wider = ip_network(str(value), strict=False)
            raise ValueError(f'"{value}" is an address in a network; write {wider}') from error
        raise ValueError(f'"{value}" is not an address or a range such as 10.1.0.0/16') from error
