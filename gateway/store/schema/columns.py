"""What every table is made of: the metadata they share, and the columns in short.

Conventions: ids are text from `types.new_id`; instants are UTC; a `key` column
is unique so that a step that runs twice adds nothing; every row belongs to a school.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, MetaData, String, text
from sqlalchemy.types import TypeEngine

from gateway.store.types import ID_LENGTH

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
ID = String(ID_LENGTH)
WORD = String(64)
ADDRESS = String(320)  # RFC 5321 §4.5.3.1: 64 octets, "@", 255


def an_id(name: str) -> Column[str]:
    return Column(name, ID, primary_key=True)


def ref(target: str, *, null: bool = False, name: str | None = None) -> Column[str]:
    return Column(name or target.split(".")[1], ID, ForeignKey(target), nullable=null)


def need(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def where(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that meet a condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


def where_known(name: str, column: str) -> Index:
    """An index of rows that have a value: accepting mail, which has none yet, need not write it."""
    return where(name, f"{column} IS NOT NULL", column)
