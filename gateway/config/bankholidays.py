"""On which dates is a bank holiday in this nation? [hours.bank_holidays], from a shipped table.

The table is the `holidays` library's: data of the installation, so nothing is fetched, and a
holiday proclaimed later comes with a later release of it, or as a closed day by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal, Self

from holidays.countries.united_kingdom import UnitedKingdom
from pydantic import Field, PlainValidator, model_validator

from gateway.config.tomlfile import Place, Section, meant
from gateway.config.written import date_of
from rules.policy import ClosedDays

Nation = Literal["england", "wales", "scotland", "northern-ireland"]

NATIONS: dict[Nation, str] = {  # as the library names them
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}
SUBSTITUTE = " (substitute day)"
# What the school and GOV.UK call them, where the library has another word.
CALLED = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "New Year Holiday": "2 January",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
}


def bank_holidays(nation: Nation, years: Iterable[int]) -> dict[date, str]:
    """Return the bank holidays of `nation` in these years, in order, with their names.

    A holiday that falls on a weekend is there, and so is its substitute. Scotland's local
    holidays are not: each council sets its own.
    """
    known = UnitedKingdom(  # type: ignore[no-untyped-call]  # the library is half typed
        subdiv=NATIONS[nation], years=years, language="en_GB"
    )
    return {on: _called(name) for on, name in sorted(known.items())}


def _called(name: str) -> str:
    plain = name.removesuffix(" (observed)")
    return CALLED.get(plain, plain) + (SUBSTITUTE if plain != name else "")


def _date_or_name(value: object) -> date | str:
    if isinstance(value, str) and not value[:1].isdigit():
        return value
    if isinstance(value, str) and value.casefold() in map(str.casefold, CALLED.values()):
        return value  # "2 January" is a name
    return date_of(value)


class BankHolidays(Section):
    """Which bank holidays the school keeps; none where no nation is named."""

    nation: Nation | None = None
    worked: tuple[Annotated[date | str, PlainValidator(_date_or_name)], ...] = Field(
        default=(), alias="except"
    )

    @model_validator(mode="after")
    def _of_a_nation(self) -> Self:
        if self.worked and self.nation is None:
            raise ValueError('needs nation = "england" or another beside except')
        return self

    def closed(self, years: Iterable[int], already: Iterable[ClosedDays]) -> Iterator[ClosedDays]:
        """Yield the closed days, but for those that stand in `already` by the same name."""
        if self.nation is None:
            return
        known = {(one.first, one.last, one.why.casefold()) for one in already}
        for on, name in bank_holidays(self.nation, years).items():
            worked = any(_is_meant(one, on, name) for one in self.worked)
            if not worked and (on, on, name.casefold()) not in known:
                yield ClosedDays(on, on, name)

    def faults(self, years: Iterable[int]) -> Iterator[tuple[Place, str]]:
        """Yield which of the days that are worked is no bank holiday in these years."""
        if self.nation is None:
            return
        known = bank_holidays(self.nation, years)
        for number, one in enumerate(self.worked):
            if not any(_is_meant(one, on, name) for on, name in known.items()):
                near = meant(one, known.values()) if isinstance(one, str) else ""
                words = f'"{one}" is no bank holiday of {self.nation} in the years of this policy'
                yield ("except", number), words + near


def _is_meant(written: date | str, on: date, name: str) -> bool:
    if isinstance(written, str):
        return written.casefold() in (name.casefold(), name.removesuffix(SUBSTITUTE).casefold())
    return written == on
