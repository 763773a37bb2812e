"""Standard logging, turned into JSON lines for every library in the process, the server included."""

import logging
import sys

from roadworthy_runtime.logs.json_lines import JsonLines

_SERVER_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.asgi", "hypercorn.error", "gunicorn.error", "_granian")
_SERVER_ACCESS_LOGGERS = ("uvicorn.access", "hypercorn.access", "gunicorn.access", "granian.access")
_URL_LOGGERS = ("httpx", "httpcore")  # at INFO they write whole URLs, query string included


def get_logger(name: str) -> logging.Logger:
    """The standard logger of that name; `extra={…}` becomes fields of the line."""
    return logging.getLogger(name)


def configure_logs(service: str, level: str | None) -> None:
    """Send every record through one JSON handler; give None to leave the root level as it is, or INFO when unset.

    Servers write the query string into their access lines and their own format into the rest: the first are switched
    off, because the runtime writes a better line, the rest is taken over. Safe to call again.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, JsonLines) or _writes_to_terminal(handler):
            root.removeHandler(handler)
    root.addHandler(JsonLines(service))
    if level is not None:
        root.setLevel(level)
    elif root.level in (logging.NOTSET, logging.WARNING):
        root.setLevel(logging.INFO)
    for name in _SERVER_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _SERVER_ACCESS_LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = False
    for name in _URL_LOGGERS:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.WARNING)


def _writes_to_terminal(handler: logging.Handler) -> bool:
    """Whether the handler is a plain one on standard output or error; files and test captures are left alone."""
    streams = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    return type(handler) is logging.StreamHandler and handler.stream in streams
