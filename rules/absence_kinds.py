"""What does a parent say of attendance: absent, late, leaving early, a leave asked for, a question?

Only when the words say so. That somebody is ill says it of no child: "Poppy poorly" has no
kind. A brother at another school and a parent's own day are left out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from rules.absence_text import Span, clauses


class Kind(StrEnum):
    """What the office enters; the value is what a person reads."""

    ABSENT = "absent"
    WAS_ABSENT = "was absent"
    LATE = "late"
    LEAVES = "leaving early"
    LEAVE_ASKED = "leave asked for"
    QUESTION = "a question about attendance"


_WHOM = r"(?:him|her|them|[^\W\d_]+)"
_NOT_IN = (
    r"(?:won'?t|wont|will not|'ll not|not|can'?t|cannot|isn'?t|aren'?t|unable to|(?:he|she) no)"
)
_ABSENT = re.compile(
    rf"\b{_NOT_IN} (?:now |going to |gonna |be able to |able to )?(?:be |make it |come |coming "
    rf"|get |go "
    rf"|going |attend |attending )?(?:in\b(?! the (?:mood|same))|into school|to school"
    rf"|at school|school\b"
    rf"|attend(?:ing)?\b|here\b)"
    rf"|\b(?:not|won'?t be) (?:attending|coming)\b|\bno \w+ today\b|\bno come\b"
    rf"|\bmiss(?:ing)? school\b"
    rf"|\b(?:is|are|am|be|'s|s|re|'re|thats|stays?|stay(?:ing)?|was|been|still) (?:\w+ )?off\b"
    rf"(?! (?:the|to|on a|his|her|their|in a|with (?:his|her) (?:bag|coat)))"
    rf"|\boff (?:today|tomorr?ow|sick|school|ill|poorly|till?|until|for)\b|\bof them (?:are )?off\b"
    rf"|(?:^|[.!?,] ?)\w+ off(?=[.!,]|$)"
    rf"|\bno school for\b|\bisolating\b|\bdidn'?t send \w+ in\b"
    rf"|\bmiss (?:\w+ )?(?:morning|afternoon)\b"
    rf"|\babsent\b|\bneither (?:will be|is|are|of them (?:will|is)) in\b"
    rf"|\b(?:won'?t|not) be back (?:un)?till?\b|\bexcuse \w+(?:'s)? absence\b"
    rf"|\bkeep(?:ing)? {_WHOM}(?: \w+)? (?:at )?(?:home|off)\b"
    rf"|\bkeep(?:ing)? (?:at )?home\b"
    rf"|\b(?:stay(?:s|ing)?|remain(?:s|ing)?|is|kept) (?:at )?home\b|\bat home today\b"
    rf"|\bhaving (?:a|the) day off\b"
    rf"|\b(?:we are|we're|we'll be|they are|will be|he is|she is) away\b|\bnot sending {_WHOM}\b"
    rf"|\b(?:will|'ll|going to|to) miss (?:the |his |her )?(?:school|(?:the )?(?:morning"
    rf"|afternoon|day|first"
    rf"|last|whole)\b)|\bkeep(?:ing)? {_WHOM} in\b|\bdidn'?t (?:go|come) in\b",
    re.IGNORECASE,
)
_WAS = re.compile(
    r"\bexcuse \w+(?:'s)? absence\b|\b(?:was|were|had been|been) (?:\w+ )?(?:off|absent|away"
    r"|ill|sick|poorly|kept|not in)\b"
    r"|\babsence (?:yesterday|last|on)\b|\bdidn'?t (?:come|go|make it) (?:in|to)\b"
    r"|\b(?:yesterday|last (?:week|month|mon|tue|wed|thu|fri))",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:un)?till?\b|\bfrom (?:today|tomorrow)\b"
    r"|\b(?:won'?t|wont|will|'ll|today|tomorr?ow|2day|tonight|this (?:morning|afternoon)|again"
    r"|is (?:still )?off|not in|isn'?t|still off|going to|gonna|keeping)\b|n'?t be\b",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"\b(?:be|running|arriv\w+|in|coming|bit|little|slightly|mins?|minutes|so|thoda"
    r"|are) (?:\w+ )?late\b"
    r"|\blate (?:in|this|today|tomorrow|start|arriv\w+|for school|because|due)\b|\boverslept\b"
    r"|\bbe there (?:at|by) \d"
    r"|\bon our way\b"
    r"|\b(?:be|come|back) (?:in|at|to) school (?:after|later|by|at|about|around)\b"
    r"|\bwill be (?:there|in|at school) (?:by|at about|about|around|for)\b"
    r"|\bwe'?ll be there (?:by|in|at)\b"
    r"|\bbring(?:ing)? (?:him|her|them|\w+) (?:\w+ )?(?:straight |back )?(?:in|to school"
    r"|school)? ?(?:in )?"
    r"(?:after|later|by|at|about|for|maybe)\b|\b(?:be|come) in (?:later|after|by|at|about|around) "
    r"|\brunning \d+ min\w* (?:late|behind)\b|\bdrop(?:ping)? (?:him|her|them"
    r"|\w+) (?:off )?(?:\w+ )?(?:at|after|by|later|around|about)\b",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    r"\bleav(?:e|es|ing) (?:\w+ )?(?:early|at|by|before|after|around|about|school)\b(?! (?:a|me"
    r"|my) )"
    r"|\b(?:collect|fetch)(?:ed|ing|s)? (?:\w+ ){0,4}?(?:at|early|by|before|from the office"
    r"|around|about)\b"
    r"|\bpick(?:ed|ing)? (?:\w+ ){0,3}up (?:\w+ )?(?:at|early|by|before|around|about"
    r"|from the office)\b"
    r"|\bpick(?:ed|ing)? up (?:\w+ ){0,2}(?:at|early|by|before|around|about)\b"
    r"|\b(?:take|taking|get|getting|have) (?:\w+ ){1,3}out (?:\w+ ){0,2}(?:at|early|by|before)\b"
    r"|\bat the office (?:at|by|to (?:fetch|collect|get)|for)\b|\bfinish(?:ing)? early\b"
    r"|\bearly (?:pick|collect)\w*"
    r"|\b(?:getting|get) (?:him|her|them) (?:at|from)\b"
    r"|\b(?:there|office) (?:at [\d.:]+ )?for (?:him|her|them|[^\W\d_]+) at\b"
    r"|\bthere for (?:him|her|them) at\b",
    re.IGNORECASE,
)
_AT_HOME_TIME = re.compile(
    r"\b(?:at|by) (?:3|15)[.:][1-5]\d\b(?!.*\bearly\b)|\bas (?:usual|normal)\b|\bhome ?time\b",
    re.IGNORECASE,
)
_LEAVE_ASKED = re.compile(
    r"\b(?:request|apply|applying|ask|asking|permission|authoris\w+"
    r"|authoriz\w+)\b[^.?!\n]{0,40}\b(?:leave"
    r"|absence|time off|days? off|to (?:take|be off))\b|\bleave of absence\b|\bterm[ -]?time\b"
    r"|\bauthori[sz]ed (?:absence|leave)\b|\b(?:(?:can|could|may)(?! you\b)|would it be (?:ok"
    r"|possible)"
    r"|is it (?:ok|possible))"
    r"\b[^.?!\n]{0,50}\b(?:off (?:on|for|from)|day off|time off|out of school|holiday"
    r"|leave early|come in late"
    r"|miss school)\b|\b(?:like|want|need) to take \w+ out (?:of|from) school\b"
    r"|\btake \w+ out of school\b|\blike to request\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\b(?:register|attendance|absences?|absent|unauthori[sz]ed|authori[sz]ed|lates|late marks?"
    r"|fine|penalty"
    r"|marked|certificate|days? off|minutes late)\b",
    re.IGNORECASE,
)
_ABOUT_IT = r"(?:attendance|absen\w+|lates|unauthori[sz]ed|fine|register|not in school)"
_LETTERS = re.compile(
    rf"\b(?:letter|notice|text|message|app|says)\b[^\n]{{0,80}}\b{_ABOUT_IT}\b"
    rf"|\b{_ABOUT_IT}\b[^\n]{{0,80}}\b(?:letter|recorded|corrected?|put right|check|look into)\b"
    r"|\b(?:check|correct|look (?:at|into)|put right)\b[^\n]{0,40}\b(?:register|attendance|lates)\b"
    r"|\bpenalty notice\b|\blate marks?\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:(?:his|her|their|my|our|\w+'s) (?:\w+ )?(?:brother|sister|sibling|cousin|mum|mam|mom"
    r"|mother|dad|father"
    r"|nan|nana|gran|grandma|grandad|husband|wife|partner|boss|eldest|oldest|teacher|niece"
    r"|nephew|friend)"
    r"|the baby|(?:my|the|our) (?:phone|internet|power|heating|electric\w*|boiler|water)|i am"
    r"|i'm|im|i've|i was|i will|i'll|miss \w+ (?:is|was)|mr \w+ (?:is|was)"
    r"|mrs \w+ (?:is|was))\b"
    r"(?!'s)",
    re.IGNORECASE,
)
_ENCLOSED = re.compile(r"\b(?:enclose\w*|attach\w*|got the (?:letter|email))\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:(?:and|so|or|also|but|please|if|hi|hello)\W+)*(?:(?:what|when|where|who|whom|how|why|which"
    r"|surely)\b|(?:will|can|could|is|are|am|do|does|did|would|should|may|must|shall|has|have)"
    r" (?:he|she|it|they|you|i|we|this|that|these|the|my|there|some ?one|(?-i:[A-Z])\w+)\b)",
    re.IGNORECASE,
)
_OWN_DAY = frozenset(("i am", "i'm", "im", "i've", "i was", "i will", "i'll"))
_NEGATED = re.compile(
    r"\b(?:not|isn'?t|wasn'?t|aren'?t|never|no longer|won'?t be)\s*$", re.IGNORECASE
)


def kinds_of(text: str, sentence: Span, names: frozenset[str]) -> tuple[Kind, ...]:
    """Return what one sentence says, in the order of `Kind`; `names` are the linked children's.

    `names` are lower case. A question alone ("Will he be marked absent?") reports nothing.
    """
    words = sentence.of(text)
    asks = words.rstrip(")\"' ").endswith("?")
    enclosed = _ENCLOSED.search(words)
    found: set[Kind] = set()
    if _LEAVE_ASKED.search(words):
        found.add(Kind.LEAVE_ASKED)
    if asks and Kind.LEAVE_ASKED in found:
        return (Kind.LEAVE_ASKED,)
    if (_LETTERS.search(words) and not enclosed) or (asks and _QUESTION.search(words)):
        return tuple(kind for kind in Kind if kind in found | {Kind.QUESTION})
    for clause in clauses(text, sentence):
        asked = asks and _ASKS.match(clause.of(text)) is not None
        found |= _of_a_clause(clause.of(text), words, names, asks=asked)
    if Kind.LEAVE_ASKED in found:
        found -= {Kind.ABSENT, Kind.LEAVES}
    return tuple(kind for kind in Kind if kind in found)


def _of_a_clause(clause: str, sentence: str, names: frozenset[str], *, asks: bool) -> set[Kind]:
    found: set[Kind] = set()
    absent = _ABSENT.search(clause)
    if (
        absent
        and not asks
        and not _is_elsewhere(clause, absent, names)
        and not _negated(clause, absent)
    ):
        was = _WAS.search(clause) and not _NOW.search(clause)
        found.add(Kind.WAS_ABSENT if was else Kind.ABSENT)
    late = _LATE.search(clause)
    if late and not asks and not _is_elsewhere(clause, late, names) and not _negated(clause, late):
        found.add(Kind.LATE)
    leaves = None if _AT_HOME_TIME.search(sentence) else _LEAVES.search(clause)
    if (
        leaves
        and not _negated(clause, leaves)
        and re.search(r"\d|early|lunch|noon|half|office", sentence)
    ):
        found.add(Kind.LEAVES)
    return found


def _negated(clause: str, cue: re.Match[str]) -> bool:
    return _NEGATED.search(clause, 0, cue.start()) is not None


def _is_elsewhere(clause: str, cue: re.Match[str], names: frozenset[str]) -> bool:
    """Whether the cue is said of somebody who is no child of the sender's here."""
    before = clause[: cue.end()]
    others = list(_ELSEWHERE.finditer(before))
    if not others:
        return False
    other = others[-1]
    own_day = other[0].lower() in _OWN_DAY
    between = re.findall(r"[^\W\d_]+", clause[other.end() : cue.start()])
    if own_day and (len(between) > 1 or re.match(r"keep|not sending|bring|drop", cue[0], re.I)):
        return False  # "I am afraid Ben is off", "I'm keeping him home"
    joined = re.search(r"\band $", clause[: other.start()], re.IGNORECASE) is not None
    after = {word.lower() for word in re.findall(r"[^\W\d_]+", clause[other.end() : cue.start()])}
    return not joined and names.isdisjoint(after) and not after & {"he", "she", "they"}
