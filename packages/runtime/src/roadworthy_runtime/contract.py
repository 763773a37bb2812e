"""What others rely on: paths, header names, metric names with their labels, log field names, problem fields.

Every value is a literal, so that a reader can take it from the syntax tree without importing anything.
Changing one is a breaking change of every service that stands on the runtime.
"""

from typing import Final

LIVE_PATH: Final = "/health/live"
READY_PATH: Final = "/health/ready"
STARTUP_PATH: Final = "/health/startup"
METRICS_PATH: Final = "/metrics"
PATHS: Final[tuple[str, ...]] = ("/health/live", "/health/ready", "/health/startup", "/metrics")

REQUEST_ID_HEADER: Final = "x-request-id"
REQUEST_ID_PATTERN: Final = "[A-Za-z0-9][A-Za-z0-9._-]{7,127}"

METRICS_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
PROBLEM_CONTENT_TYPE: Final = "application/problem+json"

# name → (kind, labels, help)
METRICS: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "http_requests_total": (
        "counter",
        ("method", "route", "status"),
        "Requests answered, probes and scrapes left out.",
    ),
    "http_request_duration_seconds": (
        "histogram",
        ("method", "route", "status"),
        "Time from request to end of answer.",
    ),
    "http_requests_in_flight": ("gauge", (), "Requests being answered at this moment."),
    "dependency_up": ("gauge", ("dependency",), "1 when the last check of the dependency succeeded, otherwise 0."),
    "dependency_checks_total": ("counter", ("dependency", "outcome"), "Finished checks of the dependency."),
    "service_info": ("gauge", ("service",), "Always 1; names the service."),
    "service_ready": ("gauge", (), "1 when the readiness probe is green, otherwise 0."),
    "log_lines_dropped_total": ("counter", (), "Log lines given up because nobody read the output in time."),
    "process_cpu_seconds_total": ("counter", (), "User and system CPU time spent."),
    "process_start_time_seconds": ("gauge", (), "Start of the process, in seconds since the Unix epoch."),
    "process_resident_memory_bytes": ("gauge", (), "Resident memory."),
    "process_virtual_memory_bytes": ("gauge", (), "Virtual memory."),
    "process_open_fds": ("gauge", (), "Open file descriptors."),
    "process_max_fds": ("gauge", (), "Limit of open file descriptors."),
}
BUCKETS: Final[tuple[float, ...]] = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final[tuple[str, ...]] = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNMATCHED_ROUTE: Final = "unmatched"
OVERFLOW: Final = "OTHER"
CLIENT_GONE_STATUS: Final = 499
CHECK_OUTCOMES: Final[tuple[str, ...]] = ("up", "refused", "error", "timeout")

LOG_FIELDS: Final[tuple[str, ...]] = (
    "timestamp",
    "level",
    "logger",
    "message",
    "service",
    "request_id",
    "error",
    "stack",
)
ACCESS_FIELDS: Final[tuple[str, ...]] = ("method", "route", "path", "status", "duration_ms")
ACCESS_LOGGER: Final = "roadworthy.access"
ACCESS_MESSAGE: Final = "request"

PROBLEM_FIELDS: Final[tuple[str, ...]] = ("type", "title", "status", "detail", "code", "request_id", "errors")
CODES: Final[dict[int, str]] = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "BODY_TOO_LARGE",
    422: "UNPROCESSABLE",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "UNAVAILABLE",
}
VALIDATION_CODE: Final = "VALIDATION_FAILED"
DRAINING_CODE: Final = "DRAINING"

CONFIGURATION_EXIT_CODE: Final = 78
