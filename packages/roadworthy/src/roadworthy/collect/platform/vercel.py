"""vercel.json: the variables Vercel gives."""

from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.environment import EnvironmentGiven
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Open, Symbol
from roadworthy.syntax import json, yaml
from roadworthy.syntax.secrecy import names_secret

PROVIDES = frozenset({Kind.ENVIRONMENT})


def wants(path: str) -> bool:
    """A file named vercel.json."""
    return path.rpartition("/")[2] == "vercel.json"


claims = wants


def recognises(file: SourceFile) -> bool:
    """Whatever bears the name."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the variables; most are kept in the platform's own settings, which opens the set."""
    root = json.document(file)
    for path, phase in ((("env",), "run"), (("build", "env"), "build")):
        section = root.get(*path)
        for name, value in section.items() if isinstance(section, yaml.Mapping) else ():
            text = value.text if isinstance(value, yaml.Scalar) and not value.text.startswith("@") else None
            given = EnvironmentGiven("vercel", None if names_secret(name.text) else text)
            yield Symbol(
                Kind.ENVIRONMENT, Action.DEFINES, Exact(name.text), name.at, phase=phase, role=file.role, detail=given
            )
    yield Open(Kind.ENVIRONMENT, "", "variables kept in Vercel's own settings", root.at)
