"""Keeps what was measured, with the digests that say for which rules and mutants it holds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bench.discrimination.judge import Judgement
from bench.discrimination.mutant import HERE, digest
from roadworthy.engine.certify import catalogue, ruleset

RESULTS = HERE / "results.json"


@dataclass(frozen=True, slots=True)
class Stored:
    """What the last whole run found."""

    ruleset: str
    mutants: str
    alarms: dict[str, list[str]]
    judged: tuple[Judgement, ...]

    @property
    def fresh(self) -> bool:
        """Tell whether it was measured with the rules and the mutants there are."""
        return self.ruleset == ruleset(catalogue()) and self.mutants == digest()


def write(alarms: Mapping[str, Sequence[str]], judged: Sequence[Judgement]) -> None:
    """Store a whole run."""
    data = {
        "ruleset": ruleset(catalogue()),
        "mutants": digest(),
        "alarms": {twin: sorted(rules) for twin, rules in sorted(alarms.items())},
        "judged": [
            {name: value for name, value in asdict(judgement).items() if name != "seconds"}
            for judgement in sorted(judged, key=lambda judgement: judgement.id)
        ],
    }
    RESULTS.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read() -> Stored:
    """Return what the last whole run found."""
    data = json.loads(RESULTS.read_text(encoding="utf-8"))
    judged = tuple(Judgement(**{**each, "flipped": tuple(each["flipped"])}, seconds=0.0) for each in data["judged"])
    return Stored(data["ruleset"], data["mutants"], data["alarms"], judged)
