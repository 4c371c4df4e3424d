"""Puts together what the rows of any format say: each person once, and nothing guessed.

A row may say again what another said. Where two say different things of who somebody is, that
person is left out with everything that hangs on them, and both rows are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from gateway.roster.class_names import ClassNames
from gateway.roster.pupils_addresses import without_pupils_addresses
from gateway.roster.records import (
    ContactRecord,
    EnrolmentRecord,
    Flaw,
    LinkRecord,
    PupilRecord,
    Roster,
    StaffRecord,
    Where,
)
from gateway.roster.same_person import probably_one, same_name
from gateway.roster.stricter import stricter
from gateway.roster.tables import BadRow, Table


@dataclass(frozen=True, slots=True)
class Named:
    """An adult's name in its parts, as far as the file has parts."""

    name: str
    given: str = ""
    family: str = ""


class Gathering:
    """What one reading has found so far."""

    def __init__(self, pupil_domains: tuple[str, ...] = ()) -> None:
        self.class_names = ClassNames()
        self.flaws: list[Flaw] = []
        self.notes: list[Flaw] = []
        self._pupil_domains = frozenset(pupil_domains)
        self._pupils: dict[str, PupilRecord] = {}
        self._enrolments: dict[str, dict[EnrolmentRecord, None]] = {}
        self._contacts: dict[str, ContactRecord] = {}
        self._names: dict[str, Named] = {}
        self._links: dict[tuple[str, str], LinkRecord] = {}
        self._staff: dict[str, StaffRecord] = {}
        self._has_staff = False  # named by the records, and not by a file beside them
        self._spared: set[str] = set()
        self._no_pupils: set[str] = set()  # references that two rows give to two people
        self._no_contacts: set[str] = set()
        self._blind = False  # a row was lost without our knowing whose

    def flaw(self, where: Where, why: str, *spared: str) -> None:
        """Report a row that was not taken; nothing of the `spared` ends because of it."""
        self.flaws.append(Flaw(where, why))
        found = {one for one in spared if one}
        self._spared |= found
        self._blind |= not found

    def spare(self, *references: str) -> None:
        """Keep what is on record of these: something about them could not be read."""
        self._spared |= {one for one in references if one}

    def contradict(self, reference: str) -> None:
        """Leave out whoever has this reference: two rows give it to two people."""
        self._no_pupils.add(reference)
        self._no_contacts.add(reference)

    def note(self, where: Where, why: str) -> None:
        """Report something taken that whoever imports should know."""
        self.notes.append(Flaw(where, why))

    def close(self, table: Table) -> None:
        """Take over what the reading of a whole file has shown."""
        self.flaws += table.flaws
        self._blind |= bool(table.flaws)
        self.notes += table.notes

    def pupil(
        self, where: Where, reference: str, given: str, family: str, address: str | None = None
    ) -> None:
        """Take a pupil. A pupil that another row calls otherwise is nobody (BadRow)."""
        have = self._pupils.get(reference)
        if have is None:
            found = PupilRecord(reference, given, family, where, address)
            self._pupils[reference] = found
            return
        if not same_name(f"{have.given_name} {have.family_name}", f"{given} {family}"):
            self._no_pupils.add(reference)
            raise BadRow(
                f"pupil {reference} is {given} {family} here and {have.given_name} "
                f"{have.family_name} in {have.where}; one of the two has a wrong reference"
            )
        if address and have.address is None:
            self._pupils[reference] = replace(have, address=address)
        elif address and address != have.address:
            raise BadRow(f"pupil {reference} has another address in {have.where}")

    def enrol(
        self,
        where: Where,
        reference: str,
        class_name: str,
        begins: date | None = None,
        ends: date | None = None,
    ) -> None:
        """Put a pupil in a class. Raises BadRow for days the wrong way round."""
        self.class_names.checked(class_name, where)
        in_order(begins, ends)
        found = self._enrolments.setdefault(reference, {})
        found[EnrolmentRecord(class_name, begins, ends)] = None

    def contact(
        self,
        where: Where,
        reference: str,
        named: Named,
        addresses: Iterable[str] = (),
        home_language: str | None = None,
    ) -> None:
        """Take an adult. One that another row calls otherwise is nobody (BadRow)."""
        given = tuple(dict.fromkeys(addresses))
        have = self._contacts.get(reference)
        if have is None:
            found = ContactRecord(reference, named.name, where, given, home_language)
            self._contacts[reference] = found
            self._names[reference] = named
            return
        if not same_name(have.name, named.name):
            self._no_contacts.add(reference)
            raise BadRow(
                f"{named.name} and {have.name} ({have.where}) have the same reference or "
                f"address: give each person a reference of their own"
            )
        more = tuple(one for one in given if one not in have.addresses)
        if more or (home_language and not have.home_language):
            language = have.home_language or home_language
            merged = replace(have, addresses=have.addresses + more, home_language=language)
            self._contacts[reference] = merged

    def link(self, link: LinkRecord) -> None:
        """Tie a contact to a pupil; said twice, the stricter of each value stands."""
        in_order(link.begins, link.ends)
        key = (link.contact, link.pupil)
        have = self._links.get(key)
        if have is None:
            self._links[key] = link
        elif have != link:
            self._links[key], differing = stricter(have, link)
            if differing:
                words = f"says otherwise than {have.where} about {', '.join(differing)}"
                self.note(link.where, f"{words}; the stricter stands")

    def has_link(self, contact: str, pupil: str) -> bool:
        """Return whether some row ties these two."""
        return (contact, pupil) in self._links

    def staff(self, person: StaffRecord, *, beside: bool = False) -> None:
        """Take a member of staff; the same address again adds roles and classes.

        `beside` says that a staff file beside the records names them.
        """
        self._has_staff |= not beside
        have = self._staff.get(person.address)
        if have is None:
            self._staff[person.address] = person
            return
        names: tuple[str, ...] | None = None
        if have.class_names is not None or person.class_names is not None:
            both = (*(have.class_names or ()), *(person.class_names or ()))
            names = tuple(dict.fromkeys(both))
        self._staff[person.address] = replace(
            have,
            roles=tuple(dict.fromkeys((*have.roles, *person.roles))),
            class_names=names,
            rank=min(have.rank, person.rank),
            teaching=tuple(dict.fromkeys((*have.teaching, *person.teaching))),
        )

    def roster(
        self,
        source: str,
        *,
        is_whole: bool,
        no_flags: bool,
        files: tuple[tuple[str, str], ...],
    ) -> Roster:
        """Return all of it, each link between two people who are there."""
        for reference in self._no_contacts:
            self._contacts.pop(reference, None)
        contacts = without_pupils_addresses(
            self._contacts.values(), self._pupils.values(), self._pupil_domains, self.flaw
        )
        # Only now: a pupil whom two rows name has an address all the same.
        for reference in self._no_pupils:
            self._pupils.pop(reference, None)
        self._spared |= self._no_pupils | self._no_contacts
        links = tuple(self._links_between(contacts))
        said = all(link.parental_responsibility is not None for link in links)
        merges = probably_one(
            (contact, self._names[contact.reference].given, self._names[contact.reference].family)
            for contact in contacts.values()
        )
        self._note_shared_addresses()
        unreachable = [one for one in contacts.values() if not one.addresses]
        if unreachable:
            words = f"the first of {len(unreachable)} contacts without an e-mail address"
            self.note(unreachable[0].where, words)
        if is_whole and not contacts:
            self.note(Where(files[0][0], 1), "holds no contacts: no link ends because of it")
        return Roster(
            source,
            tuple(self._pupils_with_classes()),
            tuple(contacts.values()),
            links,
            tuple(self._staff.values()),
            tuple(sorted(self.flaws, key=lambda one: (one.where.file, one.where.line))),
            merges,
            is_whole=is_whole and bool(contacts) and not self._blind,
            has_staff=self._has_staff,
            no_flags=no_flags and not said,
            files=files,
            notes=tuple(self.notes),
            spared=frozenset(self._spared),
            rows_lost=self._blind,
        )

    def _note_shared_addresses(self) -> None:
        first: dict[str, PupilRecord] = {}
        for pupil in self._pupils.values():
            if pupil.address and (other := first.setdefault(pupil.address, pupil)) is not pupil:
                words = f"pupil {pupil.reference} has the address of pupil {other.reference}"
                self.note(pupil.where, f"{words}: who of them writes, nobody can tell")

    def _pupils_with_classes(self) -> Iterable[PupilRecord]:
        for pupil in self._pupils.values():
            found = self._enrolments.get(pupil.reference)
            if not found:
                name = f"{pupil.given_name} {pupil.family_name} ({pupil.reference})"
                self.note(pupil.where, f"{name} is in no class: nobody can write about them yet")
            yield replace(pupil, enrolments=tuple(found or ()))

    def _links_between(self, contacts: dict[str, ContactRecord]) -> Iterable[LinkRecord]:
        for link in self._links.values():
            if link.contact in contacts and link.pupil in self._pupils:
                yield link
            elif link.contact not in contacts and link.contact not in self._spared:
                why = f"contact {link.contact} is not in the files"
                self.flaw(link.where, why, link.pupil, link.contact)
            elif link.pupil not in self._pupils and link.pupil not in self._spared:
                why = f"pupil {link.pupil} is not in the files"
                self.flaw(link.where, why, link.pupil, link.contact)


def in_order(begins: date | None, ends: date | None) -> None:
    """Raise BadRow when the last day is before the first."""
    if begins is not None and ends is not None and ends < begins:
        raise BadRow(f"ends on {ends}, before it begins on {begins}")
