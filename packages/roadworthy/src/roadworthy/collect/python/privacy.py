"""Personal data in Python code: in log lines, in consents that are asked for, in exports for a person."""

import ast
import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.privacy import ConsentAsked, ExportFound, PersonalLogged
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import python
from roadworthy.syntax.python_tree import walk

PROVIDES = frozenset({Kind.COLUMN, Kind.CONSTRUCT})

_FIELD = re.compile(
    r"e_?mails?(_address)?|first_?name|last_?name|full_?name|sur_?name|given_?name|family_?name|phone(_?number)?|mobile(_number)?"
    r"|birth_?(date|day)|date_of_birth|dob|ssn|passport(_number)?|national_id|iban|(street|postal|home|billing|shipping)_address"
    r"|patient_name|customer_name|diagnosis|to_email|user_email|recipient_email|email_to"
)
_METHODS = frozenset(
    {"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "success", "trace", "msg"}
)
_LOGGERS = re.compile(r"(?:^|\.)(?:_?log(?:ger|ging)?|LOG(?:GER)?|structlog|loguru\.logger)$")
_HIDING = re.compile(r"hash|mask|redact|anonym|pseudonym|scrub|digest|obfusc|sha\d|len$|bool$|count", re.IGNORECASE)
_BODIES = frozenset({"body", "json", "get_json", "model_dump", "dict", "form"})
_CONSENT = re.compile(
    r"(?:\w+_)?(?:consent|accept(?:s|ed)?_(?:terms|privacy|policy|tos)|agree[ds]?(?:_\w+)?|terms_accepted|privacy_accepted|(?:marketing|newsletter)_opt_?in|opt_in(?:_\w+)?)(?:_\w+)?"
)
_EXPORT = re.compile(
    r"export_(?:\w+_)?(?:user|subject|patient|customer|account|member|person|participant|personal|my|gdpr)\w*|"
    r"(?:user|subject|patient|customer|account|member|person|personal|gdpr|my)_(?:data_)?export\w*|(?:data_export|takeout|data_portability|export_(?:my_|personal_)?data|subject_access\w*)"
)
_ABOUT_PERSONS = re.compile(
    r"(?:user|subject|patient|customer|account|member|person|participant|privacy|gdpr)s?(?:[/_.]|$)", re.IGNORECASE
)
_WORD = re.compile(r"[A-Za-z]+")
_MODELS = frozenset({"BaseModel", "Schema", "SQLModel", "Serializer", "Form", "ModelForm", "Struct"})
_WORDS = ("log", "consent", "accept", "agree", "opt_in", "export", "takeout", "portability", "print")
_MAXIMUM = 4000


def wants(path: str) -> bool:
    """Every Python file."""
    return path.endswith(".py")


def recognises(file: SourceFile) -> bool:
    """Recognise a module with words such code goes by."""
    lowered = file.text.lower()
    return any(word in lowered for word in _WORDS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield what is logged of persons, which consents are asked for, and what exports hand out."""
    module = python.module(file)
    if "log" in file.text.lower():
        for call, dotted in module.calls:
            yield from _logged(module, file, call, dotted)
    if _CONSENT.search(file.text):
        yield from _consents(module, file)
    if "export" in file.text or "takeout" in file.text or "portability" in file.text:
        yield from _exports(module, file)


def _logged(module: python.Module, file: SourceFile, call: ast.Call, dotted: str) -> Iterator[Symbol]:
    if not dotted and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        # `logging.getLogger(__name__).info(…)`, `logger.bind(…).info(…)`
        inner = module.dotted(call.func.value.func)
        if inner.endswith(("getLogger", "get_logger", ".bind", ".opt")):
            dotted = f"logger.{call.func.attr}"
    holder, _, method = dotted.rpartition(".")
    if method not in _METHODS or not _LOGGERS.search(holder):
        return
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for name, node, whole in _personal(module, argument):
            detail = PersonalLogged(f"{holder.rpartition('.')[2]}.{method}", whole)
            yield Symbol(Kind.COLUMN, Action.REFERS, Exact(name), module.span(node), role=file.role, detail=detail)


def _personal(module: python.Module, argument: ast.expr) -> Iterator[tuple[str, ast.expr, bool]]:
    """Yield the personal fields an argument shows, leaving out what hides them on the way."""
    pending: list[ast.expr] = [argument]
    while pending:
        node = pending.pop()
        match node:
            case ast.Call(func=func):
                name = module.dotted(func)
                last = name.rpartition(".")[2]
                if _HIDING.search(last):
                    continue
                whole = last in _BODIES and name.partition(".")[0] in (
                    "request",
                    "payload",
                    "user",
                    "patient",
                    "customer",
                    "subject",
                )
                if whole and (
                    last in ("body", "json", "get_json", "form")
                    or name.startswith(("user.", "patient.", "customer.", "subject."))
                ):
                    yield name, node, True
                    continue
                pending += [*node.args, *(k.value for k in node.keywords)]
                if isinstance(func, ast.Attribute):
                    pending.append(func.value)
            case ast.Attribute(attr=attr) if _FIELD.fullmatch(attr):
                yield attr, node, False
            case ast.Name(id=name) if _FIELD.fullmatch(name):
                yield name, node, False
            case ast.Subscript(slice=ast.Constant(value=str(key))) if _FIELD.fullmatch(key):
                yield key, node, False
            case ast.Lambda() | ast.Compare() | ast.Attribute():
                continue
            case ast.IfExp(body=body, orelse=orelse):
                pending += [body, orelse]
            case _:
                pending += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _consents(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    for made in module.of(ast.ClassDef):
        if not any(module.dotted(base).rpartition(".")[2] in _MODELS for base in made.bases):
            continue
        for node in made.body:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation) if _CONSENT.fullmatch(name):
                    if any(
                        isinstance(n, ast.Name) and n.id in ("bool", "StrictBool", "Literal") for n in walk(annotation)
                    ):
                        yield Symbol(
                            Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role,
                            detail=ConsentAsked(made.name),
                        )  # fmt: skip
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)) if _CONSENT.fullmatch(name):
                    if module.dotted(func).rpartition(".")[2] == "BooleanField" and "Model" not in str(made.bases[:1]):
                        yield Symbol(
                            Kind.CONSTRUCT, Action.REFERS, Exact(name), module.span(node), role=file.role,
                            detail=ConsentAsked(made.name),
                        )  # fmt: skip


def _exports(module: python.Module, file: SourceFile) -> Iterator[Symbol]:
    named = {function.name: function for function in module.functions}
    for function in module.functions:
        if not _EXPORT.fullmatch(function.name) and not (
            function.name in ("export", "export_data", "takeout") and _ABOUT_PERSONS.search(file.path)
        ):
            continue
        words: set[str] = set()
        seen: set[str] = set()
        pending = [function]
        while pending and len(words) < _MAXIMUM:
            one = pending.pop()
            if one.name in seen:
                continue
            seen.add(one.name)
            unused = _unused(module, one)
            for node in module.below(one):
                text = ""
                if id(node) in unused:
                    continue
                match node:
                    case ast.Name(id=name):
                        text = name
                        if name in module.constants and isinstance(
                            module.constants[name], ast.Constant | ast.List | ast.Tuple | ast.Dict
                        ):
                            text += " " + " ".join(
                                str(n.value) for n in walk(module.constants[name]) if isinstance(n, ast.Constant)
                            )
                        if name in named:
                            pending.append(named[name])
                    case ast.Attribute(attr=attr):
                        text = attr
                    case ast.Constant(value=str(value)):
                        text = value[:4000]
                words |= {word.lower() for word in _WORD.findall(re.sub(r"([a-z])([A-Z])", r"\1 \2", text))}
        detail = ExportFound(frozenset(words))
        yield Symbol(
            Kind.CONSTRUCT, Action.DEFINES, Exact(function.name), module.span(function), role=file.role, detail=detail
        )


def _unused(module: python.Module, function: python.Function) -> set[int]:
    """Return the nodes of what a function computes into a variable and never looks at."""
    nodes = module.below(function)
    loaded = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return {
        id(inner)
        for node in nodes
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id not in loaded
        for inner in walk(node)
    }
