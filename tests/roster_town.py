"""Invents a school's people: siblings, separated parents, shared mailboxes, staff among them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

GIVEN = (
    *("Ben", "Amina", "Luca", "Zoë", "Priya", "Tom", "Ines", "Yusuf", "Mia", "Owen", "Freya"),
    *("Kofi", "Nadia", "Jonas", "Chloé", "Idris", "Ella", "Marek", "Sana", "Leo", "Ruby"),
)
FAMILY = (
    *("Okoro", "Price", "Hughes", "Baker", "Şahin", "O'Neill", "Novak", "Fraser", "Iqbal"),
    *("Lindqvist", "Marsh", "Osei", "Petit", "Quinn", "Rossi", "Singh", "Taylor", "Ueda"),
    *("Varga", "Walsh", "Young", "Zając", "Abbott", "Bello", "Costa", "Dunne", "Evans", "Gray"),
)


@dataclass(frozen=True)
class Child:
    ref: str
    given: str
    family: str
    room: str
    email: str


@dataclass(frozen=True)
class Adult:
    ref: str
    title: str
    given: str
    family: str
    emails: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.title} {self.given} {self.family}"


@dataclass(frozen=True)
class Tie:
    child: Child
    adult: Adult
    kind: str
    pr: bool
    barred: bool
    receives: bool
    priority: int


@dataclass
class Town:
    """One school's people: `ties` say who is whose."""

    children: list[Child] = field(default_factory=list)
    adults: list[Adult] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    teachers: dict[str, Adult] = field(default_factory=dict)  # by class


def invent(pupils: int, seed: int = 7) -> Town:
    """Return families with siblings, separated parents, shared mailboxes and staff among them."""
    dice = random.Random(seed)
    town = Town()
    rooms = [f"{1 + n % 11}{_letters(n // 11)}" for n in range(-(-pupils // 30))]
    for number, room in enumerate(rooms):
        address = f"t{number}@oakfield.example"
        one = dice.choice(GIVEN), dice.choice(FAMILY)
        town.teachers[room] = Adult(f"T{number}", "Ms", *one, (address,))
    while len(town.children) < pupils:
        _family(town, dice, rooms, pupils)
    return town


def _letters(number: int) -> str:
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _family(town: Town, dice: random.Random, rooms: list[str], pupils: int) -> None:
    surname = dice.choice(FAMILY)
    size = min(dice.choices((1, 2, 3), (55, 35, 10))[0], pupils - len(town.children))
    children = []
    for _ in range(size):
        number = len(town.children)
        email = f"p{number}@pupils.oakfield.example" if dice.random() < 0.5 else ""
        child = Child(f"P{number}", dice.choice(GIVEN), surname, rooms[number // 30], email)
        children.append(child)
        town.children.append(child)
    separated, shared = dice.random() < 0.2, dice.random() < 0.1
    if dice.random() < 0.01:
        teacher = town.teachers[dice.choice(rooms)]
        mother = _adult(town, dice, "Ms", teacher.family, teacher.emails, teacher.given)
    else:
        mother = _adult(town, dice, "Mrs", surname)
    parents = [(mother, "mother")]
    if dice.random() < 0.7:
        other = dice.choice(FAMILY) if separated else surname
        emails = mother.emails if shared and mother.emails else None
        parents.append((_adult(town, dice, "Mr", other, emails, "Dara"), "father"))
    if dice.random() < 0.08:
        parents.append((_adult(town, dice, "Mrs", dice.choice(FAMILY)), "grandparent"))
    for place, (adult, kind) in enumerate(parents, start=1):
        pr = kind != "grandparent" and dice.random() > 0.03
        barred = separated and place == 2 and dice.random() < 0.05
        # After a change of program the same person stands there once for each child.
        doubled = len(children) > 1 and adult.emails and dice.random() < 0.05
        for number, child in enumerate(children):
            who = adult
            if doubled and number:
                who = Adult(f"{adult.ref}x{number}", "", adult.given, adult.family, adult.emails)
                town.adults.append(who)
            town.ties.append(Tie(child, who, kind, pr, barred, pr, place))


def _adult(
    town: Town,
    dice: random.Random,
    title: str,
    family: str,
    emails: tuple[str, ...] | None = None,
    given: str | None = None,
) -> Adult:
    number = len(town.adults)
    if emails is None:
        some = dice.choices((0, 1, 2), (3, 90, 7))[0]
        emails = tuple(f"g{number}.{n}@parent.example" for n in range(some))
    adult = Adult(f"G{number}", title, given or dice.choice(GIVEN), family, emails)
    town.adults.append(adult)
    return adult
