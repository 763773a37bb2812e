"""What Prometheus can ask."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("appointments_requests_total", "Requests answered.", ["method", "route", "status"])
DURATION = Histogram(
    "appointments_request_duration_seconds",
    "Seconds until the answer.",
    ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0),
)
BOOKINGS = Counter("appointments_bookings_total", "Bookings by what became of them.", ["outcome"])
CALENDAR_FAILURES = Counter("appointments_calendar_failures_total", "Calls to the calendar that failed.", ["reason"])
DATABASE_UP = Gauge("appointments_database_up", "1 when the last readiness check reached the database.")
