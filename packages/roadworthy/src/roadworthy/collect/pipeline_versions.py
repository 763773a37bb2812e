"""Which versions of languages and servers pipelines use: set-up steps, matrices, and the images of services."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.version import VersionStated
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import yaml

PROVIDES = frozenset({Kind.SETTING})

_WORKFLOW = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
_SETUP = {
    "actions/setup-python": ("python", "python-version"),
    "actions/setup-node": ("node", "node-version"),
    "actions/setup-go": ("go", "go-version"),
    "astral-sh/setup-uv": ("python", "python-version"),
}
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")
_VARIABLE = re.compile(r"\$\{\{\s*env\.(\w+)\s*\}\}")


def wants(path: str) -> bool:
    """Workflows, and GitLab's pipeline."""
    return _WORKFLOW.search(path) is not None or path.rpartition("/")[2] in (".gitlab-ci.yml", ".gitlab-ci.yaml")


claims = wants


def recognises(file: SourceFile) -> bool:
    """Every pipeline."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the versions that set-up steps ask for, and the images of services."""
    for root in yaml.documents(file):
        if not isinstance(root, yaml.Mapping):
            continue
        if not _WORKFLOW.search(file.path):
            yield from _gitlab(root)
            continue
        jobs = root.get("jobs")
        for _, job in jobs.items() if isinstance(jobs, yaml.Mapping) else ():
            if isinstance(job, yaml.Mapping):
                yield from _job(root, job)


def _symbol(product: str, at: Span, detail: VersionStated) -> Symbol:
    return Symbol(Kind.SETTING, Action.REFERS, Exact(product), at, "", "version", FileRole.PROD, detail)


def _job(root: yaml.Mapping, job: yaml.Mapping) -> Iterator[Symbol]:
    listed = job.get("services")
    for _, service in listed.items() if isinstance(listed, yaml.Mapping) else ():
        image = service.get("image") if isinstance(service, yaml.Mapping) else None
        yield from _image(root, job, image)
    container = job.get("container")
    yield from _image(root, job, container.get("image") if isinstance(container, yaml.Mapping) else container)
    steps = job.get("steps")
    for step in steps.items if isinstance(steps, yaml.Sequence) else ():
        uses = step.text("uses") if isinstance(step, yaml.Mapping) else None
        setup = _SETUP.get((uses or "").partition("@")[0])
        if setup is None or not isinstance(step, yaml.Mapping):
            continue
        given = step.get("with", setup[1])
        values = _values(root, job, given)
        if values and given is not None:
            yield _symbol(setup[0], given.at, VersionStated("setup", values))


def _image(root: yaml.Mapping, job: yaml.Mapping, image: yaml.Node | None) -> Iterator[Symbol]:
    """Yield the images of one service, by every row of the matrix; which product they hold is told when facts are linked."""
    if not isinstance(image, yaml.Scalar) or image.is_null():
        return
    found = _MATRIX.search(image.text)
    texts: tuple[str, ...] = (image.text,)
    if found:
        rows = _values(root, job, yaml.Scalar(found[0], True, image.at))
        texts = tuple(image.text.replace(found[0], row) for row in rows)
    if texts and not any("${{" in text for text in texts):
        yield _symbol("image", image.at, VersionStated("service", texts))


def _values(root: yaml.Mapping, job: yaml.Mapping, node: yaml.Node | None) -> tuple[str, ...]:
    """Return the texts a value stands for; nothing where one cannot be told."""
    if isinstance(node, yaml.Sequence):
        return tuple(item.text for item in node if isinstance(item, yaml.Scalar))
    if not isinstance(node, yaml.Scalar) or node.is_null():
        return ()
    if matrix := _MATRIX.fullmatch(node.text.strip()):
        key = matrix[1]
        rows = job.get("strategy", "matrix", key)
        included = job.get("strategy", "matrix", "include")
        more = (
            [item.text(key) for item in included if isinstance(item, yaml.Mapping)]
            if isinstance(included, yaml.Sequence)
            else []
        )
        own = [item.text for item in rows if isinstance(item, yaml.Scalar)] if isinstance(rows, yaml.Sequence) else []
        return (*own, *(text for text in more if text))
    if variable := _VARIABLE.fullmatch(node.text.strip()):
        text = job.text("env", variable[1]) or root.text("env", variable[1])
        return (text,) if text and "${{" not in text else ()
    if "${{" in node.text:
        return ()
    return tuple(node.text.split())


def _gitlab(root: yaml.Mapping) -> Iterator[Symbol]:
    holders = [root, *(node for _, node in root.items() if isinstance(node, yaml.Mapping))]
    for holder in holders:
        listed = holder.get("services")
        images = [holder.get("image"), *(listed.items if isinstance(listed, yaml.Sequence) else ())]
        for image in images:
            node = image.get("name") if isinstance(image, yaml.Mapping) else image
            if isinstance(node, yaml.Scalar) and not node.is_null() and "$" not in node.text:
                yield _symbol("image", node.at, VersionStated("service", (node.text,)))
