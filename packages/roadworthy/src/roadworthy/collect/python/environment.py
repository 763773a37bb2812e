"""Environment variables that Python code reads: `os.environ`, `os.getenv`, wrappers around them, and reader objects.

A read is required where its absence raises; optional where it has a default or the code asks whether it is there; and
undecided where it may be None and nothing in the module asks.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Kind, Symbol, Unreadable
from roadworthy.syntax import python
from roadworthy.syntax.python_handlers import Handlers
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.ENVIRONMENT})

_GETTERS = {"os.getenv": "os.getenv", "os.environ.get": "os.environ.get", "os.environ.pop": "os.environ.pop"}
_READERS = {
    "decouple.config": "decouple",
    "decouple.AutoConfig": "decouple",
    "starlette.config.Config": "starlette Config",
}
_READERS |= {"environs.Env": "environs", "environs.FileAwareEnv": "environs", "environ.Env": "django-environ"}
_READERS |= {"environ.FileAwareEnv": "django-environ"}
# What django-environ and dj-database-url read when no name is given.
_NAMED = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "database_url": "DATABASE_URL", "cache": "CACHE_URL"}
_NAMED |= {"cache_url": "CACHE_URL", "email": "EMAIL_URL", "email_url": "EMAIL_URL", "search_url": "SEARCH_URL"}
_DATABASE_URL = "dj_database_url.config"
_WORDS = ("environ", "getenv", "decouple", "starlette.config", "dj_database_url")
# A function of another module that by its name reads the environment, called with the name of a variable.
_ELSEWHERE = re.compile(
    r"(?:\w*[_.]|\b)(?:env|environment|getenv|env_?var|from_env)(?:_\w+)?(?:\.\w+)?\(\s*[\"'][A-Z][A-Z0-9_]+[\"']"
)
_ELSEWHERE_NAME = re.compile(r"(?:\w*_)?(?:env|environment|getenv|env_?var|from_env)(?:_\w+)?")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]+")
_READING = (ast.Subscript, ast.Compare, ast.Call)
_ASKING = (ast.If, ast.IfExp, ast.While, ast.Assert, ast.BoolOp, ast.Compare, ast.UnaryOp)
_KEY_ERRORS = {"KeyError", "Exception", "BaseException", "LookupError"}


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module that names the environment or a library that reads it."""
    text = file.text
    return any(word in text for word in _WORDS) or ("env" in text and _ELSEWHERE.search(text) is not None)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every variable the module reads, by its name as far as it can be followed."""
    module = python.module(file)
    reading = _Reading(module)
    reading.scan()
    handlers = Handlers(module)
    for node, key, how, required, default in reading.found:
        name = module.name(key)
        if isinstance(name, Unreadable) and isinstance(key, ast.Name) and key.id in reading.parameters_of(node):
            continue
        text = default.value if isinstance(default, ast.Constant) and isinstance(default.value, str) else None
        detail = EnvironmentRead(how, required, text, handlers.around(node) if required else "")
        yield Symbol(Kind.ENVIRONMENT, Action.REFERS, name, module.span(key), role=file.role, detail=detail)


_Read = tuple[ast.expr, ast.expr, str, bool | None, ast.expr | None]


@dataclass(slots=True, eq=False)
class _Wrapper:
    """A function that passes a parameter on to the environment."""

    name: str
    key: int
    key_name: str
    default: str | None
    required: bool | None


@dataclass(eq=False)
class _Reading:
    """One module while its reads are gathered."""

    module: python.Module
    found: list[_Read] = field(default_factory=list)
    readers: dict[str, str] = field(default_factory=dict)
    wrappers: dict[str, _Wrapper] = field(default_factory=dict)
    defaults: set[str] = field(default_factory=set)

    def scan(self) -> None:
        """Gather reads, following reader objects and wrappers of this module."""
        for name, value in self.module.constants.items():
            if isinstance(value, ast.Call) and (how := _READERS.get(self.module.dotted(value.func))):
                self.readers[name] = how
                self.defaults |= {k.arg for k in value.keywords if k.arg and isinstance(k.value, ast.Tuple)}
        for function in self.module.functions:
            if wrapper := self._wrapper(function):
                self.wrappers[wrapper.name] = wrapper
        for node in self.module.of(*_READING):
            read = self._read(node)
            if read:
                self.found.append(read)

    @cached_property
    def asked(self) -> set[str]:
        """Return the names whose truth or presence the module asks for."""
        return {name for node in self.module.of(*_ASKING) for name in _names_asked(node)}

    def parameters_of(self, node: ast.AST) -> set[str]:
        """Return the parameters of the functions around a node."""
        names: set[str] = set()
        above = self.module.parents.get(node)
        while above is not None:
            if isinstance(above, python.Function | ast.Lambda):
                arguments = above.args
                names |= {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
            above = self.module.parents.get(above)
        return names

    def _read(self, node: ast.AST) -> _Read | None:
        match node:
            case ast.Subscript(value=value, slice=key, ctx=ast.Load()) if self._is_environment(value):
                return node, key, "os.environ", not self._provided_for(node), None
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[value]) if self._is_environment(
                value
            ):
                return node, key, "in os.environ", False, None
            case ast.Call():
                return self._call(node)
        return None

    def _call(self, node: ast.Call) -> _Read | None:
        called = self.module.dotted(node.func)
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        key = node.args[0] if node.args else keywords.get("key")
        if called in _GETTERS and key is not None:
            default = node.args[1] if len(node.args) > 1 else keywords.get("default")
            return node, key, _GETTERS[called], self._may_miss(node, default), default
        if called == _DATABASE_URL:
            named = keywords.get("env", _at(ast.Constant("DATABASE_URL"), node))
            return node, named, "dj-database-url", "default" not in keywords, keywords.get("default")
        reader = self._reader(node.func)
        if reader == "django-environ" and key is None and isinstance(node.func, ast.Attribute):
            usual = _NAMED.get(node.func.attr)
            if usual:
                named = _at(ast.Constant(usual), node)
                return node, named, reader, "default" not in keywords, keywords.get("default")
        if reader and isinstance(key, ast.Constant) and key.value in self.defaults:
            return node, key, reader, False, keywords.get("default")
        if reader and key is not None and isinstance(key, ast.Constant | ast.Name | ast.JoinedStr):
            default = keywords.get("default")
            if (
                default is None
                and reader != "decouple"
                and len(node.args) > 1
                and not isinstance(node.args[1], ast.Name)
            ):
                default = node.args[1]
            return node, key, reader, default is None and not self._provided_for(node), default
        wrapper = self.wrappers.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if wrapper:
            key = node.args[wrapper.key] if len(node.args) > wrapper.key else keywords.get(wrapper.key_name)
            if key is not None:
                given = keywords.get(wrapper.default) if wrapper.default else None
                if given is None and wrapper.default and len(node.args) > wrapper.key + 1:
                    given = node.args[wrapper.key + 1]
                required = wrapper.required if given is None else False
                return node, key, f"{wrapper.name}()", required, given
        return self._elsewhere(node, key, keywords)

    def _elsewhere(self, node: ast.Call, key: ast.expr | None, keywords: dict[str | None, ast.expr]) -> _Read | None:
        """Return what a reader or wrapper of another module reads, as far as its name says that it is one."""
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and _VARIABLE.fullmatch(key.value)):
            return None
        function = node.func
        owner = function.value if isinstance(function, ast.Attribute) else function
        if not isinstance(owner, ast.Name) or _ELSEWHERE_NAME.fullmatch(owner.id) is None:
            return None
        origin = self.module.imports.get(owner.id, "")
        by_star = "*" in self.module.imports and owner.id not in self.module.constants
        if not by_star and not origin:
            return None
        default = keywords.get("default", node.args[1] if len(node.args) > 1 else None)
        required = True if re.search(r"require|must", owner.id) and default is None else False if default else None
        if owner.id == "env" and default is None:
            required = True
        return node, key, f"{owner.id}()", required, default

    def _reader(self, function: ast.expr) -> str | None:
        if self.module.dotted(function) == "decouple.config":
            return "decouple"
        match function:
            case ast.Name(id=id) | ast.Attribute(value=ast.Name(id=id)):
                return self.readers.get(id)
        return None

    def _is_environment(self, node: ast.expr) -> bool:
        return self.module.dotted(node) == "os.environ"

    def _provided_for(self, node: ast.AST) -> bool:
        above: ast.AST | None = node
        while above is not None and not isinstance(above, python.Function):
            parent = self.module.parents.get(above)
            if isinstance(parent, ast.Try) and above in parent.body:
                caught = {name for handler in parent.handlers for name in _caught(handler)}
                if caught & _KEY_ERRORS and not all(_raises(handler) for handler in parent.handlers):
                    return True
            above = parent
        return False

    def _may_miss(self, node: ast.Call, default: ast.expr | None) -> bool | None:
        if default is not None and not (isinstance(default, ast.Constant) and default.value is None):
            return False
        parent = self.module.parents.get(node)
        if isinstance(parent, ast.BoolOp | ast.Compare | ast.UnaryOp | ast.If | ast.IfExp | ast.While | ast.NamedExpr):
            return False
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            names = {target.id if isinstance(target, ast.Name) else getattr(target, "attr", "") for target in targets}
            if names & self.asked:
                return False
        return None

    def _wrapper(self, function: python.Function) -> _Wrapper | None:
        parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        for node in self.module.below(function):
            read = self._read(node) if type(node) in _READING else None
            if read and isinstance(read[1], ast.Name) and read[1].id in parameters:
                key = parameters.index(read[1].id)
                default = next(
                    (name for name in parameters[key + 1 :] if name.startswith(("default", "fallback"))), None
                )
                raises = any(isinstance(inner, ast.Raise) for inner in self.module.below(function))
                required = True if raises else read[3]
                if default is not None and read[3] is not True and not raises:
                    required = None
                return _Wrapper(function.name, key, read[1].id, default, required)
        return None


def _at(made: ast.Constant, node: ast.expr) -> ast.Constant:
    """Give a made-up constant the place of the call it stands for."""
    return ast.copy_location(made, node)


def _names_asked(node: ast.AST) -> set[str]:
    """Return the names whose truth or presence a node asks for."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
            return _names(test)
        case ast.BoolOp(values=values):
            return {name for value in values for name in _names(value)}
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return _names(node)
    return set()


def _names(node: ast.AST) -> set[str]:
    return {n.id if isinstance(n, ast.Name) else n.attr for n in walk(node) if isinstance(n, ast.Name | ast.Attribute)}


def _caught(handler: ast.ExceptHandler) -> set[str]:
    return _names(handler.type) if handler.type is not None else {"BaseException"}


def _raises(handler: ast.ExceptHandler) -> bool:
    leaving = ("exit", "_exit", "abort")
    return any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in leaving)
        for node in walk(handler)
    )
