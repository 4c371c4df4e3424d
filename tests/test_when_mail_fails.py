"""What becomes of a message when the mail about it is rejected, or cannot be written at all."""

from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import delete, select, update

from gateway.store import cases, register
from gateway.store import schema as t
from gateway.work.post import Post
from rules.effects import Ending
from tests import staged as stage
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, OMAR, ROOM, STAFF, on

OFFICE, DSL, HEAD = (f"{name}@oakfield.example" for name in ("office", "adeyemi", "lloyd"))
CONCERN = "Ben says his uncle hits him with a belt. I am scared for him."


def refusing(address):
    return address.replace("@", "+550@")


@contextmanager
def school(tmp_path, monkeypatch, *, office=OFFICE, dsl=DSL, head=HEAD, staff=STAFF):
    leads = (
        ("School office", office, "office", "", 0),
        ("Mrs Adeyemi", dsl, "dsl", "", 0),
        ("Mr Lloyd", head, "head;slt", "", 0),
    )
    monkeypatch.setattr(stage, "LEADS", leads)
    with staged(tmp_path, on(24, 9), staff, FAMILIES) as gateway:
        # The office of the sample policy would stand in for the one on the roster.
        with gateway.store.begin() as connection:
            connection.execute(delete(t.staff_roles).where(t.staff_roles.c.rank == 99))
            connection.execute(update(t.schools).values(roster_version=99))
        yield Talk(gateway)


def rows(talk, table):
    with talk.gateway.store.read() as connection:
        return connection.execute(select(table)).all()


def mails(talk, kind):
    return [row for row in rows(talk, t.outbox) if row.kind == kind]


def told(talk):
    with talk.gateway.store.read() as connection:
        found = connection.execute(
            select(t.staff.c.address)
            .join(t.register, t.register.c.staff_id == t.staff.c.staff_id)
            .where(t.register.c.event == "told")
            .order_by(t.register.c.number)
        )
        return list(found.scalars())


def unwritable(talk, address):
    """Give one of the staff an address that no mail of ours can be written to."""
    with talk.gateway.store.begin() as connection:
        connection.execute(
            update(t.staff).where(t.staff.c.address == address).values(address=f".{address}")
        )
        connection.execute(update(t.schools).values(roster_version=t.schools.c.roster_version + 1))


def test_an_alert_that_nobody_takes_is_tried_again_the_next_working_morning_and_the_office_is_told_once(  # noqa: E501 - the sentence of the policy
    tmp_path, monkeypatch
):
    nobody = {"dsl": refusing(DSL), "head": refusing(HEAD)}
    teachers = [row for row in STAFF if "deputy" not in row[2]]
    with school(tmp_path, monkeypatch, **nobody, staff=teachers) as talk:
        talk.write(AMINA, ROOM, CONCERN)
        talk.at(on(24, 17))
        assert [row.state for row in mails(talk, "safeguarding")] == ["failed", "failed"]
        [case] = rows(talk, t.safeguarding_cases)
        assert case.tell_next_at > on(25, 0)
        talk.at(on(25, 17))
        assert [row.state for row in mails(talk, "safeguarding")] == ["failed"] * 4
        [listed] = talk.mail_for(OFFICE)
        assert "could not be delivered" in listed.text
        assert talk.gateway.audit().faults == ()


def test_the_next_in_line_is_told_at_once_when_the_first_cannot_be_reached(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch, dsl=refusing(DSL)) as talk:
        talk.write(AMINA, ROOM, CONCERN)
        [alert] = talk.mail_for("osei@oakfield.example")
        assert (alert.at - on(24, 9)).total_seconds() < 120


def test_a_case_that_cannot_be_told_keeps_no_other_waiting(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        talk.write(AMINA, ROOM, CONCERN)
        talk.write(OMAR, ROOM, CONCERN.replace("Ben", "Kai"))
        first, second = sorted(row.spool_id for row in rows(talk, t.safeguarding_cases))
        with talk.gateway.store.begin() as connection:
            connection.execute(
                update(t.safeguarding_cases)
                .where(t.safeguarding_cases.c.spool_id == first)
                .values(detail={})
            )
        case = rows(talk, t.safeguarding_cases)[0]
        talk.gateway.clock.jump_to(case.tell_next_at.replace(hour=case.tell_next_at.hour + 1))
        talk.gateway.stage.program.rounds._escalator.run_once()
        with talk.gateway.store.read() as connection:
            assert cases.find(connection, first).told == 1
            assert cases.find(connection, second).told >= 2
            assert register.verify(connection, case.school_id) == []


class Stumbling:
    """A step with a fault in it."""

    def has_work(self, _connection):
        return False

    def run_once(self, *_sizes):
        raise TypeError("a fault of ours")


def test_a_fault_in_settling_keeps_no_concern_and_no_digest_waiting(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        talk.write(AMINA, ROOM, CONCERN)
        talk.write(OMAR, ROOM, "Which book should Kai bring?")
        rounds = talk.gateway.stage.program.rounds
        rounds._settler = Stumbling()
        talk.at(on(24, 16))
        assert len(talk.mail_for("osei@oakfield.example")) == 1
        assert len(talk.mail_for("khan@oakfield.example")) == 1


def test_what_stood_in_a_rejected_list_is_given_to_the_head(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch, office=refusing(OFFICE)) as talk:
        talk.write("stranger@elsewhere.example", ROOM, "Which book should Ben bring?")
        talk.at(on(24, 10))
        [listed] = talk.mail_for(HEAD)
        assert "Which book should Ben bring?" in listed.text
        assert talk.gateway.audit().faults == ()


def test_a_list_that_nobody_takes_goes_round_once_and_the_audit_says_so(tmp_path, monkeypatch):
    nobody = {"office": refusing(OFFICE), "dsl": refusing(DSL), "head": refusing(HEAD)}
    with school(tmp_path, monkeypatch, **nobody) as talk:
        talk.write("stranger@elsewhere.example", ROOM, "Which book should Ben bring?")
        talk.at(on(25, 17))
        assert [row.state for row in mails(talk, "office-queue")] == ["failed"] * 3
        [fault] = talk.gateway.audit().faults
        assert "in nobody's list" in fault


def test_a_message_the_office_rejects_is_accounted_for_by_the_heads_list(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch, office=refusing(OFFICE)) as talk:
        talk.write(AMINA, ROOM, "Ben is ill today and will not be in.")
        talk.at(on(24, 10))
        [listed] = talk.mail_for(HEAD)
        assert "Ben is ill today" in listed.text
        assert talk.gateway.audit().faults == ()
        assert talk.gateway.audit().endings == {str(Ending.OFFICE_QUEUE): 1}


def test_nobody_is_recorded_as_told_whose_alert_could_not_be_written(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        unwritable(talk, DSL)
        talk.write(AMINA, ROOM, CONCERN)
        talk.at(on(24, 9, 2))
        assert told(talk) == ["osei@oakfield.example"]
        assert len(talk.mail_for(OFFICE)) == 1


def test_a_digest_that_cannot_be_written_is_put_on_the_offices_list(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        unwritable(talk, "khan@oakfield.example")
        talk.at(on(24, 16))
        [listed] = talk.mail_for(OFFICE)
        assert "Which book should Ben bring?" in listed.text
        assert talk.gateway.audit().faults == ()


def test_a_list_that_cannot_be_written_is_given_to_the_head(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        unwritable(talk, OFFICE)
        talk.write("stranger@elsewhere.example", ROOM, "Which book should Ben bring?")
        talk.at(on(24, 10))
        assert len(talk.mail_for(HEAD)) == 1
        assert talk.gateway.audit().faults == ()


class Particular(Post):
    """Holds every letter in which the parent's words stand."""

    def send(self, connection, letter, now):
        if "Which book" in letter.words.text:
            return "held"
        return super().send(connection, letter, now)


def particular(talk):
    rounds = talk.gateway.stage.program.rounds
    usual = rounds._digester.letters

    def letters(of):
        found = usual(of)
        return replace(found, post=Particular(found.post.school, found.post.keys))

    rounds._digester = replace(rounds._digester, letters=letters)


def test_a_digest_whose_words_cannot_be_sent_goes_without_them_and_can_be_answered(
    tmp_path, monkeypatch
):
    with school(tmp_path, monkeypatch) as talk:
        particular(talk)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OMAR, ROOM, "Thank you for the lovely assembly.")
        talk.at(on(24, 16))
        [digest] = talk.mail_for("khan@oakfield.example")
        assert "Which book" not in digest.text
        assert len(talk.links(digest, "r")) >= 2
        for row in rows(talk, t.messages):
            assert row.spool_id in digest.text
        assert talk.gateway.audit().endings == {str(Ending.DELIVERED): 2}


def test_a_list_whose_words_cannot_be_sent_names_the_numbers_only(tmp_path, monkeypatch):
    with school(tmp_path, monkeypatch) as talk:
        particular(talk)
        talk.write("stranger@elsewhere.example", ROOM, "Which book should Ben bring?")
        talk.at(on(24, 10))
        [listed] = talk.mail_for(OFFICE)
        [row] = rows(talk, t.messages)
        assert row.spool_id in listed.text
        assert "stranger" not in listed.text
        assert talk.gateway.audit().faults == ()
