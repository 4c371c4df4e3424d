"""Which words an SMTP peer may hear from us: fixed replies whose two codes cannot disagree.

No reply depends on who the reverse-path claims to be, and none repeats what
the peer sent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMTP reply: basic code, enhanced code (RFC 3463) and fixed words."""

    code: int
    enhanced: str
    words: str

    def __post_init__(self) -> None:
        """Refuse codes that contradict each other and words that would break the line."""
        if self.enhanced[0] != str(self.code)[0]:
            raise ValueError(f"{self.code} and {self.enhanced} disagree (RFC 2034 §4)")
        if not self.words.isascii() or not self.words.isprintable():
            raise ValueError("a reply is one line of printable ASCII (RFC 5321 §4.2)")

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced} {self.words}"

    @property
    def is_refusal(self) -> bool:
        """Whether the peer did something that it should not repeat."""
        return self.code >= 500


# What went well.
FINE = Reply(250, "2.0.0", "OK")
SENDER_NOTED = Reply(250, "2.1.0", "Sender noted")
RECIPIENT_TAKEN = Reply(250, "2.1.5", "Recipient accepted")
GOODBYE = Reply(221, "2.0.0", "Goodbye")
READY_FOR_TLS = Reply(220, "2.0.0", "Ready to start TLS")
WILL_NOT_VERIFY = Reply(252, "2.5.2", "Send some mail, and we will see")

# Our own trouble, or too much at once: always temporary.
TRY_LATER = Reply(451, "4.3.0", "Temporary trouble here, please try again later")
NO_SPACE = Reply(452, "4.3.1", "Not enough room at the moment, please try again later")
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "Too many recipients, send the others separately")
CLOSING = Reply(421, "4.3.2", "Closing for a while, please try again later")
TOO_MANY_CONNECTIONS = Reply(421, "4.7.0", "Too many connections, please try again later")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "Too many errors, goodbye")
TOO_MANY_COMMANDS = Reply(421, "4.7.0", "Too many commands without mail, goodbye")
NOT_SMTP = Reply(421, "4.7.0", "This is an SMTP server, goodbye")
TOO_SLOW = Reply(421, "4.4.2", "Waited too long, goodbye")

# What the peer should not have sent.
UNKNOWN_RECIPIENT = Reply(550, "5.1.1", "No such address here")
BAD_RECIPIENT = Reply(553, "5.1.3", "That is not an address we can deliver to")
BAD_SENDER = Reply(553, "5.1.7", "That is not an address we could answer")
UTF8_SENDER = Reply(550, "5.6.7", "Addresses here are written in ASCII only")
UTF8_RECIPIENT = Reply(553, "5.6.7", "Addresses here are written in ASCII only")
TOO_BIG = Reply(552, "5.3.4", "The message is bigger than we can take")
BAD_LINE_ENDS = Reply(550, "5.6.11", "The message holds a NUL, or a CR or LF by itself")
NOT_A_COMMAND = Reply(500, "5.5.1", "Command not recognised")
LINE_TOO_LONG = Reply(500, "5.5.2", "Command line too long")
BARE_LF_COMMAND = Reply(500, "5.5.2", "A command ends in CR LF")
CONTROL_IN_COMMAND = Reply(501, "5.5.2", "Control characters are not allowed in a command")
BAD_ARGUMENT = Reply(501, "5.5.4", "That argument is not understood")
BAD_PARAMETER = Reply(555, "5.5.4", "That parameter is not offered")
NOT_OFFERED = Reply(502, "5.5.1", "Command not offered")
GREET_FIRST = Reply(503, "5.5.1", "Send EHLO first")
MAIL_FIRST = Reply(503, "5.5.1", "Send MAIL first")
ALREADY_MAIL = Reply(503, "5.5.1", "A message is already under way")
ALREADY_TLS = Reply(503, "5.5.1", "TLS is already active")
NO_RECIPIENT = Reply(554, "5.5.1", "No valid recipients")
