"""Development, tests and production use different versions of a language or server.

What was tested is not what runs: a syntax the older interpreter does not know, a statement the older database refuses, a
dump that the older client cannot write.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.11-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```yaml title=".github/workflows/ci.yml"
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: "3.13"}
      - run: pytest
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.13-slim
COPY app.py /app.py
CMD ["python", "/app.py"]
```

```yaml title=".github/workflows/ci.yml"
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/setup-python@v5
        with: {python-version: "3.13"}
      - run: pytest
```

## Repair

Use the version of production everywhere; in a matrix, let one row be it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.component import ComponentKind
from roadworthy.model.detail.version import VersionStated
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related
from roadworthy.model.place import Span
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.IMAGE}))

# How many parts of a version must agree: what the makers promise to keep within them.
_PARTS = {"python": 2, "go": 2, "mysql": 2, "mariadb": 2, "ruby": 2}
_LANGUAGES = frozenset({"python", "node", "go", "ruby"})
_SERVING = (ComponentKind.STORE, ComponentKind.CACHE, ComponentKind.PROXY)
_ASIDE = frozenset({FileRole.EXAMPLE, FileRole.DOCUMENT, FileRole.VENDORED, FileRole.GENERATED})
_BOUND = re.compile(r"(~=|===?|!=|<=|>=|<|>|\^|~)?\s*v?(\d+(?:\.\d+)*)(\.[x*])?")


@dataclass(frozen=True, slots=True)
class _Stated:
    """One statement about a product's version."""

    symbol: Symbol
    detail: VersionStated

    @property
    def folder(self) -> str:
        """The folder its file lies in."""
        return self.symbol.at.path.rpartition("/")[0]


def check(facts: Facts) -> Iterator[Finding | Held]:
    """Compare every version that is stated with the one that production runs."""
    by_product: dict[str, list[_Stated]] = defaultdict(list)
    for symbol in facts.details(Kind.SETTING, Action.REFERS, VersionStated):
        if isinstance(symbol.detail, VersionStated) and symbol.role not in _ASIDE:
            by_product[str(symbol.name)].append(_Stated(symbol, symbol.detail))
    for product, stated in sorted(by_product.items()):
        yield from _product(facts, product, stated)


def _product(facts: Facts, product: str, stated: list[_Stated]) -> Iterator[Finding | Held]:
    shipped = [s for s in stated if _ships(s)]
    if product not in _LANGUAGES:
        # A job that holds the client of a server is not that server.
        shipped = [s for s in shipped if _serves(facts, s)]
    versions = {_major(product, s.detail.versions[0]) for s in shipped}
    yield from (Held(s.symbol.at) for s in shipped)
    if len(versions) > 1:
        yield from _within(product, shipped)
    seen: set[Span] = set()
    tested = any(s.detail.by == "setup" and any(_agrees(product, s.detail, v) for v in versions) for s in stated)
    for one in stated:
        client = _ships(one) and one not in shipped
        if client or one in shipped or one.symbol.at in seen or (tested and one.detail.by == "setup"):
            # Where one job uses the version of production, the others may add to it.
            continue
        seen.add(one.symbol.at)
        against = _against(one, shipped)
        kept = {_major(product, s.detail.versions[0]): s for s in against}
        if not kept or any(len(key) < _PARTS.get(product, 1) for key in kept):
            continue
        if any(_agrees(product, one.detail, version) for version in kept):
            yield Held(one.symbol.at)
        elif len(kept) == 1:
            yield _finding(product, one, against[0])


def _serves(facts: Facts, one: _Stated) -> bool:
    component = facts.component(one.symbol.component)
    return component is not None and component.kind in _SERVING


def _ships(one: _Stated) -> bool:
    return bool(
        one.detail.by == "image" and one.symbol.role is FileRole.PROD and not one.detail.stage and one.symbol.component
    )


def _against(one: _Stated, shipped: list[_Stated]) -> list[_Stated]:
    """Return the shipped images a statement must agree with: a stage with its own Dockerfile, a file with what lies at or
    below its folder, where anything does."""
    if one.detail.stage:
        return [s for s in shipped if s.symbol.at.path == one.symbol.at.path]
    if one.detail.by == "image":
        return [s for s in shipped if s.symbol.component == one.symbol.component]
    if one.detail.by in ("file", "range"):
        own = [s for s in shipped if not one.folder or (s.folder + "/").startswith(one.folder + "/")]
        return own if not one.folder or own else []
    return shipped


def _within(product: str, shipped: list[_Stated]) -> Iterator[Finding]:
    """Compare what several artifacts say of one and the same component."""
    by_component: dict[str, list[_Stated]] = defaultdict(list)
    for one in shipped:
        if one.symbol.component:
            by_component[one.symbol.component].append(one)
    for statements in by_component.values():
        first = statements[0]
        version = _major(product, first.detail.versions[0])
        for other in statements[1:]:
            differs = other.symbol.at.path != first.symbol.at.path
            if differs and not _agrees(product, other.detail, version):
                yield _finding(product, other, first)
                break


def _major(product: str, version: str) -> tuple[int, ...]:
    parts = tuple(int(part) for part in version.split(".")[:4])
    return parts[: _PARTS.get(product, 1)]


def _agrees(product: str, detail: VersionStated, version: tuple[int, ...]) -> bool:
    """Tell whether a statement allows a version; what cannot be read allows everything."""
    if detail.by == "range":
        return _allows(detail.versions[0], version)
    for text in detail.versions:
        found = re.match(r"v?(\d+(?:\.\d+)*)", text.strip("^~>=< "))
        if found is None:
            return True
        stated = tuple(int(part) for part in found[1].split(".")[:4])[: len(version)]
        if stated == version[: len(stated)] or ("-dev" in text):
            return True
    return False


def _allows(expression: str, version: tuple[int, ...]) -> bool:
    """Tell whether a range of a manifest allows some release of a version."""
    for choice in expression.split("||"):
        bounds = list(_BOUND.finditer(choice.replace(" - ", " ")))
        if (
            not bounds or any(not _meets(b[1] or ("=" if len(bounds) == 1 else ""), b[2], version) for b in bounds)
        ) and bounds:
            continue
        return True
    return False


def _meets(operator: str, text: str, version: tuple[int, ...]) -> bool:
    bound = tuple(int(part) for part in text.split(".")[:4])
    length = min(len(bound), len(version))
    mine, its = version[:length], bound[:length]
    match operator:
        case ">=" | ">":
            return mine >= its
        case "<":
            return mine < its or (mine == its and any(bound[length:]))
        case "<=":
            return mine <= its
        case "^":
            return mine >= its and version[0] == bound[0]
        case "~" | "=" | "==" | "===" | "~=":
            if operator == "~=" and len(bound) == 2:
                return mine >= its and version[0] == bound[0]
            return mine == its
    return True


_SAYS = {"service": "tests run against", "setup": "the pipeline sets up", "file": "developers are told to use"}


def _finding(product: str, one: _Stated, shipped: _Stated) -> Finding:
    here, there = ", ".join(one.detail.versions), shipped.detail.versions[0]
    if one.detail.stage:
        says = "a stage builds with"
    elif one.detail.by == "image":
        says = "here it is"
    elif one.detail.by == "range":
        says = "the manifest asks for"
    else:
        says = _SAYS.get(one.detail.by, "here it is")
    runs = shipped.symbol.component or shipped.symbol.at.path
    return Finding(
        f"{runs} runs {product} {there}; {says} {product} {here}",
        one.symbol.at,
        (Related(shipped.symbol.at, f"runs {product} {there}"),),
        f"Use {product} {there} here, or move production to {here}",
        (product, one.detail.by),
        shipped.symbol.component,
    )
