"""What is said about releases: images that are built and pushed, clusters that are told, migrations that run."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class ShellValue:
    """A script or pipeline sets a variable to a text it holds itself (Kind.SETTING, defines, phase "script")."""

    value: str


@dataclass(frozen=True, slots=True)
class NamespaceGiven:
    """A kustomization puts all it covers into a namespace (Kind.SETTING, defines, phase "deploy", named by it)."""

    folder: str


@dataclass(frozen=True, slots=True)
class ImageReplaced:
    """A kustomization gives an image another name or version (Kind.IMAGE, defines, named by the name it looks for)."""

    new_name: str
    new_tag: str
    folder: str


@dataclass(frozen=True, slots=True)
class ImageMade:
    """A step builds or pushes an image (Kind.IMAGE, defines, named without its tag; derived).

    `by` is the command or action; `tag` as written, "" where none is, "*" where it can be any; `pushed` tells that it goes
    to a registry, None where that depends; `source` is "pipeline", "script", "compose", "make"; `dockerfile` what it is
    built from, "" where unknown.
    """

    by: str
    tag: str
    built: bool
    pushed: bool | None
    source: str
    dockerfile: str = ""


@dataclass(frozen=True, slots=True)
class ImageWanted:
    """A deployment asks for an image that this repository must build (Kind.IMAGE, defines, phase "release"; derived).

    `state` is "made", "unbuilt", "unpushed", "misnamed", "mistagged", "unused" or "unclear" with `why`; `other` is the name or tag on
    the other side, `other_at` its place, `dockerfile` what builds it.
    """

    state: str
    why: str
    by: str
    other: str = ""
    other_at: Span | None = None
    dockerfile: str = ""


@dataclass(frozen=True, slots=True)
class ClusterCommand:
    """A command speaks to a cluster about something by name (Kind.SERVICE, refers, phase "release"; derived).

    `state` is "qualified", "unqualified", "unknown" (no manifest defines it) or "unclear" with `why`; `namespace` is that of
    the manifest, `there` its place.
    """

    command: str
    state: str
    why: str
    namespace: str = ""
    there: Span | None = None


@dataclass(frozen=True, slots=True)
class ManifestApplied:
    """A manifest, and what puts it on the cluster (Kind.FILE, refers, phase "release", named by its path; derived).

    `state` is "applied", "unapplied", "absent" (named, and not there) or "unclear" with `why`; `by` is what ought to name it,
    `by_at` its place.
    """

    state: str
    why: str
    by: str
    by_at: Span


@dataclass(frozen=True, slots=True)
class ReleaseFound:
    """A job or script brings a new version out (Kind.PIPELINE, refers, phase "release", named by it; derived).

    `by` is the first command that changes what runs; `waits`, `undoes`, `asks` are the places that wait for the new version,
    go back to the old one, and ask the new one; `undone_by` says where going back stands. `doubt` says what may do so
    unseen.
    """

    by: str
    tool: str
    waits: Span | None
    undoes: Span | None
    asks: Span | None
    doubt: str
    workload: str = ""
    workload_at: Span | None = None


@dataclass(frozen=True, slots=True)
class MigrationOrder:
    """When the migrations of a database run (Kind.COLUMN, refers, phase "release"; derived).

    `state` is "before", "late" (after the rollout), "unawaited" (started before it, and not waited for), "beside" (a compose
    service does not wait for the one named in `why`), "replicated" (in every replica at its start), "never" or "unclear" with
    `why`; `other_at` is the place of the rollout, of the number of replicas or of the newest migration.
    """

    state: str
    why: str
    command: str
    other_at: Span
    other: str


@dataclass(frozen=True, slots=True)
class MigrationStep:
    """A step of a migration (Kind.COLUMN, defines, phase "migration", named by what it changes).

    `harm` is "drop column", "drop table", "rename", "required column", "no way back", or "" for a harmless migration;
    `tool` is "alembic", "django", "sql", "prisma"; `revision` and `after` are the names by which migrations of one `group`
    follow one another; where none says what it follows, their names are in order.
    """

    tool: str
    harm: str
    group: str
    revision: str
    after: tuple[str, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class UnsafeLine:
    """A line of a release script whose failure nobody notices (Kind.COMMAND, defines, phase "release"; derived).

    `how` says by what the failure is lost, `says` is the line that announces success, `says_at` its place.
    """

    command: str
    how: str
    says: str
    says_at: Span | None


@dataclass(frozen=True, slots=True)
class BuildMount:
    """A file or folder of the context that a build step sees without copying it (Kind.FILE, defines, phase "build")."""

    stage: int


@dataclass(frozen=True, slots=True)
class HomeLost:
    """Files of a shipped image that its user cannot read (Kind.CONTENT, defines, phase "release"; derived)."""

    path: str
    user: str
    user_at: Span
    by: str


@dataclass(frozen=True, slots=True)
class InstallFound:
    """A build or pipeline installs the packages of a manifest (Kind.PACKAGE, refers, phase "install"; derived).

    `lock` is the lock file that fixes them ("" where there is none), `obeyed` whether the command keeps to it, None where
    that cannot be told; `why` says why not.
    """

    command: str
    lock: str
    obeyed: bool | None
    why: str
    instead: str


@dataclass(frozen=True, slots=True)
class HealthJudged:
    """A health check as it decides (Kind.COMMAND, defines, phase "health"; derived).

    `state` is "sound", "blind" (it cannot fail, and `why`) or "elsewhere" (it asks the service `why`, defined at `there`).
    """

    purpose: str
    state: str
    why: str
    instead: str
    command: str
    there: Span


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark of unfinished work in code that ships (Kind.CONSTRUCT, defines, phase "unfinished", named by the mark).

    `text` is what it says, `more` how many more of its kind the file holds; `route` is the handler of a route that only says
    it is not there yet, "" elsewhere.
    """

    text: str
    more: int = 0
    route: str = ""


@dataclass(frozen=True, slots=True)
class VersionEnded:
    """An image, action or runner and whether its version is still kept up (Kind.IMAGE or Kind.STEP, defines, phase "age";
    derived). `state` is "ended" or "kept"; `since` says when it ended, `source` where that stands, `instead` what follows."""

    state: str
    product: str
    version: str
    since: str
    source: str
    instead: str


@dataclass(frozen=True, slots=True)
class GateFound:
    """Whether a pipeline looks at the code itself (Kind.STEP, refers, phase "gate"; derived): `state` is "there", "absent"
    or "unclear" with `why`; `by` is the command that does."""

    state: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class AuditFound:
    """Whether a pipeline, or a service that its configuration asks for, looks for known weaknesses of the dependencies
    (Kind.STEP, refers, phase "audit"; derived): `state` is "there", "absent" or "unclear" with `why`; `by` is what does.
    `manifests` are the files that name the dependencies."""

    state: str
    why: str
    by: str
    manifests: tuple[Span, ...] = ()
