"""Hands many messages to a gateway over several connections, and keeps the reply each one got."""

from __future__ import annotations

import queue
import smtplib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

NO_ANSWER = 0
FAREWELL = 421


@dataclass(frozen=True, slots=True)
class Submission:
    """One message to one recipient, and a name by which to find it again."""

    name: str
    reverse_path: str
    recipient: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What the gateway said to one attempt. Code 0: the line broke before it said anything."""

    submission: Submission
    code: int
    words: str
    seconds: float = 0.0


def submit(client: smtplib.SMTP, submission: Submission) -> tuple[int, str]:
    """Return the reply that decides: to the final dot, or to the command that was refused."""
    for code, words in (
        client.mail(submission.reverse_path),
        client.rcpt(submission.recipient),
    ):
        if code != 250:
            client.rset()
            return code, words.decode("utf-8", "replace")
    code, words = client.data(submission.octets)
    return code, words.decode("utf-8", "replace")


def send_all(port: int, submissions: Iterable[Submission], clients: int = 8) -> list[Answered]:
    """Send each message once, `clients` connections at a time."""
    work: queue.SimpleQueue[Submission] = queue.SimpleQueue()
    for submission in submissions:
        work.put(submission)
    answers: list[Answered] = []
    threads = [
        threading.Thread(target=_send, args=(port, work, answers), daemon=True)
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _send(port: int, work: queue.SimpleQueue[Submission], answers: list[Answered]) -> None:
    client: smtplib.SMTP | None = None
    while True:
        try:
            submission = work.get_nowait()
        except queue.Empty:
            break
        began = time.monotonic()
        for _attempt in range(2):
            try:
                client = client or connect(port)
                code, words = submit(client, submission)
            except (smtplib.SMTPException, OSError) as error:
                code, words = NO_ANSWER, type(error).__name__
            if code in (NO_ANSWER, FAREWELL) and client is not None:
                client.close()
                client = None
            if code != FAREWELL:  # said to this session, not to this message
                break
        answers.append(Answered(submission, code, words, time.monotonic() - began))
    if client is not None:
        client.close()


def connect(port: int) -> smtplib.SMTP:
    """Open a session as far as EHLO."""
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="border.example", timeout=60)
    client.ehlo()
    return client
