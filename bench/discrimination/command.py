"""`python -m bench discrimination`: try the mutants, say what became of each, and store it when all were tried."""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.discrimination import page, peers, stored
from bench.discrimination.judge import Judgement, alarms, tried
from bench.discrimination.mutant import Mutant, mutants, twins

PROCESSES = 2


def main(arguments: Sequence[str] = ()) -> None:
    """Try the mutants asked for and print what became of them; all of them are also stored and shown in the docs."""
    asked = _parser().parse_args(list(arguments))
    chosen = [mutant for mutant in mutants() if _chosen(mutant, asked)]
    if not chosen:
        raise SystemExit("bench: no mutant fits; their ids look like fastapi:unknown-metric:misspelt-in-the-alert")
    if asked.peers:
        peers.store(chosen, whole=len(chosen) == len(mutants()))
    sound = {twin: alarms(twin) for twin in twins() if asked.twin in (None, twin)}
    for twin, found in sound.items():
        for rule, finding in found:
            print(f"   false alarm  {twin}: {rule} {_place(finding.at)} {finding.message}")
    judged = []
    for judgement in judge_all(chosen):
        judged.append(judgement)
        if line := describe(judgement):
            print(f"   {line}", flush=True)
    print()
    for line in summary(judged):
        print(f"   {line}")
    if len(chosen) == len(mutants()):
        stored.write({twin: [rule for rule, _ in found] for twin, found in sound.items()}, judged)
        page.write()


def judge_all(chosen: Sequence[Mutant]) -> Iterator[Judgement]:
    """Try the mutants, two at a time, those of one twin one after the other."""
    with TemporaryDirectory(prefix="roadworthy-mutants-") as folder, ProcessPoolExecutor(PROCESSES) as pool:
        yield from pool.map(partial(tried, folder=Path(folder)), chosen, chunksize=8)


def describe(judgement: Judgement) -> str:
    """Say what is wrong with how a mutant was judged; nothing where all is well."""
    if not judgement.caught:
        said = f"missed       {judgement.id} ({judgement.rule}: {judgement.outcome})"
    elif not judgement.complete:
        said = f"one side     {judgement.id} ({judgement.rule})"
    elif judgement.flipped:
        said = f"caught, but  {judgement.id}"
    else:
        return ""
    return said + (f"; flips {', '.join(judgement.flipped)}" if judgement.flipped else "")


def summary(judged: Sequence[Judgement]) -> Iterator[str]:
    """Yield a line for each rule that is not caught everywhere, and the totals."""
    for rule in sorted({judgement.rule for judgement in judged}):
        own = [judgement for judgement in judged if judgement.rule == rule]
        caught = sum(judgement.complete for judgement in own)
        if caught < len(own):
            yield f"{rule}: {caught} of {len(own)}"
    rules = len({judgement.rule for judgement in judged})
    caught = sum(judgement.complete for judgement in judged)
    clean = sum(not judgement.flipped for judgement in judged)
    seconds = sum(judgement.seconds for judgement in judged)
    yield (
        f"{len(judged)} mutants of {rules} rules: {caught} caught ({100 * caught / len(judged):.1f} %), "
        f"{clean} flip nothing else ({100 * clean / len(judged):.1f} %), {seconds:.0f} s"
    )


def _place(at: object) -> str:
    return f"{getattr(at, 'path', '')}:{getattr(at, 'line', '')}"


def _chosen(mutant: Mutant, asked: argparse.Namespace) -> bool:
    return (
        asked.twin in (None, mutant.twin)
        and (asked.rule is None or fnmatch(mutant.rule, asked.rule))
        and (asked.only is None or fnmatch(mutant.id, asked.only))
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench discrimination", description=__doc__)
    parser.add_argument("--twin", choices=twins(), help="mutants of this service only")
    parser.add_argument("--rule", metavar="GLOB", help="mutants of these rules only, such as 'monitoring/*'")
    parser.add_argument("--only", metavar="GLOB", help="mutants with these ids only")
    parser.add_argument("--peers", action="store_true", help="also ask the other tools (slow; they are downloaded)")
    return parser
