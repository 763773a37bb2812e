"""A broad exception is caught and dropped without a trace.

Whatever goes wrong there goes wrong in silence: no log line, no metric, no error for the caller, and the first sign is
data that is not there.

## Fails

```python title="app/mail.py"
def send(message):
    try:
        deliver(message)
    except Exception:
        pass
```

## Passes

```python title="app/mail.py"
import logging

log = logging.getLogger(__name__)


def send(message):
    try:
        deliver(message)
    except OSError:
        log.exception("the message was not delivered")
        raise
```

## Repair

Catch what you expect, and only that; log it or count it, and let the rest reach the error handler.
"""

from collections.abc import Iterator

from roadworthy.model.detail.code import HandlerEmpty, ModuleRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for handlers of broad exceptions that do nothing, in every module that was read."""
    for opening in facts.openings(Kind.CONSTRUCT):
        yield Unknown(f"what the code does: {opening.reason}", opening.at)
    for symbol in facts.definitions(Kind.CONSTRUCT):
        if symbol.role is not FileRole.PROD:
            continue
        match symbol.detail:
            case ModuleRead():
                yield Held(symbol.at)
            case HandlerEmpty(around):
                yield Finding(
                    f"`{symbol.name}` is caught around `{around}` and dropped",
                    symbol.at,
                    repair="Catch the expected exception, and log or raise what is left",
                    names=(str(symbol.name), around),
                )
