"""Whoever waits beyond the two is put to the leadership once, however many an import brings."""

from __future__ import annotations

from gateway.store import schema as t
from tests.people_world import FAMILIES, HEAD, OFFICE, later, rows, school

THIRDS = tuple(
    (f"X{one}", f"Kim{one}", "Lee", "3B", f"Parent {who} of {one}", f"p{who}.{one}@parent.example")
    for one in range(23)
    for who in range(3)
)


def put(talk, address):
    return [mail for mail in talk.mail_for(address) if "approval" in mail.message["Subject"]]


def test_the_third_of_each_child_in_an_import_is_put_to_the_head_in_one_mail(tmp_path):
    with school(tmp_path, families=(*FAMILIES, *THIRDS)) as talk:
        later(talk)
        [mail] = put(talk, HEAD)
        assert "23 adults wait for approval" in mail.message["Subject"]
        assert len(talk.links(mail, "a")) == 20
        assert "3 more wait." in mail.text
        [told] = put(talk, OFFICE)
        assert talk.links(told, "a") == []
        assert len(rows(talk, t.link_offers, kind="third")) == 23


def test_nobody_is_asked_twice_about_the_same_link(tmp_path):
    with school(tmp_path, families=(*FAMILIES, *THIRDS[:3])) as talk:
        later(talk)
        talk.at(talk.gateway.clock.now().replace(day=27))
        assert len(put(talk, HEAD)) == 1
