"""The way back begins by destroying what is left.

Under pressure people follow the page line by line. If the dump then turns out to be empty, there is neither the old
database nor a new one.

## Fails

````markdown title="docs/runbook.md"
# Restore the database

```sh
dropdb --host=db orders
createdb --host=db orders
pg_restore --host=db --dbname=orders orders.dump
```
````

## Passes

````markdown title="docs/runbook.md"
# Restore the database

```sh
pg_restore --list orders.dump
pg_dump --host=db --format=custom --file=before-restore.dump orders
dropdb --host=db orders
createdb --host=db orders
pg_restore --host=db --dbname=orders orders.dump
```
````

## Repair

First check the dump and save what is there; restore into a new database beside the old one, compare, and switch over.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.backup import BackupStep, BackupSteps
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.BACKUP, since="0.1", needs=frozenset({Kind.JOB, Kind.DOCUMENT}))

_ABOUT = re.compile(r"restor|recover|disaster|rollback|roll-back|incident|emergency", re.IGNORECASE)
_RUNBOOK = re.compile(r"runbook|playbook|restor|recover|disaster|operations?\b|incident|backup", re.IGNORECASE)
_SCRATCH = re.compile(
    r"scratch|test|tmp|temp|verif|staging|drill|_new|_old|restored|sandbox|dev\b|local", re.IGNORECASE
)
_LIVE = re.compile(r"prod|live|\bkubectl\b|\bcompose\b.*\bexec\b|\bdocker\s+exec\b", re.IGNORECASE)
_CLEAN = re.compile(r"\bpg_restore\b")
_SAFE = frozenset({"dump", "verify"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look, in documents and scripts that restore, for what destroys before anything was saved or checked."""
    for symbol in facts.details(Kind.JOB, Action.REFERS, BackupSteps):
        detail = symbol.detail
        if not isinstance(detail, BackupSteps) or symbol.role not in (FileRole.PROD, FileRole.DOCUMENT):
            continue
        document = detail.form == "document"
        if document and not (_ABOUT.search(str(symbol.name)) or _RUNBOOK.search(symbol.at.path.rpartition("/")[2])):
            continue
        if not detail.of("restore") or (not document and detail.form not in ("script", "make")):
            continue
        broken = _broken(detail, document=document)
        yield _finding(symbol, detail, broken) if broken is not None else Held(symbol.at)


def _broken(detail: BackupSteps, *, document: bool) -> BackupStep | None:
    for index, step in enumerate(detail.steps):
        if step.act in _SAFE and not step.silent:
            return None
        if step.act != "drop" or step.asked or _SCRATCH.search(step.text):
            continue
        if _CLEAN.search(step.text) and (not _LIVE.search(step.text) or "single-transaction" in step.text):
            continue
        if document or any(later.act == "restore" for later in detail.steps[index:]):
            return step
    return None


def _finding(symbol: Symbol, detail: BackupSteps, step: BackupStep) -> Finding:
    restore = next((s for s in detail.of("restore") if s.at != step.at), None)
    what = f"`{symbol.name}` in {symbol.at.path}" if detail.form == "document" else symbol.at.path
    return Finding(
        f"{what} destroys the live data before anything was saved or checked: `{step.text}`",
        step.at,
        (Related(restore.at, "only then is the backup read"),) if restore is not None else (),
        "Check the dump and save what is there first; restore beside it, then switch over",
        (step.tool, "restore"),
    )
