"""The rehearsal's mail host: files what it takes, and fails only where it is asked to."""

from __future__ import annotations

import smtplib

import pytest

from gateway.rehearsal.postbox import NotThisMachine, Postbox, maildir_name

OCTETS = b"Subject: s\r\n\r\n.dot\r\nbody\r\n"


@pytest.fixture
def postbox(tmp_path):
    got = []
    box = Postbox(tmp_path, lambda *delivery: got.append(delivery))
    box.got = got
    box.start()
    yield box
    box.stop()


def send(box, recipient, reverse_path="b@elm.example"):
    with smtplib.SMTP("127.0.0.1", box.port, timeout=10) as client:
        return client.sendmail(reverse_path, [recipient], OCTETS)


def test_what_it_takes_is_in_the_maildir_of_its_address(postbox, tmp_path):
    send(postbox, "Mum@parent.example")
    (file,) = (tmp_path / "mum@parent.example" / "new").iterdir()
    assert file.read_bytes() == OCTETS
    assert list((tmp_path / "mum@parent.example" / "tmp").iterdir()) == []
    assert postbox.got == [("Mum@parent.example", "b@elm.example", OCTETS)]


def test_the_null_reverse_path_is_none(postbox):
    send(postbox, "mum@parent.example", reverse_path="")
    assert postbox.got[0][1] is None


@pytest.mark.parametrize(("tag", "code"), [("451", 451), ("550", 550), ("452", 452)])
def test_an_address_may_fail_on_purpose_each_time(postbox, tag, code):
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(postbox, f"teacher+{tag}@elm.example")
        assert [answer[0] for answer in refused.value.recipients.values()] == [code]
    assert postbox.got == []


def test_an_address_may_fail_once_only(postbox):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(postbox, "teacher+451once@elm.example")
    send(postbox, "teacher+451once@elm.example")
    assert len(postbox.got) == 1


def test_it_listens_on_this_machine_only(tmp_path):
    with pytest.raises(NotThisMachine):
        Postbox(tmp_path, host="0.0.0.0")


@pytest.mark.parametrize(
    "address", ["../../etc@x.example", "..@x.example", "a/b@x.example", "/@x", "a\\b@x.example"]
)
def test_no_address_leads_out_of_the_folder(tmp_path, address):
    name = maildir_name(address)
    assert (tmp_path / name).resolve().parent == tmp_path.resolve()
    assert not name.startswith(".")


def test_a_reader_that_fails_leaves_the_sender_to_try_again(tmp_path):
    def broken(*_delivery):
        raise RuntimeError("mum@parent.example")

    box = Postbox(tmp_path, broken)
    box.start()
    try:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(box, "mum@parent.example")
        assert refused.value.smtp_code == 451
        assert b"mum" not in refused.value.smtp_error
    finally:
        box.stop()
