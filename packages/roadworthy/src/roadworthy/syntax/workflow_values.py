"""What the expressions of a workflow stand for: its `env` and its matrix, as far as they are plain text."""

import itertools
import re
from dataclasses import dataclass

from roadworthy.syntax import yaml
from roadworthy.syntax.secrecy import names_secret

_NAME = re.compile(r"\$\{\{\s*(env|matrix|inputs)\.([\w.-]+)\s*\}\}")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_DEPTH = 3
MAXIMUM_COMBINATIONS = 40


@dataclass(frozen=True, slots=True)
class Values:
    """What `env.X`, `matrix.x` and `inputs.x` stand for in one place."""

    known: dict[tuple[str, str], str]

    def expression(self, text: str) -> str:
        """Return a text with the expressions that can be told put in their place."""
        for _ in range(_DEPTH):
            if "${{" not in text:
                break
            text = _NAME.sub(lambda found: self.known.get((found[1], found[2]), found[0]), text)
        return text

    def word(self, text: str) -> str:
        """Return a word of a command with expressions and shell variables that can be told put in their place."""
        text = self.expression(text)
        if "$" in text:
            text = _VARIABLE.sub(lambda found: self.known.get(("env", found[1] or found[2]), found[0]), text)
            text = self.expression(text)
        return text

    def with_env(self, *nodes: yaml.Node | None) -> "Values":
        """Return these values and those of further `env` mappings, the last of a name being in force."""
        known = dict(self.known)
        for node in nodes:
            for key, value in node.items() if isinstance(node, yaml.Mapping) else ():
                if isinstance(value, yaml.Scalar) and not names_secret(key.text):
                    known["env", key.text] = value.text
        return Values(known) if known != self.known else self


def combinations(matrix: yaml.Node | None) -> list[Values]:
    """Return the values of every combination of a matrix; one that knows nothing where there is none."""
    if not isinstance(matrix, yaml.Mapping):
        return [Values({})]
    axes: list[list[dict[tuple[str, str], str]]] = []
    for key, node in matrix.items():
        if key.text not in ("include", "exclude") and isinstance(node, yaml.Sequence) and node.items:
            axes.append([_of(key.text, item) for item in node])
    found: list[dict[tuple[str, str], str]] = []
    chosen = itertools.islice(itertools.product(*axes), MAXIMUM_COMBINATIONS) if axes else ()
    found += [{name: value for part in parts for name, value in part.items()} for parts in chosen]
    include = matrix.get("include")
    for item in itertools.islice(include, MAXIMUM_COMBINATIONS) if isinstance(include, yaml.Sequence) else ():
        extra = {name: value for key, node in _pairs(item) for name, value in _of(key, node).items()}
        alike = [one for one in found if all(one.get(name, value) == value for name, value in extra.items())]
        if alike and axes and any(name in one for one in alike for name in extra):
            for one in alike:
                one |= extra
        else:
            found.append(extra)
    return [Values(one) for one in found[:MAXIMUM_COMBINATIONS]] or [Values({})]


def _of(name: str, node: yaml.Node) -> dict[tuple[str, str], str]:
    if isinstance(node, yaml.Scalar):
        return {("matrix", name): node.text}
    return {("matrix", f"{name}.{key}"): value.text for key, value in _pairs(node) if isinstance(value, yaml.Scalar)}


def _pairs(node: yaml.Node) -> list[tuple[str, yaml.Node]]:
    return [(key.text, value) for key, value in node.items()] if isinstance(node, yaml.Mapping) else []
