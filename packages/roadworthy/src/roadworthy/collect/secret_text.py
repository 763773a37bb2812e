"""Texts of the form of a real credential. What stands there is never kept, only where and of which kind it is."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.secret import SecretCommitted
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.syntax.secret_forms import FORMS, KEY, STARTS

PROVIDES = frozenset({Kind.SECRET_KEY})

_SAMPLE = re.compile(r"EXAMPLE|x{4,}|X{4,}|0{6,}|1234567|abcdefg|ABCDEFG|placeholder|dummy|fake|test_", re.IGNORECASE)
_ENDINGS = (".py", ".yml", ".yaml", ".toml", ".sh", ".bash", ".pem", ".key", ".env", ".ini", ".cfg", ".conf", ".tf", ".tfvars")
_NAMES = re.compile(r"(?:\.env.*|Dockerfile.*|id_(?:rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc)")
_SERVED = re.compile(r"(?:^|/)(?:static|public|assets|dist|build|out|vendor|lib|libs)/")


def wants(path: str) -> bool:
    """Source and configuration files; scripts that a browser is served are left out."""
    if path.endswith((".js", ".ts", ".mjs", ".cjs")):
        return not _SERVED.search(path)
    return path.endswith(_ENDINGS) or _NAMES.fullmatch(path.rpartition("/")[2]) is not None


def claims(path: str) -> bool:
    """A key file can be nothing else."""
    return path.endswith((".pem", ".key"))


def recognises(file: SourceFile) -> bool:
    """Every such file says something by what it does not contain."""
    return True


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield each text of the form of a credential."""
    for form, pattern in FORMS:
        if not any(start in file.text for start in STARTS[form]):
            continue
        for found in pattern.finditer(file.text):
            if not _SAMPLE.search(found[0]) and len(set(found[0])) >= 12:
                yield _symbol(file, form, found.start(), found.end())
    if "PRIVATE KEY-----" in file.text:
        for found in KEY.finditer(file.text):
            if len(set(found[1])) >= 24:
                yield _symbol(file, "a private key", found.start(), file.text.find("\n", found.start()))


def _symbol(file: SourceFile, form: str, start: int, end: int) -> Symbol:
    line = file.text.count("\n", 0, start) + 1
    column = start - file.text.rfind("\n", 0, start)
    stop = file.text.find("\n", start)
    last = min(end if end > start else len(file.text), stop if stop >= 0 else len(file.text))
    at = Span(file.path, line, column, line, column + max(last - start, 1) - 1)
    return Symbol(Kind.SECRET_KEY, Action.DEFINES, Exact(form), at, role=file.role, detail=SecretCommitted(form))
