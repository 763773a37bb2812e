"""Neither the proxy nor the application compresses its answers.

JSON and HTML shrink to a fifth or a tenth; over a phone's network that is the time a person waits.

## Fails

```nginx title="nginx/nginx.conf"
events {}
http {
    server {
        listen 80;
        location / {
            proxy_pass http://api:8000;
        }
    }
}
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  nginx:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx/nginx.conf:/etc/nginx/nginx.conf:ro"]
```

## Passes

```nginx title="nginx/nginx.conf"
events {}
http {
    gzip on;
    gzip_types application/json;
    server {
        listen 80;
        location / {
            proxy_pass http://api:8000;
        }
    }
}
```

```yaml title="compose.yaml"
services:
  api:
    build: .
  nginx:
    image: nginx:1.29
    ports: ["80:80"]
    volumes: ["./nginx/nginx.conf:/etc/nginx/nginx.conf:ro"]
```

## Repair

Switch it on in the proxy (`gzip on; gzip_types application/json;`) or add the framework's middleware. Leave out answers that
hold a secret beside what a caller wrote.
"""

from collections.abc import Iterator

from roadworthy.model.detail.construct import Construct
from roadworthy.model.detail.proxy import ProxyTarget
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.PROXY, since="0.1", needs=frozenset({Kind.CONSTRUCT, Kind.HOST}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for compression anywhere on the way from the application through its proxy."""
    targets = [
        s
        for s in facts.details(Kind.HOST, Action.REFERS, ProxyTarget)
        if isinstance(s.detail, ProxyTarget) and s.detail.route.proxy == "nginx" and s.role is FileRole.PROD
    ]
    if not targets:
        return
    compressing = [
        s
        for s in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct)
        if isinstance(s.detail, Construct) and s.detail.kind == "compression" and s.role is FileRole.PROD
    ]
    if compressing:
        yield Held(compressing[0].at)
        return
    yield Finding(
        "Neither the proxy nor the application compresses answers",
        targets[0].at,
        (),
        "Add `gzip on;` with the types that are sent to the proxy's configuration",
        ("compression",),
        targets[0].component,
    )
