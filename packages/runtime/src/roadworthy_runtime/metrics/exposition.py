"""Readings as Prometheus text, version 0.0.4."""

import math
from collections.abc import Iterable

from roadworthy_runtime.metrics.family import Reading, Sample


def render(readings: Iterable[Reading]) -> bytes:
    """The page a scraper reads; a family without series still says that it exists."""
    lines: list[str] = []
    for each in readings:
        lines.append(f"# HELP {each.name} {_escape_help(each.help_text)}")
        lines.append(f"# TYPE {each.name} {each.kind}")
        lines += [_line(each.name, sample) for sample in each.samples]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _line(name: str, sample: Sample) -> str:
    if not sample.labels:
        return f"{name}{sample.suffix} {number(sample.value)}"
    labels = ",".join(f'{label}="{_escape_value(value)}"' for label, value in sample.labels)
    return f"{name}{sample.suffix}{{{labels}}} {number(sample.value)}"


def number(value: float) -> str:
    """A float in the words of the format, shortest form that reads back as the same number."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))


def _escape_help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _escape_value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
