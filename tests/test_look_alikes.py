"""An address that looks like a guardian's is shown to the office as that, and never is one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.look_alikes import SHOWN_AT_MOST, KnownAddresses, look_alikes
from rules.near_spelling import letters_apart, skeleton

AMINA = "amina.okoro@parent.example"


@pytest.mark.parametrize(
    "address",
    [
        "arnina.okoro@parent.example",  # rn for m
        "amina.0koro@parent.example",
        "amina.okoro1@parent.example",
        "amina.okoro2026@parent.example",
        "amina-okoro@parent.example",
        "aminaokoro@parent.example",
        "okoro.amina@parent.example",
        "amina.okorro@parent.example",
        "amina.okor@parent.example",
        "amina.koroo@parent.example",
        "amnia.okoro@parent.example",
        "amina.okoro.home@parent.example",
        "amina.okoro+school@parent.example",
        "\u0430mina.okoro@parent.example",  # Cyrillic
        "\uff41mina.okoro@parent.example",  # full width
        "\u1d00mina.okoro@parent.example",  # small capital
        "amina.okoro@parent.test",
        "amina.okoro@parents.example",
        "amina.okoro@paremt.example",
        "amina.okoro@parent-mail.example",
        "amina.okoro@parent.example.evil.example",
        "amina.okoro@parentexample.test",
        "amina.okoro@xn--prent-8qa.example",
        "amina.okoro@evil.example",
        "amina.okoro-parent.example@evil.example",
        "amina.okoro.parent@evil.example",
    ],
)
def test_an_address_made_to_look_like_another_is_noticed(address):
    assert look_alikes(address, [AMINA, "mary.jones@parent.example"]) == (AMINA,)


@pytest.mark.parametrize(
    "address",
    [
        AMINA,  # the very address: a question of proof, not of looks
        "mary.jones@parent.example",
        "office@parent.example",
        "amina@parent.example",
        "a.okonkwo@parent.example",
        "info@evil.example",
        "not an address",
        "",
        "@",
        "@parent.example",
        "amina.okoro@",
    ],
)
def test_another_persons_address_is_not(address):
    assert look_alikes(address, [AMINA]) == ()


def test_a_local_part_that_could_be_anybodys_tells_nothing_at_another_domain():
    assert look_alikes("info@other.example", ["info@parent.example"]) == ()
    assert look_alikes("info@parents.example", ["info@parent.example"]) != ()


def test_the_nearest_come_first_and_not_more_than_three():
    known = [f"amina.okoro{number}@parent.example" for number in range(10, 20)]
    found = look_alikes("amina.okoro@parent.example", ["amina.okoro@evil.example", *known])
    assert len(found) == SHOWN_AT_MOST
    assert "amina.okoro@evil.example" not in found


GIVEN = """
    amina dana zuzanna mohammed olga piotr marianne johan priyanka chloe fatima yusuf emma
    oliver amelia noah isla george harriet leopold tunde wanjiru siobhan ngozi emeka kavita
""".split()  # noqa: SIM905 - as a list it would be a page
FAMILY = """
    okoro price kowalski hussain patel whitfield ahmed evans thornbury robertson nakamura
    adeyemi lloyd clarke morrison osei ferreira szabo delacroix mbeki jankowska oyelaran
""".split()  # noqa: SIM905 - as a list it would be a page
DOMAINS = ("parent.example", "family-mail.example", "postbox.example", "kin.co.example")


def people(count, seed):
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        local = chance.choice(
            (f"{given}.{family}", f"{given}{family}", f"{given[0]}.{family}{chance.randrange(99)}",
             f"{family}_{given}", f"{given}.{family}{chance.randrange(1960, 1999)}")
        )  # fmt: skip
        address = f"{local}@{chance.choice(DOMAINS)}"
        if address not in found:
            found.append(address)
    return found


SWAPS = {"o": "0", "l": "1", "i": "l", "e": "3", "a": "\u0430", "s": "5", "m": "rn", "w": "vv",
         "d": "cl", "c": "\u0441", "t": "\u0442", "g": "q", "u": "\u03c5",
         "n": "\u00f1"}  # fmt: skip


def variant(address, chance):
    """Return an address that a hurried reader takes for `address`."""
    local, _at, domain = address.partition("@")
    kind = chance.randrange(10)
    where = chance.randrange(1, len(local) - 1)
    if kind == 0:
        known = [char for char in local if char in SWAPS]
        char = chance.choice(known) if known else local[0]
        local = local.replace(char, SWAPS.get(char, char * 2), 1)
    elif kind == 1:
        local = local[:where] + local[where] + local[where:]
    elif kind == 2:
        local = local[:where] + local[where + 1 :]
    elif kind == 3:
        local = local[:where] + local[where + 1] + local[where] + local[where + 2 :]
    elif kind == 4:
        local = f"{local}{chance.randrange(1, 99)}"
    elif kind == 5:
        local = local.translate(str.maketrans("._", "-."))
        local = local if local != address.partition("@")[0] else f"{local[:where]}.{local[where:]}"
    elif kind == 6:
        domain = domain.rpartition(".")[0] + chance.choice((".test", ".invalid", ".com.test"))
    elif kind == 7:
        at = chance.randrange(1, domain.index(".") - 1)
        domain = domain[:at] + chance.choice("xyz") + domain[at:]
    elif kind == 8:
        domain = chance.choice((f"{domain}.evil.test", f"mail-{domain}", domain.replace(".", "-")))
        domain = domain if "." in domain else f"{domain}.test"
    else:
        domain = domain.replace("a", "\u0430", 1) if "a" in domain else f"{domain}.evil.test"
    return f"{local}@{domain}"


def test_of_a_thousand_variants_of_fifty_guardians_none_is_known_and_nearly_all_are_noticed():
    chance = random.Random(3)
    guardians = people(50, 1)
    known = KnownAddresses.of(guardians)
    made = [(one, variant(one, chance)) for one in guardians for _time in range(20)]
    made = [(one, other) for one, other in made if other not in guardians]
    assert len(made) > 980
    missed = [(one, other) for one, other in made if one not in known.like(other)]
    assert len(missed) <= len(made) * 0.05, missed


def test_ordinary_addresses_are_hardly_ever_taken_for_one_another():
    chance = random.Random(8)
    pool = people(600, 2)
    pairs = [chance.sample(pool, 2) for _time in range(5_000)]
    flagged = [pair for pair in pairs if look_alikes(pair[0], pair[1:])]
    assert len(flagged) <= 25, flagged[:20]


def test_thousands_of_addresses_are_no_burden():
    known = KnownAddresses.of(f"{number}.{one}" for number in range(100) for one in people(100, 4))
    asked = people(200, 6)
    assert sum(len(known.like(address)) for address in asked) <= SHOWN_AT_MOST * len(asked)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_stops_it_and_nothing_resembles_itself(one, other):
    assert one not in look_alikes(one, [one, other])
    assert set(look_alikes(one, [other])) <= {other}


def test_letters_apart_counts_what_a_reader_overlooks():
    assert letters_apart("okoro", "okoro", 1) == 0
    assert letters_apart("okoro", "okroo", 1) == 1
    assert letters_apart("okoro", "okor", 1) == 1
    assert letters_apart("okoro", "price", 2) is None
    assert skeleton("rnary.c1ark") == skeleton("mary.clark")
