"""What a patch makes of a resource: strategic merges and JSON patches, each value keeping the place it was written in."""

from collections.abc import Iterable

from roadworthy.model.place import Span
from roadworthy.syntax import yaml

# By which key the items of a list are told apart; every other list is replaced as a whole.
_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "ports": ("containerPort", "port"),
}
_DIRECTIVE = "$patch"


def merged(base: yaml.Mapping, patch: yaml.Mapping) -> yaml.Mapping:
    """Return a resource after a strategic merge; neither input changes."""
    if patch.text(_DIRECTIVE) == "replace":
        return yaml.Mapping([pair for pair in patch.items() if pair[0].text != _DIRECTIVE], base.at)
    over = {key.text: (key, value) for key, value in patch.items() if key.text != _DIRECTIVE}
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in base.items():
        if key.text not in over:
            pairs.append((key, value))
            continue
        given, new = over.pop(key.text)
        if isinstance(new, yaml.Scalar) and new.is_null():
            continue
        if isinstance(new, yaml.Mapping) and new.text(_DIRECTIVE) == "delete":
            continue
        pairs.append((given if isinstance(new, yaml.Scalar) else key, _joined(key.text, value, new)))
    pairs += [(key, value) for key, value in over.values() if not (isinstance(value, yaml.Scalar) and value.is_null())]
    return yaml.Mapping(pairs, base.at)


def operated(base: yaml.Mapping, steps: Iterable[yaml.Mapping]) -> yaml.Mapping | None:
    """Return a resource after a JSON patch; None where a step cannot be followed."""
    found: yaml.Node = base
    for step in steps:
        path, value = step.text("path") or "", step.get("value")
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
        operation = step.text("op")
        if operation not in ("add", "replace", "remove") or not parts or (value is None and operation != "remove"):
            return None
        changed = _changed(found, parts, operation, value, step.at)
        if changed is None:
            return None
        found = changed
    return found if isinstance(found, yaml.Mapping) else None


def _joined(name: str, value: yaml.Node, new: yaml.Node) -> yaml.Node:
    if isinstance(value, yaml.Mapping) and isinstance(new, yaml.Mapping):
        return merged(value, new)
    if isinstance(value, yaml.Sequence) and isinstance(new, yaml.Sequence):
        return _listed(name, value, new)
    return new


def _listed(name: str, value: yaml.Sequence, new: yaml.Sequence) -> yaml.Sequence:
    key = next((key for key in _KEYS.get(name, ()) if _all_have(new, key)), None)
    if key is None or not _all_have(value, key) or any(_directive(item) == "replace" for item in new):
        return yaml.Sequence([item for item in new if not _directive(item)], new.at)
    over = {_text(item, key): item for item in new}
    items: list[yaml.Node] = []
    for item in value:
        given = over.pop(_text(item, key), None)
        if isinstance(given, yaml.Mapping) and isinstance(item, yaml.Mapping):
            if _directive(given) != "delete":
                items.append(merged(item, given))
        else:
            items.append(item)
    items += [item for item in over.values() if not _directive(item)]
    return yaml.Sequence(items, value.at)


def _all_have(listed: yaml.Sequence, key: str) -> bool:
    return all(isinstance(item, yaml.Mapping) and (_text(item, key) or _directive(item)) for item in listed)


def _directive(item: yaml.Node) -> str:
    return (item.text(_DIRECTIVE) or "") if isinstance(item, yaml.Mapping) else ""


def _text(item: yaml.Node, key: str) -> str:
    return (item.text(key) or "") if isinstance(item, yaml.Mapping) else ""


def _changed(node: yaml.Node, parts: list[str], operation: str, value: yaml.Node | None, at: Span) -> yaml.Node | None:
    """Return a copy of a node with one step done below it."""
    head, rest = parts[0], parts[1:]
    if isinstance(node, yaml.Sequence):
        return _in_sequence(node, head, rest, operation, value, at)
    if not isinstance(node, yaml.Mapping):
        return None
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    done = False
    for key, old in node.items():
        if key.text != head:
            pairs.append((key, old))
            continue
        done = True
        new = _changed(old, rest, operation, value, at) if rest else value
        if new is not None and (rest or operation != "remove"):
            pairs.append((key, new))
        elif rest or operation != "remove":
            return None
    if not done:
        if rest or operation != "add" or value is None:
            return None
        pairs.append((yaml.Scalar(head, True, value.at), value))
    return yaml.Mapping(pairs, node.at)


def _in_sequence(
    node: yaml.Sequence, head: str, rest: list[str], operation: str, value: yaml.Node | None, at: Span
) -> yaml.Node | None:
    items = list(node)
    if head == "-" and not rest and operation == "add" and value is not None:
        return yaml.Sequence([*items, value], node.at)
    if not head.isdecimal() or len(head) > 6:
        return None
    index = int(head)
    if rest:
        new = _changed(items[index], rest, operation, value, at) if index < len(items) else None
        return None if new is None else yaml.Sequence([*items[:index], new, *items[index + 1 :]], node.at)
    if operation == "add" and value is not None and index <= len(items):
        return yaml.Sequence([*items[:index], value, *items[index:]], node.at)
    if index >= len(items):
        return None
    kept = [] if operation == "remove" or value is None else [value]
    return yaml.Sequence([*items[:index], *kept, *items[index + 1 :]], node.at)
