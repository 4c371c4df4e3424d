"""A teacher's answer on its way: when it leaves, what goes with it, and what keeps it back."""

import json
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from sqlalchemy import select

from gateway.store.schema import messages, outbox
from gateway.work.kept_back import keep_back
from rules.sendnow import asks_to_send_now, sends_as_it_is, without_orders
from tests.installation import DSL, authenticated
from tests.shared import DATA
from tests.test_a_conversation import AMINA, KHAN, ROOM, on, talking

VECTORS = [
    json.loads(line)
    for line in (DATA / "vectors" / "auto_response.jsonl").read_text("utf-8").splitlines()
]
OPEN, EVENING, MORNING = on(24, 15, 31), on(24, 21), on(25, 8, 5)


@pytest.fixture
def talk(tmp_path):
    with talking(tmp_path) as found:
        found.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
        found.at(OPEN)
        yield found


def reply_address(talk):
    return talk.reply_address(talk.mail_for(KHAN)[0])


def answers(talk):
    return [mail for mail in talk.mail_for(AMINA) if ROOM in str(mail.message["From"]) and (
        "just reply to this mail" in mail.text)]  # fmt: skip


@pytest.mark.parametrize("line", ["send now", "Send now.", "  SEND NOW!", "Please send now"])
def test_the_first_line_send_now_is_an_order_and_not_part_of_the_answer(line):
    assert asks_to_send_now(f"\n{line}\n\nThe blue one.")
    assert without_orders(f"\n{line}\n\nThe blue one.") == "The blue one."


@pytest.mark.parametrize(
    "text", ["Please send now and then a note.", "The blue one.\nSend now", ""]
)
def test_send_now_elsewhere_is_no_order(text):
    assert not asks_to_send_now(text)
    assert without_orders(text) == text


def test_send_as_it_is_may_stand_beside_send_now():
    text = "Send now\nSend as it is.\nKai has it."
    assert asks_to_send_now(text)
    assert sends_as_it_is(text)
    assert without_orders(text) == "Kai has it."


def test_an_answer_written_in_the_evening_leaves_at_the_next_opening(talk):
    talk.at(EVENING)
    talk.write(KHAN, reply_address(talk), "The blue one.")
    assert not answers(talk)
    talk.at(MORNING)
    assert [mail.at >= on(25, 8) for mail in answers(talk)] == [True]


def test_send_now_lets_an_evening_answer_leave_without_that_line(talk):
    talk.at(EVENING)
    talk.write(KHAN, reply_address(talk), "Send now.\n\nThe blue one.")
    [answer] = answers(talk)
    assert "The blue one." in answer.text
    assert "Send now" not in answer.text


def test_an_answer_is_kept_back_when_the_parent_writes_again_before_it_leaves(talk):
    talk.at(EVENING)
    talk.write(KHAN, reply_address(talk), "The blue one.")
    message_id = talk.write(AMINA, ROOM, "We have found it, thank you.", subject="Reading book")
    gateway = talk.gateway
    with gateway.store.begin() as connection:
        row = connection.execute(select(messages).where(messages.c.message_id == message_id)).one()
        school = gateway.stage.program.school
        now = gateway.clock.now()
        text = keep_back(connection, school, row.thread_id, row.spool_id, now)
        states = connection.execute(select(outbox.c.state).where(outbox.c.kind == "answer"))
        # Whoever settled the newer message may have done it already.
        assert text in ("The blue one.", None)
        assert states.scalars().all() == ["withdrawn"]
    talk.at(MORNING)
    assert not answers(talk)


def test_an_answer_to_what_the_parent_has_added_to_meanwhile_comes_back_to_the_teacher(talk):
    talk.at(EVENING)
    talk.write(AMINA, ROOM, "We have found it, thank you.", subject="Reading book")
    talk.write(KHAN, reply_address(talk), "The blue one.")
    talk.at(MORNING)
    assert not answers(talk)
    shown = [mail for mail in talk.mail_for(KHAN) if mail.at > EVENING]
    assert any("has written again" in mail.text for mail in shown)
    assert any("The blue one." in mail.text for mail in shown)


def test_an_answer_is_kept_back_when_the_message_becomes_the_leads(talk):
    raise_it = talk.links(talk.mail_for(KHAN)[0], "a")[-1]
    talk.at(EVENING)
    talk.write(KHAN, reply_address(talk), "The blue one.")
    talk.write(KHAN, raise_it, "")
    assert talk.mail_for(DSL)
    talk.at(MORNING)
    assert not answers(talk)


def test_an_answer_sent_twice_under_two_message_ids_goes_once(talk):
    talk.write(KHAN, reply_address(talk), "The blue one.")
    talk.write(KHAN, reply_address(talk), "The blue one.\n")
    assert len(answers(talk)) == 1
    talk.write(KHAN, reply_address(talk), "And the red one.")
    assert len(answers(talk)) == 2


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_no_automatic_mail_of_a_teacher_is_relayed(shared_talk, vector):
    talk, address = shared_talk
    fields = [line for line in vector["headers"] if not line.startswith(("From:", "To:", "Ret"))]
    fields = [line.replace("<1@", f"<{vector['id']}@") for line in fields]
    path = next(line for line in vector["headers"] if line.startswith("Return-Path"))
    reverse_path = "" if "<>" in path else KHAN
    head = "\r\n".join((f"From: {KHAN}", f"To: {address}", *fields))
    body = f"I am away, {vector['id']}."
    octets = authenticated("oakfield.example") + f"{head}\r\n\r\n{body}\r\n".encode()
    talk.gateway.stage.submit(reverse_path, [address], octets)
    talk.gateway.stage.settle()
    relayed = any(body in mail.text for mail in talk.mail_for(AMINA))
    # What is told by its address alone is a teacher's here: the address is a teacher's.
    by_address = vector["id"] in {f"auto-response-{n:03}" for n in (*range(23, 30), 41)}
    assert relayed is (vector["class"] in ("human", "no_reply") or by_address)


@pytest.fixture(scope="module")
def shared_talk(tmp_path_factory):
    with talking(tmp_path_factory.mktemp("vectors")) as found:
        found.write(AMINA, ROOM, "Which book should Ben bring?", subject="Reading book")
        found.at(OPEN)
        yield found, reply_address(found)


def test_small_safe_files_go_with_the_answer_and_the_teacher_is_told_of_the_others(talk):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = KHAN, reply_address(talk), "Re: book"
    message["Message-ID"] = "<files@oakfield.example>"
    message.set_content("Here is the list.")
    message.add_attachment(b"%PDF-1.4 list", "application", "pdf", filename="words.pdf")
    message.add_attachment(b"MZ\x90", "application", "octet-stream", filename="game.exe")
    message.add_attachment(
        b"\x89PNG" + bytes(900), "image", "png", filename="logo.png", disposition="inline"
    )
    octets = authenticated("oakfield.example") + bytes(message)
    talk.gateway.stage.submit(KHAN, [reply_address(talk)], octets)
    talk.gateway.stage.settle()
    [answer] = answers(talk)
    names = [part.get_filename() for part in answer.message.walk() if part.get_filename()]
    assert names == ["words.pdf"]
    subject = "files were not sent"
    told = [mail for mail in talk.mail_for(KHAN) if subject in str(mail.message["Subject"])]
    assert ["game.exe" in mail.text and "logo" not in mail.text for mail in told] == [True]
