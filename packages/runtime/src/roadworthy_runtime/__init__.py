"""What a Python ASGI service stands on to pass the roadworthiness test.

Names are imported when first used, so that reading `roadworthy_runtime.contract` costs nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadworthy_runtime.configuration_error import ConfigurationError
    from roadworthy_runtime.correlation import request_id
    from roadworthy_runtime.errors.problem import Problem
    from roadworthy_runtime.health.dependency_check import DependencyCheck
    from roadworthy_runtime.logs.setup import get_logger
    from roadworthy_runtime.metrics.instruments import Counter, Gauge, Histogram
    from roadworthy_runtime.roadworthy import Roadworthy
    from roadworthy_runtime.settings import Settings, load

__all__ = [
    "ConfigurationError",
    "Counter",
    "DependencyCheck",
    "Gauge",
    "Histogram",
    "Problem",
    "Roadworthy",
    "Settings",
    "get_logger",
    "load",
    "request_id",
]

_HOME = {
    "ConfigurationError": "configuration_error",
    "Counter": "metrics.instruments",
    "DependencyCheck": "health.dependency_check",
    "Gauge": "metrics.instruments",
    "Histogram": "metrics.instruments",
    "Problem": "errors.problem",
    "Roadworthy": "roadworthy",
    "Settings": "settings",
    "get_logger": "logs.setup",
    "load": "settings",
    "request_id": "correlation",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
