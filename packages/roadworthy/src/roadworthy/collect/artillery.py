"""Load tests of Artillery: whether they judge what they measure, and what they ask of the service."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.testing import LoadRequest, LoadScript
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Pattern, Symbol
from roadworthy.syntax import yaml

PROVIDES = frozenset({Kind.TEST})

_VERBS = ("get", "post", "put", "patch", "delete", "head")
_VARIABLE = re.compile(r"\{\{.*?\}\}")


def wants(path: str) -> bool:
    """YAML files that by their name or folder are for Artillery or for load."""
    return (
        path.endswith((".yml", ".yaml")) and re.search(r"artillery|load|perf|stress", path, re.IGNORECASE) is not None
    )


def recognises(file: SourceFile) -> bool:
    """Recognise a file with phases and scenarios."""
    return "scenarios:" in file.text and "phases:" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the script and the requests of its flows."""
    for root in yaml.documents(file):
        if not isinstance(root, yaml.Mapping):
            continue
        judges = root.get("config", "ensure") is not None or root.get("config", "plugins", "expect") is not None
        rates = [
            float(text)
            for phase in _items(root.get("config", "phases"))
            for text in (phase.text("rampTo") or phase.text("arrivalRate") or "",)
            if text.replace(".", "", 1).isdigit()
        ]
        script = LoadScript("artillery", judges, max(rates, default=None))
        yield _symbol(file, Exact(file.path), Span(file.path), script, Action.DEFINES)
        for scenario in _items(root.get("scenarios")):
            for step in _items(scenario.get("flow")):
                for verb in _VERBS:
                    url = step.get(verb, "url")
                    if isinstance(url, yaml.Scalar):
                        text = _VARIABLE.sub("*", url.text)
                        path = text.partition("?")[0] if text.startswith("/") else ""
                        name = Pattern(text) if "*" in text else Exact(text)
                        yield _symbol(file, name, url.at, LoadRequest("artillery", verb.upper(), path), Action.REFERS)


def _items(node: yaml.Node | None) -> Iterator[yaml.Mapping]:
    if isinstance(node, yaml.Sequence):
        yield from (item for item in node if isinstance(item, yaml.Mapping))


def _symbol(file: SourceFile, name: Exact | Pattern, at: Span, detail: Detail, action: Action) -> Symbol:
    return Symbol(Kind.TEST, action, name, at, phase="test", role=file.role, detail=detail)
