"""What is said about what builds put into images, and what they leave out."""

from dataclasses import dataclass

from roadworthy.model.place import Span


@dataclass(frozen=True, slots=True)
class BuildNeed:
    """A step of an image needs a package (Kind.PACKAGE, refers, phase "image", named by the package; derived).

    `program` is what is called, `purpose` "build" for a build step and "start" for what the container starts. `state` is
    "there", "left out" or "unclear" with `why`; `installed_at` is the place that installs the packages, `omitted_at` the
    one that says that development packages are left out, `asked_at` the line of the manifest that asks for it.
    `script` is the script that leads there ("" where the step calls it itself) and `script_at` its place.
    """

    program: str
    purpose: str
    state: str
    why: str
    group: str
    installed_at: Span
    omitted_at: Span
    asked_at: Span
    script: str = ""
    script_at: Span | None = None


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """Code that an image starts needs a file of the repository (Kind.CONTENT, refers, phase "code"; derived).

    `by` is the file that needs it, `how` the words with which it does; `state` is "there", "left out" or "unclear" with
    `why`. `sought` is where in the image it is looked for, `source` the file of the repository that ought to be there.
    `image_at` is where the image is put together, `left_out_at` the line that leaves it out, None where nothing takes it.
    """

    by: str
    how: str
    state: str
    why: str
    sought: str
    source: str
    image_at: Span
    left_out_at: Span | None = None


@dataclass(frozen=True, slots=True)
class ModuleNeeds:
    """What a module of code loads (Kind.CONSTRUCT, refers, named by its path; only for linking).

    `modules` are the modules it imports, `files` what it reads while it runs: each with its line, its first and its last
    column. For modules follows "import", or "call" where a compiler does not see that it is one; for files "module" or
    "start", the folder that the path is relative to: the module's own, or that in which the program is started.
    """

    language: str
    modules: tuple[tuple[str, int, int, int, str], ...]
    files: tuple[tuple[str, int, int, int, str], ...] = ()
