"""Log lines of one request cannot be found together.

A user reports an error with a time; between a thousand lines of that second, nobody finds the twelve that belong to it.

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim
COPY main.py /srv/main.py
WORKDIR /srv
CMD ["uvicorn", "main:app", "--host", "0.0.0.0"]
```

```python title="main.py"
import structlog
from fastapi import FastAPI

structlog.configure(processors=[structlog.processors.JSONRenderer()])
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
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI

structlog.configure(processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer()])
app = FastAPI()
app.add_middleware(CorrelationIdMiddleware)
```

## Repair

Give each request an id, take it from `X-Request-ID` where it comes from somebody you trust, write it into every log line
and send it back: `roadworthy_runtime` does, so do asgi-correlation-id and structlog's context variables.

## References

- https://www.w3.org/TR/trace-context/
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

RULE = Rule(Severity.MINOR, Family.LOGS, since="0.1", needs=frozenset({Kind.CONSTRUCT}))
_CODE = (".py", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts", ".jsx", ".tsx")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for what gives each service's log lines the id of their request."""
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
        plain = [s for s, detail in setups if detail.correlated is False]
        # A variable that holds the id serves nobody where the formatter does not write it.
        correlated = [s for s, detail in setups if detail.correlated and not (plain and detail.by == "contextvars")]
        mentioned = [s for s, detail in setups if detail.by == "a mention"]
        if correlated:
            yield Held(correlated[0].at)
        elif mentioned and not plain:
            yield Unknown(f"whether every log line of `{service.id}` carries the id named here", mentioned[0].at)
        elif unread is not None:
            yield Unknown(f"what {unread.at.path} says about logs: it cannot be read", unread.at)
        elif not is_read(facts, service):
            languages = ", ".join(service.languages) or "its language"
            yield Unknown(
                f"whether the log lines of `{service.id}` carry an id: {languages} is not read", service.declared[0]
            )
        else:
            yield Finding(
                f"`{service.id}` gives its log lines no id of the request they belong to",
                service.declared[0],
                tuple(Related(at.at, "writes each line, without an id") for at in plain[:1]),
                "Give each request an id and write it into every log line",
                (service.id,),
                service.id,
            )
