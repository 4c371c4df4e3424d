"""Is a text in a language that no topic pack reads?

Judged by the letters, and in Latin letters by the commonest small words of the languages that
packs read: where hardly any stands, nobody here listens. Short texts are given the benefit of
the doubt; what is kindred to a language that is read may pass for it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

from rules.familiar import FAMILIAR_WORDS

# Enough that the share of small words says something; "Ok, dziękuję bardzo!" does not.
_LEAST_WORDS = 6
# Of a text's words, those that are among the commonest of one language: 0.3 to 0.5 in plain prose,
# and under 0.15 where two languages only share a few short words.
_LEAST_SHARE = 0.17
_MOST_LOOKED_AT = 400  # words; nobody changes language later than that
_READ_SCRIPTS = frozenset({"LATIN", "ARABIC", "BENGALI", "GURMUKHI", "CYRILLIC"})
# Letters that settle it: of Urdu among those who write Arabic letters, of Persian, Pashto and
# Kurdish; of Ukrainian, and of Russian, Belarusian, Bulgarian, Serbian and Macedonian.
_URDU = frozenset("ےںٹڈڑھۓہ")
_OTHER_ARABIC = frozenset("پچژگۆێڕڵښږټډڼۍۀ")
_UKRAINIAN = frozenset("іїєґ")
_OTHER_CYRILLIC = frozenset("ыэёъўјљњћђџѓќѕқғңүұһө")

_SMALL: Mapping[str, str] = {
    "en": "the and is are was were to of in on for with that this it he she his her him you "
    "your my we our they them be been has have had not but at from as will would can "
    "could please hi hello dear thanks thank today tomorrow school just what when if "
    "so do does did dont its hes shes miss there their who how about any all up out u "
    "ur pls thx 2day off home sick ill",
    "pl": "nie się sie jest na że ze do jak ale czy dla mnie moja mój moj syn córka corka "
    "dziś dzis proszę prosze dziękuję dziekuje dzień dzien dobry będzie bedzie ma "
    "jutro szkoły szkoly szkole pani pan od po przez oraz tylko bardzo jego jej był "
    "byl była byla dziecko lekcje mam i w z o",
    "ro": "nu este și si că ca să sa la pe cu în in din pentru mai sunt fiul meu fiica mea "
    "vă va rog mulțumesc multumesc bună buna ziua azi astăzi astazi mâine maine "
    "școală scoala are fost doar copilul dacă daca îmi imi lui ei el ea de un o",
    "uk": "не на що це та у в і з до як але чи для мене мій моя син донька сьогодні завтра "
    "школа школи школу школі будь ласка дякую добрий день буде вона він його її був "
    "була за по від",
    "pt": "não nao o a os as que de do da em no na para com um uma por é e foi está esta "
    "meu minha filho filha hoje amanhã amanha escola obrigado obrigada bom dia ele "
    "ela seu sua mas se vai ser",
    "es": "no el la los las que de del en un una por para con es se su sus mi hijo hija hoy "
    "mañana manana escuela colegio gracias buenos días dias hola está esta él ella "
    "pero va le lo me como muy",
    "fr": "ne pas le la les que qui de du des en un une pour avec est et se son sa ses mon "
    "ma fils fille aujourd hui demain école ecole merci bonjour il elle mais je vous "
    "nous au aux ce cette très",
    "de": "nicht der die das und ist zu in den dem mit für fur auf ein eine mein meine sohn "
    "tochter heute morgen schule danke bitte guten tag er sie ich wir aber war hat "
    "haben wird kann im von",
    "hu": "nem a az és es hogy van volt ma holnap fiam lányom lanyom iskola iskolába "
    "iskolaba kérem kerem köszönöm koszonom jó napot ő is egy meg de már csak lesz "
    "lehet kell mert beteg",
    "lt": "ne ir yra kad su į i iš is bet ar mano sūnus sunus dukra šiandien siandien rytoj "
    "mokykla mokyklą mokykloje prašau prasau ačiū aciu laba diena jis ji buvo bus nuo "
    "dėl del tik labai serga",
    "cy": "yn y yr a i o ar mae ei eu fy mab merch heddiw yfory ysgol diolch bore da ddim "
    "nid dydy wedi bod am gan gyda os gwelwch dda bydd oedd hi fe ond",
    "so": "waa ayay ayuu ayaa soo noo way maa waan wuu guriga macallin dhakhtarku ma oo iyo "
    "ka ku u la wiilkayga gabadhayda maanta berri iskuulka dugsiga fadlan mahadsanid "
    "inuu inay wuxuu waxay waxaan ilmaha buka jiran qabaa isaga iyada ah aan",
    "ur-Latn": "nahi nahin hai hain ka ki ke ko se mein main aur mera meri beta beti aaj kal "
    "school shukriya meherbani salam assalam tha thi wo woh yeh ye bohat par liye kya "
    "rahi raha gaya ho",
    "pa-Latn": "nahi hai da di de nu nun vich te mera meri munda kudi ajj kal sat sri akal ji oh "
    "eh tusi tuhada asi ohi ohdi ohne ch ton naal ghar din bahut si bimar aauga aaugi "
    "kar reha rehi",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_ENGLISH = _SMALL_WORDS["en"] | FAMILIAR_WORDS


def is_in_no_language_read(text: str) -> bool:
    """Tell whether `text`, the author's own words, is in a language that no pack listens in."""
    words = _words(text)
    scripts = Counter(map(_script, words))
    if not scripts:
        return False
    script, count = scripts.most_common(1)[0]
    letters = frozenset("".join(words))
    if script not in _READ_SCRIPTS:
        return not scripts.keys() & _READ_SCRIPTS or 2 * count > len(words)
    if len(words) < _LEAST_WORDS or script in ("BENGALI", "GURMUKHI"):
        return False
    if script == "ARABIC":
        return not letters & _URDU and bool(letters & _OTHER_ARABIC)
    if script == "CYRILLIC":
        return not letters & _UKRAINIAN and bool(letters & _OTHER_CYRILLIC)
    return _share(words) < _LEAST_SHARE


def _share(words: list[str]) -> float:
    """Return how much of `words` the small words of the likeliest language are."""
    # Many of what a parent writes are English nouns, in any language but those of strangers.
    found = [sum(word in small for word in words) for small in _SMALL_WORDS.values()]
    return max(*found, sum(word in _ENGLISH for word in words)) / len(words)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in text.lower().split()[:_MOST_LOOKED_AT]:
        if "@" in word or "//" in word:
            continue
        bare = "".join(letter for letter in word if letter.isalpha())
        if bare:
            found.append(bare)
    return found


def _script(word: str) -> str:
    return unicodedata.name(word[0], "").partition(" ")[0]
