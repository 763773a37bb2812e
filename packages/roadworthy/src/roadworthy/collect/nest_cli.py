"""nest-cli.json: what `nest build` compiles with, and which files it copies beside what it compiles."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.node import BuilderSetup
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import jsonc, yaml

PROVIDES = frozenset({Kind.SETTING})


def wants(path: str) -> bool:
    """Files of the names the tool looks for."""
    return path.rpartition("/")[2] in ("nest-cli.json", ".nest-cli.json", ".nestcli.json", "nest.json")


def recognises(file: SourceFile) -> bool:
    """Every file of the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield how the tool builds."""
    root = jsonc.document(file)
    given = root.get("compilerOptions")
    options = given if isinstance(given, yaml.Mapping) else yaml.Mapping([], root.at)
    builder = options.text("builder") or options.text("builder", "type") or "tsc"
    if options.text("webpack") == "true":
        builder = "webpack"
    setup = BuilderSetup(
        sources=root.text("sourceRoot") or "src",
        builder=builder,
        configuration=options.text("tsConfigPath") or options.text("builder", "options", "configPath") or "",
        assets=tuple(_assets(options.get("assets"))),
        monorepo=root.text("monorepo") == "true" or isinstance(root.get("projects"), yaml.Mapping),
    )
    at = Span(file.path)
    yield Symbol(Kind.SETTING, Action.DEFINES, Exact(file.path), at, phase="build", role=file.role, detail=setup)


def _assets(node: yaml.Node | None) -> Iterator[str]:
    for item in node.items if isinstance(node, yaml.Sequence) else []:
        if isinstance(item, yaml.Scalar):
            yield item.text
        elif isinstance(item, yaml.Mapping):
            # What goes elsewhere than beside its source is marked, and what it is called there is not followed.
            yield (item.text("include") or "**") if item.text("outDir") is None else "**"
