"""Ten thousand messages that are not a guardian's, whatever they claim: one for each combination.

Each is put together of what a border found (or seems to have found), a form of the From field,
the standing of the link, and a trick with other fields. None of them was written by the guardian
and proven: either the proof is false, absent or another's, or the one proven may not write.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from zlib import crc32

GUARDIAN = "amina.okoro@parent.example"
EVIL = "bob@evil.example"
GOOGLE, POSTFIX = "mx.google.com", "mx.oakfield.example"
BORDERS = ("google", "postfix", "m365", "own", "none")
# What the roster has of the guardian's address. Only the first lets anybody write.
LINKS = ("linked", "barred", "removed", "waiting", "other-class", "nobody", "pupil")

FORMS = {
    "plain": "{g}",
    "angle": "<{g}>",
    "named": "Amina Okoro <{g}>",
    "quoted-name": '"Okoro, Amina" <{g}>',
    "upper": "AMINA.OKORO@PARENT.EXAMPLE",
    "name-is-address": "{g} <{g}>",
    "encoded-name": "=?utf-8?q?Amina_Okoro?= <{g}>",
    "comment": "{g} (Amina Okoro)",
    "other-named-as-guardian": "Amina Okoro <{e}>",
    "address-as-name": '"{g}" <{e}>',
    "bare-address-as-name": "{g} <{e}>",
    "encoded-address-as-name": "=?utf-8?q?amina=2Eokoro=40parent=2Eexample?= <{e}>",
    "encoded-comma": "=?utf-8?q?amina=2Eokoro=40parent=2Eexample=2C?= {e}",
    "two": "{g}, {e}",
    "two-reversed": "{e}, {g}",
    "group": "Family: {g};",
    "group-and-one": "Family: {g};, {e}",
    "route": "<@evil.example:{g}>",
    "comment-in-address": "amina.okoro(x)@parent.example",
    "comment-hides": "{e} ({g})",
    "quoted-local": '"amina.okoro"@parent.example',
    "encoded-local": "=?utf-8?q?amina.okoro?=@parent.example",
    "trailing-dot": "amina.okoro@parent.example.",
    "plus": "amina.okoro+school@parent.example",
    "sub-domain": "amina.okoro@mail.parent.example",
    "longer-domain": "amina.okoro@parent.example.evil.example",
    "look-alike": "arnina.okoro@parent.example",
    "digit": "amina.0koro@parent.example",
    "cyrillic": "\u0430mina.okoro@parent.example",
    "a-label": "amina.okoro@xn--prent-8qa.example",
    "zero-width": "amina.\u200bokoro@parent.example",
    "bidi": "\u202eelpmaxe.tnerap@oroko.anima",
    "null": "amina.okoro@parent.example\x00@evil.example",
    "after-angle": "<{e}> {g}",
    "semicolon": "{g};{e}",
    "percent": "amina.okoro%parent.example@evil.example",
    "bang": "evil.example!{g}",
    "open-quote": '"{g} <{e}>',
    "folded": "Amina\r\n Okoro\r\n <{g}>",
    "empty": "",
}
# In these forms the author is the guardian's address itself, however it is written.
GENUINE_FORMS = ("plain", "angle", "named", "quoted-name", "upper", "name-is-address",
                 "encoded-name", "comment", "folded", "comment-in-address", "quoted-local",
                 "trailing-dot", "route", "group-and-one", "group")  # fmt: skip
TRICKS = {
    "nothing": "",
    "second-from-above": "From: {g}\r\n",
    "sender": "Sender: {g}\r\n",
    "reply-to": "Reply-To: {g}\r\n",
    "resent": "Resent-From: {g}\r\n",
    "return-path": "Return-Path: <{g}>\r\n",
    "delivered": "X-Original-From: {g}\r\nX-Envelope-From: <{g}>\r\n",
    "other-case": "FROM : {g}\r\n",
}
RESULTS = {
    "nothing": "",
    "none": "{id}dmarc=none header.from={d}",
    "fail": "{id}spf=fail smtp.mailfrom={d}; dkim=none; dmarc=fail header.from={d}",
    "softfail": "{id}spf=softfail smtp.mailfrom={d}; dkim=none",
    "temperror": "{id}spf=temperror smtp.mailfrom={d}; dkim=temperror; dmarc=temperror",
    "other-author": "{id}dmarc=pass header.from=evil.example",
    "other-signer": "{id}dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
    "helo": "{id}spf=pass smtp.helo={d}",
    "in-comment": "{id}dmarc=none (dmarc=pass header.from={d}) header.from={d}",
    "in-quotes": '{id}dmarc=none reason="x; dmarc=pass header.from={d}" header.from={d}',
    "both": "{id}dmarc=pass header.from={d}; dmarc=fail header.from={d}",
    "open-comment": "{id}dmarc=none (; dmarc=pass header.from={d}",
    "version-2": "{bare-id} 2; dmarc=pass header.from={d}",
    "arc-only": "{id}arc=pass (i=1 dmarc=pass); dmarc=none header.from={d}",
    "not-a-result": "{id}x-dmarc=pass header.from={d}",
    "pass": "{id}spf=pass smtp.mailfrom={d}; dkim=pass header.d={d}; dmarc=pass header.from={d}",
}
# A pass that somebody else wrote: below the border's own, or beyond it.
FORGED_BELOW = ("nothing", "pass", "pass-beyond", "arc", "pass-other-id")


@dataclass(frozen=True, slots=True)
class Forged:
    """One forged message, and what the roster says of the guardian whom it pretends to be."""

    border: str
    result: str
    below: str
    form: str
    link: str
    trick: str

    @property
    def name(self) -> str:
        """All of it in one line, to find it again."""
        return "/".join((self.border, self.result, self.below, self.form, self.link, self.trick))

    def octets(self) -> bytes:
        """Return the message as it reaches us."""
        author = FORMS[self.form].format(g=GUARDIAN, e=EVIL)
        trick = TRICKS[self.trick].format(g=GUARDIAN)
        return "".join(
            (
                self._results(),
                self._below(),
                trick,
                f"From: {author}\r\n",
                "To: oak@class.oakfield.example\r\nSubject: Ben\r\n",
                f"Message-ID: <{crc32(self.name.encode())}@evil.example>\r\n",
                "Date: Tue, 24 Nov 2026 08:00:00 +0000\r\n\r\nWhere is Ben this afternoon?\r\n",
            )
        ).encode("utf-8", "surrogateescape")

    def _results(self) -> str:
        """Return what the border put on top."""
        if self.border in ("own", "none"):
            # Nobody is to be believed here, so a forger writes the best there is.
            name = f"Authentication-Results: {POSTFIX}; "
            return f"{name}dmarc=pass header.from=parent.example\r\n"
        ours = {"google": GOOGLE, "postfix": POSTFIX, "m365": ""}[self.border]
        shown = RESULTS[self.result].replace("{bare-id}", ours)
        shown = shown.replace("{id}", f"{ours};\r\n " if ours else "").replace(
            "{d}", "parent.example"
        )
        field = f"Authentication-Results: {shown.strip()}\r\n" if shown else ""
        host = {"google": GOOGLE, "postfix": POSTFIX, "m365": "a.prod.outlook.com"}[self.border]
        hop = f"Received: from mail.evil.example by {host}; Tue, 24 Nov 2026 08:00:00 +0000\r\n"
        return field + hop if self.border != "m365" else hop + field

    def _below(self) -> str:
        name = {"google": GOOGLE, "postfix": POSTFIX}.get(self.border, "")
        good = "dmarc=pass header.from=parent.example"
        foreign = "Received: from x.example by mail.evil.example; Tue, 24 Nov 2026 07:59:00 +0000"
        if self.below == "pass" and self.result != "nothing":
            return f"Authentication-Results: {name}; {good}\r\n" if name else ""
        if self.below in ("pass", "pass-beyond"):
            return f"{foreign}\r\nAuthentication-Results: {name}; {good}\r\n"
        if self.below == "arc":
            return f"ARC-Authentication-Results: i=1; {name or GOOGLE}; {good}\r\n"
        if self.below == "pass-other-id":
            return f"Authentication-Results: mx.evil.example; {good}\r\n"
        return ""


def is_forged(one: Forged) -> bool:
    """Whether it is not simply a linked guardian's own message with the border's own pass."""
    passed = one.result == "pass" and one.border in ("google", "postfix", "m365")
    return not (passed and one.link == "linked" and one.form in GENUINE_FORMS)


def combinations(count: int, seed: int = 5) -> list[Forged]:
    """Return `count` different forged messages, the same ones for the same `seed`."""
    parts = (BORDERS, RESULTS, FORGED_BELOW, FORMS, LINKS, TRICKS)
    every = [one for one in itertools.starmap(Forged, itertools.product(*parts)) if is_forged(one)]
    # Half of them where somebody is proven, only not the guardian: there a mistake would tell.
    close = [one for one in every if one.result in ("pass", "other-author", "other-signer")]
    chance = random.Random(seed)
    chosen = chance.sample(close, count // 2)
    taken = set(chosen)
    others = [one for one in every if one not in taken]
    return chosen + chance.sample(others, count - len(chosen))
