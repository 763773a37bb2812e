"""Run `inspect` over public repositories and say what it found, how much of that is true, and what a change changes.

    python -m tools.ecosystem                         every pinned repository; precision by our labels
    python -m tools.ecosystem --clones DIR            take them from clones instead of GitHub
    python -m tools.ecosystem --save before.json      keep what was found
    python -m tools.ecosystem --against before.json   show what was found then and not now, and the reverse

The repositories stand in bench/precision/repositories.toml, the labels in bench/precision/labels/.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from roadworthy.engine.inspect import gather, judge
from tools.checkouts import CheckoutError, checkout
from tools.quality import ROOT

PRECISION = ROOT / "bench" / "precision"
_COUNTED = frozenset({"dangerous", "major"})
WANTED = 0.9


@dataclass(frozen=True)
class Found:
    """One finding, as far as it identifies itself."""

    repository: str
    rule: str
    severity: str
    fingerprint: str
    place: str
    message: str


@dataclass(frozen=True)
class Label:
    """What a person says of a finding: true, false, or arguable, why, and who else read it."""

    rule: str
    fingerprint: str
    verdict: str
    reason: str
    second: str = ""


def repositories() -> dict[str, str]:
    """Return the pinned commit of each repository."""
    data = tomllib.loads((PRECISION / "repositories.toml").read_text(encoding="utf-8"))
    return {entry["name"]: entry["commit"] for entry in data["repository"]}


def labels(repository: str) -> dict[tuple[str, str], Label]:
    """Return the labels of a repository by rule and fingerprint."""
    path = PRECISION / "labels" / f"{repository.replace('/', '+')}.toml"
    if not path.is_file():
        return {}
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("finding", [])
    found = [Label(**{k: v for k, v in entry.items() if k in Label.__dataclass_fields__}) for entry in entries]
    return {(label.rule, label.fingerprint): label for label in found}


def inspect(repository: str, commit: str, clones: Path | None) -> tuple[str, list[Found], float, str]:
    """Return what was found in one repository, the seconds it took, and why it could not be had, "" where it could."""
    try:
        root = checkout(repository, commit, clones)
    except CheckoutError as problem:
        return repository, [], 0.0, str(problem)
    started = time.perf_counter()
    found = [
        Found(
            repository, result.rule, result.severity.value, finding.fingerprint, str(finding.at or ""), finding.message
        )
        for result in judge(gather(root))
        for finding in result.findings
    ]
    return repository, found, time.perf_counter() - started, ""


def main(arguments: list[str] | None = None) -> int:
    """Run and print; exit with 1 where the precision is below nine in ten or a repository could not be inspected."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path, help="a folder of git repositories called owner+name")
    parser.add_argument("--only", action="append", default=[], metavar="OWNER/NAME")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    chosen = {name: commit for name, commit in repositories().items() if not options.only or name in options.only}
    found: list[Found] = []
    missing: list[str] = []
    with ProcessPoolExecutor(options.workers) as pool:
        running = [pool.submit(inspect, name, commit, options.clones) for name, commit in chosen.items()]
        for future in running:
            name, own, seconds, problem = future.result()
            if problem:
                missing.append(problem)
                continue
            found += own
            counted = sum(one.severity in _COUNTED for one in own)
            print(f"{seconds:6.1f} s  {counted:3} at major or above  {len(own):4} in all  {name}", flush=True)
    if options.save:
        options.save.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")
    if options.against:
        _difference(found, [Found(**one) for one in json.loads(options.against.read_text(encoding="utf-8"))])
    precise = _precision(found, [name for name in chosen if not any(name in problem for problem in missing)])
    for problem in missing:
        print(f"not inspected: {problem}", file=sys.stderr)
    return 0 if precise and not missing else 1


def _difference(after: Iterable[Found], before: Iterable[Found]) -> None:
    def keyed(many: Iterable[Found]) -> dict[tuple[str, str, str], Found]:
        return {(one.repository, one.rule, one.fingerprint): one for one in many}

    then, now = keyed(before), keyed(after)
    for sign, some in (
        ("-", [then[key] for key in then.keys() - now.keys()]),
        ("+", [now[k] for k in now.keys() - then.keys()]),
    ):
        for one in sorted(some, key=lambda f: (f.repository, f.rule, f.place)):
            print(f"{sign} {one.severity} {one.rule}  {one.repository} {one.place}  {one.message}")


def _precision(found: list[Found], inspected: list[str]) -> bool:
    counted = [one for one in found if one.severity in _COUNTED]
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    unlabelled: list[Found] = []
    second = agreed = 0
    known = {name: labels(name) for name in inspected}
    for one in counted:
        label = known[one.repository].get((one.rule, one.fingerprint))
        if label is None:
            unlabelled.append(one)
            continue
        by_rule[one.rule][label.verdict] += 1
        second += bool(label.second)
        agreed += label.second == label.verdict
    print("\nrule                                   true false arguable")
    for rule, verdicts in sorted(by_rule.items()):
        print(f"{rule:38} {verdicts['true']:4} {verdicts['false']:5} {verdicts['arguable']:8}")
    for one in unlabelled:
        print(f"no label: {one.repository} {one.rule} {one.fingerprint} {one.place} {one.message}")
    true = sum(verdicts["true"] for verdicts in by_rule.values())
    total = sum(verdicts.total() for verdicts in by_rule.values())
    per_repository = [sum(one.repository == name for one in counted) for name in inspected]
    middle = statistics.median(per_repository) if per_repository else 0
    share = true / total if total else 0.0
    print(
        f"\nprecision {true} of {total} = {share:.1%} (arguable ones count as false); {len(unlabelled)} without a label; "
        f"median {middle:g} at major or above a repository; second reader: {agreed} of {second} agree"
    )
    return share >= WANTED and not unlabelled


if __name__ == "__main__":
    sys.exit(main())
