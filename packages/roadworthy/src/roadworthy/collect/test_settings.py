"""Ways in which tests give the service its settings that do not show as variables of the environment."""

import re
from collections.abc import Iterator

from roadworthy.model.collector import Statement
from roadworthy.model.detail.testing import SettingsReplaced
from roadworthy.model.place import Span
from roadworthy.model.source import SourceFile
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import FileRole

PROVIDES = frozenset({Kind.TEST})

_CODE = (".py", ".ts", ".js", ".mts", ".mjs", ".cjs", ".tsx", ".jsx")
_CONFIGURATION = re.compile(
    r"conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|noxfile\.py|package\.json"
    r"|(?:vite|vitest|jest|playwright|cypress)[\w.-]*\.(?:[cm]?[jt]s|json)|[\w.-]*setup[\w.-]*\.[cm]?[jt]s"
)
_WAYS = (
    re.compile(r"\b\w*Settings\((?!BaseSettings)"),
    re.compile(r"dependency_overrides\[[^\]\n]{0,80}(?:ettings|onfig)"),
    re.compile(r"\bload_dotenv\(|\bread_env\(|\b_?env_file\s*=|^env_files\s*=", re.MULTILINE),
    re.compile(r"os\.environ\.update\(|\bpatch\.dict\(\s*[\"']?os\.environ|\bsettings\.configure\("),
    re.compile(r"\b(?:vi|jest)\.(?:do)?[mM]ock\([^)\n]{0,80}(?:config|env|settings)", re.IGNORECASE),
    re.compile(r"\bdotenv\b|--env-file|\bloadEnv\b|process\.loadEnvFile|\benv-cmd\b|Object\.assign\(process\.env"),
)


def wants(path: str) -> bool:
    """Code of tests, and the files that configure what runs them."""
    name = path.rpartition("/")[2]
    return path.endswith(_CODE) or _CONFIGURATION.fullmatch(name) is not None


def recognises(file: SourceFile) -> bool:
    """Recognise one that speaks of settings."""
    if file.role is not FileRole.TEST and not _CONFIGURATION.fullmatch(file.name):
        return False
    return any(way.search(file.text) for way in _WAYS)


def collect(file: SourceFile) -> Iterator[Statement]:
    """Yield the first of each."""
    for way in _WAYS:
        found = way.search(file.text)
        if found is not None:
            line = file.text.count("\n", 0, found.start()) + 1
            shown = " ".join(found[0].split())[:60]
            detail = SettingsReplaced(f"{file.path} gives settings by `{shown}`")
            yield Symbol(
                Kind.TEST,
                Action.REFERS,
                Exact(shown),
                Span(file.path, line),
                phase="test",
                role=file.role,
                detail=detail,
            )
