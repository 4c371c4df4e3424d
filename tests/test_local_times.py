"""Times as a family reads them in its own language."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from gateway.mail.languages import read_language
from gateway.mail.local_times import clock_in, when_in, windows_in
from rules.policy import Span
from tests.policy_world import HOURS
from tests.translated import CODES, LONDON, NOW, at


@pytest.mark.parametrize(
    ("code", "near", "far", "next_year"),
    [
        ("pl", "dzisiaj, 15:30", "poniedziałek, 30 listopada, 08:00", "4 stycznia 2027"),
        ("ro", "astăzi, 15:30", "luni, 30 noiembrie, 08:00", "4 ianuarie 2027"),
        ("uk", "сьогодні, 15:30", "понеділок, 30 листопада, 08:00", "4 січня 2027"),
        ("fr", "aujourd’hui, 15h30", "lundi 30 novembre, 8h00", "4 janvier 2027"),
        ("es", "hoy, 15:30", "lunes, 30 de noviembre, 8:00", "4 de enero de 2027"),
        ("pt", "hoje, 15:30", "segunda-feira, 30 de novembro, 08:00", "4 de janeiro de 2027"),
        ("ur", "آج، دوپہر 3:30", "پیر، 30 نومبر، صبح 8:00", "4 جنوری 2027"),
        ("ar", "اليوم، 3:30 م", "الاثنين، 30 نوفمبر، 8:00 ص", "4 يناير 2027"),
        ("bn", "আজ, দুপুর 3:30", "সোমবার, 30 নভেম্বর, সকাল 8:00", "4 জানুয়ারী 2027"),
        ("pa", "ਅੱਜ, ਦੁਪਹਿਰੇ 3:30", "ਸੋਮਵਾਰ, 30 ਨਵੰਬਰ, ਸਵੇਰੇ 8:00", "4 ਜਨਵਰੀ 2027"),
        ("so", "maanta, 15:30", "Isniin, 30 Noofeembar, 08:00", "4 Janaayo 2027"),
        ("cy", "heddiw, 3:30 y prynhawn", "Dydd Llun, 30 Tachwedd, 8:00 y bore", "4 Ionawr 2027"),
    ],
)
def test_a_time_is_said_in_every_language(code, near, far, next_year):
    language = read_language(code)
    assert when_in(language, at("2026-11-24 15:30"), NOW, LONDON) == near
    assert when_in(language, at("2026-11-30 08:00"), NOW, LONDON) == far
    assert next_year in when_in(language, at("2027-01-04 08:00"), NOW, LONDON)


@pytest.mark.parametrize("code", CODES)
def test_noon_and_midnight_cannot_be_taken_for_each_other(code):
    language = read_language(code)
    assert clock_in(language, time(12)) == "12:00"
    assert clock_in(language, time(0)) == "00:00"
    midnight = when_in(language, at("2026-11-25 00:00"), NOW, LONDON)
    assert language.dates["tomorrow"].partition("{")[0] not in midnight


def test_yesterday_and_tomorrow_are_the_schools_days():
    polish = read_language("pl")
    just_after_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
    assert when_in(polish, at("2026-07-02 08:00"), just_after_midnight, LONDON) == "jutro, 08:00"
    assert when_in(polish, at("2026-06-30 08:00"), just_after_midnight, LONDON) == "wczoraj, 08:00"


def test_the_hour_that_happens_twice_names_its_zone():
    now = datetime(2026, 10, 25, 9, tzinfo=UTC)
    once = when_in(read_language("pl"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), now, LONDON)
    assert once == "dzisiaj, 01:30 BST"


def test_the_windows_are_said_day_by_day_only_where_they_differ():
    polish = read_language("pl")
    assert windows_in(polish, HOURS) == ("08:00–08:30", "15:30–17:00")
    short = (Span(time(8), time(8, 30)),)
    friday = replace(HOURS, windows=(*HOURS.windows[:3], (), short, (), ()))
    assert windows_in(polish, friday)[2:] == (
        "środa: 08:00–08:30 + 15:30–17:00",
        "piątek: 08:00–08:30",
    )
