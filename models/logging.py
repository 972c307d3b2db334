"""How every process writes its log: one JSON object per line on stderr, nothing personal in it.

`cli.py`, `worker.py` and the processes' `__main__` call `configure` once, before anything logs.
Start uvicorn with `log_config=None`, or it puts its own handlers back.
"""

import datetime as dt
import decimal
import enum
import logging
import re
import sys
import uuid
from collections.abc import Mapping
from pathlib import PurePath

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from models.settings import Settings

REDACTED = "[redacted]"

# A key is split into words at underscores, dashes, dots and capitals; one of these words hides it.
_PRIVATE_WORDS = frozenset(
    [
        "apikey",
        "authorization",
        "cookie",
        "credential",
        "dsn",
        "email",
        "handle",
        "mac",
        "name",
        "number",
        "passwd",
        "password",
        "phone",
        "pin",
        "secret",
        "token",
        "username",
    ]
)
_WORD_BREAK = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
# Text that is private wherever it stands: foreign libraries put values into their messages.
_PRIVATE_TEXT = (
    (re.compile(r"(?<=://)[^\s/@]+@"), REDACTED + "@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), REDACTED),
    (re.compile(r"\b[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}\b"), REDACTED),
    (re.compile(r"(?<![\w.:])\+\d[\d ]{5,17}\d\b"), REDACTED),
    (re.compile(r"\[parameters: .*"), "[parameters: redacted]"),
    (re.compile(r"(?m)^DETAIL: .*$"), "DETAIL: " + REDACTED),
)
# What could move a terminal's cursor, fake a line of the log, or turn its text around.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OF_MANY_LINES = (
    "exception",
    "stack",
)  # tracebacks; indented, so that none passes for a line of the log
# Their INFO lines hold whole request addresses, and SCIM filters in those hold names.
_TALKATIVE = ("httpx", "httpcore")
_REROUTED = ("uvicorn", "uvicorn.error", "uvicorn.access", "temporalio", "sqlalchemy", "alembic")


def configure(settings: Settings, process: str) -> None:
    """Send structlog and stdlib records through one renderer; `process` marks every line."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=common,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                _Stamp(process),
                *_renderers(settings.log_format),
            ],
        )
    )
    _reroute(handler, level)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide values under private keys and private text in every other value.

    A plain count under a plural key (`numbers=12`) stays: counts are what people look for.
    """
    shown = {key: _shown(key, value) for key, value in event.items()}
    for key in _OF_MANY_LINES:
        if isinstance(text := event.get(key), str):
            shown[key] = "\n  ".join(map(_escaped, _scrubbed(text).split("\n")))
    return shown


class _Stamp:
    """Adds the process after redaction, so that its value is never mistaken for a private one."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["process"] = self._process
        return event


def _renderers(log_format: str) -> list[Processor]:
    if log_format == "console":
        plain = structlog.dev.plain_traceback
        return [structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [structlog.processors.JSONRenderer(ensure_ascii=False)]


def _reroute(handler: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in _REROUTED:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    access = logging.getLogger("uvicorn.access")
    access.filters = [_without_query]


def _without_query(record: logging.LogRecord) -> bool:
    """uvicorn's access record: no client address, and a path without what was searched for."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        _, method, path, version, status = record.args
        record.args = ("-", method, str(path).partition("?")[0], version, status)
    return True


def _shown(key: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    words = {word.lower() for word in _WORD_BREAK.split(key)}
    if words & _PRIVATE_WORDS:
        return REDACTED
    if {word.removesuffix("es").removesuffix("s") for word in words} & _PRIVATE_WORDS or (
        {word.removesuffix("s") for word in words} & _PRIVATE_WORDS
    ):
        return value if isinstance(value, int) else REDACTED
    return _plain(value)


def _plain(value: object) -> object:
    """Only JSON types leave; an unknown object leaves its class, as its text may be anything."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _escaped(_scrubbed(value))
    if isinstance(value, Mapping):
        return {_escaped(str(key)): _shown(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    known = uuid.UUID | dt.datetime | dt.date | dt.timedelta | decimal.Decimal | enum.Enum
    if isinstance(value, known | PurePath | BaseException):
        return _escaped(_scrubbed(str(value)))
    return f"<{type(value).__qualname__}>"


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _scrubbed(text: str) -> str:
    for pattern, replacement in _PRIVATE_TEXT:
        text = pattern.sub(replacement, text)
    return text
