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
