"""Does an answer hold an address of staff that the school has not published?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from urllib.parse import unquote

# "name (at) school.example" is read by people as well as the sign is.
_ADDRESS = re.compile(
    r"([\w.!#$%&'*+/=?^`{|}~-]{1,64})(?:@|\s?[\[({]\s?at\s?[\])}]\s?)([\w.-]{1,250}\w)"
)
_LONGEST = 200_000  # characters looked at of any one text


def unpublished_addresses(
    texts: Iterable[str], domains: Collection[str], known: Iterable[str]
) -> frozenset[str]:
    """Return the addresses at one of `domains`, or below it, that stand in none of `known`.

    `domains` are those of the staff, lower case; `known` are texts that hold what the parent
    may see: published addresses, and what the parent wrote.
    """
    found = {one for text in texts for one in _addresses(text)}
    seen = {one for text in known for one in _addresses(text)}
    return frozenset(one for one in found - seen if _is_at(one.rpartition("@")[2], domains))


def _addresses(text: str) -> set[str]:
    normal = unicodedata.normalize("NFKC", text[:_LONGEST])
    plain = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf").casefold()
    return {
        f"{local.strip('.')}@{domain.strip('.')}"
        for form in {plain, unquote(plain)}
        for local, domain in _ADDRESS.findall(form)
    }


def _is_at(domain: str, domains: Collection[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
