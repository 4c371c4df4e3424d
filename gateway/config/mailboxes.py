"""Is this an email address? Answers for what a person typed."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from gateway.config.hosts import domain_name
from gateway.config.tomlfile import Text

MAILBOX = re.compile(r"(?P<local>[^\s@<>(),;:\"\\]+)@(?P<domain>[^\s@]+)")


def mailbox(value: str) -> str:
    """Return an email address as it was written.

    Raises:
        ValueError: it is not one.
    """
    folded_mailbox(value)
    return value


def folded_mailbox(value: str) -> str:
    """Return an email address as the roster knows it: lower case, A-labels (RFC 5890).

    Raises:
        ValueError: it is not one.
    """
    found = MAILBOX.fullmatch(value)
    if found is None:
        raise ValueError(f'"{value}" is not an email address')
    return f"{found['local'].lower()}@{domain_name(found['domain'])}"


Mailbox = Annotated[Text, AfterValidator(mailbox)]
StaffAddress = Annotated[Text, AfterValidator(folded_mailbox)]  # who is meant, not how to write
