"""Traefik as compose labels set it up: the port it asks of the labelled service, and the limits before it."""

import re
from collections.abc import Iterator

from roadworthy.model.detail.proxy import ProxyRoute
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.compose.service import Service, entries

_PORT = re.compile(r"traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port", re.IGNORECASE)
_BODY = re.compile(r"traefik\.http\.middlewares\.[^.]+\.buffering\.maxrequestbodybytes", re.IGNORECASE)
_LIMIT = re.compile(r"traefik\.http\.middlewares\.[^.]+\.(ratelimit|inflightreq)\.", re.IGNORECASE)
_CHAIN = re.compile(r"traefik\.http\.routers\.[^.]+\.middlewares", re.IGNORECASE)


def collect(service: Service) -> Iterator[Symbol]:
    """Yield what Traefik passes to this service, where its labels name the port."""
    labels: dict[str, tuple[str, Span]] = {}
    for holder in (*service.all("labels"), *service.all("deploy", "labels")):
        for name, at, _, value in entries(holder):
            labels.setdefault(name, (value.shown if value is not None else "", at.at))
    port = next((found for name, found in labels.items() if _PORT.fullmatch(name)), None)
    if port is None or not port[0].isdecimal() or len(port[0]) > 5:
        return
    body = next((found for name, found in labels.items() if _BODY.fullmatch(name)), None)
    limited = True if any(_LIMIT.match(name) for name in labels) else None if any(map(_CHAIN.match, labels)) else False
    number = int(body[0]) if body and body[0].isdecimal() and len(body[0]) < 16 else None
    detail = ProxyRoute(
        "traefik",
        "/",
        "prefix",
        "http",
        int(port[0]),
        None,
        "",
        "",
        limited,
        "sets",
        number,
        body[1] if number and body else None,
    )
    yield Symbol(Kind.HOST, Action.REFERS, Exact(service.name), port[1], role=service.role, detail=detail)
