"""When has one calendar month passed, within which the law wants an answer about records?"""

from __future__ import annotations

import calendar
from datetime import date


def a_month_after(day: date) -> date:
    """Return the same date of the next month, or that month's last day where it has none.

    So a request "without undue delay and in any event within one month of receipt" is counted
    (UK GDPR, article 12(3)).
    """
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
