"""The safeguarding register shows every change that was made to it behind its back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from gateway.store import register as book
from gateway.store.schema import register, schools

SCHOOL = "s" * 16
NOW = datetime(2026, 11, 22, 21, 14, 0, 123456, tzinfo=UTC)


@pytest.fixture
def written(store):
    with store.begin() as connection:
        connection.execute(
            insert(schools).values(
                school_id=SCHOOL, name="Oakfield", domain="class.oakfield.example"
            )
        )
        for number in range(6):
            book.append(
                connection,
                school_id=SCHOOL,
                event="told",
                spool_id=f"{number:016}",
                at=NOW + timedelta(minutes=number),
                staff_id="d" * 16,
                detail={"marks": ["not verified"], "order": number},
            )
    return store


def broken(store):
    with store.read() as connection:
        return book.verify(connection, SCHOOL)


def test_an_untouched_register_is_whole(written):
    assert broken(written) == []


@pytest.mark.parametrize(
    "change",
    [{"event": "kept"}, {"at": NOW}, {"detail": {}}, {"staff_id": None}, {"hash": "0" * 64}],
)
def test_a_changed_row_is_found(written, change):
    with written.begin() as connection:
        connection.execute(update(register).where(register.c.number == 3).values(**change))
    assert 3 in broken(written) or 4 in broken(written)


def test_a_removed_row_is_found(written):
    with written.begin() as connection:
        connection.execute(delete(register).where(register.c.number == 3))
    assert broken(written) == [4]


def test_two_rows_that_changed_places_are_found(written):
    with written.begin() as connection:
        for was, becomes in ((2, 99), (3, 2), (99, 3)):
            connection.execute(
                update(register).where(register.c.number == was).values(number=becomes)
            )
    assert broken(written)
