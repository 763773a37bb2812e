"""The service under test, as its owner describes it in `roadworthy.toml`."""

from dataclasses import dataclass, field
from enum import StrEnum

from roadworthy.model.codec import Json


class DependencyKind(StrEnum):
    """What the subject calls over a wire."""

    POSTGRES = "postgres"
    REDIS = "redis"
    HTTP = "http"
    S3 = "s3"
    SMTP = "smtp"

    @property
    def stores(self) -> bool:
        """Whether what the subject writes there must outlive a crash."""
        return self in (DependencyKind.POSTGRES, DependencyKind.S3)


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable of the subject: a value, `random` characters made by the rig, or the path of a file.

    `optional` says that the service may start and work without it.
    """

    name: str
    value: str | None = None
    random: int | None = None
    file: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """How the subject is started. `start` holds `{port}`; `root` is relative to the folder of the file."""

    name: str
    start: str
    migrate: str | None = None
    root: str = "."
    environment: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Probes:
    """Paths the platform asks."""

    live: str | None = None
    ready: str | None = None
    startup: str | None = None
    metrics: str | None = None


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something the subject calls. `url` is the template of the value that `env` receives."""

    name: str
    kind: DependencyKind
    env: str
    critical: bool = True
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a journey and what its answer must be.

    `capture` pairs a name with a dotted path into the answer, `equals` a dotted path with the value expected there.
    `acknowledges` marks the answer that promises a write is safe.
    """

    method: str
    path: str
    expect: tuple[int, ...]
    json: Json = None
    body: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    capture: tuple[tuple[str, str], ...] = ()
    contains: tuple[str, ...] = ()
    equals: tuple[tuple[str, Json], ...] = ()
    acknowledges: bool = False

    @property
    def request(self) -> str:
        """The request as the file writes it."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Journey:
    """Requests that make the service do its work."""

    name: str
    steps: tuple[Step, ...]

    def writes(self) -> "AcknowledgedWrite | None":
        """The part of this journey that proves a write: up to its last acknowledgement, then what reads it back."""
        last = max((index for index, step in enumerate(self.steps) if step.acknowledges), default=None)
        if last is None:
            return None
        back: list[Step] = []
        for step in self.steps[last + 1 :]:
            if step.method != "GET":
                break
            back.append(step)
        return AcknowledgedWrite(self, self.steps[: last + 1], tuple(back)) if back else None


@dataclass(frozen=True, slots=True)
class AcknowledgedWrite:
    """Steps that end with an acknowledged write, and the steps that read it back."""

    journey: Journey
    write: tuple[Step, ...]
    read: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Auth:
    """How a journey proves who it is: headers on every request, after `steps` that obtain what they need."""

    headers: tuple[tuple[str, str], ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """Commands that dump the stores and put them back."""

    dump: str
    restore: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """Requests that hand out and erase one person's data."""

    export: str | None = None
    erase: str | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """The service level promised: `availability` as a fraction, `latency` as quantile and seconds."""

    availability: float | None = None
    latency: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the road test.

    `deadline_seconds` is the longest a caller may wait for an answer, `start_seconds` the longest start,
    `recovery_seconds` the longest way back to steady state, `stop_seconds` the longest shutdown.
    """

    deadline_seconds: float = 10.0
    start_seconds: float = 30.0
    recovery_seconds: float = 20.0
    stop_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class ProvidedElsewhere:
    """A name that something outside the repository defines."""

    kind: str
    name: str
    by: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything `roadworthy.toml` says. `source` is the file it was read from, relative to the inspected root."""

    source: str
    service: Service
    probes: Probes = field(default_factory=Probes)
    dependencies: tuple[Dependency, ...] = ()
    journeys: tuple[Journey, ...] = ()
    auth: Auth = field(default_factory=Auth)
    backup: Backup | None = None
    privacy: Privacy | None = None
    alerts: tuple[str, ...] = ()
    objective: Objective | None = None
    limits: Limits = field(default_factory=Limits)
    defines: tuple[ProvidedElsewhere, ...] = ()

    @property
    def acknowledged_writes(self) -> tuple[AcknowledgedWrite, ...]:
        """Every journey that acknowledges a write and reads it back."""
        return tuple(write for journey in self.journeys if (write := journey.writes()) is not None)

    @property
    def has_store(self) -> bool:
        """Whether something the subject acknowledges must survive it."""
        stores = any(dependency.kind.stores for dependency in self.dependencies)
        return stores or any(step.acknowledges for journey in self.journeys for step in journey.steps)
