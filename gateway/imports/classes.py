"""Which class does a name in a file mean? Its address decides; a new one is written down."""

from __future__ import annotations

from gateway.imports.planning import Planning
from gateway.roster.class_names import plain_name


def class_address(name: str, domain: str) -> str:
    """Return the address of a class: its name in plain letters, "3B" or "Class 3 – Oak"."""
    return f"{plain_name(name)}@{domain}"


def class_id_of(plan: Planning, name: str) -> str:
    """Return the id of the class with this name, added or renamed as needed."""
    known = plan.known
    address = class_address(name, known.domain)
    row = known.classes.get(address)
    if row is None:
        row = known.classes[address] = plan.add(
            "classes",
            {
                "class_id": next(plan.ids),
                "school_id": known.school_id,
                "name": name,
                "address": address,
            },
        )
        plan.tell("classes added", name)
    elif row["name"] != name:
        plan.change("classes", row, {"name": name})
    return str(row["class_id"])
