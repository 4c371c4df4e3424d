"""Which contacts were given a pupil's address? Mail from there is never a guardian's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from gateway.roster.records import ContactRecord, PupilRecord, Where

Report = Callable[[Where, str, str], None]


def without_pupils_addresses(
    contacts: Iterable[ContactRecord],
    pupils: Iterable[PupilRecord],
    domains: frozenset[str],
    report: Report,
) -> dict[str, ContactRecord]:
    """Return the contacts by reference, each with their own addresses alone.

    `report` is told where, why, and whose an address was taken away. Who has no id beside
    such an address is not there at all.
    """
    of_pupils = {one.address: one for one in pupils if one.address}
    found = {}
    for contact in contacts:
        fine = []
        for address in contact.addresses:
            if address in of_pupils:
                pupil = of_pupils[address]
                why = f"{contact.name} has the address of pupil {pupil.reference}"
                why = f"{why} ({pupil.where}); give their own"
            elif address.rpartition("@")[2] in domains:
                why = f"{contact.name} has an address in the pupils' domain; give a private one"
            else:
                fine.append(address)
                continue
            report(contact.where, why, contact.reference)
        if len(fine) == len(contact.addresses):
            found[contact.reference] = contact
        elif fine or contact.reference not in contact.addresses:
            # Without an address too: a bar in their links must not be lost with it.
            found[contact.reference] = replace(contact, addresses=tuple(fine))
    return found
