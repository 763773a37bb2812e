"""The certificate: an in-toto statement that says which tree was proved to be what, by which rules, until when.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from roadworthy.engine.index import UNLISTED, index
from roadworthy.model.error import RoadworthyError
from roadworthy.model.foreign_text import visible
from roadworthy.model.report import Report
from roadworthy.model.result import TrialKind
from roadworthy.model.words import Outcome

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://roadworthy.dev/certificate/v1"
DRIVEN_DAYS = 30


def tree_digest(root: Path) -> str:
    """Return one SHA-256 over the paths and contents of every file `inspect` would read."""
    whole = sha256()
    for entry in index(root):
        if entry.size == UNLISTED:
            continue
        content = sha256((root / entry.path).read_bytes()).hexdigest()
        whole.update(f"{content}  {entry.path}\n".encode())
    return whole.hexdigest()


def render(report: Report, digest: str, run_folder: Path) -> str:
    """Return the certificate of a report as JSON text, dated now. `digest` is that of the tree before the run."""
    today = datetime.now(UTC)
    proofs = [
        {
            "rule": result.rule,
            "kind": result.kind.value,
            "seed": result.seed,
            "evidence": [{"path": e.path, "sha256": e.sha256} for e in result.evidence],
        }
        for result in report.results
        if result.outcome is Outcome.PASSED
    ]
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": report.subject.name, "digest": {"sha256": digest}}],
        "predicateType": PREDICATE,
        "predicate": {
            "verdict": report.verdict.value,
            "score": report.score.total,
            "date": today.date().isoformat(),
            "driven_until": (today + timedelta(days=DRIVEN_DAYS)).date().isoformat(),
            "commit": report.subject.commit,
            "tool": {"name": "roadworthy", "version": report.version, "ruleset": report.ruleset},
            "report": {"sha256": sha256((run_folder / "report.json").read_bytes()).hexdigest()},
            "proofs": proofs,
        },
    }
    return json.dumps(statement, indent=2, ensure_ascii=False) + "\n"


def verify(text: str, digest: str, present: Report) -> tuple[bool, list[str]]:
    """Compare a certificate with the tree as it is now.

    `digest` is that of the present tree, `present` the report of a fresh inspection. Return whether every proof still
    holds, and a line for each thing compared. Raise RoadworthyError where the text is no certificate.
    """
    statement = _statement(text)
    predicate = statement["predicate"]
    same_tree = statement["subject"][0]["digest"]["sha256"] == digest
    same_rules = predicate["tool"]["ruleset"] == present.ruleset
    fresh = datetime.now(UTC).date().isoformat() <= predicate["driven_until"]
    read = {r.rule for r in present.results if r.outcome is Outcome.PASSED}
    inspected = [p["rule"] for p in predicate["proofs"] if p["kind"] == TrialKind.CHECK.value]
    driven = [p["rule"] for p in predicate["proofs"] if p["kind"] == TrialKind.DRILL.value]
    lost = [rule for rule in inspected if rule not in read]
    lines = [
        f"certified: {predicate['verdict']}, {predicate['score']}/100 on {predicate['date']}",
        f"tree: {'unchanged' if same_tree else 'changed since'}",
        f"ruleset: {'the same' if same_rules else 'another one; the score does not compare'}",
        f"proved by reading: {len(inspected) - len(lost)} of {len(inspected)} still hold",
        *(f"  no longer holds: {rule}" for rule in lost),
        f"proved by driving: {len(driven) if fresh and same_tree else 0} of {len(driven)} still hold"
        + ("" if fresh else f"; they aged out on {predicate['driven_until']}")
        + ("" if same_tree else "; another tree was driven"),
    ]
    return same_tree and same_rules and fresh and not lost, [visible(line) for line in lines]


def _statement(text: str) -> dict[str, Any]:
    try:
        statement = json.loads(text)
        known = statement["predicateType"] == PREDICATE and statement["_type"] == STATEMENT
        complete = {"verdict", "score", "date", "driven_until", "tool", "proofs"} <= set(statement["predicate"])
        complete = complete and bool(statement["subject"][0]["digest"]["sha256"])
        complete = complete and isinstance(statement["predicate"]["tool"]["ruleset"], str)
        complete = complete and isinstance(statement["predicate"]["driven_until"], str)
        named = [(proof["rule"], proof["kind"]) for proof in statement["predicate"]["proofs"]]
        complete = complete and all(isinstance(rule, str) for rule, _ in named)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as problem:
        raise RoadworthyError("not a certificate: no in-toto statement with a certificate inside") from problem
    if not (known and complete):
        raise RoadworthyError("not a certificate of this kind; give the certificate.json of a run of `certify`")
    found: dict[str, Any] = statement
    return found
