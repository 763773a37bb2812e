"""HTTP routes of Nest as one module states them: controllers, and the application with its global prefix.

The controllers of an application are found through its modules at run time; here every controller below the folder that
an application lies in, or in a folder of shared code, is taken for one of its.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail import Detail
from roadworthy.model.detail.route import RouteDeclared, RouterDeclared, RouterIncluded
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Pattern, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax import javascript
from roadworthy.syntax import javascript_paths as paths
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript import Call, Module
from roadworthy.syntax.javascript_tree import enclosing, named

PROVIDES = frozenset({Kind.PATH})

_VERBS = {"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE", "Head": "HEAD"}
_VERBS |= {"Options": "OPTIONS", "All": "", "Sse": "GET", "Search": "SEARCH"}
_SHARED = frozenset({"libs", "lib", "packages", "shared", "common", "modules"})


def wants(path: str) -> bool:
    """Every file of JavaScript or TypeScript."""
    return javascript.wants(path)


def recognises(file: SourceFile) -> bool:
    """Recognise a module that uses Nest."""
    return file.role is FileRole.PROD and "@nestjs/" in file.text and not javascript.is_generated(file)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the application, or the routes of each controller."""
    module = javascript.module(file)
    for call in module.calls:
        if call.name in ("@nestjs/core.NestFactory.create", "@nestjs/core.NestFactory.createApplicationContext"):
            if call.method == "create":
                yield from _application(module, file, call)
        elif call.method in ("register", "forRoot", "forRootAsync", "forRoutes"):
            yield from _brought(module, file, call)
    for node in module.of("class_declaration"):
        yield from _controller(module, file, node)


def _symbol(module: Module, file: SourceFile, name: str, detail: Detail, at: Node, *, refers: bool = False) -> Symbol:
    action = Action.REFERS if refers else Action.DEFINES
    return Symbol(Kind.CONSTRUCT, action, Exact(name), module.span(at), role=file.role, detail=detail)


def _group(path: str) -> str:
    """Return the name under which the controllers of one application are gathered."""
    folders = path.split("/")[:-1]
    if folders and folders[0] in _SHARED and "src" not in folders[:1]:
        return "nest:shared"
    return f"nest:{'/'.join(folders[: folders.index('src')]) if 'src' in folders else '/'.join(folders[:2])}"


def _application(module: Module, file: SourceFile, call: Call) -> Iterator[Statement]:
    name = paths.bound(module, call.node)
    yield _symbol(module, file, name, RouterDeclared("application", "nest"), call.node)
    prefixes: list[str | None] = [""]
    at = call.node
    for other in module.calls:
        if other.method == "setGlobalPrefix" and other.arguments:
            prefix = paths.text(module, other.arguments[0])
            prefixes = ["/" + prefix.strip("/") if prefix is not None else None]
            at = other.node
            left_out = values.resolved(module, values.options(module, other.arguments[-1]).get("exclude"))
            for item in named(left_out) if left_out is not None and left_out.type == "array" else ():
                place = values.options(module, item).get("path", item)
                path = paths.text(module, place)
                yield _symbol(module, file, name, RouteDeclared("/" + path.lstrip("/") if path else path), place)
    if any(other.method == "enableVersioning" for other in module.calls):
        # Controllers name their version; one that names none may have a default one.
        prefixes += [None if prefix is None else f"{prefix}/v*" for prefix in prefixes]
    for prefix in prefixes:
        for group in dict.fromkeys((_group(file.path), "nest:shared")):
            yield _symbol(module, file, group, RouterDeclared("router", "nest"), call.node)
            yield _symbol(module, file, name, RouterIncluded(group, prefix), at, refers=True)
    for other in module.calls:
        if other.method == "useStaticAssets":
            options = values.options(module, other.arguments[1]) if len(other.arguments) > 1 else {}
            prefix = paths.text(module, options["prefix"]) if "prefix" in options else ""
            yield _symbol(module, file, name, RouteDeclared(f"{prefix or ''}/**.*"), other.node)
        elif other.name.endswith("SwaggerModule.setup") and other.arguments:
            path = paths.text(module, other.arguments[0])
            path = "/" + path.strip("/") if path is not None else None
            yield _symbol(module, file, name, RouteDeclared(path, below=True), other.node)
            yield _symbol(module, file, name, RouteDeclared(f"{path or '**'}-json"), other.node)
        elif other.method == "use" and len(other.arguments) > 1 and other.arguments[0].type == "string":
            yield _symbol(
                module, file, name, RouteDeclared(paths.text(module, other.arguments[0]), below=True), other.node
            )


def _brought(module: Module, file: SourceFile, call: Call) -> Iterator[Statement]:
    """Open what modules of Nest add that has a path of its own."""
    covers: str | None = None
    if call.name.endswith("RouterModule.register"):
        reason = "RouterModule gives controllers prefixes that are not read"
    elif "GraphQLModule" in call.name:
        reason, covers = "GraphQLModule serves a path of its own", "**/graphql**"
    elif "ServeStaticModule" in call.name:
        reason = "ServeStaticModule serves files"
    elif "AdminModule" in call.name or "BullBoardModule" in call.name:
        reason, covers = f"{call.name.rpartition('/')[2]} serves paths of its own", "/**"
    else:
        return
    yield Open(Kind.PATH, "", reason, module.span(call.node), Pattern(covers) if covers else None)


def _controller(module: Module, file: SourceFile, node: Node) -> Iterator[Statement]:
    decorators = [call for call in _decorators(module, node) if call.method == "Controller"]
    if not decorators or "@nestjs/" not in decorators[0].name:
        return
    given = decorators[0].arguments[0] if decorators[0].arguments else None
    options = values.options(module, given)
    place = options.get("path") if options else given
    version = values.string(module, options.get("version")) if "version" in options else ""
    own = f"{file.path}:{module.text(node.child_by_field_name('name'))}"
    yield _symbol(module, file, own, RouterDeclared("router", "nest"), decorators[0].node)
    group = _group(file.path)
    yield _symbol(module, file, group, RouterDeclared("router", "nest"), decorators[0].node)
    for prefix in _paths(module, place):
        yield _symbol(module, file, group, RouterIncluded(own, prefix), decorators[0].node, refers=True)
        if version:
            inner = None if prefix is None else f"/v{version}{prefix}"
            yield _symbol(module, file, group, RouterIncluded(own, inner), decorators[0].node, refers=True)
    for child in named(node.child_by_field_name("body")):
        if child.type != "method_definition":
            continue
        handler = module.text(child.child_by_field_name("name"))
        for call in _decorators(module, child):
            method = _VERBS.get(call.method)
            if method is not None and call.name.startswith("@nestjs/common."):
                for path in _paths(module, call.arguments[0] if call.arguments else None):
                    detail = RouteDeclared(path, (method,) if method else (), handler=handler)
                    yield _symbol(module, file, own, detail, call.node)


def _paths(module: Module, node: Node | None) -> list[str | None]:
    found = values.resolved(module, node)
    items = named(found) if found is not None and found.type == "array" else (node,)
    out: list[str | None] = []
    for item in items:
        text = paths.text(module, item) if item is not None else ""
        out.append(text if text is None else re.sub(r"^/*(?=.)", "/", text) if text.strip("/") else "")
    return out


def _decorators(module: Module, node: Node) -> Iterator[Call]:
    """Yield the decorators of a class or method: among its children, before it, or on what exports it."""
    found = [child for child in node.children if child.type == "decorator"]
    before = node.prev_named_sibling
    while before is not None and before.type in ("decorator", "comment"):
        if before.type == "decorator":
            found.append(before)
        before = before.prev_named_sibling
    above = next(enclosing(node, "export_statement"), None) if node.type == "class_declaration" else None
    if above is not None and above.child_by_field_name("declaration") == node:
        found += [child for child in above.children if child.type == "decorator"]
    for decorator in found:
        call = module.call(next(iter(named(decorator)), None))
        if call is not None:
            yield call
