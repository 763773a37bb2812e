"""Nothing fixes the versions of what the service is built from.

Two builds of one commit differ, and the one that breaks is the one that goes out.

## Fails

```text title="requirements.txt"
fastapi
uvicorn>=0.30
```

## Passes

```text title="requirements.txt"
fastapi==0.115.6
uvicorn==0.34.0
```

## Repair

Lock the versions (`uv lock`, `poetry lock`, `pip-compile`, `npm install`) and commit the lock file.
"""

from collections.abc import Iterator

from roadworthy.model.detail.manifest import ManifestRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.PACKAGE}))

_LOCKS = {
    "python": (
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "Pipfile.lock",
        "pylock.toml",
        "conda-lock.yml",
        "requirements.lock",
    ),
    "npm": ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"),
}


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a lock file beside or above each manifest, or for versions that are all fixed."""
    read = {
        str(symbol.name): (symbol, symbol.detail)
        for symbol in facts.details(Kind.PACKAGE, Action.REFERS, ManifestRead)
        if isinstance(symbol.detail, ManifestRead) and symbol.role is FileRole.PROD
    }
    locked = {
        path.rpartition("/")[0]
        for path, (_, detail) in read.items()
        if _fixed(detail) and detail.form == "requirements"
    }
    for path, (symbol, detail) in sorted(read.items()):
        folder = path.rpartition("/")[0]
        if not detail.asked:
            continue
        if (
            _fixed(detail)
            or _has_lock(facts, folder, detail.ecosystem)
            or (detail.ecosystem == "python" and folder in locked)
        ):
            yield Held(symbol.at)
        else:
            yield Finding(
                f"{path} leaves {detail.asked - detail.pinned} of {detail.asked} versions open, and no lock file fixes them",
                symbol.at,
                repair="Write a lock file and commit it",
                names=(path,),
            )


def _fixed(detail: ManifestRead) -> bool:
    return detail.asked > 0 and (detail.kind == "locked" or detail.pinned == detail.asked)


def _has_lock(facts: Facts, folder: str, ecosystem: str) -> bool:
    while True:
        prefix = folder + "/" if folder else ""
        if any(facts.has_file(prefix + name) for name in _LOCKS.get(ecosystem, ())):
            return True
        if not folder:
            return False
        folder = folder.rpartition("/")[0]
