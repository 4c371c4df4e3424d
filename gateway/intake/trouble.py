"""What may be written down about an unexpected error: where it arose, and never its words.

The text of a database error repeats the row, and so addresses; a traceback
shows values. Its kind and its place are enough to find the fault.
"""

from __future__ import annotations

import logging


def log_trouble(log: logging.Logger, event: str, error: BaseException, **facts: object) -> None:
    """Log `event` with the kind of `error` and the function and line that raised it."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    at = "" if frame is None else f"{frame.tb_frame.f_code.co_name}:{frame.tb_lineno}"
    log.error(event, extra={"error": type(error).__name__, "at": at, **facts})
