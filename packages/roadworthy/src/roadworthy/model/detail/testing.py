"""What is said about tests: the cases, and how their runners are configured and called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunnerConfiguration:
    """A section that configures a test tool (Kind.TEST, defines, named by the tool: "pytest", "jest" …).

    `form` is the name of the file as the tool knows it ("pytest.ini", "pyproject.toml" …), `section` its header, "" for
    the file itself. `heard` tells that the tool reads a section of this name in such a file. `wins` tells that the file
    is chosen even when it says nothing. `options` are the names and values it gives.
    """

    tool: str
    form: str
    section: str
    heard: bool | None
    wins: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFound:
    """One test (Kind.TEST, defines, named by its function). `asserts` is None where it calls what may assert for it;
    `asynchronous` that it is a coroutine which only a plug-in runs; `marks` are its markers and those of its class."""

    framework: str
    asserts: bool | None
    asynchronous: bool = False
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesRead:
    """A file of tests was read (Kind.TEST, defines, named by its path): how many cases it holds."""

    framework: str
    cases: int


@dataclass(frozen=True, slots=True)
class RunnerCalled:
    """A pipeline calls a test runner (Kind.TEST, refers, named by the runner; derived).

    `job` is the job that does; `via` what leads there ("make test", "scripts/test.sh"), "" where it calls the runner
    itself. `swallowed` says why its failure does not fail the job, "" where it does. `words` is the call of the runner,
    with what is handed on to it.
    """

    job: str
    via: str = ""
    swallowed: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunnerHidden:
    """A step that may run the tests in a way that cannot be seen (Kind.TEST, refers, named by what it calls; derived)."""

    job: str
    why: str


@dataclass(frozen=True, slots=True)
class FixtureDefined:
    """A fixture of pytest (Kind.TEST, defines, named by the fixture). `folder` is that below which tests see it, or the
    path of the one file that does."""

    folder: str


@dataclass(frozen=True, slots=True)
class FixtureUse:
    """A test or fixture asks for a fixture (Kind.TEST, refers, named by the fixture): `by` is its function."""

    by: str


@dataclass(frozen=True, slots=True)
class FixturesHidden:
    """Something may define fixtures that are not seen (Kind.TEST, refers, named by what it is)."""

    why: str


@dataclass(frozen=True, slots=True)
class LoadScript:
    """A load test (Kind.TEST, defines, named by its path).

    `tool` is "k6", "artillery" or "locust". `judges` tells that it fails when the service is too slow or fails too
    often, None where that cannot be told; `per_second` is the rate of requests or iterations it asks for at its highest,
    None where that is not said.
    """

    tool: str
    judges: bool | None
    per_second: float | None = None


@dataclass(frozen=True, slots=True)
class LoadMetric:
    """A load test judges by a metric (Kind.TEST, refers, named by the metric). `known` are the metrics of the tool and of
    the script, `whole` whether these are all."""

    tool: str
    known: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """A load test asks the service (Kind.TEST, refers, named by the address as far as it is known). `path` is that of the
    address, `*` for what is computed, "" where it cannot be told."""

    tool: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class VariableForTests:
    """A file that the tests have to themselves names a variable the service needs (Kind.TEST, refers, named by the variable;
    derived; its place is the file): it may well set it."""


@dataclass(frozen=True, slots=True)
class SettingsReplaced:
    """A file of tests gives the service its settings in another way than by the environment (Kind.TEST, refers, named by the
    construct)."""

    why: str
