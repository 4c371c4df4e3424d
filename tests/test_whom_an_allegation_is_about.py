"""Whom is an allegation about? Role by role and name by name, by the roster."""

from dataclasses import replace

import pytest

from rules.message import Content, Originator, TextView
from rules.people import Directory, Guardian, Link, Role, SchoolClass, Staff
from rules.subject import Subject, subject_of
from rules.topics import Evidence


def staff(staff_id, name, *roles):
    return Staff(staff_id, name, f"{staff_id}@oakfield.example", frozenset(roles))


HEAD = staff("head", "Mrs Castellan", Role.HEAD, Role.SLT)
DSL = staff("dsl", "Mrs Adeyemi", Role.DSL)
DEPUTY = staff("deputy", "Mr Osei", Role.DEPUTY_DSL, Role.SLT)
SENCO = staff("senco", "Ms Ito", Role.SENCO)
OFFICE = staff("office", "School office", Role.OFFICE)
CHAIR = staff("chair", "Dr Vaughan-Reid", Role.CHAIR)
KHAN = staff("khan", "Miss Khan", Role.TEACHER)
LLOYD = staff("lloyd", "Mr Lloyd", Role.TEACHER)
HUGHES = staff("hughes", "Mr Gareth Hughes", Role.TEACHER)
O_BRIEN = staff("obrien", "Miss O'Brien", Role.TEACHER)
HILL_1 = staff("hill1", "Mrs Hill", Role.TEACHER)
HILL_2 = staff("hill2", "Miss Hill", Role.TEACHER)
PETERS = staff("peters", "Sarah Peters", Role.TEACHER)
LEADS = (HEAD, DSL, DEPUTY, SENCO, OFFICE, CHAIR)
ALL = (*LEADS, KHAN, LLOYD, HUGHES, O_BRIEN, HILL_1, HILL_2, PETERS)
ROOM_3B = SchoolClass("3b", "3B", "3b@oakfield.example", (KHAN,))
ROOM_5A = SchoolClass("5a", "5A", "5a@oakfield.example", (LLOYD,))
AMINA = Guardian("amina", "Amina Okoro", (Link("ben", "Ben Okoro", ("3b",)),))
DIRECTORY = Directory("Oakfield", ROOM_3B, (ROOM_3B,), (AMINA,), leads=LEADS, in_post=ALL)


def about(text, directory=DIRECTORY, room=ROOM_3B, said="", subject=""):
    """Return whom `text` is about; `said` are the words that made it an allegation."""
    start = f"{subject}\n{text}".find(said) if said else 0
    evidence = Evidence("allegation", start, start + max(len(said), 1), said, "test")
    content = Content(Originator("single", "amina@parent.example"), subject, text, text)
    return subject_of(content, (evidence,), directory, room)


def named(text, *arguments, **changes):
    found = about(text, *arguments, **changes)
    assert found.is_known
    return found.staff_ids


NOBODY_KNOWN = (frozenset({"khan"}), False)


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("The head slapped Ben.", {"head"}),
        ("Our headteacher shook him.", {"head"}),
        ("The head teacher locked him in a room", {"head"}),
        ("it was the headmistress who grabbed him", {"head"}),
        ("she is scared of the head", {"head"}),
        ("The DSL has been texting my daughter.", {"dsl"}),
        ("the safeguarding lead pushed her", {"dsl"}),
        ("The designated safeguarding lead hit him.", {"dsl"}),
        ("the deputy safeguarding lead hit him", {"deputy"}),
        ("The deputy hit him.", {"deputy"}),
        ("The deputy head dragged him out.", {"deputy"}),
        ("the assistant headteacher grabbed him", {"deputy"}),
        ("The SENCo slapped Ben", {"senco"}),
        ("the special needs coordinator pinched her", {"senco"}),
        ("The receptionist swore at Ben.", {"office"}),
        ("the lady in the office grabbed his arm", {"office"}),
        ("The chair of governors touched her.", {"chair"}),
        ("Ben's teacher hit him.", {"khan"}),
        ("her teacher screams in her face", {"khan"}),
        ("My son's class teacher pulled his hair", {"khan"}),
        ("Our class teacher pushed Ben over.", {"khan"}),
        ("The teacher slapped him", {"khan"}),
        ("miss slapped me on the hand", {"khan"}),
    ],
)
def test_a_post_means_whoever_holds_it(words, whom):
    assert named(words) == whom


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("Mr Hughes hit Ben.", {"hughes"}),
        ("mr hughes hit ben", {"hughes"}),
        ("Gareth Hughes hit Ben.", {"hughes"}),
        ("Mr Gareth Hughes hit Ben", {"hughes"}),
        ("Mr G Hughes hit Ben", {"hughes"}),
        ("Mr. Hughes' temper is frightening", {"hughes"}),
        ("Mr Huges hit Ben", {"hughes"}),
        ("Mr Hugehs hit Ben", {"hughes"}),
        ("Mr H hit Ben", {"hughes"}),
        ("Mr Gareth hit Ben", {"hughes"}),
        ("Miss K pulled his hair", {"khan"}),
        ("Mrs Khan pulled his hair", {"khan"}),
        ("Miss Kahn pulled his hair", {"khan"}),
        ("Miss Khan's hand left a mark", {"khan"}),
        ("Miss OBrien grabbed her", {"obrien"}),
        ("Miss O’Brien grabbed her", {"obrien"}),
        ("Dr Vaughan Reid shouted at her", {"chair"}),
        ("Dr Vaughan-Reid shouted at her", {"chair"}),
        ("Dr Reid shouted at her", {"chair"}),
        ("Mrs Adeyemy hit him", {"dsl"}),
        ("Mrs Castellan threw a book at him", {"head"}),
        ("Castellan threw a book at him", {"head"}),
        ("Sarah Peters bit him", {"peters"}),
        ("Mrs Hill and Mr Lloyd held him down", {"hill1", "hill2", "lloyd"}),
        ("Mrs Lloyd pinched him", {"lloyd"}),
        ("Sarah the TA slapped Ben", {"peters"}),
        ("Our TA, Sarah, slapped Ben", {"peters"}),
        ("MR HUGHES HIT BEN", {"hughes"}),
    ],
)
def test_a_name_is_found_however_it_is_written(words, whom):
    assert named(words) == whom


def test_two_of_one_surname_are_both_left_out():
    assert named("Mrs Hill slapped Ben") == {"hill1", "hill2"}


@pytest.mark.parametrize(
    "words",
    [
        "One of the TAs hit Ben.",
        "A dinner lady grabbed him",
        "the supply teacher slapped him",
        "The PE teacher threw a ball at his head on purpose",
        "He was hit on the head by a member of staff, there is a bump to the head",
        "Someone hit him round the head",
        "Mr Whitcombe hit Ben",
        "Dear Miss Khan, one of the TAs hit Ben.",
        "Hi Mrs Castellan,\na TA hit Ben.",
        "I have told the head that one of the TAs hit Ben",
        "His football coach hit him",
        "One of the TAs hit him and now he will miss lunch",
        "One of the TAs slapped Ben. Mr Hughes was there.",
    ],
)
def test_where_nobody_is_known_the_readers_of_the_class_are_left_out(words):
    found = about(words)
    assert (found.staff_ids, found.is_known) == NOBODY_KNOWN


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dear Mrs Castellan,\n\nMr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("Dear Mrs Castellan and Mrs Adeyemi,\nMr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("hi mrs castellan mr hughes hit ben", "mr hughes hit ben"),
        ("Mr Hughes hit Ben. I told Mrs Adeyemi and the head.", "Mr Hughes hit Ben"),
        ("Mr Hughes hit Ben. Please can the head ring me?", "Mr Hughes hit Ben"),
        ("Mr Hughes hit Ben. I want to see the headteacher.", "Mr Hughes hit Ben"),
        ("I want to make a complaint to the head. Mr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("Mr Hughes hit Ben on the head.", "Mr Hughes hit Ben"),
        ("Dear Headteacher\n\nMr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("To the head teacher,\nMr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("FAO the headteacher: Mr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("Dear Mrs Castellan (headteacher),\nMr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("Dear Mrs Castellan, Mr Hughes is a bully. He hit Ben.", "He hit Ben"),
        ("Hi Mr Hughes has a temper and he hit Ben", "he hit Ben"),
        ("Could you pass this to Mrs Castellan please. Mr Hughes hit Ben.", "Mr Hughes hit Ben"),
        ("Mr Hughes hit Ben. Mrs Adeyemi saw it and comforted him.", "Mr Hughes hit Ben"),
        ("Mr Hughes hit Ben. My husband Mr Lloyd saw the mark.", "Mr Hughes hit Ben"),
    ],
)
def test_whom_it_is_addressed_to_or_who_was_told_is_not_whom_it_is_about(words, said):
    assert named(words, said=said) == {"hughes"}


def test_whom_a_letter_calls_you_is_whom_it_is_about():
    assert named("Dear Miss Khan, you hit my son.", said="you hit my son") == {"khan"}
    text = "Dear Mrs Castellan, you slapped Ben."
    assert "head" in named(text, said="you slapped Ben")


def test_a_name_that_only_stands_beside_a_fear_is_still_left_out():
    assert named("Ben does not want to see Mr Hughes again.") == {"hughes"}
    assert named("She is too scared to tell Mr Hughes.") == {"hughes"}


def test_whom_a_parent_told_to_stop_is_whom_it_is_about_where_nobody_else_is():
    assert named("I told Mr Hughes to stop but he slapped Ben again") == {"hughes"}
    assert named("I asked Mr Hughes why he slapped Ben and he laughed") == {"hughes"}


def test_the_subject_of_the_mail_counts_too():
    assert named("He grabbed Ben's arm.", subject="Mr Hughes") == {"hughes"}


def test_a_parent_who_shares_a_surname_with_the_lead_keeps_nobody_from_it():
    parent = Guardian("a", "Ola Adeyemi", (Link("tobi", "Tobi Adeyemi", ("3b",)),))
    directory = replace(DIRECTORY, guardians=(parent,))
    text = "Mr Hughes hit Tobi Adeyemi.\n\nThanks,\nMrs Adeyemi"
    assert named(text, directory, said="Mr Hughes hit Tobi") == {"hughes"}
    assert named("Mrs Adeyemi hit Tobi.", directory, said="Mrs Adeyemi hit Tobi") == {"dsl"}
    assert named("Mr Hughes hit him. Mr Adeyemi is upset.", directory) == {"hughes"}


def test_staff_who_write_about_a_colleague_are_not_whom_it_is_about():
    directory = replace(DIRECTORY, guardians=(), staff=(LLOYD,), addressed_class=None, classes=())
    text = "I saw the head slap a child today.\n\nMr Lloyd"
    assert named(text, directory, None, said="the head slap a child") == {"head"}


def test_a_quoted_letter_counts_only_where_the_allegation_stands_in_it():
    said = Evidence("allegation", -1, -1, "Mr Hughes hit Ben", "test")
    views = (
        TextView("quoted", "On Monday Mr Hughes hit Ben."),
        TextView("quoted", "Sports day is on Friday. Mrs Castellan, Headteacher"),
    )
    content = Content(Originator("single"), "Fwd", "Please see below.", "", views)
    assert subject_of(content, (said,), DIRECTORY, ROOM_3B) == Subject(frozenset({"hughes"}), True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MR HUGHES HIT BEN", "MR HUGHES HIT BEN"),
        ("mr hughes hit ben", "mr hughes hit ben"),
        ("Mr Hughes. He slapped Ben", "He slapped Ben"),
        ("Mr hughs has been messaging my daughter", "messaging my daughter"),
    ],
)
def test_he_who_is_named_loudly_or_alone_or_misspelt_is_found(text, said):
    assert named(text, said=said) == {"hughes"}


@pytest.mark.parametrize("space", [" ", "\n", "\t"])
@pytest.mark.parametrize("word", ["head", "the head", "deputy", "assistant", "deputy head"])
def test_a_text_of_nothing_but_spaces_behind_a_post_is_read_once(word, space):
    # Read over and over it would take the better part of a minute each.
    padded = word + space * 49_000
    assert about(f"{padded}hit him").staff_ids is not None
    assert named(f"The head{space * 200}teacher slapped Ben.") == {"head"}
