"""Small repositories for tests, written to a folder and inspected for real."""

import re
import tempfile
from pathlib import Path

from roadworthy.engine.catalogue import checks
from roadworthy.engine.fold import fold
from roadworthy.engine.inspect import gather
from roadworthy.model.facts import Facts
from roadworthy.model.result import Result

_BLOCK = re.compile(r'^(`{3,})[\w.-]*[ \t]+title="([^"]+)"[^\n]*\n(.*?)^\1[ \t]*$', re.DOTALL | re.MULTILINE)


def write(files: dict[str, str], into: Path) -> Path:
    """Write the files below a folder and return it."""
    for path, text in files.items():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return into


def gathered(files: dict[str, str]) -> Facts:
    """Return the facts of a repository that holds these files."""
    with tempfile.TemporaryDirectory() as folder:
        return gather(write(files, Path(folder) / "repository"))


def inspected(files: dict[str, str], only: str) -> Result:
    """Return what one check says about a repository that holds these files."""
    check = next(check for check in checks() if check.id == only)
    return fold(check, gathered(files))


def example(page: str, heading: str) -> dict[str, str]:
    """Return the files shown below a heading of a rule's page."""
    section = re.split(r"^## ", page, flags=re.MULTILINE)
    text = next((part for part in section if part.startswith(heading + "\n")), "")
    return {title: body for _, title, body in _BLOCK.findall(text)}
