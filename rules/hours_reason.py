"""May these words stand as the reason of a change, or do they say a part of the change itself?

Families read the reason, so no address may stand in it.
"""

from __future__ import annotations

import re

from rules.hours_times import NotSaid, plain
from rules.wording import DAYS, MONTHS

_HOLIDAYS = re.compile(
    r"\b(?:good friday|(?:easter|whit|bank holiday) monday|easter sunday|shrove tuesday"
    r"|pancake tuesday|ash wednesday|maundy thursday)\b"
)
_WEEKDAY = "|".join(f"{name[:3].casefold()}|{name.casefold()}s?" for name in DAYS)
_MONTH = "|".join(f"{name[:3].casefold()}[a-z]*" for name in MONTHS)
_DAY_OR_TIME = re.compile(
    rf"\b(?:{_WEEKDAY}|tues|weds|thurs?|today|tomorrow|tonight|daily|weekly|every|each|noon"
    rf"|midday|until|till|from|next week|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})"
    rf"|(?:{_MONTH}) \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,4}}[:./-]\d{{1,2}}"
    r"|\d{1,2} ?[ap]\.?m|\d+ o'?clock)\b"
)
_WHOM = re.compile(
    r"\bcover(?:s|ed|ing)?\b|\bfor (?:everybody|everyone|us all|all(?: the)? (?:staff|teachers))\b"
)
_TAKEN_BACK = re.compile(
    r"\b(?:cancell?ed|called off|postponed|ignore|unless|only if|maybe|perhaps)\b|\?"
)


def check_reason(why: str) -> None:
    """Refuse a reason that holds an address, or what belongs into the line before it.

    Raises:
        NotSaid: it does, in words for its writer.
    """
    words = _HOLIDAYS.sub("", plain(why))
    if "@" in words:
        raise NotSaid("An address stands in the reason, which families read. Please leave it out.")
    if _DAY_OR_TIME.search(words):
        raise NotSaid("A day or a time stands in the reason. Please write it before the reason.")
    if _WHOM.search(words):
        raise NotSaid("Whom it is about stands in the reason. Please write it before the reason.")
    if _TAKEN_BACK.search(words):
        raise NotSaid("The reason says that the line may not hold. Please write what does.")
