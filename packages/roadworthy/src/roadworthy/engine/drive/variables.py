"""The subject's own variables, and the addresses of its dependencies."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from roadworthy.engine.drive.redactor import Redactor
from roadworthy.model.error import RoadworthyError
from roadworthy.model.subject import Dependency, Subject


def made_variables(subject: Subject, root: Path, redactor: Redactor) -> dict[str, str]:
    """Return the value of every declared variable; those made here are secrets the redactor knows.

    Raise RoadworthyError when a file that one is read from is not there.
    """
    values: dict[str, str] = {}
    for variable in subject.service.environment:
        if variable.random is not None:
            values[variable.name] = secrets.token_hex((variable.random + 1) // 2)[: variable.random]
            redactor.know(variable.name, values[variable.name])
        elif variable.file is not None:
            values[variable.name] = _content(subject, root, variable.name, variable.file)
        else:
            values[variable.name] = variable.value or ""
    return values


def address(dependency: Dependency, url: str, redactor: Redactor) -> str:
    """Return what the dependency's variable receives: the server's URL, in the shape the subject wants it."""
    parts = urlsplit(url)
    if parts.password:
        redactor.know(f"the password of {dependency.name}", parts.password)
    if dependency.url is None:
        return url
    fields: Mapping[str, object] = {
        "url": url,
        "user": parts.username or "",
        "password": parts.password or "",
        "host": parts.hostname or "",
        "port": parts.port or "",
        "database": parts.path.lstrip("/"),
    }
    text = dependency.url
    for name, value in fields.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def _content(subject: Subject, root: Path, name: str, file: str) -> str:
    path = (root / subject.service.root / file).resolve()
    if not path.is_relative_to(root.resolve()):
        raise RoadworthyError(f"{subject.source}: [service.environment] {name}: {file} lies outside this folder")
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RoadworthyError(f"{subject.source}: [service.environment] {name}: {file} cannot be read") from error
