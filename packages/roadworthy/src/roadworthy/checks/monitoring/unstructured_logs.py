"""The service writes its logs as free text.

No search finds all lines of one error, one user or one request, and every line break in a message starts a new entry.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
import logging

from fastapi import FastAPI

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
app = FastAPI()
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
import structlog
from fastapi import FastAPI

structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()])
app = FastAPI()
```

## Repair

Write one JSON object per line to standard output: with `roadworthy_runtime`, structlog's `JSONRenderer`, a JSON formatter
for `logging`, or loguru's `serialize=True`.

## References

- https://12factor.net/logs
"""

from collections.abc import Iterator

from roadworthy.model.applications import is_read
from roadworthy.model.detail.logging import LogSetup
from roadworthy.model.facts import Facts
from roadworthy.model.file_servers import hands_out_files
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.LOGS, since="0.1", needs=frozenset({Kind.CONSTRUCT}), presence=True)

_UNCLEAR = ("loguru", "logging", "logging.config", "winston", "fastify")
_CODE = (".py", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for what decides the form of each service's log lines."""
    unread = next((p for p in facts.problems if p.role is FileRole.PROD and p.at.path.endswith(_CODE)), None)
    # Components that run the same code are one case.
    for service in {component.sources or component.id: component for component in reversed(facts.services)}.values():
        if hands_out_files(facts, service):
            continue
        setups = [
            (s, s.detail)
            for s in facts.definitions(Kind.CONSTRUCT, service.id)
            if isinstance(s.detail, LogSetup) and s.role is FileRole.PROD
        ]
        json = [s for s, detail in setups if detail.form == "json"]
        text = [s for s, detail in setups if detail.form == "text"]
        unclear = [(s, detail) for s, detail in setups if not detail.form and detail.by in _UNCLEAR]
        if json:
            yield Held(json[0].at)
        elif unclear:
            symbol, detail = unclear[0]
            yield Unknown(
                f"which form `{service.id}` gives its log lines: {detail.by} is configured elsewhere", symbol.at
            )
        elif unread is not None:
            yield Unknown(f"what {unread.at.path} says about logs: it cannot be read", unread.at)
        elif not is_read(facts, service):
            languages = ", ".join(service.languages) or "its language"
            yield Unknown(
                f"which form the log lines of `{service.id}` have: {languages} is not read", service.declared[0]
            )
        else:
            yield Finding(
                f"`{service.id}` writes its logs as free text"
                + ("" if text else ": nothing in its code sets a format, and the default is text"),
                text[0].at if text else service.declared[0],
                tuple(Related(symbol.at, "sets a text format as well") for symbol in text[1:3]),
                "Write one JSON object per line",
                (service.id,),
                service.id,
            )
