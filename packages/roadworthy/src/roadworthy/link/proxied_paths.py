"""Whether a component has a route for the paths that a proxy passes on to it."""

import re
from collections import defaultdict
from dataclasses import dataclass

from roadworthy.link.draft import Draft
from roadworthy.model.detail.proxy import ProxyRoute
from roadworthy.model.detail.route import RouteServed
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import FileRole

_BESIDE = re.compile(
    r"/?$|/(api/)?(health\w*|live\w*|ready\w*|readiness|liveness|metrics|ping|status|version|docs|redoc|openapi\.json|"
    r"static|media|favicon\.ico|robots\.txt|_\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Unserved:
    """Why no route is reached, with a route that ought to be."""

    why: str
    path: str
    at: Span


class Served:
    """The routes of components whose set of routes is known to be complete."""

    def __init__(self, draft: Draft) -> None:
        self._routes: dict[str, dict[str, Span]] = defaultdict(dict)
        for symbol in draft.of(Kind.PATH, Action.DEFINES):
            if isinstance(symbol.detail, RouteServed) and symbol.detail.source == "code":
                self._routes[symbol.component].setdefault(str(symbol.name), symbol.at)
        self._open = {o.component for o in draft.opens if o.kind is Kind.PATH}
        self._counts = {c.id for c in draft.components if c.role is FileRole.PROD}

    def unserved(self, component: str, route: ProxyRoute) -> Unserved | None:
        """Tell why requests below a location reach no route; None where some do, or that cannot be told."""
        if component not in self._counts or {component, ""} & self._open or route.form != "prefix":
            return None
        location = route.location.rstrip("/")
        routes = {path: at for path, at in self._routes[component].items() if not _BESIDE.match(path)}
        if not location or _BESIDE.match(location) or not routes or any(_hidden(path) for path in routes):
            return None
        asked = route.location if route.path is None else route.path
        prefix = asked.rstrip("/")
        below = {path: at for path, at in routes.items() if _starts(path, prefix)}
        whole, at = next(iter(sorted(routes.items())))
        if prefix and not below:
            return Unserved(f"requests arrive as `{prefix}/…`, and no route begins so", whole, at)
        if not prefix and route.path is not None and all(_starts(path, location) for path in routes):
            why = f"`{location}` is taken off before requests are passed on, and all routes begin with it"
            return Unserved(why, whole, at)
        return None


def _hidden(path: str) -> bool:
    """Tell whether a route may begin with anything."""
    return path.startswith(("*", "/*"))


def _starts(path: str, prefix: str) -> bool:
    """Tell whether a route may begin with these segments."""
    given, wanted = path.strip("/").split("/"), [part for part in prefix.split("/") if part]
    return all("*" in own or own == part for own, part in zip(given, wanted, strict=False)) and (
        len(given) >= len(wanted) or "**" in given[-1]
    )
