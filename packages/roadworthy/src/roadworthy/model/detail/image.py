"""What Dockerfiles say: stages, what they copy, install and expose."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class StageBuilt:
    """A stage (Kind.STAGE, defines). `base` is the image it starts from, "" where `base_stage` is the index of a stage
    or the name cannot be read; `final` marks what an ordinary build gives."""

    index: int
    base: str
    base_stage: int | None
    final: bool


@dataclass(frozen=True, slots=True)
class StageUse:
    """A name that must be a stage, an image or a build context (Kind.STAGE, refers): `by` is "COPY --from" and so on,
    `stage` the index of the stage that uses it."""

    by: str
    stage: int


@dataclass(frozen=True, slots=True)
class BaseImage:
    """An image a stage starts from or copies from (Kind.IMAGE, refers): `by` is "FROM" or "COPY --from"."""

    stage: int
    by: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class CopySource:
    """A file or folder a build copies (Kind.FILE, refers).

    `by` is "COPY" or "ADD", `origin` is "" for the build context, otherwise the name given to `--from`; `destination`
    lies in the image, relative to the working folder of the base image unless it starts with a slash, None where it
    cannot be read. `into_folder` tells that it must be a folder, `parents` that the source's own folders are kept; `owner` and
    `mode` are those given to it.
    """

    stage: int
    by: str
    origin: str
    destination: str | None
    into_folder: bool
    parents: bool = False
    excludes: tuple[str, ...] = ()
    owner: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class FilePlaced:
    """A file that the Dockerfile itself writes (Kind.FILE, defines): a heredoc, a download, a link."""

    stage: int
    by: str


@dataclass(frozen=True, slots=True)
class PackageInstalled:
    """A package a build step installs (Kind.PACKAGE, defines). `manager` is "apt", "apk", "dnf", "pip", "npm" …"""

    stage: int
    manager: str


@dataclass(frozen=True, slots=True)
class StageUser:
    """Whom the stage's processes run as from here on (Kind.SETTING, defines, named "user")."""

    stage: int
    user: str


@dataclass(frozen=True, slots=True)
class StageFolder:
    """The working folder from here on (Kind.SETTING, defines, named "workdir"); "" where it cannot be read."""

    stage: int
    folder: str


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """A line of a .dockerignore file (Kind.FILE, refers): the pattern without its `!`."""

    pattern: str
    keeps: bool
    order: int


@dataclass(frozen=True, slots=True)
class FileWanted:
    """A file or module that a command starts, which the image must hold (Kind.CONTENT, refers; derived).

    `how` is the start of the command, `image_at` the place where the image is put together, `sought` where in the image
    it was looked for, `compiler_at` the place that says what a compiler writes where, None where none does.
    """

    how: str
    image_at: Span
    sought: tuple[str, ...]
    compiler_at: Span | None = None
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class SourceWanted:
    """A path that COPY or ADD takes from the build context (Kind.CONTENT, refers; derived).

    `contexts` are the folders the context may be; `ignored_by` is the line that keeps it out, `ignored_as` its pattern.
    `shipped` tells that the stage is, or is continued by, the one that is shipped; `environment_files` are the dotenv
    files that come along.
    """

    by: str
    contexts: tuple[str, ...]
    ignored_by: Span | None = None
    ignored_as: str = ""
    shipped: bool = True
    environment_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageWanted:
    """A name that must be a stage, an image or an extra build context (Kind.CONTENT, refers; derived).

    `by` is "COPY --from" and so on, "target" where a build asks for it; `later` is the place of a stage of this name that
    comes too late.
    """

    by: str
    dockerfile: str
    later: Span | None = None


@dataclass(frozen=True, slots=True)
class ShippedUser:
    """Whom a shipped image runs as (Kind.SETTING, refers, named "user"; derived). `user` is "" where no USER says so, and
    `base_user` is then that of the base image: "root", "other", "" where unknown. `dropped_by` is the place of the
    script's line that gives up root, None where there is none. `image` is the base image."""

    user: str
    base_user: str
    image: str
    dropped_by: Span | None = None


@dataclass(frozen=True, slots=True)
class RunsAs:
    """A deployment says whom a container runs as (Kind.SETTING, defines, named "user"): `by` is "compose" or
    "kubernetes", `user` a name, a number, or "non-root"."""

    by: str
    user: str


@dataclass(frozen=True, slots=True)
class ContentFound:
    """What a wanted path or module was found to be (Kind.CONTENT, defines; derived)."""

    path: str


@dataclass(frozen=True, slots=True)
class NamesBound:
    """All names at the top of a module that makes an application (Kind.CONSTRUCT, defines, named by its path). Only linking
    needs it."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class SecretBaked:
    """A secret that becomes part of the image (Kind.SECRET_KEY, defines): `by` is "ENV", "ARG", "RUN"."""

    stage: int
    by: str
