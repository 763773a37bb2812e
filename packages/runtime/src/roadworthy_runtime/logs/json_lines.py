"""One log record, one line of JSON."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from roadworthy_runtime import contract
from roadworthy_runtime.correlation import CURRENT
from roadworthy_runtime.errors.stack import error_message, error_name, stack_text
from roadworthy_runtime.logs.sink import SINK

_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
_RECORD_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}
_RESERVED = frozenset(contract.LOG_FIELDS)
_LONGEST_MESSAGE = 32_000


def encode(line: Mapping[str, object]) -> bytes:
    """The line as bytes, whatever is in it: what JSON cannot hold is written as text."""
    try:
        return orjson.dumps(line, default=_as_text, option=_OPTIONS)
    except TypeError:  # lone surrogates, numbers past 64 bits, circles
        text = json.dumps({str(key): _flat(value) for key, value in line.items()}, ensure_ascii=True)
        return text.encode() + b"\n"


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception as failure:
        return f"({type(value).__name__}, unreadable: {type(failure).__name__})"


def _flat(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else _as_text(value)


class JsonLines(logging.Handler):
    """Turns records into lines and hands them to the sink."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record's line; one that cannot be formatted says so in its place, for stderr may block too."""
        try:
            line = encode(self.line(record))
        except Exception as failure:
            message = f"a log record could not be formatted: {error_name(failure)}"
            line = encode({"level": "error", "logger": record.name, "message": message, "service": self.service})
        SINK.write(line)

    def line(self, record: logging.LogRecord) -> dict[str, Any]:
        """The record as a dictionary: the contract's fields first, then what the caller added."""
        line: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:_LONGEST_MESSAGE],
            "service": self.service,
        }
        current = CURRENT.get()
        if current is not None:
            line["request_id"] = current
        for key, value in record.__dict__.items():
            if key not in _RECORD_ATTRIBUTES:
                line[f"extra_{key}" if key in _RESERVED else key] = value
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = f"{error_name(error)}: {error_message(error)}"
            line["stack"] = stack_text(error)
        elif record.stack_info:
            line["stack"] = record.stack_info
        return line
