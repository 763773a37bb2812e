"""What an Ingress passes where, the limits its annotations set, and the certificates it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.model.detail.proxy import ProxyRoute, TlsServer
from roadworthy.model.place import Span
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax import yaml
from roadworthy.syntax.kubernetes.resource import Resource

_NGINX = "nginx.ingress.kubernetes.io/"
_SIZE = re.compile(r"(\d{1,15})([kmg]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_LIMITS = ("limit-rps", "limit-rpm", "limit-connections", "global-rate-limit")
_EXPRESSION = re.compile(r"[()$^\[\]|*+]")


def routes(resource: Resource) -> Iterator[Symbol]:
    """Yield a statement for each path an Ingress passes to a Service, and one for each certificate."""
    notes = _Annotations(resource)
    body, body_at = notes.size("proxy-body-size")
    seconds, seconds_at = notes.seconds("proxy-read-timeout")
    limited = any(notes.node(name) is not None for name in _LIMITS) or (None if notes.hidden() else False)
    rewrite = notes.node("rewrite-target")
    for path, backend in _paths(resource):
        service = backend.get("service", "name") or backend.get("serviceName")
        number = backend.get("service", "port", "number") or backend.get("servicePort")
        if not isinstance(service, yaml.Scalar):
            continue
        written = path.text("path") or "/"
        form = "exact" if path.text("pathType") == "Exact" else "prefix"
        if _EXPRESSION.search(written) or notes.node("use-regex") is not None:
            form = "regex"
        port = number.integer() if isinstance(number, yaml.Scalar) else None
        detail = ProxyRoute(
            "ingress", written, form, "http", port, rewrite.text if rewrite else None, "", "", limited, "sets",
            body, body_at, seconds, seconds_at,
        )  # fmt: skip
        yield Symbol(Kind.HOST, Action.REFERS, Exact(service.text), service.at, role=resource.file.role, detail=detail)
    yield from _certificates(resource, managed=notes.issued())


@dataclass(frozen=True, slots=True)
class _Annotations:
    resource: Resource

    def node(self, name: str) -> yaml.Scalar | None:
        found = self.resource.node.get("metadata", "annotations", _NGINX + name)
        return found if isinstance(found, yaml.Scalar) else None

    def size(self, name: str) -> tuple[int | None, Span | None]:
        node = self.node(name)
        match = _SIZE.fullmatch(node.text) if node is not None else None
        return (int(match[1]) * _UNITS[match[2].lower()], node.at) if match and node else (None, None)

    def seconds(self, name: str) -> tuple[float | None, Span | None]:
        node = self.node(name)
        match = re.fullmatch(r"(\d{1,9})s?", node.text) if node is not None else None
        return (float(match[1]), node.at) if match and node else (None, None)

    def hidden(self) -> bool:
        """Tell whether annotations name things that may bound requests elsewhere."""
        notes = self.resource.node.get("metadata", "annotations")
        names = [key.text for key, _ in notes.items()] if isinstance(notes, yaml.Mapping) else []
        return any("middlewares" in name or "snippet" in name or "waf" in name for name in names)

    def issued(self) -> bool:
        """Tell whether a controller makes the certificates."""
        notes = self.resource.node.get("metadata", "annotations")
        names = [key.text for key, _ in notes.items()] if isinstance(notes, yaml.Mapping) else []
        return any("cert-manager" in n or "certmanager" in n or "acme" in n or "certificate" in n for n in names)


def _paths(resource: Resource) -> Iterator[tuple[yaml.Mapping, yaml.Mapping]]:
    rules = resource.node.get("spec", "rules")
    for rule in rules if isinstance(rules, yaml.Sequence) else ():
        paths = rule.get("http", "paths") if isinstance(rule, yaml.Mapping) else None
        for path in paths if isinstance(paths, yaml.Sequence) else ():
            backend = path.get("backend") if isinstance(path, yaml.Mapping) else None
            if isinstance(path, yaml.Mapping) and isinstance(backend, yaml.Mapping):
                yield path, backend


def _certificates(resource: Resource, *, managed: bool) -> Iterator[Symbol]:
    listed = resource.node.get("spec", "tls")
    for entry in listed if isinstance(listed, yaml.Sequence) else ():
        secret = entry.get("secretName") if isinstance(entry, yaml.Mapping) else None
        if isinstance(secret, yaml.Scalar) and not secret.is_null():
            detail = TlsServer("ingress", secret.text, secret.at, "", managed)
            yield Symbol(
                Kind.SETTING, Action.DEFINES, Exact(secret.text), secret.at, role=resource.file.role, detail=detail
            )
