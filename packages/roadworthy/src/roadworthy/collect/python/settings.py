"""Settings classes: pydantic-settings' `BaseSettings` and the runtime's `Settings`, with prefixes, aliases and defaults.

The environment name of a field is its alias, or the prefix and the field's name, in upper case (both libraries match
case-insensitively unless told otherwise). A field whose type is a model is filled from one variable that holds JSON, or,
with `env_nested_delimiter`, from one for each of its own fields: `APP_DATABASE__URL`.
"""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Open, Pattern, Symbol, Unreadable
from roadworthy.syntax import python

PROVIDES = frozenset({Kind.ENVIRONMENT})

_BASES = frozenset(
    """
    pydantic_settings.BaseSettings pydantic.BaseSettings pydantic.v1.BaseSettings
    pydantic_settings.main.BaseSettings roadworthy_runtime.Settings roadworthy_runtime.settings.Settings
    """.split()
)
_NOT_FIELDS = {"model_config", "Config"}
_DEEPEST = 6
# Types whose value is written as a call around the text.
_WRAPPING = frozenset({"SecretStr", "SecretBytes", "PostgresDsn", "RedisDsn", "AnyUrl", "HttpUrl"})
_PLAIN = re.compile(
    r"\b(str|int|float|bool|bytes|list|tuple|dict|set|Path|Secret\w+|\w+Dsn|\w+Url|Literal|Decimal|timedelta)\b"
)


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names a settings class."""
    return "Settings" in file.text


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the variable of every field of every settings class."""
    module = python.module(file)
    classes = {node.name: node for node in module.of(ast.ClassDef)}
    known: set[str] = set()
    for _ in range(4):
        known |= {c.name for c in classes.values() if any(_is_base(module, base, known) for base in c.bases)}
    for name in sorted(known):
        yield from _class(module, classes[name], classes, file, _given_in_code(module, classes[name]))


def _given_in_code(module: python.Module, node: ast.ClassDef) -> frozenset[str]:
    """Return the fields that code of this module may fill itself; "*" stands for any of them."""
    given = {
        keyword.arg or "*"
        for call in module.of(ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == node.name
        for keyword in call.keywords
    }
    for decorator in (d for s in node.body if isinstance(s, ast.FunctionDef) for d in s.decorator_list):
        if "before" in ast.unparse(decorator) or "root_validator" in ast.unparse(decorator):
            given.add("*")
    return frozenset(given)


def _is_base(module: python.Module, base: ast.expr, known: set[str]) -> bool:
    return module.dotted(base) in _BASES or (isinstance(base, ast.Name) and base.id in known)


def _class(
    module: python.Module,
    node: ast.ClassDef,
    classes: dict[str, ast.ClassDef],
    file: SourceFile,
    given: frozenset[str],
) -> Iterator[Statement]:
    chain = [node]
    while (above := next((classes.get(b.id) for b in chain[-1].bases if isinstance(b, ast.Name)), None)) is not None:
        if above in chain:
            break
        chain.append(above)
    options: dict[str, ast.expr] = {}
    for ancestor in reversed(chain):
        options |= _options(ancestor)
    prefix = module.name(options["env_prefix"]) if "env_prefix" in options else Exact("")
    if isinstance(prefix, Unreadable):
        yield Open(
            Kind.ENVIRONMENT, "", f"the prefix of {node.name} is {prefix.why}", module.span(options["env_prefix"])
        )
        prefix = Pattern("*")
    delimiter = module.name(options["env_nested_delimiter"]) if "env_nested_delimiter" in options else Unreadable("")
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=id) as target) if id not in _NOT_FIELDS and _is_field(statement):
                filled = id in given or "*" in given
                model = _model(classes, statement.annotation)
                if not isinstance(delimiter, Exact) or model is None or statement.value is not None:
                    nested = "env_nested_delimiter" in options
                    yield from _field(module, statement, target, prefix, nested=nested, filled=filled, file=file)
                    continue
                whole = _joined(prefix, target.id.upper())
                yield _read(whole, module.span(target), EnvironmentRead("settings field", required=False), file)
                inner = type(prefix)(f"{prefix.text}{target.id}{delimiter.text}")
                yield from _nested(module, model, classes, inner, delimiter.text, file, filled=filled)


def _model(classes: dict[str, ast.ClassDef], annotation: ast.expr) -> ast.ClassDef | None:
    """Return the class of this module that a field's annotation names, where it is a model."""
    found = classes.get(annotation.id) if isinstance(annotation, ast.Name) else None
    return found if found is not None and any(ast.unparse(base).endswith("BaseModel") for base in found.bases) else None


def _nested(
    module: python.Module,
    node: ast.ClassDef,
    classes: dict[str, ast.ClassDef],
    prefix: Exact | Pattern,
    delimiter: str,
    file: SourceFile,
    *,
    filled: bool,
    depth: int = 0,
) -> Iterator[Statement]:
    """Yield the variables of the fields of a model that a settings class holds and that has no default."""
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=id) as target) if id not in _NOT_FIELDS and _is_field(statement):
                model = _model(classes, statement.annotation)
                if model is None or statement.value is not None or depth > _DEEPEST:
                    yield from _field(module, statement, target, prefix, nested=False, filled=filled, file=file)
                else:
                    inner = type(prefix)(f"{prefix.text}{id}{delimiter}")
                    yield from _nested(module, model, classes, inner, delimiter, file, filled=filled, depth=depth + 1)


def _options(node: ast.ClassDef) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for keyword in node.keywords:
        if keyword.arg:
            found[keyword.arg] = keyword.value
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Call(keywords=keywords)):
                found |= {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Dict(keys=keys, values=values)):
                found |= {str(k.value): v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant)}
            case ast.ClassDef(name="Config", body=body):
                for inner in body:
                    match inner:
                        case ast.Assign(targets=[ast.Name(id=id)], value=value):
                            found[id] = value
    return found


def _is_plain(annotation: ast.expr) -> bool:
    """Tell whether a type is one that a single variable fills, and no model of another module."""
    return _PLAIN.search(ast.unparse(annotation)) is not None


def _is_field(statement: ast.AnnAssign) -> bool:
    return not ast.unparse(statement.annotation).startswith(("ClassVar", "typing.ClassVar"))


def _field(
    module: python.Module,
    statement: ast.AnnAssign,
    target: ast.Name,
    prefix: Exact | Pattern,
    *,
    nested: bool,
    filled: bool,
    file: SourceFile,
) -> Iterator[Statement]:
    value = statement.value
    call = value if isinstance(value, ast.Call) and module.dotted(value.func).rpartition(".")[2] == "Field" else None
    default, required = value, value is None
    if call is not None:
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        default = keywords.get("default", call.args[0] if call.args else None)
        required = default is None and "default_factory" not in keywords
    if isinstance(default, ast.Constant) and default.value is ...:
        default, required = None, True
    if isinstance(default, ast.Call) and module.dotted(default.func).rpartition(".")[2] in _WRAPPING and default.args:
        default = default.args[0]
    text = default.value if isinstance(default, ast.Constant) and isinstance(default.value, str) else None
    aliases = _aliases(module, call) if call is not None else []
    at = module.span(target)
    names = aliases or [_joined(prefix, target.id.upper())]
    for name in names:
        needed = (
            None
            if required and (filled or (nested and not _is_plain(statement.annotation)))
            else (required and len(names) == 1)
        )
        detail = EnvironmentRead("settings field", needed, text)
        yield _read(name, at, detail, file)
    if nested and not aliases:
        below = Pattern(f"{prefix.text}{target.id}__**".upper())
        yield _read(below, at, EnvironmentRead("nested settings field", required=False), file)


def _read(name: Name, at: Span, detail: EnvironmentRead, file: SourceFile) -> Symbol:
    return Symbol(Kind.ENVIRONMENT, Action.REFERS, name, at, role=file.role, detail=detail)


def _joined(prefix: Exact | Pattern, name: str) -> Name:
    return type(prefix)(f"{prefix.text.upper()}{name}")


def _aliases(module: python.Module, call: ast.Call) -> list[Name]:
    for keyword in call.keywords:
        if keyword.arg in ("validation_alias", "alias", "env"):
            value = keyword.value
            if isinstance(value, ast.Call):
                choices = value.args
            elif isinstance(value, ast.List | ast.Tuple):
                choices = value.elts
            else:
                choices = [value]
            return [_upper(module.name(choice)) for choice in choices]
    return []


def _upper(name: Name) -> Name:
    return name if isinstance(name, Unreadable) else type(name)(name.text.upper())
