"""Ask an application in this process, without a server; read the metrics page it gives."""

import re
from typing import Any

import httpx

from roadworthy_runtime import Roadworthy

_LINE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def client(app: Any, **options: Any) -> httpx.AsyncClient:
    """A client of the application; errors that leave it are raised here."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service", trust_env=False, **options)


def wrap(app: Any, **options: Any) -> Roadworthy:
    """The one line, without touching the logging of the test run."""
    return Roadworthy(app, service="tested", logs=False, **options)


def parse(page: str) -> tuple[dict[str, str], Series]:
    """Given a page in the text format, return the type of each family and the value of each series."""
    kinds: dict[str, str] = {}
    series: Series = {}
    assert page.endswith("\n")
    for line in page[:-1].split("\n"):
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in kinds, f"{name} declared twice"
            kinds[name] = kind
        elif not line.startswith("# HELP "):
            found = _LINE.fullmatch(line)
            assert found, f"not a sample: {line!r}"
            labels = frozenset((k, _unescape(v)) for k, v in _LABEL.findall(found[2] or ""))
            assert (found[1], labels) not in series, f"given twice: {line!r}"
            series[found[1], labels] = float(found[3])
    return kinds, series


def _unescape(text: str) -> str:
    return re.sub(r"\\.", lambda found: _ESCAPES[found[0]], text)


async def scrape(app: Any) -> Series:
    """The series the application exports at this moment."""
    async with client(app) as asking:
        return parse((await asking.get("/metrics")).text)[1]


def value(series: Series, name: str, **labels: str) -> float | None:
    """The value of one series, None when it is not exported."""
    return series.get((name, frozenset(labels.items())))
