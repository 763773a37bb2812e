"""The paths the runtime answers itself: three probes and the metrics page."""

from collections.abc import Callable

import orjson

from roadworthy_runtime import contract
from roadworthy_runtime.errors.problem import problem_body, problem_headers
from roadworthy_runtime.health.health import Answer, Health
from roadworthy_runtime.logs.sink import SINK
from roadworthy_runtime.metrics.exposition import render
from roadworthy_runtime.metrics.family import Sample, reading
from roadworthy_runtime.metrics.http_metrics import HttpMetrics
from roadworthy_runtime.metrics.process_metrics import read_process
from roadworthy_runtime.metrics.registry import REGISTRY

Response = tuple[int, list[tuple[bytes, bytes]], bytes]
_NO_STORE = (b"cache-control", b"no-store")


class OwnPaths:
    """Answers from memory, without touching the application."""

    def __init__(self, service: str, health: Health, http_metrics: HttpMetrics, in_flight: Callable[[], int]) -> None:
        self._service = service
        self._health = health
        self._http_metrics = http_metrics
        self._in_flight = in_flight
        self._answers: dict[str, Callable[[], Response]] = {
            contract.LIVE_PATH: lambda: _json(health.live()),
            contract.READY_PATH: lambda: _json(health.readiness()),
            contract.STARTUP_PATH: lambda: _json(health.startup()),
            contract.METRICS_PATH: self._metrics,
        }

    def __contains__(self, path: str) -> bool:
        return path in self._answers

    def answer(self, path: str, method: str) -> Response:
        """The answer to a request for one of these paths."""
        if method not in ("GET", "HEAD"):
            body = problem_body(405, contract.CODES[405])
            return 405, problem_headers(body, {"allow": "GET, HEAD"}), body
        status, headers, body = self._answers[path]()
        return status, headers, b"" if method == "HEAD" else body

    def _metrics(self) -> Response:
        readings = [
            reading("service_info", [Sample("", (("service", self._service),), 1)]),
            *self._http_metrics.read(self._in_flight()),
            *self._health.read(),
            reading("log_lines_dropped_total", [Sample("", (), SINK.dropped)]),
            *read_process(),
            *REGISTRY.read(),
        ]
        return _response(200, contract.METRICS_CONTENT_TYPE, render(readings))


def _json(answer: Answer) -> Response:
    status, body = answer
    return _response(status, "application/json", orjson.dumps(body))


def _response(status: int, content_type: str, body: bytes) -> Response:
    headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body)), _NO_STORE]
    return status, headers, body
