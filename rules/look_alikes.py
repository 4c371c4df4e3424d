"""Which known address does an unknown one resemble without being it? (UTS 39 §4, in small)

A warning for a person, never a match: whoever writes from `arnina.okoro@parent.example` is not
`amina.okoro@parent.example`, and the office is told that the two look alike.

For whoever shows it (the office's list): `KnownAddresses.of(addresses)` is made once for a
version of the roster, `.like(address)` is asked for each unknown or unverified address, and
`look_alikes(address, candidates)` does both for a few. Each gives the addresses that `address`
"looks like, but is not", at most three, nearest first; nothing when it is one of them itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.near_spelling import LONGEST, NearSpellings, letters, skeleton, words_in

SHOWN_AT_MOST = 3
# A local part that could be anybody's ("info", "mum.dad") tells nothing at another domain.
_TELLING = 8
_TELLING_WORDS = 7
_MAIN_LABEL = 4  # letters; "co" and "uk" are parts of many domains
_OTHER_DOMAIN = 5  # ranks behind every address at a domain that looks alike


@dataclass(frozen=True, slots=True)
class _Address:
    """An address taken apart: what stands before a `+`, as letters and as words."""

    whole: str
    local: str
    domain: str
    words: tuple[str, ...]  # of the local part, in alphabetical order, digits left out

    @property
    def is_telling(self) -> bool:
        """Whether the local part is likely one person's wherever it stands."""
        size = len(self.local)
        return size >= _TELLING or (len(self.words) > 1 and size >= _TELLING_WORDS)


def look_alikes(address: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return those of `candidates` that `address` looks like, but is not; nearest first."""
    return KnownAddresses.of(candidates).like(address)


def mailbox_form(address: str) -> str:
    """Return what addresses of one mailbox share: dots, and what follows a `+`, left out.

    Not every mail host takes them for one: good for a doubt, never for a match.
    """
    local, _at, domain = address.rpartition("@")
    return f"{(local.partition('+')[0] or local).replace('.', '')}@{domain}"


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """Addresses arranged so that the few that resemble another one are found at once."""

    _known: frozenset[str]
    _by_local: Mapping[str, tuple[_Address, ...]]
    _by_words: Mapping[tuple[str, ...], tuple[_Address, ...]]
    _by_whole: Mapping[str, tuple[_Address, ...]]
    _by_label: Mapping[str, frozenset[str]]  # the longest label -> domains
    _locals: NearSpellings
    _domains: NearSpellings

    @classmethod
    def of(cls, addresses: Iterable[str]) -> KnownAddresses:
        """Arrange `addresses`, folded as everywhere: lower case, domains as A-labels."""
        known = frozenset(addresses)
        by_local: dict[str, list[_Address]] = defaultdict(list)
        by_words: dict[tuple[str, ...], list[_Address]] = defaultdict(list)
        by_whole: dict[str, list[_Address]] = defaultdict(list)
        by_label: dict[str, set[str]] = defaultdict(set)
        for one in sorted(known):
            address = _taken_apart(one)
            by_local[address.local].append(address)
            by_whole[address.local + letters(address.domain)].append(address)
            if len(address.words) > 1:
                by_words[address.words].append(address)
            by_label[_main_label(address.domain)].add(address.domain)
        domains = {domain for found in by_label.values() for domain in found}
        return cls(
            known,
            {key: tuple(found) for key, found in by_local.items()},
            {key: tuple(found) for key, found in by_words.items()},
            {key: tuple(found) for key, found in by_whole.items()},
            {key: frozenset(found) for key, found in by_label.items()},
            NearSpellings.of(by_local),
            NearSpellings.of(domains),
        )

    def like(self, address: str) -> tuple[str, ...]:
        """Return at most three known addresses that `address` resembles, nearest first."""
        local, _at, domain = address.rpartition("@")
        if address in self._known or not local or not domain or len(address) > LONGEST:
            return ()
        asked = _taken_apart(address)
        domains = self._domains_like(asked.domain)
        best: dict[str, int] = {}
        for found, distance in self._resembling(asked):
            away = domains.get(found.domain)
            if away is None:
                if distance or not found.is_telling:
                    continue
                away = _OTHER_DOMAIN
            total = distance + away
            best[found.whole] = min(total, best.get(found.whole, total))
        ranked = sorted(best, key=lambda one: (best[one], one))
        return tuple(ranked[:SHOWN_AT_MOST])

    def _resembling(self, asked: _Address) -> Iterator[tuple[_Address, int]]:
        """Give the known addresses with a local part like the one asked about, and how far off."""
        for local, distance in self._locals.like(asked.local):
            for found in self._by_local[local]:
                yield found, distance
        bare = asked.local.rstrip("0123456789")
        if bare != asked.local:
            for found in self._by_local.get(bare, ()):
                yield found, 0
        # okoro.amina@, and amina.okoro.home@ beside amina.okoro@.
        leaving_out = [asked.words[:at] + asked.words[at + 1 :] for at in range(len(asked.words))]
        for words in (asked.words, *leaving_out):
            for found in self._by_words.get(words, ()):
                yield found, 0
        # The whole address as the local part of another: amina.okoro-parent.example@….
        for end in range(_TELLING, len(asked.local) + 1):
            for found in self._by_whole.get(asked.local[:end], ()):
                yield found, 0

    def _domains_like(self, domain: str) -> dict[str, int]:
        found = dict(self._domains.like(domain))
        for known in self._by_label.get(_main_label(domain), ()):
            found.setdefault(known, 1)  # parent.example and parent.test
        for label in domain.replace("-", ".").split("."):
            # parent.example.evil.example, mail-parent.example
            if len(label) >= _MAIN_LABEL:
                for known in self._by_label.get(skeleton(label), ()):
                    found.setdefault(known, 2)
                for known, distance in self._domains.like(label):  # parentexample.test
                    found.setdefault(known, 1 + distance)
        return found


def _taken_apart(address: str) -> _Address:
    local, _at, domain = address.rpartition("@")
    base = local.partition("+")[0] or local
    words = (word.strip("0123456789") for word in words_in(base))
    telling = tuple(sorted(skeleton(word) for word in words if word))
    return _Address(address, letters(base), domain, telling)


def _main_label(domain: str) -> str:
    """Return the longest label but the last, as its skeleton; without one, the whole."""
    labels = domain.split(".")[:-1] or [domain]
    longest = max(labels, key=len)
    return skeleton(longest if len(longest) >= _MAIN_LABEL else domain)
