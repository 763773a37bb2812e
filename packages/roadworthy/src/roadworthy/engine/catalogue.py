"""Finds collectors, checks and drills by walking folders: one file is one entry, and no other edit."""

import importlib
import inspect as introspection
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from roadworthy.model.collector import Collector
from roadworthy.model.drill import Drill, DrillRule
from roadworthy.model.rule import Check, Rule
from roadworthy.model.words import Criterion

CHECK_PACKAGES = ("roadworthy.checks",)
DRILL_PACKAGES = ("roadworthy.drills",)
COLLECTOR_PACKAGES = ("roadworthy.collect",)


@cache
def collectors() -> tuple[Collector, ...]:
    """Return every collector, in name order."""
    return tuple(
        Collector(
            name,
            module.PROVIDES,
            module.wants,
            getattr(module, "claims", lambda path: False),
            module.recognises,
            module.collect,
        )
        for name, module in _modules(COLLECTOR_PACKAGES)
        if hasattr(module, "PROVIDES")
    )


@cache
def checks() -> tuple[Check, ...]:
    """Return every check, in id order."""
    found = []
    for id, module in _modules(CHECK_PACKAGES):  # noqa: A001 - the field's own name
        rule = getattr(module, "RULE", None)
        if isinstance(rule, Rule):
            title, page = _page(module)
            found.append(Check(id, Criterion(id.partition("/")[0]), title, page, rule, module.check))
    return tuple(found)


@cache
def drills() -> tuple[Drill, ...]:
    """Return every drill, in id order."""
    found = []
    for id, module in _modules(DRILL_PACKAGES):  # noqa: A001 - the field's own name
        rule = getattr(module, "RULE", None)
        if isinstance(rule, DrillRule):
            title, page = _page(module)
            found.append(Drill(id, Criterion(id.partition("/")[0]), title, page, rule, module.drill))
    return tuple(found)


def _page(module: ModuleType) -> tuple[str, str]:
    page = introspection.cleandoc(module.__doc__ or "")
    return page.partition("\n")[0].rstrip("."), page


def _modules(packages: tuple[str, ...]) -> Iterator[tuple[str, ModuleType]]:
    found: dict[str, ModuleType] = {}
    for package in packages:
        parent = importlib.import_module(package)
        for info in pkgutil.walk_packages(parent.__path__, package + "."):
            if not info.ispkg:
                name = info.name.removeprefix(package + ".").replace(".", "/").replace("_", "-")
                found[name] = importlib.import_module(info.name)
    yield from sorted(found.items())
