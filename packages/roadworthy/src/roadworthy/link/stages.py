"""What staging and production share: namespaces, databases, buckets, stores of secrets; runs while the values stand there."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.model.detail.environment import EnvironmentGiven, StageShared, StageValue
from roadworthy.model.detail.object_key import ObjectKey
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.address import address
from roadworthy.syntax.secrecy import stands_for_secret

_BEFORE = re.compile(r"(?<![a-z0-9])(staging|stage|stg|preprod|pre-prod|uat|qa)(?![a-z0-9])", re.IGNORECASE)
_AFTER = re.compile(r"(?<![a-z0-9])(production|prod|prd|live)(?![a-z0-9])", re.IGNORECASE)
_BASE = re.compile(r"(?<![a-z0-9])overlays/[^/]+/")
_SCHEMES = re.compile(
    r"postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|valkeys?|amqps?|kafka|s3|gs|az|abfss?|clickhouse|elasticsearch"
)
_NAMED = re.compile(
    r"BUCKET|(?:DB|DATABASE|POSTGRES|PG|MYSQL|MONGO|REDIS|RABBITMQ|BROKER|ELASTIC\w*)_?(?:HOST|SERVER|ENDPOINT)\w*$"
)
_ALWAYS = frozenset({"namespace", "secretStoreRef"})
_BUCKETS = re.compile(r"(?:s3|gs|az|abfss?)://")
_ASIDE = frozenset({FileRole.TEST, FileRole.VENDORED, FileRole.DOCUMENT})


@dataclass(frozen=True, slots=True)
class _Setting:
    """One setting of one environment that names something which must not be shared."""

    symbol: Symbol
    what: str
    value: str


def derive(draft: Draft) -> None:
    """Add one statement for each pair of settings that staging and production each have."""
    before: dict[tuple[str, str], list[_Setting]] = defaultdict(list)
    after: dict[tuple[str, str], list[_Setting]] = defaultdict(list)
    base: list[_Setting] = []
    for setting in _settings(draft):
        path = setting.symbol.at.path
        if _BEFORE.search(path):
            before[_BEFORE.sub("*", path), setting.what].append(setting)
        elif _AFTER.search(path):
            after[_AFTER.sub("*", path), setting.what].append(setting)
        else:
            base.append(setting)
    paths = {path for path, _ in before}
    draft.symbols += [
        *_paired(before, after),
        *(found for path in sorted(paths) for found in _inherited(path, before, after, base)),
    ]


def _settings(draft: Draft) -> Iterator[_Setting]:
    for symbol in draft.symbols:
        if symbol.role in _ASIDE:
            continue
        match symbol.detail:
            case StageValue(what=what):
                value = str(symbol.name)
            case ObjectKey(value=str(value)):
                what = str(symbol.name).rpartition("/")[2]
            case EnvironmentGiven(value=str(value), by=by) if symbol.phase in ("run", "file") and by != "ENV":
                what = str(symbol.name)
            case _:
                continue
        if what in _ALWAYS or _tells(what, value):
            yield _Setting(symbol, what, value)


def _tells(what: str, value: str) -> bool:
    """Tell whether a setting names a place where data are kept, in a way that means the same thing everywhere."""
    if not value or "$" in value or len(value) > 500:
        return False
    if _BUCKETS.match(value):
        return True
    read = address(value)
    if read is not None:
        return bool(_SCHEMES.match(read.scheme) and read.host and "." in read.host) and not _is_example(read.host or "")
    if "BUCKET" in what.upper():
        return not stands_for_secret(value)
    return bool(_NAMED.search(what.upper())) and "." in value and not _is_example(value)


def _is_example(host: str) -> bool:
    return host.startswith("127.") or "your" in host or host in ("example.com", "db.example.com")


def _paired(
    before: dict[tuple[str, str], list[_Setting]], after: dict[tuple[str, str], list[_Setting]]
) -> Iterator[Symbol]:
    for key, settings in sorted(before.items()):
        others = after.get(key, [])
        for setting in settings:
            if others:
                twin = next((other for other in others if other.value == setting.value), None)
                yield _stated(setting, twin or others[0], same=twin is not None)


def _inherited(
    path: str,
    before: dict[tuple[str, str], list[_Setting]],
    after: dict[tuple[str, str], list[_Setting]],
    base: list[_Setting],
) -> Iterator[Symbol]:
    """Compare an overlay for staging with the base that production takes as it is."""
    found = _BASE.search(path)
    root = path[: found.start()] if found else None
    if root is None:
        return
    own = [setting for (where, _), settings in before.items() if where == path for setting in settings]
    kept = [s for s in base if s.symbol.at.path.startswith(root + "base/")]
    overridden = {what for where, what in after if where == path}
    for inner in kept:
        if inner.what in overridden:
            continue
        same = [s for s in own if s.value == inner.value and (s.what == inner.what or _BUCKETS.match(s.value))]
        differing = [
            s for s in own if s.what == inner.what or (_BUCKETS.match(s.value) and _BUCKETS.match(inner.value))
        ]
        for setting in same or differing[:1]:
            yield _stated(setting, inner, same=bool(same))


def _stated(setting: _Setting, other: _Setting, *, same: bool) -> Symbol:
    stage, there = _BEFORE.search(setting.symbol.at.path), _AFTER.search(other.symbol.at.path)
    detail = StageShared(
        stage[1] if stage else "staging",
        there[1] if there else "production",
        same,
        other.symbol.at,
        inherited=there is None,
    )
    return Symbol(
        Kind.SETTING, Action.REFERS, Exact(setting.what), setting.symbol.at, "", "stage", setting.symbol.role, detail
    )
