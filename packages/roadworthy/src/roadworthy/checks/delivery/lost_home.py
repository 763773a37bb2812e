"""Files lie in the image where the user it runs as cannot read them.

Root's home is closed to others: what was installed or copied there while root built the image is gone for the user that
starts the service, and it ends with "permission denied" or "no module named".

## Fails

```dockerfile title="Dockerfile"
FROM python:3.12-slim AS builder
COPY requirements.txt .
RUN pip install --user -r requirements.txt

FROM python:3.12-slim
COPY --from=builder /root/.local /root/.local
RUN useradd --create-home app
COPY main.py .
USER app
CMD ["python", "main.py"]
```

```text title="requirements.txt"
fastapi==0.115.0
```

```python title="main.py"
print("serving")
```

## Passes

```dockerfile title="Dockerfile"
FROM python:3.12-slim AS builder
COPY requirements.txt .
RUN pip install --prefix=/opt/app -r requirements.txt

FROM python:3.12-slim
COPY --from=builder /opt/app /opt/app
RUN useradd --create-home app
COPY main.py .
USER app
CMD ["python", "main.py"]
```

```text title="requirements.txt"
fastapi==0.115.0
```

```python title="main.py"
print("serving")
```

## Repair

Install into a folder everyone can read (`/opt/venv`, `--prefix=/usr/local`), or copy with `--chown` into the home of the user.
"""

from collections.abc import Iterator

from roadworthy.model.detail.release import HomeLost
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.IMAGE, since="0.1", needs=frozenset({Kind.STAGE}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for files below root's home in images that run as another user."""
    for symbol in facts.details(Kind.CONTENT, Action.DEFINES, HomeLost):
        found = symbol.detail
        if not isinstance(found, HomeLost) or symbol.role is not FileRole.PROD:
            continue
        if not found.path:
            yield Held(symbol.at)
            continue
        yield Finding(
            f"{found.by[:1].upper()}{found.by[1:]}, and the image runs as `{found.user}`",
            symbol.at,
            (Related(found.user_at, f"from here on everything runs as `{found.user}`"),),
            f"Put it where `{found.user}` can read it, or copy it with `--chown={found.user}`",
            (found.path, found.user),
        )
