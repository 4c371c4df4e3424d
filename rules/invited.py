"""What follows when somebody mails invite codes to `link`?

A code that is good links its contact's child to the address it came from. Whatever is wrong
with a code, its sender reads one and the same answer, which says of no child and no code
whether it exists (G1); the office is told what a person must look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.code_facts import CodeFacts
from rules.concern import alert, is_concern
from rules.concern import reasons as concern_reasons
from rules.effects import (
    Decision,
    Effect,
    Ending,
    HoldForOffice,
    NoticeKind,
    Reason,
    SendNotice,
)
from rules.facts import Facts
from rules.line_effects import CountWrongCodes, LinkByCodes
from rules.message import Authenticity, Inbound
from rules.notices import permitted
from rules.standing import Standing, Writer

MOST_WRONG_A_DAY = 10  # from one address; then nothing links it before tomorrow
MOST_WRONG_OF_ALL = 200  # a day, over all addresses, before the office is told to look
MOST_ANSWERED_A_DAY = 20  # failing mails of one address that are answered at all
WORDS_BESIDE_CODES = 30  # what says more is for a person to read


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What becomes of the codes themselves."""

    effects: tuple[Effect, ...]
    reasons: tuple[Reason, ...]
    ending: Ending
    refused: bool


def is_locked(codes: CodeFacts) -> bool:
    """Whether the address has tried enough for today: even a good code does nothing then."""
    return codes.wrong_today >= MOST_WRONG_A_DAY or codes.failed_today >= MOST_WRONG_A_DAY


def answer_codes(inbound: Inbound, facts: Facts, writer: Writer) -> Decision | None:
    """Decide about mail to `link`; None when it is treated as any stranger's is.

    That is: no code in it, or from an address that nothing proves, from a pupil, perhaps from a
    child, or from a machine. Nothing is looked up then, so no code is spent and none is lost.
    """
    codes, address = facts.codes, inbound.content.originator.mailbox
    if codes is None or address is None or not may_use_codes(inbound, facts):
        return None
    outcome = _outcome(codes, writer, address)
    effects = list(outcome.effects)
    found = list(outcome.reasons)
    if outcome.refused:
        effects += _refusal(inbound, facts, codes, address, found)
    ending = outcome.ending
    if any(isinstance(one, HoldForOffice) and not one.quiet for one in effects):
        ending = Ending.OFFICE_QUEUE
    elif _says_more(inbound):
        effects.append(HoldForOffice("sent an invite code, and wrote more"))
        ending = Ending.OFFICE_QUEUE
    if is_concern(facts.understanding):
        raised = alert(facts, inbound.content, writer)
        effects.insert(0, raised)
        found[:0] = concern_reasons(facts, raised)
        notice, reason = _permitted(SendNotice(NoticeKind.SENIOR, address), inbound, facts)
        effects += [notice] if notice else []
        found.append(reason)
        ending = Ending.SAFEGUARDING
    return Decision(tuple(effects), tuple(found), ending)


def may_use_codes(inbound: Inbound, facts: Facts) -> bool:
    """Whether it is proven that one grown-up at one address wrote this: only then is it a try.

    An answering machine that quotes the code of our mail has accepted nothing.
    """
    labels = facts.understanding.labels | facts.understanding.extra
    return (
        inbound.authenticity is Authenticity.VERIFIED
        and inbound.content.originator.outcome == "single"
        and facts.directory.pupil_id is None
        and facts.verdict.may_answer
        and labels.isdisjoint(("child_author", "automatic"))
    )


def _outcome(codes: CodeFacts, writer: Writer, address: str) -> _Outcome:
    effects: list[Effect]
    good = [one for one in codes.sent if one.is_good]
    clear = [one for one in good if not one.trouble]
    wrong = codes.found - len(good)
    counted = CountWrongCodes(address, wrong)
    if is_locked(codes):
        # The same work was done as for any other mail: only here is it thrown away.
        reason = Reason("codes-locked-for-today", "G1", facts=f"{codes.wrong_today} wrong today")
        return _Outcome((counted,), (reason,), Ending.REFUSED, refused=True)
    if writer.standing is Standing.REMOVED:
        hold = HoldForOffice("a guardian who is removed from the channel sent an invite code")
        reason = Reason("code-of-a-removed-guardian", "G15", facts="nothing was linked")
        effects = [hold, counted] if wrong else [hold]
        return _Outcome(tuple(effects), (reason,), Ending.OFFICE_QUEUE, refused=True)
    effects = []
    reasons: list[Reason] = []
    for one in good:
        if one.trouble:
            effects.append(
                HoldForOffice(f"an invite code came back, and links nobody: {one.trouble}")
            )
            reasons.append(Reason("code-needs-a-person", "G4", facts=one.trouble))
    if clear:
        effects.insert(0, LinkByCodes(address, tuple(one.invite_id for one in clear)))
        reasons.insert(0, Reason("linked-by-code", "G2", facts=f"{len(clear)} invite codes used"))
    if any(one.will_wait for one in clear):
        effects.append(
            HoldForOffice("a third contact of a child sent their code: it waits for an approval")
        )
        reasons.append(Reason("third-link-waits", "G5", facts="two links of the child are active"))
    if wrong or not clear:
        effects.append(counted)
        reasons.append(_why_wrong(codes, wrong))
        effects += _told_to_office(codes, wrong)
    ending = Ending.CARRIED_OUT if clear else Ending.REFUSED
    return _Outcome(tuple(effects), tuple(reasons), ending, refused=not clear)


def _why_wrong(codes: CodeFacts, wrong: int) -> Reason:
    if wrong:
        return Reason("code-not-good", "G1", facts=f"{wrong} unknown, used, expired or revoked")
    return Reason("code-mistyped", "G1", facts=f"{codes.mistyped} with a character that is wrong")


def _told_to_office(codes: CodeFacts, wrong: int) -> Sequence[Effect]:
    """Return what tells the office, once: with the mail that made it too many."""
    told: list[Effect] = []
    after = CodeFacts(wrong_today=codes.wrong_today + wrong, failed_today=codes.failed_today + 1)
    if is_locked(after):
        told.append(
            HoldForOffice(
                f"{max(after.wrong_today, after.failed_today)} invite codes that do not work came "
                "from this address today: it is locked until tomorrow"
            )
        )
    total = codes.wrong_of_all_today
    if total < MOST_WRONG_OF_ALL <= total + wrong:
        told.append(
            HoldForOffice(
                f"{total + wrong} wrong invite codes came today from all addresses together: "
                "somebody may be guessing. Please tell the technician"
            )
        )
    return told


def _refusal(
    inbound: Inbound, facts: Facts, codes: CodeFacts, address: str, found: list[Reason]
) -> Sequence[Effect]:
    """Return the one neutral answer, or a line for the office where none may be sent."""
    if codes.failed_today < MOST_ANSWERED_A_DAY:
        # Nothing tells one refusal from another, not even whose home language it would be in.
        notice = SendNotice(NoticeKind.CODE_REFUSED, address, about=inbound.envelope.spool_id)
        allowed, reason = _permitted(notice, inbound, facts)
        found.append(reason)
        if allowed is not None:
            return (allowed,)
    return (HoldForOffice("sent invite codes again and again, and got no answer", quiet=True),)


def _permitted(
    notice: SendNotice, inbound: Inbound, facts: Facts
) -> tuple[SendNotice | None, Reason]:
    arrived = inbound.envelope.arrived
    today = arrived.astimezone(facts.calendar.zone).date()
    return permitted(notice, facts.told, facts.verdict, facts.policy, arrived, today)


def _says_more(inbound: Inbound) -> bool:
    content = inbound.content
    return len(content.own_text.split()) > WORDS_BESIDE_CODES or bool(content.attachments)
