"""How many messages share one commit: a single writer that makes whatever waits durable at once.

A commit costs one flush of the disk whether it holds one message or fifty.
Whatever arrives while one batch is being flushed waits and becomes the next
batch, so nobody is delayed on purpose. Each session is told only after the
commit that holds its own rows (RFC 5321 §6.1).
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import OperationalError

from gateway.intake.trouble import log_trouble
from gateway.store.engine import Store
from gateway.store.spool import Arrival, write_arrivals

log = logging.getLogger(__name__)

SpoolIds = tuple[str, ...]


class SpoolUnavailable(Exception):
    """The message could not be made durable; nothing of it was kept."""


@dataclass(slots=True)
class _Waiting:
    arrival: Arrival
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[SpoolIds]
    spool_ids: SpoolIds | None = None  # stays None when the message was not kept


class SpoolWriter:
    """The one thread that writes arrivals to the store.

    `on_commit` is called on that thread with the spool ids of each commit, to
    wake whoever settles them; it must be quick.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_commit: Callable[[SpoolIds], None] = lambda _spool_ids: None,
        batch_count: int = 200,
        batch_bytes: int = 32_000_000,
    ) -> None:
        self._store = store
        self._on_commit = on_commit
        self._batch_count = batch_count
        self._batch_bytes = batch_bytes
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._stopping = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take arrivals."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="spool-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end. What comes later is refused. Blocks; call off the loop."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def waiting(self) -> int:
        """How many messages wait for the batch after the one being written."""
        return len(self._waiting)

    async def accept(self, arrival: Arrival) -> SpoolIds:
        """Return the spool ids of `arrival`, one a recipient, once they are durable.

        A caller that is cancelled meanwhile may still find its message kept.

        Raises:
            SpoolUnavailable: the store could not take it, or the writer is stopped.
        """
        loop = asyncio.get_running_loop()
        entry = _Waiting(arrival, loop, loop.create_future())
        with self._changed:
            if self._stopping:
                raise SpoolUnavailable("the spool writer is stopped")
            self._waiting.append(entry)
            self._changed.notify()
        return await entry.answer

    def _run(self) -> None:
        while self._write_next():
            pass

    def _write_next(self) -> bool:
        # A call of its own, so that no batch is kept in memory while the next is awaited.
        batch = self._next_batch()
        try:
            self._write(batch)
        finally:
            _answer(batch)
        self._wake([member.spool_ids for member in batch if member.spool_ids is not None])
        return bool(batch)

    def _next_batch(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size_bytes = 0
        with self._changed:
            while not self._waiting and not self._stopping:
                self._changed.wait()
            while self._waiting and len(batch) < self._batch_count:
                size_bytes += len(self._waiting[0].arrival.octets)
                if batch and size_bytes > self._batch_bytes:
                    break
                batch.append(self._waiting.popleft())
        return batch

    def _write(self, batch: Sequence[_Waiting]) -> None:
        """Commit `batch` whole. When one of its members is at fault, the others go in singly."""
        trouble = self._commit(batch) if batch else None
        # Locked, full or away: each member alone would only wait for the same refusal.
        if trouble is None or isinstance(trouble, OperationalError) or len(batch) == 1:
            return
        for member in batch:
            if isinstance(self._commit([member]), OperationalError):
                return

    def _commit(self, batch: Sequence[_Waiting]) -> Exception | None:
        try:
            with self._store.begin() as connection:
                written = write_arrivals(connection, [member.arrival for member in batch])
        except Exception as error:  # noqa: BLE001 - the edge of one batch; the thread must live on.
            log_trouble(log, "spool_batch_refused", error, members=len(batch))
            return error
        for member, spool_ids in zip(batch, written, strict=True):
            member.spool_ids = spool_ids
        return None

    def _wake(self, kept: Sequence[SpoolIds]) -> None:
        if not kept:
            return
        try:
            self._on_commit(tuple(spool_id for spool_ids in kept for spool_id in spool_ids))
        except Exception as error:  # noqa: BLE001 - what is kept is kept; a tick will find it too.
            log_trouble(log, "settler_not_woken", error)


def _answer(batch: Sequence[_Waiting]) -> None:
    # One call into each loop for the whole batch: waking a loop is a system call.
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for member in batch:
        by_loop.setdefault(member.loop, []).append(member)
    for loop, members in by_loop.items():
        # A loop that was closed meanwhile has nobody left to tell.
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, members)


def _resolve(members: Sequence[_Waiting]) -> None:
    for member in members:
        if member.answer.done():  # The peer went away while its message was being written.
            continue
        if member.spool_ids is None:
            member.answer.set_exception(SpoolUnavailable("the store did not take the message"))
        else:
            member.answer.set_result(member.spool_ids)
