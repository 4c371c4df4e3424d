"""One line for each thing that happened: an event's name and its values, never a person's words."""

from __future__ import annotations

import logging
from pathlib import Path

# What a LogRecord carries by itself; everything else came as `extra`.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Libraries that log the conversation, or every tick.
_TALKATIVE = ("mail.log", "apscheduler", "alembic", "asyncio")


class LineFormatter(logging.Formatter):
    """`2026-11-23T08:00:01 INFO message_settled spool_id=… effects=2`, controls escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line; an exception only by its type and place."""
        values = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            values["error"] = record.exc_info[0].__name__
            values |= _database_code(record.exc_info[1])
            values["at"] = _place(record)
        parts = [
            self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            record.levelname,
            record.getMessage(),
            *(f"{key}={_plain(value)}" for key, value in values.items()),
        ]
        return " ".join(parts)


def set_up_logging(level: str, file: Path | None = None) -> None:
    """Log to standard error, or to `file`, and turn the talkative libraries down."""
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)


def _database_code(error: BaseException | None) -> dict[str, str]:
    """Return what the database calls its trouble: SQLITE_BUSY passes, SQLITE_FULL does not."""
    origin = getattr(error, "orig", None)
    codes = (getattr(origin, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return next(({"code": str(code)} for code in codes if code), {})


def _place(record: logging.LogRecord) -> str:
    """Return file and line of the innermost frame: exception texts may quote a message."""
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{file}:{trace.tb_lineno}"


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else repr(text)
