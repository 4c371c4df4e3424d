"""Which addresses are ours: asked at RCPT, so nothing is accepted that nobody will read."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from sqlalchemy import select

from gateway.school import RESERVED, School
from gateway.store import schema as t
from gateway.store.engine import Store
from gateway.tokens import token_in


class OwnAddresses:
    """The classes' addresses, held in memory: a RCPT must not wait for the store.

    Whether a token is genuine is not said here: the answer would tell a guesser.
    """

    def __init__(self, store: Store, schools: Mapping[str, School]) -> None:
        self._store = store
        self._domains = {school.domain: school.school_id for school in schools.values()}
        self._classes: dict[str, str] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Read the classes again: the roster may have changed."""
        with self._store.read() as connection:
            rows = connection.execute(select(t.classes.c.address, t.classes.c.school_id)).all()
        with self._lock:
            self._classes = {row.address: row.school_id for row in rows}

    def school_of(self, recipient: str) -> str | None:
        """Return the school an address (lower case) belongs to; None when it is not ours."""
        local, _at, domain = recipient.rpartition("@")
        school_id = self._domains.get(domain)
        if school_id is None:
            return None
        if local in RESERVED or token_in(local) is not None:
            return school_id
        with self._lock:
            return self._classes.get(recipient)
