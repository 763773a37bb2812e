"""What is said about command lines outside of images: in pipelines, documents, Makefiles and package manifests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandLine:
    """One simple command (Kind.STEP, refers, named by its program).

    `source` is "pipeline", "document", "make", "npm", "tox", "task"; `owner` the job, target or script it belongs to.
    `folder` is where it runs, relative to the repository, None where that cannot be told. `optional` tells that the
    script goes on when it fails, `swallowed` that its failure is thrown away, and `how` says by what. `writes` are the
    files its output goes to, `reads` those its input comes from.
    """

    source: str
    owner: str
    words: tuple[str, ...]
    folder: str | None
    optional: bool = False
    swallowed: bool = False
    how: str = ""
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptDefined:
    """A name that can be run (Kind.SCRIPT, defines): `runner` is "make", "npm", "tox", "nox", "just", "task"; `folder` is that
    of the file that defines it."""

    runner: str
    folder: str


@dataclass(frozen=True, slots=True)
class ScriptUse:
    """A command runs a name (Kind.SCRIPT, refers; derived). `known` are the names that could be meant, `found` the place
    of its definition ("" where there is none), `holder` the file that ought to define it ("" where there is no such file);
    `open` says why the names may not all be known, "" where they are."""

    source: str
    owner: str
    runner: str
    holder: str
    found: bool
    known: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True, slots=True)
class PathUse:
    """A command names a path of the repository (Kind.FILE, refers, phase "script"; derived).

    `form` is "test path", "script", "file", "folder", "module"; `found` tells whether it is there, None where that cannot
    be told. `nearest` is the most similar path there is.
    """

    source: str
    owner: str
    form: str
    found: bool | None
    nearest: str = ""
    command: str = ""
