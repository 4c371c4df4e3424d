"""A message that nobody here listens in is known to be one; what is read is never taken for it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.tongues import is_in_no_language_read

EXAMPLES = Path(__file__).parents[1] / "rules" / "examples"


@pytest.mark.parametrize(
    "text",
    [
        "Habari mwalimu, mtoto wangu Juma ana homa kali na hataweza kuja shuleni leo. Asante sana.",
        "Chào cô, hôm nay con trai tôi bị sốt nên không đi học được. Cảm ơn cô nhiều.",
        "Merhaba hocam, oğlum bugün hasta olduğu için okula gelemeyecek. Teşekkür ederim.",
        "Buongiorno maestra, mio figlio oggi non viene a scuola perché ha la febbre.",
        "Përshëndetje mësuese, djali im është i sëmurë dhe nuk vjen sot në shkollë.",
        "Здравствуйте, мой сын заболел и сегодня не придёт в школу. Спасибо большое.",
        "سلام خانم معلم، پسرم امروز تب دارد و نمی‌تواند به مدرسه بیاید. ممنون از لطف شما.",
        "नमस्ते, मेरे बेटे को बुखार है इसलिए वह आज स्कूल नहीं आएगा। धन्यवाद।",
        "老师您好，我儿子今天发烧了，不能去学校，请假一天，谢谢。",
        "ሰላም መምህር፣ ወደይ ሎሚ ሓሚሙ ስለ ዘሎ ናብ ቤት ትምህርቲ ኣይመጽእን እዩ።",
        "Καλημέρα, ο γιος μου είναι άρρωστος και δεν θα έρθει σήμερα στο σχολείο.",
    ],
)
def test_a_language_without_a_pack_is_known_for_one(text):
    assert is_in_no_language_read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7:30",
        "❤️❤️❤️",
        "Dziękuję",
        "gg poppy poppy",
        "Running 20 mins behind. Wrong socks. You know. Meera's mum",
        "Sam ni mgonjwa",  # too short to judge
        "Dzień dobry, syn jest chory i nie będzie go dziś w szkole. Dziękuję bardzo.",
        "Добрий день, моя донька захворіла і сьогодні не прийде до школи.",
        "السلام عليكم، ابني مريض ولن يأتي إلى المدرسة اليوم. شكرا",
        "السلام علیکم، میرا بیٹا بیمار ہے آج اسکول نہیں آئے گا۔ شکریہ",
        "আমার ছেলে আজ অসুস্থ তাই স্কুলে যেতে পারবে না। ধন্যবাদ।",
    ],
)
def test_what_is_read_or_too_short_is_left_alone(text):
    assert not is_in_no_language_read(text)


def test_hardly_an_english_message_is_taken_for_a_strange_one():
    texts = [
        f"{entry['subject']}\n{entry['body']}"
        for path in sorted(EXAMPLES.glob("*.jsonl"))
        for entry in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if entry["lang"].startswith("en")
    ]
    assert len(texts) > 3000
    assert sum(map(is_in_no_language_read, texts)) <= len(texts) / 1000


@given(st.text(max_size=400))
def test_any_text_at_all_is_judged_without_failing(text):
    assert is_in_no_language_read(text) in (True, False)
