"""What the school's mail filter writes on top of a message, and mail that no person wrote."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from gateway.rehearsal.script import Automatic

AUTHSERV_ID = "mx.oakfield.example"  # the same as in the settings of the rehearsal


def received(
    message: EmailMessage, from_address: str, at: datetime, proof: Literal["pass", "fail"]
) -> bytes:
    """Return the octets of `message` as the border hands them on (RFC 8601 §2, RFC 5321 §4.4)."""
    domain = from_address.rpartition("@")[2]
    if proof == "pass":
        sender, results = f"mail-out.{domain}", "pass"
    else:
        sender, results = "cheap-vps.elsewhere.example", "fail"
    stamp = format_datetime(at)
    trace = EmailMessage(policy=SMTP)
    trace["Authentication-Results"] = (
        f"{AUTHSERV_ID}; spf={results} smtp.mailfrom={from_address}; "
        f"dkim={'pass' if proof == 'pass' else 'none'} header.d={domain}; "
        f"dmarc={results} header.from={domain}"
    )
    trace["Received"] = (
        f"from {sender} ({sender} [192.0.2.17]) by {AUTHSERV_ID} with ESMTPS id 4XkQ2p; {stamp}"
    )
    # A header ends at the first empty line: what is laid on top of it must not bring its own.
    return trace.as_bytes().rstrip(b"\r\n") + b"\r\n" + message.as_bytes()


def mark_automatic(message: EmailMessage, kind: Automatic, domain: str) -> None:
    """Add the fields by which robots own up to what they are (RFC 3834 §5, RFC 2919, RFC 2369)."""
    if kind == "out-of-office":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    elif kind == "newsletter":
        message["List-Id"] = f"Offers <offers.{domain}>"
        message["List-Unsubscribe"] = f"<mailto:stop@{domain}>"
        message["Precedence"] = "bulk"


def bounce(sent_to: str, to: str, at: datetime, message_id: str, lost: bytes) -> EmailMessage:
    """Return a delivery status notification about a full mailbox (RFC 3464)."""
    domain = sent_to.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Mail Delivery System <MAILER-DAEMON@{domain}>"
    message["To"] = to
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-replied"
    message["MIME-Version"] = "1.0"
    message.set_content(f"<{sent_to}>: the mailbox is full\n")
    status = EmailMessage(policy=SMTP)
    status["Content-Type"] = "message/delivery-status"
    status.set_payload(
        [
            _block({"Reporting-MTA": f"dns; mail.{domain}"}),
            _block(
                {
                    "Final-Recipient": f"rfc822; {sent_to}",
                    "Action": "failed",
                    "Status": "5.2.2",
                    "Diagnostic-Code": "smtp; 552 5.2.2 mailbox full",
                }
            ),
        ]
    )
    head = EmailMessage(policy=SMTP)
    head["Content-Type"] = "text/rfc822-headers"
    head.set_payload(lost.partition(b"\r\n\r\n")[0].decode("ascii", "replace") + "\r\n")
    message.make_mixed()
    message.attach(status)
    message.attach(head)
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    return message


def _block(fields: dict[str, str]) -> EmailMessage:
    block = EmailMessage(policy=SMTP)
    for name, value in fields.items():
        block[name] = value
    return block
