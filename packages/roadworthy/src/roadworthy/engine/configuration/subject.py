"""The tables of the file, as the nouns of the subject."""

import re
from pathlib import Path

from roadworthy.engine.configuration.journey import parse_auth, parse_journeys
from roadworthy.engine.configuration.table import Table, nearest, shown
from roadworthy.model.subject import (
    Backup,
    Dependency,
    DependencyKind,
    Limits,
    Objective,
    Privacy,
    Probes,
    ProvidedElsewhere,
    Service,
    Subject,
    Variable,
)

VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
URL_FIELDS = ("user", "password", "host", "port", "database", "url")
RANDOM_LOW, RANDOM_HIGH = 8, 4096


def parse_subject(top: Table, file: str, root: Path) -> Subject | None:
    """Read every table; mistakes are noted in the table's `mistakes`, and None stands for a subject with some."""
    service = _service(top, root)
    dependencies = _dependencies(top)
    names = _variable_names(service, dependencies)
    auth = parse_auth(top, names)
    subject = None
    journeys = parse_journeys(top, names | {name for step in auth.steps for name, _ in step.capture})
    probes, limits = _probes(top), _limits(top)
    backup, privacy, alerts, objective = _backup(top), _privacy(top), _alerts(top), _objective(top)
    defines = _defines(top)
    if service is not None:
        subject = Subject(
            file, service, probes, dependencies, journeys, auth, backup, privacy, alerts, objective, limits, defines
        )
    top.refuse_unknown("table")
    return subject


def _service(top: Table, root: Path) -> Service | None:
    table = top.take_table("service", required=True)
    if table is None:
        return None
    name = table.take_text("name", "the name of the service", required=True)
    start = table.take_text("start", 'a command such as "uvicorn app:app --port {port}"', required=True)
    migrate = table.take_text("migrate", "a command")
    folder = table.take_text("root", "a folder, relative to this file") or "."
    environment = _environment(table)
    table.refuse_unknown()
    if start is not None and "{port}" not in start and not any("{port}" in (each.value or "") for each in environment):
        table.wrong("start", "does not say {port}: the rig chooses the port, so start (or a variable) must take it")
    if Path(folder).is_absolute() or not (root / folder).resolve().is_relative_to(root.resolve()):
        table.wrong("root", f"expected a folder below the one of this file, found {shown(folder)}")
    elif not (root / folder).is_dir():
        table.wrong("root", f"{folder}: no such folder")
    if name is None or start is None:
        return None
    return Service(name, start, migrate, folder, environment)


def _environment(service: Table) -> tuple[Variable, ...]:
    table = service.take_table("environment")
    if table is None:
        return ()
    variables = []
    for name in table.keys():  # noqa: SIM118 - a Table, no mapping
        if not VARIABLE_NAME.fullmatch(name):
            table.wrong(name, "no name of an environment variable: letters, digits and _ only")
        value = table.take(name, 'a text, { random = 32 } or { file = "path" }', (str, int, float, bool, dict))
        if isinstance(value, dict):
            inner = table.take_table(name)
            variable = _made_variable(table, name, inner) if inner is not None else None
            variables += [variable] if variable is not None else []
        elif value is not None:
            variables.append(Variable(name, value=value if isinstance(value, str) else shown(value)))
    return tuple(variables)


def _made_variable(table: Table, name: str, inner: Table) -> Variable | None:
    random = inner.take("random", "a number of characters", (int,))
    file = inner.take_text("file", "a path relative to the service's root")
    value = inner.take("value", "a text", (str,))
    optional = inner.take_flag("optional", default=False)
    inner.refuse_unknown()
    if random is not None and not RANDOM_LOW <= random <= RANDOM_HIGH:
        inner.wrong("random", f"expected {RANDOM_LOW} to {RANDOM_HIGH} characters, found {random}")
        return None
    if sum(each is not None for each in (random, file, value)) != 1:
        table.wrong(name, 'expected one of a text, { random = 32 }, { file = "path" }, { value = "…" }')
        return None
    return Variable(name, value, random, file, optional)


def _dependencies(top: Table) -> tuple[Dependency, ...]:
    kinds = [str(kind) for kind in DependencyKind]
    found: list[Dependency] = []
    for table in top.take_tables("dependency"):
        name = table.take_text("name", "a name for the reports", required=True)
        kind = table.take_text("kind", "one of " + ", ".join(kinds), required=True)
        env = table.take_text("env", "the variable that receives its URL", required=True)
        critical = table.take_flag("critical", default=True)
        url = table.take_text("url", 'a template such as "postgresql://{user}:{password}@{host}:{port}/{database}"')
        table.refuse_unknown()
        if kind is not None and kind not in kinds:
            table.wrong("kind", f"{shown(kind)} is unknown; {nearest(kind, kinds)}")
            kind = None
        if env is not None and not VARIABLE_NAME.fullmatch(env):
            table.wrong("env", f"{shown(env)} is no name of an environment variable")
        for field in re.findall(r"\{(\w*)\}", url or ""):
            if field not in URL_FIELDS:
                table.wrong("url", f"{{{field}}} is unknown; {nearest(field, list(URL_FIELDS))}")
        if name is not None and any(each.name == name for each in found):
            table.wrong("name", f"{shown(name)} is the name of another dependency")
        if env is not None and any(each.env == env for each in found):
            table.wrong("env", f"{env} already receives the URL of another dependency")
        if name is not None and kind is not None and env is not None:
            found.append(Dependency(name, DependencyKind(kind), env, critical, url))
    return tuple(found)


def _variable_names(service: Service | None, dependencies: tuple[Dependency, ...]) -> set[str]:
    own = {variable.name for variable in service.environment} if service is not None else set()
    return own | {dependency.env for dependency in dependencies}


def _probes(top: Table) -> Probes:
    table = top.take_table("probes")
    if table is None:
        return Probes()
    probes = Probes(*(table.take_path(key) for key in ("live", "ready", "startup", "metrics")))
    table.refuse_unknown()
    return probes


def _limits(top: Table) -> Limits:
    table = top.take_table("drive")
    limits = Limits()
    if table is None:
        return limits
    seconds = "a number of seconds"
    limits = Limits(
        table.take_number("deadline_seconds", seconds, 0.2, 120) or limits.deadline_seconds,
        table.take_number("start_seconds", seconds, 1, 600) or limits.start_seconds,
        table.take_number("recovery_seconds", seconds, 1, 300) or limits.recovery_seconds,
        table.take_number("stop_seconds", seconds, 1, 300) or limits.stop_seconds,
    )
    table.refuse_unknown()
    return limits


def _backup(top: Table) -> Backup | None:
    table = top.take_table("backup")
    if table is None:
        return None
    dump = table.take_text("dump", "a command", required=True)
    restore = table.take_text("restore", "a command", required=True)
    table.refuse_unknown()
    return Backup(dump, restore) if dump is not None and restore is not None else None


def _privacy(top: Table) -> Privacy | None:
    table = top.take_table("privacy")
    if table is None:
        return None
    privacy = Privacy(
        *(table.take_text(key, 'a request such as "GET /people/{person}"') for key in ("export", "erase"))
    )
    table.refuse_unknown()
    return privacy


def _alerts(top: Table) -> tuple[str, ...]:
    table = top.take_table("alerts")
    if table is None:
        return ()
    rules = table.take_texts("rules", "a path, or a list of paths")
    table.refuse_unknown()
    return rules


def _objective(top: Table) -> Objective | None:
    table = top.take_table("slo")
    if table is None:
        return None
    availability = table.take_number("availability", "a percentage such as 99.9, or a fraction", 0, 100)
    if availability is not None and availability > 1:
        availability /= 100
    latency = table.take_table("latency")
    quantiles = []
    for key in latency.keys() if latency is not None else ():
        if latency is None or not re.fullmatch(r"p\d{1,2}(\.\d+)?", key):
            table.wrong(f"latency.{key}", "unknown key; expected a percentile such as p95")
            continue
        seconds = latency.take_number(key, "a number of seconds", 0, 3600)
        quantiles += [(float(key[1:]) / 100, seconds)] if seconds is not None else []
    table.refuse_unknown()
    return Objective(availability, tuple(sorted(quantiles)))


def _defines(top: Table) -> tuple[ProvidedElsewhere, ...]:
    found = []
    for table in top.take_tables("defines"):
        texts = [table.take_text(key, says, required=True) for key, says in _DEFINES]
        table.refuse_unknown()
        kind, name, by = texts
        if kind is not None and name is not None and by is not None:
            found.append(ProvidedElsewhere(kind, name, by))
    return tuple(found)


_DEFINES = (("kind", "a kind such as metric"), ("name", "the name it defines"), ("by", "what defines it"))
