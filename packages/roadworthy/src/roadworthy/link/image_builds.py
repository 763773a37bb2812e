"""How images are built: the context, target and extra contexts that compose files, pipelines and commands name."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.pipeline import ActionUse
from roadworthy.model.detail.script import CommandLine
from roadworthy.model.detail.workload import Workload
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import FileRole
from roadworthy.syntax.command_line import base
from roadworthy.syntax.paths import joined

_VALUED = frozenset(
    """
    -f --file -t --tag --target --build-arg --build-context --platform --label --cache-from --cache-to
    --secret --ssh --progress --network -o --output --builder --iidfile --add-host --metadata-file
    --provenance --sbom --attest --shm-size --ulimit --no-cache-filter --memory
    """.split()
)


@dataclass(frozen=True, slots=True)
class Build:
    """One way an image is built. `context` is None where it cannot be read; `firm` tells that it can be no other, `ships`
    that what is built goes into production."""

    dockerfile: str
    context: str | None
    target: str = ""
    extra: tuple[str, ...] = ()
    firm: bool = True
    ships: bool = True


def builds(draft: Draft) -> list[Build]:
    """Return every build that an artifact names."""
    found: list[Build] = []
    for symbol in draft.symbols:
        detail = symbol.detail
        match detail:
            case Workload() if symbol.action is Action.DEFINES and detail.context is not None and detail.dockerfile:
                ships = symbol.role is FileRole.PROD
                found.append(Build(detail.dockerfile, detail.context, detail.target, ships=ships))
            case CommandLine() if detail.folder is not None:
                found += _of_command(detail.words, detail.folder)
            case CommandUse(purpose="script"):
                for folder in dict.fromkeys(("", symbol.at.path.rpartition("/")[0])):
                    found += _of_command(detail.words, folder)
            case ActionUse() if str(symbol.name).endswith("build-push-action"):
                found += _of_action(dict(detail.given))
    return [build for build in dict.fromkeys(found) if build.dockerfile in draft.tree.files]


def extra_contexts(draft: Draft, found: list[Build]) -> frozenset[str]:
    """Return the names of contexts that builds add, for `COPY --from`."""
    names = {name for build in found for name in build.extra}
    for symbol in draft.of(Kind.STAGE, Action.DEFINES):
        if getattr(symbol.detail, "by", "") == "build context":
            names.add(str(symbol.name))
    return frozenset(names)


def _of_action(given: dict[str, str]) -> Iterator[Build]:
    context = given.get("context", ".").strip()
    folder = None if "$" in context or "://" in context else joined("", context)
    file = given.get("file", "").strip()
    if "$" in file or (not file and folder is None):
        return
    dockerfile = joined("", file) if file else posixpath.join(folder or "", "Dockerfile")
    extra = tuple(
        line.partition("=")[0].strip() for line in given.get("build-contexts", "").splitlines() if line.strip()
    )
    if dockerfile:
        yield Build(dockerfile, folder, given.get("target", ""), extra)


def _of_command(words: tuple[str, ...], folder: str) -> Iterator[Build]:
    if base(words[0]) not in ("docker", "podman", "buildah", "nerdctl") or not {"build", "bud"} & set(words[1:3]):
        return
    verb = next(index for index, word in enumerate(words) if word in ("build", "bud"))
    options: dict[str, list[str]] = {}
    rest: list[str] = []
    waiting = ""
    for word in words[verb + 1 :]:
        if waiting:
            options.setdefault(waiting, []).append(word)
            waiting = ""
        elif word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            if equals:
                options.setdefault(name, []).append(value)
            elif name in _VALUED:
                waiting = name
        else:
            rest.append(word)
    context = rest[-1] if rest else ""
    inside = None if not context or "$" in context or "://" in context or context == "-" else joined(folder, context)
    file = (options.get("-f") or options.get("--file") or [""])[-1]
    if "$" in file or (not file and inside is None):
        return
    dockerfile = joined(folder, file) if file else posixpath.join(inside or "", "Dockerfile")
    extra = tuple(value.partition("=")[0] for value in options.get("--build-context", []))
    if dockerfile:
        yield Build(dockerfile, inside, (options.get("--target") or [""])[-1], extra, firm=False)
