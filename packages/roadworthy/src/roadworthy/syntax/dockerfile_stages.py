"""The stages of a Dockerfile: what each starts from, and the variables, folder and shell in force at each instruction."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from roadworthy.model.place import Span
from roadworthy.syntax.dockerfile import Dockerfile, Instruction, Word
from roadworthy.syntax.dockerfile_words import expand

_PLATFORM = ("TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT")
PREDEFINED = frozenset(
    {*_PLATFORM, *(name.replace("TARGET", "BUILD") for name in _PLATFORM), "TARGETSTAGE"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"}
    | {"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"}
)
_SHELL = ("/bin/sh", "-c")


@dataclass(slots=True)
class Stage:
    """A stage. `base` is None where it cannot be read, "" where it continues the stage `parent`."""

    index: int
    name: str
    base: str | None
    parent: int | None
    from_at: Span
    base_at: Span
    name_at: Span
    body: list["Step"] = field(default_factory=list)
    final: bool = False
    serves: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction with what is in force where it stands: the variables (None: value unknown), the working folder
    (relative to that of the base image unless it starts with a slash; None: unknown) and the shell."""

    instruction: Instruction
    variables: dict[str, str | None]
    folder: str | None
    shell: tuple[str, ...]

    def expand(self, text: str) -> str | None:
        """Put the variables into a text; None where one of them is unknown."""
        return expand(text, self.variables, undeclared=None)


def stages(parsed: Dockerfile) -> tuple[Stage, ...]:
    """Return the stages in order. `final` marks the last one, `serves` those it continues, itself included."""
    globals_: dict[str, str | None] = dict.fromkeys(PREDEFINED)
    found: list[Stage] = []
    last: dict[int, Step] = {}
    named: dict[str, int] = {}
    for instruction in parsed.instructions:
        if instruction.keyword == "FROM":
            stage = _stage(instruction, globals_, len(found), named, parsed.escape)
            found.append(stage)
            named[stage.name] = stage.index
            last[stage.index] = _opening(instruction, stage, last)
        elif not found:
            for name, value in declared(instruction, parsed.escape):
                globals_[name] = None if value is None else expand(value, globals_)
        else:
            stage = found[-1]
            step = replace(last[stage.index], instruction=instruction)
            if not instruction.trigger:
                step = _in_force(step, globals_, parsed.escape)
            stage.body.append(step)
            last[stage.index] = _after(step, parsed.escape)
    if found:
        found[-1].final = True
        index: int | None = found[-1].index
        while index is not None:
            found[index].serves = True
            index = found[index].parent
    return tuple(found)


def declared(instruction: Instruction, escape: str) -> Iterator[tuple[str, str | None]]:
    """Yield the names of an ARG or ENV with their values as written, None where there is none."""
    for name, value, _ in assignments(instruction, escape):
        yield name, value


def assignments(instruction: Instruction, escape: str) -> Iterator[tuple[str, str | None, Word]]:
    """Yield name, value and word of each assignment of an ARG, ENV or LABEL, the old `ENV name value` form too."""
    words = instruction.words(escape)
    if instruction.keyword == "ENV" and words and "=" not in words[0].raw:
        rest = instruction.text[len(words[0].raw) :].strip()
        yield words[0].text, rest, words[0]
        return
    for word in words:
        name, equals, value = word.text.partition("=")
        if name:
            yield name, value if equals else None, word


def _stage(
    instruction: Instruction, globals_: dict[str, str | None], index: int, earlier: dict[str, int], escape: str
) -> Stage:
    words = instruction.words(escape)
    named = len(words) >= 3 and words[1].text.upper() == "AS"
    name = words[2].text.lower() if named else ""
    base = expand(words[0].text, globals_) if words else None
    base_at = words[0].at if words else instruction.at
    parent = earlier.get(base.lower()) if base else None
    base = "" if parent is not None else (base or None)
    name_at = words[2].at if named else instruction.at
    return Stage(index, name, base, parent, instruction.at, base_at, name_at)


def _opening(instruction: Instruction, stage: Stage, last: dict[int, Step]) -> Step:
    if stage.parent is None:
        return Step(instruction, {}, ".", _SHELL)
    parent = last[stage.parent]
    return Step(instruction, dict(parent.variables), parent.folder, parent.shell)


def _in_force(step: Step, globals_: dict[str, str | None], escape: str) -> Step:
    if step.instruction.keyword not in ("ARG", "ENV"):
        return step
    variables = dict(step.variables)
    for name, value in declared(step.instruction, escape):
        if step.instruction.keyword == "ENV":
            variables[name] = expand(value or "", step.variables, undeclared=None)
        elif value is not None:
            variables[name] = expand(value, step.variables, undeclared=None)
        elif name not in variables:
            variables[name] = globals_.get(name)
    return replace(step, variables=variables)


def _after(step: Step, escape: str) -> Step:
    instruction = step.instruction
    if instruction.trigger:
        return step
    if instruction.keyword == "WORKDIR":
        return replace(step, folder=folder_after(step, instruction.text.strip().strip("\"'")))
    if instruction.keyword == "SHELL" and instruction.exec_words:
        return replace(step, shell=instruction.exec_words)
    return step


def folder_after(step: Step, text: str) -> str | None:
    """Return the working folder once `WORKDIR text` has been obeyed."""
    expanded = step.expand(text)
    if expanded is None or (step.folder is None and not expanded.startswith("/")):
        return None
    return joined(step.folder or "", expanded)


def joined(folder: str, path: str) -> str:
    """Join two paths of an image and tidy the result; it stays relative where both are."""
    whole = path if path.startswith("/") else f"{folder}/{path}"
    parts: list[str] = []
    for part in whole.split("/"):
        if part == "..":
            if parts and parts[-1] != "..":
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if whole.startswith("/"):
        return "/" + "/".join(parts)
    return "/".join(parts) or "."
