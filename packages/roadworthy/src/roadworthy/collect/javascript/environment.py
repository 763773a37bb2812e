"""Environment variables that JavaScript code reads: `process.env`, names for it, and wrappers around it.

A read is required where its absence stops the program; optional where it has a default or the code asks whether it is
there; and undecided where it may be undefined and nothing in the module asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.loading import EnvironmentLoaded
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import javascript, javascript_demands
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import FUNCTIONS, enclosing, unwrapped

PROVIDES = frozenset({Kind.ENVIRONMENT})

_LOADERS = re.compile(r"dotenv(?:/config|-flow|-flow/config|-safe|-safe/config|-expand)?|@dotenvx/dotenvx(?:/config)?")
_WORDS = (
    "node:process",
    'from "process"',
    "dotenv",
    "loadEnvFile",
    "ConfigModule",
    "process.env",
    "Bun.env",
    "Deno.env",
    "import.meta.env",
    "ConfigService",
    "env-var",
    "Env",
)
_OBJECTS = frozenset({"process.env", "Bun.env", "import.meta.env", "globalThis.process.env", "global.process.env"})
_ALWAYS = re.compile(r"NODE_ENV|CI|DEBUG|npm_\w+|NODE_OPTIONS|VERCEL(_\w+)?|JEST_WORKER_ID|NEXT_RUNTIME|DEV|PROD|MODE")
# What is read under these prefixes is put in when a front end is built.
_BUILT_IN = re.compile(r"(?:NEXT_PUBLIC|REACT_APP|VITE|VUE_APP|GATSBY|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC)_\w+")
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
# Functions of other modules whose name says that they read a variable.
_WRAPPING = re.compile(
    r"(?P<must>require|must|ensure|assert|mandatory)\w*[Ee]nv\w*|(?:get|read|load|fetch)\w*[Ee]nv\w*|env"
)


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names the environment or something that reads it."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every variable the module reads, by its name as far as it can be followed."""
    module = javascript.module(file)
    for at in module.broken:
        yield Problem(at, javascript.UNREADABLE, PROVIDES, file.role)
    yield from _loaded(module, file)
    for read in _Reading(module).reads():
        default = unwrapped(read.default)
        text = values.string(module, default) if default is not None and _is_text(module, default) else None
        required = False if _ALWAYS.fullmatch(str(read.name)) else read.required
        phase = "build" if read.how == "import.meta.env" or _BUILT_IN.fullmatch(str(read.name)) else "run"
        detail = EnvironmentRead(read.how, required, text)
        at = module.span(read.at)
        yield Symbol(Kind.ENVIRONMENT, Action.REFERS, read.name, at, phase=phase, role=file.role, detail=detail)


def _loaded(module: Module, file: SourceFile) -> Iterator[Symbol]:
    """Yield that the module takes variables from a `.env` file."""
    by = next((one for one in module.needed if _LOADERS.fullmatch(one.module)), None)
    node = by.node if by is not None else None
    for call in module.calls if node is None else ():
        if call.name == "process.loadEnvFile" or call.name.endswith("ConfigModule.forRoot"):
            options = values.options(module, call.arguments[0]) if call.arguments else {}
            node = None if module.text(options.get("ignoreEnvFile")) == "true" else call.node
    if node is not None:
        detail = EnvironmentLoaded(by.module if by is not None else "the code")
        at = module.span(node)
        yield Symbol(Kind.ENVIRONMENT, Action.REFERS, Exact(".env"), at, phase="file", role=file.role, detail=detail)


def _is_text(module: Module, node: Node) -> bool:
    found = values.resolved(module, node)
    return found is not None and found.type in ("string", "template_string", "number")


@dataclass(frozen=True, slots=True)
class _Read:
    name: Name
    at: Node
    how: str
    required: bool | None
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class _Wrapper:
    """A function that passes a parameter on to the environment; `default` is the place of the one it falls back on."""

    key: int
    required: bool | None
    default: int | None


class _Reading:
    """One module while its reads are gathered."""

    def __init__(self, module: Module) -> None:
        self._module = module
        self._wrappers: dict[str, _Wrapper] = {}
        self._reading = re.search(r"ConfigService|@nestjs/config", module.text(module.tree.root)) is not None

    def reads(self) -> Iterator[_Read]:
        """Yield the direct reads, those of destructuring, and those of wrappers."""
        for node in self._module.of("member_expression", "subscript_expression"):
            owner = node.child_by_field_name("object")
            how = self._environment(owner)
            if how:
                yield from self._direct(node, how)
        yield from self._destructured()
        for call in self._module.calls:
            yield from self._called(call)

    def _environment(self, node: Node | None) -> str:
        """Return how an expression names the environment; "" where it is something else."""
        if node is None or node.end_byte - node.start_byte > 40:
            return ""
        text = self._module.text(node).replace("?", "")
        if text in _OBJECTS:
            return text
        if node.type == "identifier" and _is_alias(self._module, text) and values.is_environment(self._module, node):
            return "process.env"
        return ""

    def _direct(self, node: Node, how: str) -> Iterator[_Read]:
        module, parent = self._module, node.parent
        if parent is not None and (
            (parent.type == "assignment_expression" and parent.child_by_field_name("left") == node)
            or (parent.type == "unary_expression" and module.text(parent).startswith("delete"))
        ):
            return
        own, index = node.child_by_field_name("property"), node.child_by_field_name("index")
        if own is not None:
            name: Name = Exact(module.text(own))
            if _BY_OBJECT.fullmatch(str(name)):
                return
        else:
            inner = unwrapped(index)
            if inner is not None and inner.type == "identifier":
                looped = javascript_demands.looped(module, inner)
                if looped is not None:
                    yield from self._each(*looped, how)
                    return
                if self._is_parameter(node, inner):
                    return
            name = values.name(module, index)
        found = javascript_demands.demand(module, node, str(name))
        yield _Read(name, own or index or node, how, found.required, found.default)

    def _each(self, loop: Node, items: tuple[Node, ...], how: str) -> Iterator[_Read]:
        """Yield one read for each name of a list that a loop goes through."""
        block = next(enclosing(loop, "statement_block", "program"), loop)
        required = True if javascript_demands.stops(self._module, block) else None
        for item in items:
            name = values.name(self._module, item)
            if not isinstance(name, Unreadable):
                yield _Read(name, item, how, required)

    def _is_parameter(self, node: Node, index: Node) -> bool:
        """Tell whether an index is a parameter of a function around it, and remember that function as a wrapper."""
        module, own = self._module, self._module.text(index)
        for function in enclosing(node, *FUNCTIONS):
            parameters = _parameters(module, function)
            if own not in parameters:
                continue
            key, later = parameters.index(own), parameters[parameters.index(own) + 1 :]
            named = [i for i, name in enumerate(later, key + 1) if re.match(r"default|fallback|def$|or", name)]
            default = javascript_demands.demand(module, node, own).default
            if default is not None and module.text(default) in later:
                named = [parameters.index(module.text(default))]
            body = function.child_by_field_name("body")
            raises = body is not None and javascript_demands.stops(module, body)
            found = javascript_demands.demand(module, node, own)
            required = True if raises else False if found.default is not None and not named else found.required
            wrapper = _Wrapper(key, None if required is False and named else required, named[0] if named else None)
            for name in _names(module, function):
                self._wrappers[name] = wrapper
            return True
        return False

    def _destructured(self) -> Iterator[_Read]:
        for node in self._module.of("variable_declarator"):
            target, value = node.child_by_field_name("name"), unwrapped(node.child_by_field_name("value"))
            if target is None or target.type != "object_pattern" or not self._environment(value):
                continue
            for binding in self._module.destructured(target, value):
                if len(binding.path) == 1:
                    name = Exact(binding.path[0])
                    required = (
                        False
                        if binding.default is not None
                        else javascript_demands.needed(self._module, binding.name, name.text)
                    )
                    yield _Read(name, binding.at, "process.env", required, binding.default)

    def _called(self, call: Call) -> Iterator[_Read]:
        module, given = self._module, call.arguments
        wrapper = self._wrappers.get(call.method) if "()" not in call.name else None
        if wrapper is not None and len(given) > wrapper.key:
            name = values.name(module, given[wrapper.key])
            if isinstance(name, Unreadable):
                return
            default = given[wrapper.default] if wrapper.default is not None and len(given) > wrapper.default else None
            found = javascript_demands.demand(module, call.node, str(name))
            required = False if default is not None or found.default is not None else wrapper.required
            required = found.required if required is None else required
            yield _Read(name, given[wrapper.key], f"{call.method}()", required, default or found.default)
            return
        name = values.name(module, given[0]) if given else Unreadable("not given")
        if not isinstance(name, Exact):
            return
        if call.name == "Deno.env.get":
            found = javascript_demands.demand(module, call.node, name.text)
            yield _Read(name, given[0], call.name, found.required, found.default)
        elif call.name in ("env-var.get", "env-var.from().get"):
            yield self._chained(call, name)
        elif not _UPPER.fullmatch(name.text):
            return
        elif self._reading and call.method in ("get", "getOrThrow") and re.search(r"config", call.name, re.IGNORECASE):
            default = given[1] if len(given) > 1 and given[1].type != "object" else None
            found = javascript_demands.demand(module, call.node, name.text)
            required = True if call.method == "getOrThrow" else False if default is not None else found.required
            yield _Read(name, given[0], f"ConfigService.{call.method}", required, default or found.default)
        else:
            root = call.name.rpartition("/")[2]
            foreign = _imported(module, call)
            match = _WRAPPING.fullmatch(root.rpartition(".")[2])
            if foreign and match is not None:
                default = given[1] if len(given) > 1 and given[1].type not in ("object", "arrow_function") else None
                found = javascript_demands.demand(module, call.node, name.text)
                required = False if default is not None else True if match["must"] else found.required
                yield _Read(name, given[0], f"{call.method}()", required, default or found.default)

    def _chained(self, call: Call, name: Name) -> _Read:
        """Read `env.get("X").required().default("d").asString()`."""
        required, default, node = False, None, call.node
        for _ in range(8):
            member = node.parent
            outer = member.parent if member is not None and member.type == "member_expression" else None
            above = self._module.call(outer)
            if above is None or above.node.child_by_field_name("function") != member:
                break
            if above.method == "required":
                required = not (above.arguments and self._module.text(above.arguments[0]) == "false")
            elif above.method == "default" and above.arguments:
                default = above.arguments[0]
            node = above.node
        return _Read(name, call.arguments[0], "env-var", required and default is None, default)


_BY_OBJECT = re.compile(r"hasOwnProperty|toString|SSR|BASE_URL")


@lru_cache(maxsize=4)
def _aliases(module: Module) -> frozenset[str]:
    found = set()
    for node in module.of("variable_declarator"):
        value = node.child_by_field_name("value")
        if value is not None and value.end_byte - value.start_byte < 60 and "env" in module.text(value):
            found.add(module.text(node.child_by_field_name("name")))
    found |= {own for own, imported in module.imports.items() if imported.dotted in ("process.env", "node:process.env")}
    return frozenset(found)


def _is_alias(module: Module, name: str) -> bool:
    return name in _aliases(module)


def _imported(module: Module, call: Call) -> bool:
    root = module.text(call.node.child_by_field_name("function")).partition(".")[0]
    found = module.imports.get(root)
    return found is not None and found.module.startswith((".", "@/", "~/", "src/", "#"))


def _parameters(module: Module, function: Node) -> list[str]:
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [module.text(single)]
    found = []
    listed = function.child_by_field_name("parameters")
    for child in listed.named_children if listed is not None else ():
        if child.type != "comment":
            inner = child.child_by_field_name("pattern") or child.child_by_field_name("left") or child
            found.append(module.text(inner))
    return found


def _names(module: Module, function: Node) -> Iterator[str]:
    """Yield the name of a function, or the one it is bound to."""
    own = function.child_by_field_name("name")
    above = function.parent
    if own is not None:
        yield module.text(own)
    elif above is not None and above.type in ("variable_declarator", "pair", "assignment_expression"):
        target = (
            above.child_by_field_name("name") or above.child_by_field_name("key") or above.child_by_field_name("left")
        )
        yield module.text(target).rpartition(".")[2]
