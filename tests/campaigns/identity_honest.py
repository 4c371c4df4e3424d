"""Five hundred honest messages as Google, Microsoft 365, and Postfix with its filters mark them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

AUTHORS = (
    ("Amina Okoro", "amina.okoro@parent.example"),
    ("Dana Price", "dana.price@mail.family.example"),
    ("Zo\u00eb Kowalska", "zoe@kowalska.example"),
    ("Price, Dana", "d.price+school@webmail.example"),
    ("", "omar_lund@icloud.example"),
)
HOST = "mx.oakfield.example"
IDS = {"google": "mx.google.com", "postfix": HOST, "rspamd": HOST, "m365": ""}
_FOLDS = ("\r\n ", "\r\n\t", " ", "\r\n       ", "\r\n \r\n  ".replace("\r\n \r\n", "\r\n"))


@dataclass(frozen=True, slots=True)
class Honest:
    """One message of a parent, as the border handed it on."""

    style: str
    address: str
    octets: bytes


def honest(count: int, seed: int = 9) -> list[Honest]:
    """Return `count` messages, every style in turn."""
    chance = random.Random(seed)
    styles = tuple(_STYLES)
    return [_one(styles[number % len(styles)], chance, number) for number in range(count)]


def _one(style: str, chance: random.Random, number: int) -> Honest:
    name, address = chance.choice(AUTHORS)
    domain = address.rpartition("@")[2]
    top = _STYLES[style](domain, address, chance)
    shown = chance.choice((_quoted(name), _encoded(name))) if name else ""
    author = f"{shown} <{address}>" if shown else chance.choice((address, f"<{address}>"))
    own = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d={domain}; s=2026; "
        f"h=from:to;\r\n"
        " bh=AAAA; b=BBBB\r\n"
        "MIME-Version: 1.0\r\n"
        f"From: {author}\r\nTo: oak@class.oakfield.example\r\nSubject: Ben\r\n"
        f"Message-ID: <{number}@{domain}>\r\nDate: Tue, 24 Nov 2026 08:00:00 +0000\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nBen has a cough.\r\n"
    )
    return Honest(style, address, (top + own).encode())


def _quoted(name: str) -> str:
    return f'"{name}"' if name.isascii() else _encoded(name)


def _encoded(name: str) -> str:
    return (
        "=?UTF-8?Q?"
        + "".join(
            char
            if char.isalnum() and char.isascii()
            else "".join(f"={one:02X}" for one in char.encode())
            for char in name
        )
        + "?="
    )


def _google(domain: str, address: str, chance: random.Random) -> str:
    fold = chance.choice(_FOLDS)
    parts = [
        f"dkim=pass header.i=@{domain} header.s=2026 header.b=Qx/4+Zk=",
        f"arc=pass (i=1 spf=pass spfdomain={domain} dkim=pass dkdomain={domain} dmarc=pass "
        f"fromdomain={domain})",
        f"spf=pass (google.com: domain of {address} designates 203.0.113.9 as permitted sender) "
        f"smtp.mailfrom={_sender(address, chance)}",
        f"dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from={domain}",
    ]
    if chance.random() < 0.4:
        del parts[1]
    field = f"Authentication-Results: mx.google.com;{fold}" + f";{fold}".join(parts) + "\r\n"
    arc = field.replace("Authentication-Results:", "ARC-Authentication-Results: i=1;")
    hops = (
        "Received: by 2002:a05:6a10:1234:b0:1:2:3 with SMTP id x1csp123456; Tue, 24 Nov 2026 "
        "00:00:02 -0800 (PST)\r\n"
        "X-Received: by 2002:a17:90b:1:b0:2 with SMTP id q1; Tue, 24 Nov 2026 00:00:02 -0800 "
        "(PST)\r\n"
    )
    seal = (
        "ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none;\r\n        d=google.com; s=arc; b=AB\r\n    "
        "     CD==\r\n"
    )
    by = (
        f"Received: from mail.{domain} (mail.{domain}. [203.0.113.9])\r\n        by mx.google.com "
        f"with ESMTPS id a1\r\n"
        "        for <oak@class.oakfield.example>\r\n        (version=TLS1_3 "
        "cipher=TLS_AES_128_GCM_SHA256 bits=128/128);\r\n"
        "        Tue, 24 Nov 2026 00:00:01 -0800 (PST)\r\n"
        f"Received-SPF: pass (google.com: domain of {address} designates 203.0.113.9) "
        f"client-ip=203.0.113.9;\r\n"
    )
    pieces = [hops, seal, arc, f"Return-Path: <{address}>\r\n", by, field]
    if chance.random() < 0.3:  # forwarded by a group: its own list fields, two hops more
        pieces[0] = (
            "Delivered-To: oak@class.oakfield.example\r\n"
            + hops
            + "X-Google-Group-Id: 123456\r\nPrecedence: list\r\nMailing-list: list "
            "oak@oakfield.example\r\n" + hops.replace("x1csp123456", "y2")
        )
    elif chance.random() < 0.5:
        pieces = [hops, f"Return-Path: <{address}>\r\n", by, field, seal]
    return "".join(pieces)


def _microsoft(domain: str, address: str, chance: random.Random) -> str:
    dkim = chance.choice(
        (
            f"dkim=pass (signature was verified)\r\n header.d={domain}",
            "dkim=none (message not signed)\r\n header.d=none",
            "dkim=fail (body hash did not verify)\r\n header.d=other.example",
        )
    )
    action = chance.choice(("action=none", "action=none", "action=oreject"))
    field = (
        "Authentication-Results: spf=pass (sender IP is 203.0.113.9)\r\n"
        f" smtp.mailfrom={domain}; {dkim};dmarc=pass {action}\r\n"
        f" header.from={domain};compauth=pass reason=100\r\n"
    )
    if chance.random() < 0.3:
        field = field.replace("dmarc=pass", "dmarc=pass (p=none sp=none pct=100)")
    hops = "".join(
        f"Received: from {a}.eurprd0{n}.prod.outlook.com (2603:10a6:10:{n}::1) by\r\n"
        f" {b}.eurprd0{n}.prod.outlook.com (2603:10a6:20:{n}::2) with Microsoft SMTP Server\r\n"
        " (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.9; Tue, 24 Nov "
        "2026\r\n 08:00:02 +0000\r\n"
        for n, a, b in [(1, "DB7PR01", "LO2P265"), (2, "AM0PR02", "DB7PR01")][
            : chance.randint(1, 2)
        ]
    )
    edge = (
        f"Received: from mail.{domain} (203.0.113.9) by\r\n "
        f"DB5EUR01FT001.mail.protection.outlook.com (10.152.4.1) with\r\n"
        " Microsoft SMTP Server id 15.20.9 via Frontend Transport; Tue, 24 Nov 2026 08:00:01 "
        "+0000\r\n"
        f"Received-SPF: Pass (protection.outlook.com: domain of {domain} designates\r\n "
        f"203.0.113.9 as permitted sender)\r\n"
    )
    arc = (
        "ARC-Authentication-Results: i=1; mx.microsoft.com 1; spf=pass (sender ip is\r\n "
        "203.0.113.9)"
        f" smtp.rcpttodomain=oakfield.example smtp.mailfrom={domain}; dmarc=pass\r\n "
        f"header.from={domain}\r\n"
    )
    return hops + chance.choice((arc, "")) + chance.choice((field + edge, edge + field))


def _postfix(domain: str, address: str, chance: random.Random) -> str:
    """OpenDKIM, OpenDMARC and policyd-spf, each with a field of its own."""
    fold = chance.choice(_FOLDS)
    fields = [
        f"Authentication-Results: {HOST};{fold}dmarc=pass (p=none dis=none) "
        f"header.from={domain}\r\n",
        f"Authentication-Results: {HOST};{fold}spf=pass "
        f"smtp.mailfrom={_sender(address, chance)}\r\n",
        f"Authentication-Results: {HOST};{fold}dkim=pass (2048-bit key; unprotected) "
        f"header.d={domain}"
        f' header.i=@{domain} header.a=rsa-sha256 header.s=2026 header.b="Ab;Cd="\r\n',
    ]
    if chance.random() < 0.3:
        del fields[0]  # a domain without a policy: what passed is aligned by itself
    elif chance.random() < 0.5:
        fields.reverse()
    return "".join(fields) + _postfix_hop(domain)


def _rspamd(domain: str, address: str, chance: random.Random) -> str:
    fold = chance.choice(_FOLDS)
    parts = [
        f"dkim=pass header.d={domain} header.s=2026 header.b=AbCd",
        f"dmarc=pass (policy=none) header.from={domain}",
        f'spf=pass ({HOST}: domain of "{address}" designates 203.0.113.9 as permitted sender) '
        f"smtp.mailfrom={_sender(address, chance)}",
    ]
    chance.shuffle(parts)
    if chance.random() < 0.3:
        parts.insert(0, "dkim=pass header.d=relay.example header.s=r header.b=Zz")
    if chance.random() < 0.3:
        parts.append("arc=none")
    spam = "X-Spamd-Result: default: False [-3.10 / 15.00];\r\n\tDMARC_POLICY_ALLOW(-0.50)[x];\r\n"
    name = chance.choice((HOST, HOST.upper(), f"{HOST} 1"))
    field = f"Authentication-Results: {name};{fold}" + f";{fold}".join(parts) + "\r\n"
    return chance.choice((spam, "")) + field + _postfix_hop(domain)


def _postfix_hop(domain: str) -> str:
    return (
        f"Received: from mail.{domain} (mail.{domain} [203.0.113.9])\r\n"
        "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
        f"\tby {HOST} (Postfix) with ESMTPS id 4Xyz\r\n\tfor <oak@class.oakfield.example>; Tue, 24 "
        f"Nov 2026 08:00:01 +0000 (GMT)\r\n"
        "Received: from [192.0.2.5] (unknown [192.0.2.5])\r\n\tby mail.relay.example with ESMTPSA; "
        "Tue, 24 Nov 2026 08:00:00 +0000\r\n"
    )


def _sender(address: str, chance: random.Random) -> str:
    domain = address.rpartition("@")[2]
    return chance.choice((address, f'"{address}"', domain, f"<{address}>"))


_STYLES: dict[str, Callable[[str, str, random.Random], str]] = {
    "google": _google,
    "m365": _microsoft,
    "postfix": _postfix,
    "rspamd": _rspamd,
}
