"""The school of the simulated year: twenty classes, thirty who teach, and whose children are where.

Who works when stands in `tests/data/year/policy.toml`.
"""

from __future__ import annotations

from pathlib import Path

from tests.shared import DATA

POLICY: Path = DATA / "year" / "policy.toml"
PARENTS = "home.example"


def address(number: int) -> str:
    """Return the address of the member of staff so numbered."""
    return f"t{number:02}@oakfield.example"


# Who reads for each class, in reading order: one, a job share, or a teacher and a partner.
READERS: dict[str, tuple[int, ...]] = {
    "1a": (1,),
    "1b": (2,),
    "1c": (3,),
    "2a": (4,),
    "2b": (5,),
    "2c": (6,),
    "3a": (7,),
    "3b": (8,),
    "3c": (9,),
    "4a": (10,),
    "4b": (11, 12),
    "4c": (13, 14),
    "5a": (15, 16),
    "5b": (17, 18),
    "5c": (19, 20),
    "6a": (21, 22),
    "6b": (23, 24),
    "6c": (25, 26),
    "7a": (27, 28),
    "7b": (29, 30),
}
CLASSES = tuple(READERS)
ROOMS = {room: tuple(address(one) for one in numbers) for room, numbers in READERS.items()}
TEACHERS = frozenset(address(number) for number in range(1, 31))


def class_of(family: int) -> str:
    """Return the class of a family's child."""
    return CLASSES[family % len(CLASSES)]


def writer(family: int) -> str:
    """Return the address a family writes from."""
    return f"parent{family}@{PARENTS}"


def staff_rows() -> list[tuple[str, str, str, str, int]]:
    """Return the staff as the roster's file has them; a class's readers in their order."""
    room_of = {number: room for room, numbers in READERS.items() for number in numbers}
    return [
        (f"Teacher {number}", address(number), "teacher", room_of[number].upper(), number)
        for number in range(1, 31)
    ]


def family_rows(count: int) -> list[tuple[str, str, str, str, str, str]]:
    """Return so many families as the roster's file has them."""
    return [
        (f"P{n}", f"Child{n}", f"Oak{n}", class_of(n).upper(), f"Parent {n}", writer(n))
        for n in range(count)
    ]
