"""Texts of the form of a real credential. What stands there is never kept, only where and of which kind it is."""

import re
from collections.abc import Iterator
from dataclasses import replace

from roadworthy.model.collector import Statement
from roadworthy.model.detail.secret import SecretCommitted
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole
from roadworthy.syntax.secret_forms import FORMS, KEY, STARTS

PROVIDES = frozenset({Kind.SECRET_KEY})

_SAMPLE = re.compile(r"EXAMPLE|x{4,}|X{4,}|0{6,}|1234567|abcdefg|ABCDEFG|placeholder|dummy|fake|test_", re.IGNORECASE)
_ENDINGS = (
    ".py",
    ".yml",
    ".yaml",
    ".toml",
    ".sh",
    ".bash",
    ".pem",
    ".key",
    ".ini",
    ".cfg",
    ".conf",
    ".tf",
    ".tfvars",
)
_NAMES = re.compile(r"(?:Dockerfile.*|id_(?:rsa|dsa|ecdsa|ed25519)|\.npmrc|\.pypirc|\.netrc)")
_DJANGO = re.compile(r"^SECRET_KEY\s*=\s*(['\"]django-insecure-[^'\"\n]{30,}['\"])\s*(?:#.*)?$", re.MULTILINE)
_SERVED = re.compile(r"(?:^|/)(?:static|public|assets|dist|build|out|vendor|lib|libs)/")


def wants(path: str) -> bool:
    """Source and configuration files; scripts that a browser is served are left out, and files that nobody commits."""
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
    if file.path.startswith(".github/workflows/"):
        file = replace(file, role=FileRole.PROD)
    if key := _django_key(file):
        yield _symbol(file, "a Django secret key", key.start(1), key.end(1))
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


def _django_key(file: SourceFile) -> re.Match[str] | None:
    """Return the key that Django's project template writes, where the one settings module takes it as it stands."""
    if (
        file.name != "settings.py"
        or "django-insecure-" not in file.text
        or len(re.findall(r"^\s*SECRET_KEY\s*=", file.text, re.MULTILINE)) > 1
    ):
        return None
    return _DJANGO.search(file.text)


def _symbol(file: SourceFile, form: str, start: int, end: int) -> Symbol:
    line = file.text.count("\n", 0, start) + 1
    column = start - file.text.rfind("\n", 0, start)
    stop = file.text.find("\n", start)
    last = min(end if end > start else len(file.text), stop if stop >= 0 else len(file.text))
    at = Span(file.path, line, column, line, column + max(last - start, 1) - 1)
    return Symbol(Kind.SECRET_KEY, Action.DEFINES, Exact(form), at, role=file.role, detail=SecretCommitted(form))
