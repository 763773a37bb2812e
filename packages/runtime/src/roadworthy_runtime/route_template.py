"""The route a request took, as its template: the only form in which a path may become a label."""

from collections.abc import Mapping
from typing import Any

from starlette.types import Scope

from roadworthy_runtime.contract import UNMATCHED_ROUTE


def route_template(scope: Scope) -> str:
    """Given the scope after routing, return the template with its prefixes, or one fixed value when nothing matched.

    Mounts leave their prefix in `root_path`, with the parameters filled in.
    """
    route = scope.get("route")
    if route is not None and "fastapi" not in scope and "app_root_path" not in scope:
        return _path(route, below_mount=False) or UNMATCHED_ROUTE  # neither included nor mounted: the usual case
    route = _route(scope)
    if route is None:
        return UNMATCHED_ROUTE
    root: str = scope.get("root_path", "")
    outer: str = scope.get("app_root_path", root)
    below_mount = len(root) > len(outer)
    path = _path(route, below_mount)
    return (_unfilled(root[len(outer) :], route, scope) if below_mount else "") + path or UNMATCHED_ROUTE


def _route(scope: Scope) -> object:
    """The route that was taken. Recent FastAPI keeps an included one, prefix and all, beside the route it was made of."""
    route: object = scope.get("route")
    framework: Mapping[str, Any] = scope.get("fastapi") or {}
    context = framework.get("effective_route_context")
    if context is not None and (route is None or getattr(context, "original_route", None) is route):
        return getattr(context, "starlette_route", None) or context
    return route or _by_endpoint(scope)


def _by_endpoint(scope: Scope) -> object:
    """For routers that note only the endpoint: the route that leads to it and fits the path."""
    endpoint = scope.get("endpoint")
    if endpoint is None:
        return None
    path: str = scope["path"]
    below = path.removeprefix(scope.get("root_path", ""))
    pending = [*getattr(scope.get("router"), "routes", ())]
    for route in pending:  # grows by what is mounted
        if getattr(route, "endpoint", None) is endpoint:
            regex = getattr(route, "path_regex", None)
            if regex is None or regex.match(below):
                return route
        elif hasattr(route, "app") and not hasattr(route, "endpoint"):
            if route.app is endpoint and not getattr(route, "routes", ()):
                return route
            pending.extend(getattr(route, "routes", None) or ())
    return None


def _path(route: object, below_mount: bool) -> str:
    """The path the route was declared with; a mount that answers itself stands for anything below its prefix."""
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if path is None or (below_mount and _is_mount(route)):
        return "/{path}" if below_mount else ""
    return path if isinstance(path, str) else ""


def _is_mount(route: object) -> bool:
    return hasattr(route, "app") and hasattr(route, "routes") and not hasattr(route, "methods")


def _unfilled(prefix: str, route: object, scope: Scope) -> str:
    """The mount prefix with its parameters' values taken out again, so that it stays one of few."""
    own: Mapping[str, object] = {} if _is_mount(route) else getattr(route, "param_convertors", {})
    parameters: Mapping[str, object] = scope.get("path_params", {})
    segments = prefix.split("/")
    for name, value in parameters.items():
        if name in own:
            continue
        if str(value) not in segments:
            return "/{mount}"
        segments[segments.index(str(value))] = f"{{{name}}}"
    return "/".join(segments)
