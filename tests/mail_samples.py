"""Small messages to read, built from parts; all people are invented."""

import base64

FROM = "From: Amina Patel <mum@parent.example>\r\nTo: Class 3 <class3@school.example>\r\n"


def message(body: str | bytes, *fields: str, start: str = FROM) -> bytes:
    """Return a message's octets: the usual From and To, `fields`, and a body with CRLF."""
    octets = body.replace("\n", "\r\n").encode() if isinstance(body, str) else body
    header = start + "".join(f"{field}\r\n" for field in fields)
    return header.encode() + b"\r\n" + octets


def part(body: str | bytes, *fields: str) -> bytes:
    """Return one part of a multipart: `fields` and a body."""
    return message(body, *fields, start="")


def multipart(
    kind: str, *parts: bytes, boundary: str = "edge", fields: tuple[str, ...] = ()
) -> bytes:
    """Return a message whose body is a multipart of `parts`."""
    return message(joined(*parts, boundary=boundary), *fields, typed(kind, boundary))


def nested(kind: str, *parts: bytes, boundary: str = "inner") -> bytes:
    """Return a multipart that stands inside another one."""
    return part(joined(*parts, boundary=boundary), typed(kind, boundary))


def typed(kind: str, boundary: str) -> str:
    """Return the Content-Type field of a multipart."""
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"'


def joined(*parts: bytes, boundary: str) -> bytes:
    """Return parts between their boundary lines."""
    mark = f"--{boundary}".encode()
    return b"".join(mark + b"\r\n" + each + b"\r\n" for each in parts) + mark + b"--\r\n"


def file(name: str, media_type: str, octets: bytes) -> bytes:
    """Return an attached file as a part in base64."""
    return part(
        base64.encodebytes(octets),
        f"Content-Type: {media_type}",
        f'Content-Disposition: attachment; filename="{name}"',
        "Content-Transfer-Encoding: base64",
    )


TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
