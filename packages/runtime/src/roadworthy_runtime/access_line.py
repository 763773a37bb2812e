"""The one line per request; the query string never enters it."""

import logging
from datetime import UTC, datetime

from roadworthy_runtime import contract
from roadworthy_runtime.logs.json_lines import encode
from roadworthy_runtime.logs.sink import SINK

_LOGGER = logging.getLogger(contract.ACCESS_LOGGER)
_LONGEST_PATH = 1_000


def write_access_line(
    service: str, request_id: str, method: str, route: str, path: str, status: int, seconds: float
) -> None:
    """Queue the line, past the logging machinery but under its level: this is the hot path."""
    level, name = (logging.ERROR, "error") if status >= 500 else (logging.INFO, "info")
    if not _LOGGER.isEnabledFor(level):
        return
    SINK.write(
        encode(
            {
                "timestamp": datetime.now(UTC),
                "level": name,
                "logger": contract.ACCESS_LOGGER,
                "message": contract.ACCESS_MESSAGE,
                "service": service,
                "request_id": request_id,
                "method": method,
                "route": route,
                "path": path[:_LONGEST_PATH],
                "status": status,
                "duration_ms": round(seconds * 1000, 3),
            }
        )
    )
