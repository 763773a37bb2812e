"""Files that let someone else reach the same outcome, with their digests."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from roadworthy.engine.drive.redactor import Redactor
from roadworthy.model.event import Event
from roadworthy.model.result import Evidence
from roadworthy.rig.process import Process


class EvidenceFolder:
    """`evidence/<criterion>/<drill>/` of one run."""

    def __init__(self, run_folder: Path, redactor: Redactor) -> None:
        """Write below `run_folder`."""
        self._root = run_folder
        self._redactor = redactor

    def journal(self, drill: str, events: Iterable[Event]) -> Evidence:
        """Keep the events of one drill."""
        lines = [json.dumps(asdict(event), ensure_ascii=False) for event in events if event.drill == drill]
        return self._keep(drill, "journal.jsonl", "\n".join(lines) + "\n", "what happened, in order")

    def log(self, drill: str, processes: Iterable[Process], started: float) -> Evidence:
        """Keep what the subject's processes wrote during one drill, in the run's time."""
        parts = []
        for process in processes:
            parts.append(
                f"# {process.name} ended with {process.returncode}" if not process.running else f"# {process.name}"
            )
            parts += [f"{line.at - started:9.3f} {line.stream} {line.text}" for line in process.lines()]
        return self._keep(drill, "service.log", "\n".join(parts) + "\n", "what the service wrote, secrets removed")

    def _keep(self, drill: str, name: str, text: str, says: str) -> Evidence:
        path = Path("evidence") / drill / name
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        data = self._redactor.clean(text).encode(errors="replace")
        file.write_bytes(data)
        return Evidence(path.as_posix(), sha256(data).hexdigest(), says)
