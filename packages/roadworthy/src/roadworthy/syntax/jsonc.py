"""JSON with comments and trailing commas, as TypeScript reads its configuration."""

import re
from dataclasses import replace
from functools import lru_cache

from roadworthy.model.source import SourceFile
from roadworthy.syntax import json, yaml

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])')


@lru_cache(maxsize=8)
def document(file: SourceFile) -> yaml.Mapping:
    """Return the object a file holds; raise SyntaxProblem where it is none. Every place is that in the file."""
    text = _TOKEN.sub(lambda found: found[0] if found[0].startswith('"') else _blank(found[0]), file.text)
    text = _COMMA.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
    return json.document(replace(file, text=text))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
