"""How long `roadworthy inspect` takes, of the clock and of the processor, and how much memory, on 250 and on 2,700 files.

The repository is the reference service again and again, each time in a folder of its own, so that the files are real and every kind of artifact is there.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICE = ROOT / "services" / "questionnaire"
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".roadworthy", "__pycache__", ".*_cache", "uv.lock", "roadworthy.toml", "*.csv"
)
SIZES = (250, 2_700)
RUNS = 5


def main() -> None:
    """Print the median, the spread and the peak memory for each size."""
    for size in SIZES:
        before = processor_seconds()
        with tempfile.TemporaryDirectory(prefix="roadworthy-bench-") as folder:
            files, lines = repeat_service(Path(folder), size)
            seconds, findings = zip(*(inspect(Path(folder)) for _ in range(RUNS)), strict=True)
        spread = f"{min(seconds):.2f}–{max(seconds):.2f}"
        processor = (processor_seconds() - before) / RUNS
        print(
            f"   {files} files, {lines} lines: {statistics.median(seconds):.2f} s ({spread}), {processor:.2f} s of the"
            f" processor, at most {peak_megabytes()} MB, {findings[0]} findings"
        )


def processor_seconds() -> float:
    """Return what all inspections so far took of the processor: on a busy machine it says more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_megabytes() -> int:
    """Return the most memory that any inspection so far held at once."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak // (1024 if sys.platform == "linux" else 1024 * 1024)


def repeat_service(folder: Path, size: int) -> tuple[int, int]:
    """Fill a folder with copies of the service until it holds at least so many files; return files and lines."""
    files: list[Path] = []
    for number in range(size):
        copy = shutil.copytree(SERVICE, folder / f"service_{number:03}", ignore=LEFT_OUT)
        files += [file for file in copy.rglob("*") if file.is_file()]
        if len(files) >= size:
            break
    return len(files), sum(file.read_bytes().count(b"\n") for file in files)


def inspect(folder: Path) -> tuple[float, int]:
    """Return how many seconds one inspection took, the start of the interpreter included, and how much it found."""
    command = [str(Path(sys.executable).with_name("roadworthy")), "inspect", str(folder), "--format", "json"]
    started = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}, check=False)
    seconds = time.perf_counter() - started
    if ended.returncode not in (0, 1):
        raise SystemExit(f"bench: inspect ended with {ended.returncode}: {ended.stderr.strip()}")
    return seconds, sum(len(result["findings"]) for result in json.loads(ended.stdout)["results"])
