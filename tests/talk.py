"""People who write to a staged gateway and read what it sends them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import count
from typing import Any

from sqlalchemy import Row, select, update

from tests.installation import DOMAIN, authenticated
from tests.mailroom import Delivery
from tests.staged import Staged

_numbers = count(1)
# The library would write long ids as encoded words, which no real program does.
_UNFOLDED = SMTP.clone(max_line_length=998)
_TOKEN = re.compile(rf"[ar]\+[a-z2-7]{{47}}@{re.escape(DOMAIN)}")


@dataclass
class Talk:
    """A conversation through one gateway."""

    gateway: Staged
    written: list[str] = field(default_factory=list)

    def at(self, instant: datetime) -> None:
        """Live on until `instant`."""
        self.gateway.stage.advance_to(instant)

    def write(
        self,
        sender: str,
        to: str | list[str],
        body: str,
        *,
        subject: str = "A question",
        verdict: str = "pass",
        answering: Delivery | None = None,
        written: datetime | None = None,
        **fields: str,
    ) -> str:
        """Send a message and wait until it is settled; return its Message-ID."""
        recipients = [to] if isinstance(to, str) else to
        message = EmailMessage(policy=_UNFOLDED)
        message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), subject
        message["Date"] = format_datetime(written or self.gateway.clock.now())
        message["Message-ID"] = f"<{next(_numbers)}@{sender.partition('@')[2]}>"
        if answering is not None:
            message["In-Reply-To"] = answering.message_id
            message["References"] = answering.message_id
        for name, value in fields.items():
            message[name.replace("_", "-")] = value
        message.set_content(body)
        octets = authenticated(sender.partition("@")[2], verdict) + bytes(message)
        self.gateway.stage.submit(sender, recipients, octets)
        self.gateway.stage.settle()
        return str(message["Message-ID"])

    def rows(self, table: Any, **where: Any) -> list[Row[Any]]:
        """Return the rows of a table with these values."""
        query = select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.gateway.store.read() as connection:
            return list(connection.execute(query))

    def change(self, table: Any, **values: Any) -> None:
        """Write these values into every row of a table, as somebody else's work would."""
        with self.gateway.store.begin() as connection:
            connection.execute(update(table).values(**values))

    def mail_for(self, address: str) -> list[Delivery]:
        """Return what `address` got, oldest first."""
        self.gateway.stage.settle()
        return [mail for mail in self.gateway.taken if mail.recipient == address]

    def reply_address(self, mail: Delivery) -> str:
        """Return where an answer to the first message in a mail goes."""
        return str(mail.message["Reply-To"] or self.links(mail, "r")[0])

    def links(self, mail: Delivery, prefix: str) -> list[str]:
        """Return the signed addresses in a mail's text, in reading order."""
        return [found for found in _TOKEN.findall(mail.text) if found.startswith(prefix)]

    def action(self, mail: Delivery, label: str, nth: int = 0) -> str:
        """Return the signed address beside a label such as "No answer needed"."""
        found = re.findall(rf"(?m)^{label}[^:\n]*: (\S+@\S+)$", mail.text.replace("\r\n", "\n"))
        return str(found[nth])
