"""Builds the messages that hang or kill parsers, as the recipes say (test material)."""

import base64
import io
import json
import zipfile

from tests.shared import DATA

RECIPES = [
    json.loads(line)
    for line in (DATA / "vectors" / "dos_recipes.jsonl").read_text("utf-8").splitlines()
]
HEADER = b"From: mum@parent.example\r\nTo: class3@school.example\r\n"


def bomb(recipe: dict) -> bytes:
    """Return the octets of one recipe."""
    if "header" in recipe:
        repeated = "".join(recipe["repeat"].replace("{i}", str(i)) for i in range(recipe["count"]))
        line = f"{recipe['header']}: {recipe['prefix']}{repeated}{recipe['suffix']}\r\n"
        return HEADER + line.encode() + b"\r\nhello\r\n"
    return _BUILDERS[recipe["name"]]()


def _nested_multiparts(depth: int = 2_000) -> bytes:
    parts = [HEADER]
    for level in range(depth):
        line = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
        parts.append(line % (level, level))
    return b"".join(parts) + b"\r\nhello\r\n"


def _nested_messages(depth: int = 1_000) -> bytes:
    return HEADER + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nhello\r\n"


def _multipart(body: bytes) -> bytes:
    return HEADER + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + body


def _single(content_type: bytes, body: bytes, encoding: bytes = b"8bit") -> bytes:
    return (
        HEADER
        + b"Content-Type: " + content_type + b"\r\n"
        + b"Content-Transfer-Encoding: " + encoding + b"\r\n\r\n"
        + body
    )  # fmt: skip


def _zip_bomb() -> bytes:
    inner = io.BytesIO()
    deflated = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(inner, "w", deflated) as archive, archive.open("zeros", "w") as entry:
        for _ in range(50):
            entry.write(bytes(1024 * 1024))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(100):
            archive.writestr(f"{number}.zip", inner.getvalue())
    encoded = base64.encodebytes(outer.getvalue())
    return _single(b'application/zip; name="42.zip"', encoded, b"base64")


_BUILDERS = {
    "nested-multipart-2000": _nested_multiparts,
    "nested-rfc822-1000": _nested_messages,
    "parts-50000": lambda: _multipart(b"--b\r\n\r\n" * 50_000 + b"--b--\r\n"),
    "boundary-lines-200000": lambda: _multipart(b"--b\r\n" * 200_000),
    "headers-100000": lambda: (
        HEADER + b"".join(b"X-%d: y\r\n" % i for i in range(100_000)) + b"\r\nhello\r\n"
    ),
    "received-10000": lambda: b"Received: by x.example\r\n" * 10_000 + HEADER + b"\r\nhello\r\n",
    "crlf-only-33MiB": lambda: b"\r\n" * (33 * 1024 * 512),
    "html-100000-div": lambda: _single(b"text/html", b"<div>" * 100_000 + b"hello"),
    "html-1M-lt": lambda: _single(b"text/html", b"<" * 1_000_000),
    "base64-line-20MB": lambda: _single(
        b"application/octet-stream", base64.b64encode(bytes(15 * 1024 * 1024)), b"base64"
    ),
    "zip-42": _zip_bomb,
    "charset-nul": lambda: _single(b'text/plain; charset="\x00idna"', b"hello " * 10),
    "charset-idna": lambda: _single(b"text/plain; charset=idna", b"hello \xff" * 15_000),
    "charset-zlib": lambda: _single(b"text/plain; charset=zlib_codec", b"hello"),
}
