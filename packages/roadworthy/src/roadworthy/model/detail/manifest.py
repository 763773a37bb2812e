"""What package manifests say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dependency:
    """A package a manifest asks for (Kind.PACKAGE, defines, phase "run", "test" or "dev", named in one spelling).

    `ecosystem` is "python" or "npm"; `specifier` as written, `pinned` that it names one version; `group` the extra or
    group it belongs to, "" for the main ones.
    """

    ecosystem: str
    specifier: str
    pinned: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class ManifestRead:
    """A manifest was read (Kind.PACKAGE, refers, phase "manifest", named by its path): how many packages it asks for, how
    many of them are pinned, and the `form` of it. `kind` is "locked" (it pins what it needs in turn), "workspace",
    "dynamic" or ""."""

    ecosystem: str
    form: str
    asked: int
    pinned: int
    kind: str = ""
