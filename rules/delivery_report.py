"""Does a report about mail of ours say that it was not delivered (RFC 3464 §2.3.3)?"""

from __future__ import annotations

import re

from rules.automatic_signs import NAMES_OF_ROBOTS
from rules.message import Content

# One group of fields a recipient; only "failed" means that it will not come any more.
_ACTION = re.compile(r"(?im)^action:[ \t]*(failed|delayed|delivered|relayed|expanded)\b")
_SYSTEMS = (
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "mail-system",
    "mailsystem",
    "mail-delivery-subsystem",
    "mdaemon",
    "microsoftexchange",
    "post-master",
    "postmaster",
)
# A host that still tries says so in the subject; its own programs send no fields of RFC 3464.
_STILL_TRYING = re.compile(r"(?i)\b(delay(ed)?|warning|still (being )?(re)?tr(y|ied)|deferred)\b")


def says_it_failed(content: Content) -> bool:
    """Whether a mail host says for good that it could not deliver what it is about.

    A report of RFC 3464 says so in a field. Another counts only from a mail system: a parent's
    note that they are away comes to the same address (RFC 3834 §4), and the mail has arrived.
    """
    texts = [content.body_text, *(view.text for view in content.views)]
    found = {match.lower() for text in texts for match in _ACTION.findall(text)}
    if found:
        return "failed" in found
    return _is_from_a_mail_system(content) and not _STILL_TRYING.search(content.subject)


def _is_from_a_mail_system(content: Content) -> bool:
    originator = content.originator
    if originator.mailbox is None:
        # The null author, which some programs copy from the envelope (RFC 5321 §4.5.5).
        return any("<>" in value for value in content.header("from"))
    local = originator.mailbox.partition("@")[0].lower().replace("_", "-")
    name = originator.display_name.strip().casefold()
    return local.startswith(_SYSTEMS) or name in NAMES_OF_ROBOTS
