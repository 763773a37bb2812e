"""Alertmanager configuration: the routing tree and the receivers it ends in, in its own file or as the operator's resource."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.alert import AlertRoute, ReceiverDefined
from roadworthy.model.detail.metric import Matcher
from roadworthy.model.facts import Problem
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Name, Symbol, Unreadable
from roadworthy.syntax import configmap, yaml

PROVIDES = frozenset({Kind.RECEIVER})

# What each integration cannot do without; any one of a group is enough. An integration that is not listed needs nothing
# that can be told here.
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "email_configs": (("to",),),
    "webhook_configs": (("url", "url_file", "url_secret"),),
    "slack_configs": (("api_url", "api_url_file", "app_token", "http_config", "app_token_file"),),
    "pagerduty_configs": (("routing_key", "routing_key_file", "service_key", "service_key_file"),),
    "discord_configs": (("webhook_url", "webhook_url_file", "api_url"),),
    "msteams_configs": (("webhook_url", "webhook_url_file", "api_url"),),
    "msteamsv2_configs": (("webhook_url", "webhook_url_file", "api_url"),),
    "telegram_configs": (("chat_id", "chat_id_file"),),
}
_GLOBAL = {
    "slack_configs": ("slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"),
    "telegram_configs": (),
}
_MATCHER = re.compile(
    r"\s*\{?\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^,{}\"]*?))\s*(?:,|\}|$)"
)
MAXIMUM_DEPTH = 50


def wants(path: str) -> bool:
    """Any YAML file may be one."""
    return path.endswith((".yml", ".yaml", ".yml.tmpl"))


def recognises(file: SourceFile) -> bool:
    """Recognise the configuration, bare, in a ConfigMap or in a Secret's text, by its route and receivers."""
    return "receivers:" in file.text and any(_configuration(held) is not None for held in configmap.held(file))


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield every receiver and every node of the routing tree."""
    for held in configmap.held(file):
        if held.problem is not None and held.at is not None and "receivers:" in held.at.text:
            yield Problem(held.at.at, f"{held.key}: {held.problem.why}", PROVIDES, file.role)
        root = _configuration(held)
        if root is None:
            continue
        for receiver in _mappings(root.get("receivers")):
            yield from _receiver(file, root, receiver)
        route = root.get("route")
        if isinstance(route, yaml.Mapping):
            yield from _tree(file, route)


def _configuration(held: configmap.Held) -> yaml.Mapping | None:
    root = held.root
    if not isinstance(root, yaml.Mapping) or root.get("exporters"):
        return None
    if root.text("kind") == "AlertmanagerConfig":
        specified = root.get("spec")
        root = specified if isinstance(specified, yaml.Mapping) else root
    if not isinstance(root.get("receivers"), yaml.Sequence) or not isinstance(root.get("route"), yaml.Mapping):
        return None
    return root


def _mappings(node: yaml.Node | None) -> list[yaml.Mapping]:
    return [item for item in node if isinstance(item, yaml.Mapping)] if isinstance(node, yaml.Sequence) else []


def _receiver(file: SourceFile, root: yaml.Mapping, receiver: yaml.Mapping) -> Iterator[Symbol]:
    name = receiver.get("name")
    if not isinstance(name, yaml.Scalar):
        return
    integrations, unaddressed = [], []
    for key, value in receiver.items():
        entries = _mappings(value)
        integration = re.sub(r"(?<=[a-z\d])Configs$", "_configs", key.text).lower()
        if integration.endswith("_configs") and entries:
            integrations.append(integration)
            if not all(_addressed(root, integration, entry) for entry in entries):
                unaddressed.append(integration)
    detail = ReceiverDefined(tuple(integrations), tuple(unaddressed))
    yield Symbol(Kind.RECEIVER, Action.DEFINES, Exact(name.text), name.at, role=file.role, detail=detail)


def _addressed(root: yaml.Mapping, integration: str, entry: yaml.Mapping) -> bool:
    if any(root.text("global", key) for key in _GLOBAL.get(integration, ())):
        return True
    return all(any(_given(entry, key) for key in keys) for keys in _NEEDS.get(integration, ()))


def _given(entry: yaml.Mapping, key: str) -> bool:
    """Tell whether an entry has something under a key, written as Alertmanager does or as its operator does (`routingKey`)."""
    plain = key.replace("_", "")
    node = next((value for name, value in entry.items() if name.text.replace("_", "").lower() == plain), None)
    return node is not None and (not isinstance(node, yaml.Scalar) or bool(node.text.strip() and not node.is_null()))


def _tree(file: SourceFile, root: yaml.Mapping) -> Iterator[Symbol]:
    stack: list[tuple[yaml.Mapping, int, str, int]] = [(root, -1, "", 0)]
    index = 0
    while stack:
        node, parent, inherited, depth = stack.pop()
        receiver = node.get("receiver")
        text = receiver.text if isinstance(receiver, yaml.Scalar) else inherited
        at = receiver.at if isinstance(receiver, yaml.Scalar) else node.at
        name: Name = Exact(text) if "{{" not in text and "$" not in text else Unreadable("a template")
        detail = AlertRoute(index, parent, _matchers(node), node.text("continue") == "true")
        yield Symbol(Kind.RECEIVER, Action.REFERS, name, at, role=file.role, detail=detail)
        if depth < MAXIMUM_DEPTH:
            stack += [(child, index, text, depth + 1) for child in reversed(_mappings(node.get("routes")))]
        index += 1


def _matchers(node: yaml.Mapping) -> tuple[Matcher, ...]:
    found: list[Matcher] = []
    for key, operator in (("match", "="), ("match_re", "=~")):
        given = node.get(key)
        for label, value in given.items() if isinstance(given, yaml.Mapping) else ():
            if isinstance(value, yaml.Scalar):
                found.append(Matcher(label.text, operator, value.text))
    matchers = node.get("matchers")
    for entry in matchers if isinstance(matchers, yaml.Sequence) else ():
        if isinstance(entry, yaml.Scalar):
            for label, operator, quoted, bare in _MATCHER.findall(entry.text):
                found.append(Matcher(label, operator, quoted or bare.strip()))
        elif isinstance(entry, yaml.Mapping) and entry.text("name") is not None:
            found.append(Matcher(entry.text("name") or "", entry.text("matchType") or "=", entry.text("value") or ""))
    return tuple(found)
