"""Shows that long work moves on; on a terminal only, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """Give a function that shows its argument beside a spinner while the block runs."""
    if not sys.stderr.isatty():
        yield lambda detail: None
        return
    console = Console(stderr=True, highlight=False, markup=False)
    with console.status(what) as status:
        yield lambda detail: status.update(f"{what} {detail[-70:]}" if detail.isprintable() else what)
