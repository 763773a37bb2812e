"""Which Python programs the steps of an image call, and whether what it installs leaves their packages out."""

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.link.build_contexts import Contexts
from roadworthy.link.draft import Draft
from roadworthy.link.image_files import locate
from roadworthy.link.image_stages import Stage, named
from roadworthy.link.located import InRepository
from roadworthy.link.python_installs import PythonInstall, install
from roadworthy.link.stage_places import before, folder_of, variables_of
from roadworthy.model.detail.build import BuildNeed
from roadworthy.model.detail.command import CommandUse
from roadworthy.model.detail.image import CopySource
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.command_line import base, calls, shell_calls

# Programs with the package that brings them, as its entry points say.
_PROGRAMS = {
    **{
        name: (name,)
        for name in ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "alembic", "celery", "flower")
    },
    **{name: (name,) for name in ("pytest", "ruff", "mypy", "mkdocs", "flask", "aerich", "dramatiq", "arq", "taskiq")},
    "django-admin": ("django",),
    "fastapi": ("fastapi", "fastapi-cli"),
    "ddtrace-run": ("ddtrace",),
    "opentelemetry-instrument": ("opentelemetry-distro",),
    "sphinx-build": ("sphinx",),
    "pybabel": ("babel",),
    "pre-commit": ("pre-commit",),
    "waitress-serve": ("waitress",),
}
_STARTS = ("entrypoint", "command")
# Packages that others bring along: that no manifest lists them for running says nothing.
_BROUGHT = {
    "uvicorn": ("fastapi",),
    "flask": ("flask-restx", "flask-sqlalchemy", "apiflask"),
    "babel": ("flask-babel",),
}


@dataclass(slots=True)
class PythonNeeds:
    """The packages that manifests ask for, by folder and name."""

    draft: Draft
    contexts: Contexts
    asked: dict[str, dict[str, list[Symbol]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def __post_init__(self) -> None:
        for symbol in self.draft.of(Kind.PACKAGE, Action.DEFINES):
            if isinstance(symbol.detail, Dependency) and symbol.detail.ecosystem == "python":
                self.asked[symbol.at.path.rpartition("/")[0]][str(symbol.name)].append(symbol)

    def needs(self, stages: list[Stage]) -> Iterator[Symbol]:
        """Yield what the steps and start commands of one Dockerfile need."""
        for stage in stages if self.asked else ():
            for symbol in stage.statements if stage.needed else ():
                use = symbol.detail
                if isinstance(use, CommandUse) and use.purpose == "run" and not use.optional and use.words:
                    yield from self._calls(stage, stages, symbol, [c.words for c in calls(use.words)], "build")
            for purpose in _STARTS if stage.shipped else ():
                last = stage.last(purpose)
                if last is not None and isinstance(last.detail, CommandUse) and last.detail.words:
                    shell = last.detail.form == "shell"
                    found = shell_calls(last.detail.words[0]) if shell else calls(last.detail.words)
                    words = [call.words for call in found if not call.optional]
                    yield from self._calls(stage, stages, last, words, "start")

    def _calls(
        self, stage: Stage, stages: list[Stage], symbol: Symbol, found: list[tuple[str, ...]], purpose: str
    ) -> Iterator[Symbol]:
        if any(words[:1] in (("uvx",), ("pipx",)) for words in found):
            return
        for words in found:
            program = (
                words[2]
                if words[1:2] == ("-m",) and base(words[0]).startswith("python") and len(words) > 2
                else base(words[0])
            )
            for name in _PROGRAMS.get(program, ()):
                need = self._need(stage, stages, symbol if purpose == "build" else None, symbol, name, program, purpose)
                if need is not None:
                    yield need
                    break

    def _need(
        self,
        stage: Stage,
        stages: list[Stage],
        step: Symbol | None,
        symbol: Symbol,
        name: str,
        program: str,
        purpose: str,
    ) -> Symbol | None:
        installs = list(self._installed(stage, stages, step, 0))
        project = next((i for i in installs if i[0].form == "project"), None)
        if (
            project is None
            or any(name in done.names for done, _ in installs)
            or any(d.form == "files" for d, _ in installs)
        ):
            return None
        done, folder = project
        asked = self.asked[folder].get(name, [])
        groups = {s.detail.group for s in asked if isinstance(s.detail, Dependency)}
        if not groups:
            return None
        taken = "" in groups or done.groups is None or bool(groups & done.groups)
        if done.groups is None and done.names:
            taken = "" in groups or any(f"-{group}" not in done.names for group in groups)
        brought = any(
            isinstance(s.detail, Dependency) and not s.detail.group
            for other in _BROUGHT.get(name, ())
            for s in self.asked[folder].get(other, [])
        )
        state = "there" if taken else "unclear" if brought else "left out"
        why = "" if taken else "another package may bring it along" if brought else done.how
        detail = BuildNeed(program, purpose, state, why, "", done.at, done.at, asked[0].at)
        return Symbol(
            Kind.PACKAGE, Action.REFERS, Exact(name), symbol.at, phase="image", role=symbol.role, detail=detail
        )

    def _installed(
        self, stage: Stage, stages: list[Stage], step: Symbol | None, depth: int
    ) -> Iterator[tuple[PythonInstall, str]]:
        """Yield the installations before a step, the last first, each with the folder of the manifest it takes."""
        for link, symbol in before(stage, step):
            use = symbol.detail
            if isinstance(use, CommandUse) and use.purpose == "run" and use.words:
                done = next((i for c in calls(use.words) if (i := self._install(link, symbol, c.words))), None)
                if done is not None:
                    yield done, self._folder(link, stages, symbol)
            elif isinstance(use, CopySource) and use.origin and depth < 4:
                name = str(symbol.name)
                if any(
                    part in name for part in (".venv", "site-packages", "/venv", "/opt/", "/usr/local", "/root/.local")
                ):
                    other = named(stages, use.origin, link.index)
                    if other is not None:
                        yield from self._installed(other, stages, None, depth + 1)

    def _install(self, link: Stage, symbol: Symbol, words: tuple[str, ...]) -> PythonInstall | None:
        variables = {name: value for name, (value, _) in variables_of(link, symbol).items()}
        return install(words, symbol.at, variables)

    def _folder(self, link: Stage, stages: list[Stage], symbol: Symbol) -> str:
        folder = folder_of(link, symbol)
        if folder is not None:
            found = locate(posixpath.join(folder, "pyproject.toml"), link, stages, self.contexts)
            if isinstance(found, InRepository):
                return found.path.rpartition("/")[0]
        return link.path.rpartition("/")[0]
