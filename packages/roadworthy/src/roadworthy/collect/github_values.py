"""What GitHub workflows hand on: outputs of jobs and steps, inputs, secrets and variables, and who uses them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadworthy.model.collector import Statement
from roadworthy.model.detail.pipeline_value import ValueAsked, ValueGiven, WorkflowCalled
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import shell, yaml, yaml_places

PROVIDES = frozenset({Kind.PIPELINE})

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_USE = re.compile(
    r"(?<![\w.'])(needs|steps|env|inputs|secrets|matrix|jobs|github\.event\.inputs)\.([A-Za-z_][\w-]*)"
    r"(?:\.outputs\.([A-Za-z_][\w-]*))?(?![\w-])"
)
_TEXT = re.compile(r"'[^']*'")
_FILE = re.compile(r"GITHUB_OUTPUT|::set-output|setOutput|set_output")
_SET = re.compile(r"(?<![\w$.-])([A-Z][A-Z0-9_]+)=")
_ASSIGNED = re.compile(r"(?:::set-output name=|(?:echo|printf)\s+(?:-\w+\s+)?[\"']?)([A-Za-z_][\w-]*)(?:=|<<|::)")


def wants(path: str) -> bool:
    """Workflows."""
    return _WORKFLOW.search(path) is not None


claims = wants


def recognises(file: SourceFile) -> bool:
    """Every workflow."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the values that each workflow, job and step gives, and those that they use."""
    if file.path.startswith(".github/workflows/"):
        file = replace(file, role=FileRole.PROD)
    for root in yaml.documents(file):
        if isinstance(root, yaml.Mapping) and isinstance(jobs := root.get("jobs"), yaml.Mapping):
            yield from _workflow(_Writer(file), root, jobs)


@dataclass(frozen=True, slots=True)
class _Writer:
    file: SourceFile

    def gives(self, name: yaml.Scalar | str, at: Span, detail: ValueGiven) -> Symbol:
        text = name if isinstance(name, str) else name.text
        return Symbol(Kind.PIPELINE, Action.DEFINES, Exact(text), at, "", "test", self.file.role, detail)

    def asks(self, name: str, at: Span, detail: ValueAsked | WorkflowCalled) -> Symbol:
        return Symbol(Kind.PIPELINE, Action.REFERS, Exact(name), at, "", "test", self.file.role, detail)

    def keys(self, node: yaml.Node | None, space: str, job: str = "") -> Iterator[Symbol]:
        for key, value in node.items() if isinstance(node, yaml.Mapping) else ():
            required = isinstance(value, yaml.Mapping) and value.text("required") == "true"
            required = required and isinstance(value, yaml.Mapping) and value.get("default") is None
            yield self.gives(key, key.at, ValueGiven(space, job, required=required))
        if isinstance(node, yaml.Scalar) and not node.is_null():
            yield self.gives("", node.at, ValueGiven(space, job, complete=False))


def _workflow(writer: _Writer, root: yaml.Mapping, jobs: yaml.Mapping) -> Iterator[Symbol]:
    for trigger in ("workflow_call", "workflow_dispatch"):
        for key, value in _triggers(root):
            if key.text == trigger:
                yield writer.gives("", key.at, ValueGiven(trigger))
                inputs = value.get("inputs") if isinstance(value, yaml.Mapping) else None
                yield from writer.keys(inputs, "input")
                if trigger == "workflow_call" and isinstance(value, yaml.Mapping):
                    yield from writer.keys(value.get("secrets"), "secret")
                    yield from writer.keys(value.get("outputs"), "workflow output")
                    yield from _uses(writer, value.get("outputs"), "", -1)
    yield from writer.keys(root.get("env"), "env")
    yield from _uses(writer, root.get("env"), "", -1)
    for key, job in jobs.items():
        if isinstance(job, yaml.Mapping):
            yield from _job(writer, key, job)


def _triggers(root: yaml.Mapping) -> list[tuple[yaml.Scalar, yaml.Node]]:
    on = root.get("on")
    if isinstance(on, yaml.Mapping):
        return list(on.items())
    listed = on.items if isinstance(on, yaml.Sequence) else [on]
    return [(item, item) for item in listed if isinstance(item, yaml.Scalar)]


def _job(writer: _Writer, key: yaml.Scalar, job: yaml.Mapping) -> Iterator[Symbol]:
    name = key.text
    yield writer.gives(name, key.at, ValueGiven("job", name))
    needs = job.get("needs")
    for need in needs.items if isinstance(needs, yaml.Sequence) else [needs]:
        if isinstance(need, yaml.Scalar) and not need.is_null():
            yield writer.gives(need, need.at, ValueGiven("need", name))
    for output in writer.keys(job.get("outputs"), "job output", name):
        given = output.detail
        yield replace(output, detail=replace(given, owner=name) if isinstance(given, ValueGiven) else given)
    yield from writer.keys(job.get("env"), "env", name)
    yield from writer.keys(job.get("container", "env"), "assigned", name)
    yield from _matrix(writer, job, name)
    called = job.get("uses")
    if isinstance(called, yaml.Scalar) and called.text.startswith("./"):
        handed, secrets = job.get("with"), job.get("secrets")
        inherits = isinstance(secrets, yaml.Scalar) and secrets.text == "inherit"
        detail = WorkflowCalled(name, _names(handed), _names(secrets), inherits)
        yield writer.asks(called.text.removeprefix("./"), called.at, detail)
    for part, node in job.items():
        if part.text != "steps":
            yield from _uses(writer, node, name, -1, bare=part.text == "if")
    steps = job.get("steps")
    for order, step in enumerate(steps.items if isinstance(steps, yaml.Sequence) else ()):
        if isinstance(step, yaml.Mapping):
            yield from _step(writer, step, name, order)


def _names(node: yaml.Node | None) -> tuple[str, ...]:
    return tuple(key.text for key, _ in node.items()) if isinstance(node, yaml.Mapping) else ()


def _matrix(writer: _Writer, job: yaml.Mapping, name: str) -> Iterator[Symbol]:
    matrix = job.get("strategy", "matrix")
    if isinstance(matrix, yaml.Scalar):
        yield writer.gives("", matrix.at, ValueGiven("matrix", name, complete=False))
    elif isinstance(matrix, yaml.Mapping):
        for key, value in matrix.items():
            if key.text not in ("include", "exclude"):
                yield writer.gives(key, key.at, ValueGiven("matrix", name))
            elif isinstance(value, yaml.Scalar):
                yield writer.gives("", value.at, ValueGiven("matrix", name, complete=False))
            else:
                for item in value.items if key.text == "include" and isinstance(value, yaml.Sequence) else ():
                    for inner, _ in item.items() if isinstance(item, yaml.Mapping) else ():
                        yield writer.gives(inner, inner.at, ValueGiven("matrix", name))


def _step(writer: _Writer, step: yaml.Mapping, job: str, order: int) -> Iterator[Symbol]:
    id_, run = step.get("id"), step.get("run")
    for symbol in writer.keys(step.get("env"), "env", job):
        given = symbol.detail
        yield replace(symbol, detail=replace(given, order=order) if isinstance(given, ValueGiven) else given)
    if isinstance(id_, yaml.Scalar):
        yield writer.gives(id_, id_.at, ValueGiven("step", job, order=order))
        yield from _outputs(writer, run, id_, job, order)
    if isinstance(run, yaml.Scalar):
        if "GITHUB_ENV" in run.text:
            for name in _written(run.text, "GITHUB_ENV"):
                yield writer.gives(name, run.at, ValueGiven("env", job))
            yield writer.gives("", run.at, ValueGiven("env", job, complete=False))
        for found in _SET.finditer(run.text):
            yield writer.gives(found[1], run.at, ValueGiven("assigned", job, order=order))
        yield from _read(writer, step, run, job, order)
    for part, node in step.items():
        yield from _uses(writer, node, job, order, bare=part.text == "if")


def _outputs(writer: _Writer, run: yaml.Node | None, id_: yaml.Scalar, job: str, order: int) -> Iterator[Symbol]:
    """Yield the outputs a script writes; a step whose outputs are not seen may have others."""
    text = run.text if isinstance(run, yaml.Scalar) else ""
    written = _written(text, "GITHUB_OUTPUT")
    for name in written:
        yield writer.gives(name, id_.at, ValueGiven("step output", job, id_.text, order))
    if not written or len(_FILE.findall(text)) > len(written):
        yield writer.gives("", id_.at, ValueGiven("step output", job, id_.text, order, complete=False))


def _written(text: str, file: str) -> list[str]:
    lines = [line for line in text.split("\n") if file in line or "::set-output" in line]
    return [found[1] for line in lines if (found := _ASSIGNED.search(line))]


def _read(writer: _Writer, step: yaml.Mapping, run: yaml.Scalar, job: str, order: int) -> Iterator[Symbol]:
    """Yield the variables in capitals that a script reads and does not set itself."""
    if (step.text("shell") or "bash").split(" ")[0] not in ("bash", "sh") or "$" not in run.text:
        return
    read = shell.parse(_EXPRESSION.sub("x", run.text))
    own = {assignment.name for assignment in read.assignments} | read.set_names
    for name in dict.fromkeys(v.name for v in read.variables if not v.operator):
        if name not in own and name.isupper():
            at = yaml_places.search(run, writer.file, re.compile(rf"\$\{{?({re.escape(name)})\b"))
            yield writer.asks(name, at, ValueAsked("env", job, "", f"${name}", order, True))


def _uses(writer: _Writer, node: yaml.Node | None, job: str, order: int, *, bare: bool = False) -> Iterator[Symbol]:
    """Yield every value that the expressions below a node use; a condition is one without its braces."""
    waiting, seen = [node], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        match node:
            case yaml.Mapping():
                waiting += [value for _, value in reversed(node.pairs)]
            case yaml.Sequence():
                waiting += reversed(node.items)
            case yaml.Scalar():
                texts = _EXPRESSION.findall(node.text) or ([node.text] if bare else [])
                for text in texts:
                    yield from _expression(writer, node, _TEXT.sub("", text), job, order)


def _expression(writer: _Writer, node: yaml.Scalar, text: str, job: str, order: int) -> Iterator[Symbol]:
    for found in _USE.finditer(text):
        context, first, output = found.groups()
        at = yaml_places.inside(node, writer.file, found[0])
        match context:
            case "needs" | "jobs" if output:
                yield writer.asks(output, at, ValueAsked("job output", job, first, found[0], order))
            case "needs":
                yield writer.asks(first, at, ValueAsked("need", job, first, found[0], order))
            case "steps":
                yield writer.asks(output or "", at, ValueAsked("step output", job, first, found[0], order))
            case "inputs" | "github.event.inputs":
                yield writer.asks(first, at, ValueAsked("input", job, "", found[0], order))
            case "secrets" if first.upper() != "GITHUB_TOKEN":
                yield writer.asks(first, at, ValueAsked("secret", job, "", found[0], order))
            case "env" | "matrix":
                yield writer.asks(first, at, ValueAsked(context, job, "", found[0], order))
