"""Environment variables that schemas of JavaScript code name: envalid, zod, t3-env, Joi, convict, class-validator.

A schema is taken for one of the environment when the environment is given to it, or when all its members are written
as variables are: `z.object({DATABASE_URL: z.string()})`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import named, unwrapped

PROVIDES = frozenset({Kind.ENVIRONMENT})

_WORDS = (
    *("zod", "joi", "Joi", "envalid", "envsafe", "t3-oss", "convict", "valibot", "yup", "class-validator", "typebox"),
    *("fastify/env", "fastify-env", "env-schema"),
)
_UPPER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_OBJECTS = re.compile(
    r"(?:zod(?:\.z)?|zod/v\d(?:\.z)?|z|valibot|v|yup|joi|@hapi/joi|Joi|.*typebox\.Type)\.(?:object|strictObject|looseObject|Object|keys|object\(\)\.keys)"
)
_OPTIONAL = frozenset({"optional", "nullish", "catch", "prefault", "Optional", "fallback", "notRequired", "allow"})
_DEFAULTS = frozenset({"default", "prefault", "catch"})
_BUILT_IN = re.compile(r"(?:NEXT_PUBLIC|REACT_APP|VITE|VUE_APP|GATSBY|EXPO_PUBLIC|NUXT_PUBLIC|PUBLIC)_\w+")
_ALWAYS = frozenset({"NODE_ENV", "CI", "DEBUG"})
_MAXIMUM_CHAIN = 12


@dataclass(frozen=True, slots=True)
class _Field:
    required: bool | None
    default: Node | None = None


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a library of schemas."""
    return any(word in file.text for word in _WORDS) and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the variable of each member of each schema of the environment."""
    module = javascript.module(file)
    for call in module.calls:
        for how, name, at, field in _schema(module, call):
            yield _read(module, file, how, name, at, field)
    for node in module.of("class_declaration"):
        for name, at, field in _class(module, node):
            yield _read(module, file, "class-validator", name, at, field)


_Member = tuple[str, str, Node, _Field]


def _read(module: Module, file: SourceFile, how: str, name: str, at: Node, field: _Field) -> Symbol:
    default = values.resolved(module, field.default)
    text = (
        values.string(module, default)
        if default is not None and default.type in ("string", "template_string", "number")
        else None
    )
    required = False if name in _ALWAYS else field.required
    phase = "build" if _BUILT_IN.fullmatch(name) else "run"
    detail = EnvironmentRead(how, required, text)
    return Symbol(
        Kind.ENVIRONMENT, Action.REFERS, Exact(name), module.span(at), phase=phase, role=file.role, detail=detail
    )


def _schema(module: Module, call: Call) -> Iterator[_Member]:
    given = call.arguments
    if not given:
        return
    root = call.name.partition(".")[0]
    if call.method in ("cleanEnv", "envsafe") and root in ("envalid", "envsafe"):
        spec = given[1] if call.method == "cleanEnv" and len(given) > 1 else given[0]
        for name, at, value in _members(module, spec):
            yield root, name, at, _envalid(module, value)
    elif call.method == "createEnv" and "t3-oss" in call.name:
        sections = values.options(module, given[0])
        for section in ("server", "shared", "client"):
            for name, at, value in _members(module, sections.get(section)):
                yield "t3-env", name, at, _chain(module, value)
    elif call.name == "convict" or call.name.startswith("convict."):
        yield from _convict(module, values.resolved(module, given[0]), 0)
    elif _OBJECTS.fullmatch(call.name):
        members = list(_members(module, given[0]))
        if members and all(_UPPER.fullmatch(name) for name, _, _ in members) and _of_environment(module, call, members):
            joi = "joi" in call.name.lower()
            for name, at, value in members:
                yield call.name.partition(".")[0], name, at, _chain(module, value, joi=joi)
    elif "env" in call.name.lower():
        options = values.options(module, given[-1])
        schema = values.options(module, options.get("schema"))
        if "properties" in schema:
            yield from _json(module, schema)


def _of_environment(module: Module, call: Call, members: list[tuple[str, Node, Node]]) -> bool:
    """Tell single capital words (`{A, B}` of some other protocol) from variables."""
    return any("_" in name or name in ("PORT", "HOST") for name, _, _ in members) or "process.env" in module.text(
        module.tree.root
    )


def _members(module: Module, node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """Yield the name, place and value of each member of the object an expression stands for."""
    found = values.resolved(module, node)
    for child in found.named_children if found is not None and found.type == "object" else ():
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            yield module.text(key).strip("\"'"), key, value
        elif child.type == "spread_element":
            yield from _members(module, next(iter(named(child)), None))


def _envalid(module: Module, node: Node) -> _Field:
    call = module.call(values.resolved(module, node))
    if call is None:
        return _Field(None)
    options = values.options(module, call.arguments[0]) if call.arguments else {}
    if "default" in options:
        return _Field(False, options["default"])
    return _Field(None if "allowEmpty" in options or "requiredWhen" in options else True)


def _chain(module: Module, node: Node, *, joi: bool = False) -> _Field:
    """Read `z.string().url().default("d")`: what the methods of the chain say of absence."""
    needed, seen = not joi, False
    inner = values.resolved(module, node)
    for _ in range(_MAXIMUM_CHAIN):
        call = module.call(inner)
        if call is None:
            break
        seen = True
        if call.method in _DEFAULTS and call.arguments:
            return _Field(False, call.arguments[0])
        if call.method in ("optional", "nullish", "Optional", "notRequired"):
            # valibot and typebox put what is optional inside.
            return _Field(False, call.arguments[1] if len(call.arguments) > 1 else None)
        if call.method == "required":
            needed = True
        if call.method in ("preprocess", "union", "when", "undefined", "any", "unknown", "lazy"):
            return _Field(None)
        if call.method in ("pipe", "coerce") and call.name.startswith(("v.", "valibot.")) and call.arguments:
            inner = values.resolved(module, call.arguments[0])
            continue
        called = call.node.child_by_field_name("function")
        inner = unwrapped(called.child_by_field_name("object")) if called is not None else None
    return _Field(needed if seen else None)


def _convict(module: Module, node: Node | None, depth: int) -> Iterator[_Member]:
    if node is None or node.type != "object" or depth > 6:
        return
    members = dict(values.entries(module, node))
    name = values.string(module, members.get("env"))
    if name is not None and {"default", "format", "doc"} & set(members):
        default = members.get("default")
        nothing = default is not None and default.type in ("null", "undefined")
        yield "convict", name, members["env"], _Field(None if default is None or nothing else False, default)
        return
    for value in members.values():
        yield from _convict(module, values.resolved(module, value), depth + 1)


def _json(module: Module, schema: dict[str, Node]) -> Iterator[_Member]:
    """Read a JSON schema of the environment, as @fastify/env takes it."""
    listed = values.resolved(module, schema.get("required"))
    required = {values.string(module, item) for item in named(listed)} if listed is not None else set()
    for name, at, value in _members(module, schema["properties"]):
        default = values.options(module, value).get("default")
        yield "env-schema", name, at, _Field(name in required and default is None, default)


def _class(module: Module, node: Node) -> Iterator[tuple[str, Node, _Field]]:
    """Read a class whose fields are all written as variables are and carry rules of class-validator."""
    found = []
    pending: list[str] = []
    for child in named(node.child_by_field_name("body")):
        if child.type == "decorator":
            pending.append(module.text(child))
            continue
        rules, pending = [*pending, *(module.text(d) for d in child.named_children if d.type == "decorator")], []
        key = child.child_by_field_name("name")
        if child.type != "public_field_definition" or key is None:
            return
        optional = any(rule.startswith("@IsOptional") for rule in rules)
        value = child.child_by_field_name("value")
        asked = optional or value is not None or "?" in [module.text(inner) for inner in child.children]
        found.append((module.text(key), key, _Field(not asked if rules else None, value)))
    if found and all(_UPPER.fullmatch(name) for name, _, _ in found) and any(f.required for _, _, f in found):
        yield from found
