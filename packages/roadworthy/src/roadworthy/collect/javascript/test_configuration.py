"""What configures jest, vitest, mocha, Playwright and Cypress: their files, and the options in them."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import RunnerConfiguration
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import javascript, json, jsonc, yaml
from roadworthy.syntax import javascript_values as values
from roadworthy.syntax.javascript_tree import named, unwrapped

PROVIDES = frozenset({Kind.TEST})

_NAMES = (
    (re.compile(r"jest\.config\.(?:js|cjs|mjs|ts|cts|mts|json)"), "jest"),
    (re.compile(r"vitest\.config\.(?:js|cjs|mjs|ts|cts|mts)"), "vitest"),
    (re.compile(r"vite\.config\.(?:js|cjs|mjs|ts|cts|mts)"), "vite"),
    (re.compile(r"playwright\.config\.(?:js|cjs|mjs|ts|cts|mts)"), "playwright"),
    (re.compile(r"cypress\.config\.(?:js|cjs|mjs|ts|cts|mts)"), "cypress"),
    (re.compile(r"\.mocharc\.(?:js|cjs|mjs|json|jsonc|ya?ml)"), "mocha"),
    (re.compile(r"\.(?:nyc|c8)rc(?:\.json)?"), "nyc"),
)
_KEYS = ("jest", "mocha", "nyc", "c8", "vitest")
_DEPTH = 5
_MAXIMUM_OPTIONS = 300
_PASSING = frozenset(
    {"defineConfig", "defineVitestConfig", "defineProject", "vitest/config.defineConfig", "vite.defineConfig"}
)
_PASSING |= {"@playwright/test.defineConfig", "cypress.defineConfig", "vitest/config.defineProject"}


def wants(path: str) -> bool:
    """Files of the names these tools look for."""
    name = path.rpartition("/")[2]
    return name == "package.json" or _tool(name) != ""


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name; manifests when they name a tool, vite's file when it configures tests."""
    if file.name == "package.json":
        return any(f'"{key}"' in file.text for key in _KEYS)
    return not file.name.startswith("vite.") or re.search(r"\btest\s*:", file.text) is not None


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each section that configures a test tool, with its options."""
    if file.name == "package.json":
        root = json.document(file)
        for tool in _KEYS:
            key, value = root.key(tool), root.get(tool)
            if key is not None and isinstance(value, yaml.Mapping):
                yield _symbol(file, key.at, "nyc" if tool == "c8" else tool, tool, tuple(_flat(value)))
        return
    tool = _tool(file.name)
    if file.name.endswith((".json", ".jsonc", "rc")):
        root = jsonc.document(file)
        yield _symbol(file, Span(file.path), tool, "", tuple(_flat(root)))
    elif file.name.endswith((".yml", ".yaml")):
        for node in yaml.documents(file)[:1]:
            yield _symbol(file, Span(file.path), tool, "", tuple(_flat(node)))
    else:
        yield from _script(file, tool)


def _tool(name: str) -> str:
    return next((tool for pattern, tool in _NAMES if pattern.fullmatch(name)), "")


def _symbol(
    file: SourceFile,
    at: Span,
    tool: str,
    section: str,
    options: tuple[tuple[str, str], ...],
    *,
    heard: bool | None = True,
) -> Symbol:
    detail = RunnerConfiguration(tool, file.name, section, heard=heard, options=options[:_MAXIMUM_OPTIONS])
    return Symbol(Kind.TEST, Action.DEFINES, Exact(tool), at, phase="test", role=file.role, detail=detail)


def _script(file: SourceFile, tool: str) -> Iterator[Statement]:
    module = javascript.module(file)
    found = _exported(module)
    if found is None and tool == "vite":
        return
    if found is None:
        yield _symbol(file, Span(file.path), tool, "", (("(computed)", ""),))
        return
    options = tuple(_options(module, found, "", 0))
    if tool in ("vite", "vitest"):
        inner = tuple((name.removeprefix("test."), value) for name, value in options if name.startswith("test."))
        at = next(
            (module.span(node) for key, node in values.entries(module, found) if key == "test"), module.span(found)
        )
        if inner or tool == "vitest":
            rest = tuple((name, value) for name, value in options if name.startswith("("))
            yield _symbol(file, at, "vitest", "test", inner + rest)
    else:
        yield _symbol(file, module.span(found), tool, "", options)


def _exported(module: javascript.Module) -> Node | None:
    """Return the object that a configuration file exports; None where it is computed."""
    node = next((e.node for e in module.exports if e.name in ("", "default")), None)
    for _ in range(_DEPTH):
        node = values.resolved(module, unwrapped(node))
        if node is None or node.type == "object":
            return node
        if node.type in ("arrow_function", "function_expression", "function_declaration"):
            body = node.child_by_field_name("body")
            returns = module.below(body, "return_statement") if body is not None else []
            inner = next(iter(named(returns[-1])), None) if returns else body
            node = inner
            continue
        call = module.call(node)
        if call is None or not call.arguments:
            return None
        if call.name not in _PASSING and call.method not in ("defineConfig", "defineProject", "mergeConfig"):
            return None
        node = call.arguments[-1]
    return None


def _options(module: javascript.Module, node: Node, above: str, depth: int) -> Iterator[tuple[str, str]]:
    if values.is_open(module, node):
        yield (f"{above}(computed)" if above else "(computed)"), ""
    for key, value in values.entries(module, node):
        name = f"{above}{key}"
        found = values.resolved(module, value)
        if found is None:
            continue
        if found.type == "object" and depth < _DEPTH:
            yield from _options(module, found, f"{name}.", depth + 1)
        elif found.type == "array":
            texts = [values.string(module, item) or module.text(item) for item in named(found)]
            yield name, "\n".join(texts)
        else:
            text = values.string(module, found)
            yield name, text if text is not None else module.text(found)[:200]


def _flat(node: yaml.Node, above: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, yaml.Mapping):
        for key, value in node.items():
            yield from _flat(value, f"{above}.{key.text}" if above else key.text)
    elif isinstance(node, yaml.Sequence):
        yield above, "\n".join(item.text for item in node.items if isinstance(item, yaml.Scalar))
    elif isinstance(node, yaml.Scalar):
        yield above, node.text
