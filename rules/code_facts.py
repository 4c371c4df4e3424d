"""What is known of the invite codes in a mail to `link`, and of the address they came from?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeSent:
    """An invite code of ours that came back. `trouble` is why it links nobody all the same."""

    invite_id: str
    is_good: bool  # neither used, nor revoked, nor expired
    trouble: str = ""
    will_wait: bool = False  # beyond the usual number of the child's links


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What came to `link`, and what came from this address before, today at the school."""

    found: int = 0  # codes in the mail, of ours or not
    mistyped: int = 0  # meant as a code, and not one by its own check character
    sent: tuple[CodeSent, ...] = ()  # those of ours among them
    wrong_today: int = 0  # codes that did not work, before this mail
    failed_today: int = 0  # mails without a code that worked, before this one
    wrong_of_all_today: int = 0  # from all addresses
