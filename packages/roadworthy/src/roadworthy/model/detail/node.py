"""What is said about JavaScript packages and about what compiles them."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class NodePackage:
    """A package manifest (Kind.SETTING, defines, named by its path).

    `manager` is what it says it is installed with (`pnpm@9.1.0`), `node` the versions of Node.js it asks for, `main` what
    it starts with, `module` that its files are ES modules. `workspaces` and `shipped` (`files`) are patterns, None where
    it says nothing.
    """

    main: str = ""
    module: bool = False
    manager: str = ""
    node: str = ""
    workspaces: tuple[str, ...] | None = None
    shipped: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CompilerSetup:
    """A TypeScript configuration (Kind.SETTING, defines, named by its path). Everything is as written there: None where
    the file says nothing, and what it `extends` may say it."""

    extends: tuple[str, ...] = ()
    out_folder: str | None = None
    root_folder: str | None = None
    out_file: str | None = None
    include: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    files: tuple[str, ...] | None = None
    emits: bool | None = None
    declarations_only: bool | None = None
    scripts: bool | None = None
    composite: bool | None = None
    references: tuple[str, ...] = ()
    base_folder: str | None = None
    paths: tuple[tuple[str, str], ...] | None = None
    include_at: Span | None = None
    exclude_at: Span | None = None
    out_at: Span | None = None
    root_at: Span | None = None
    emits_at: Span | None = None


@dataclass(frozen=True, slots=True)
class BuilderSetup:
    """How `nest build` builds (Kind.SETTING, defines, named by the path of nest-cli.json).

    `builder` is "tsc", "swc" or "webpack", `configuration` the TypeScript configuration it takes, "" where it chooses.
    `assets` are patterns of the files it copies, relative to `sources`. `monorepo` tells that it holds several projects.
    """

    sources: str
    builder: str = "tsc"
    configuration: str = ""
    assets: tuple[str, ...] = ()
    monorepo: bool = False
