"""What is said about HTTP routes: by one module of code, and once the modules are linked.

Names of routers and applications are dotted: `app.routes.items.router`, or `app/main.py:app` for one of the same file.
A path may hold `*` (one segment) and `**` (anything); a text that stands in another module is written `${dotted.name}`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RouterDeclared:
    """An application or router (Kind.CONSTRUCT, defines). `form` is "application" or "router", `framework` its library;
    `prefix` is None where it cannot be read; `dependencies` are the names asked before every route of it."""

    form: str
    framework: str
    prefix: str | None = ""
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteDeclared:
    """A route on a router or application (Kind.CONSTRUCT, defines, named by the router; "" where none is named).

    `methods` is empty where any method is answered or it cannot be read; `below` tells that all below it is served,
    `strict` that a slash more at its end is another path, which is not served.
    """

    path: str | None
    methods: tuple[str, ...] = ()
    below: bool = False
    handler: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class RouterIncluded:
    """One router is put into another (Kind.CONSTRUCT, refers, named by the outer one). `inner` is None where it is
    computed, `prefix` None where it cannot be read; `dependencies` are the names asked before every route of it."""

    inner: str | None
    prefix: str | None = ""
    dependencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameImported:
    """A module gives a name of another module its own (Kind.CONSTRUCT, refers, named by its own dotted name)."""

    target: str


@dataclass(frozen=True, slots=True)
class PathText:
    """A text that can be a path or a prefix (Kind.CONSTRUCT, defines, named by its dotted name)."""

    text: str


@dataclass(frozen=True, slots=True)
class RouteServed:
    """A path that is served (Kind.PATH, defines). `source` is "code" or what provides it; `methods` is empty where any
    or an unknown method is answered."""

    source: str
    methods: tuple[str, ...] = ()
    handler: str = ""
