"""What one family wrote never leaves in an answer to another."""

from hypothesis import given
from hypothesis import strategies as st

from rules.canary import carries_foreign_words, names_somebody_else
from tests.staged import staged
from tests.talk import Talk
from tests.test_a_conversation import AMINA, FAMILIES, KHAN, OMAR, ROOM, STAFF, on

SECRET = "we are moving to a flat in Harrow next week because of his father"
words = st.lists(st.sampled_from("abcdefgh"), min_size=6, max_size=12).map(" ".join)


def test_six_words_in_a_row_of_another_family_are_found_however_they_are_set():
    assert carries_foreign_words(f"Dear all,\n\n    {SECRET.upper()}\n", (), (SECRET,))
    assert not carries_foreign_words("See you next week at the fair.", (), (SECRET,))


@given(words)
def test_words_that_stand_in_the_conversation_itself_are_nobody_elses(text):
    assert not carries_foreign_words(text, (text,), (text,))


def test_a_full_name_of_another_family_is_found_and_a_shared_first_name_is_not():
    assert names_somebody_else("Please ask Kai Lund.", ("Ben Okoro",), ("Kai Lund",))
    assert not names_somebody_else("Please ask Kai.", ("Ben Okoro",), ("Kai Lund",))
    assert not names_somebody_else("Ben Okoro is well.", ("Ben Okoro",), ("Ben Okoro",))


def test_an_answer_with_another_familys_words_comes_back_to_the_teacher(tmp_path):
    with staged(tmp_path, on(24, 9), STAFF, FAMILIES) as gateway:
        talk = Talk(gateway)
        talk.write(AMINA, ROOM, "Which book should Ben bring?")
        talk.write(OMAR, ROOM, f"Please keep this to yourself: {SECRET}.")
        talk.at(on(24, 15, 31))
        address = talk.links(talk.mail_for(KHAN)[0], "r")[0]
        talk.write(KHAN, address, f"The blue one.\n\n    Please keep this: {SECRET}.\n")
        assert all("Harrow" not in mail.text for mail in talk.mail_for(AMINA))
        assert any("was not sent" in str(m.message["Subject"]) for m in talk.mail_for(KHAN))
