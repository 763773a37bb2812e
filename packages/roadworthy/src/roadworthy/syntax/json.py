"""JSON objects with places: read as the YAML they nearly always are, by `json` where that fails."""

import json
from functools import lru_cache

from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.syntax import yaml
from roadworthy.syntax.problem import SyntaxProblem


@lru_cache(maxsize=8)
def document(file: SourceFile) -> yaml.Mapping:
    """Return the object a file holds; raise SyntaxProblem where it is no JSON, or no object."""
    try:
        values = json.loads(file.text)
    except json.JSONDecodeError as problem:
        raise SyntaxProblem(problem.msg, problem.lineno, problem.colno) from problem
    except (RecursionError, ValueError) as problem:
        raise SyntaxProblem("not readable as JSON (nested too deeply, or a number out of range)") from problem
    if not isinstance(values, dict):
        raise SyntaxProblem("an object was expected")
    try:
        (root,) = yaml.documents(file)
    except (SyntaxProblem, ValueError):
        root = _unplaced(values, Span(file.path))
    return root if isinstance(root, yaml.Mapping) else yaml.Mapping([], Span(file.path))


def _unplaced(value: object, at: Span) -> yaml.Node:
    if isinstance(value, dict):
        return yaml.Mapping([(yaml.Scalar(str(key), False, at), _unplaced(v, at)) for key, v in value.items()], at)
    if isinstance(value, list):
        return yaml.Sequence([_unplaced(item, at) for item in value], at)
    if isinstance(value, str):
        return yaml.Scalar(value, False, at)
    return yaml.Scalar(json.dumps(value), True, at)
