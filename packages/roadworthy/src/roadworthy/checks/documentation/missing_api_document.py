"""Nothing describes the interface to those who call it.

Callers guess from examples, and every change breaks somebody.

## Fails

```javascript title="app.js"
const express = require("express");
const app = express();
app.get("/orders", (request, response) => response.json([]));
app.listen(3000);
```

```json title="package.json"
{"name": "orders", "dependencies": {"express": "4.21.0"}}
```

```dockerfile title="Dockerfile"
FROM node:22-slim
COPY . .
CMD ["node", "app.js"]
```

## Passes

```javascript title="app.js"
const express = require("express");
const app = express();
app.get("/orders", (request, response) => response.json([]));
app.listen(3000);
```

```json title="package.json"
{"name": "orders", "dependencies": {"express": "4.21.0"}}
```

```dockerfile title="Dockerfile"
FROM node:22-slim
COPY . .
CMD ["node", "app.js"]
```

```yaml title="openapi.yaml"
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths: {}
```

## Repair

Keep an OpenAPI file beside the code, or let the framework write it, and test that both agree.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.framework import FrameworkUse
from roadworthy.model.detail.manifest import Dependency
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.ADVISORY, Family.DOCUMENTS, since="0.1", effort=Effort.HOURS)

_FILE = re.compile(
    r"(?:.*/)?(?:[\w.-]*(?:openapi|swagger|asyncapi)[\w.-]*|api[\w.-]*)\.(?:ya?ml|json|md)|.*\.(?:proto|graphqls?)|.*\.postman_collection\.json",
    re.IGNORECASE,
)
_WRITES_IT = re.compile(
    r"fastapi|drf-spectacular|drf-yasg|flask-smorest|apiflask|apispec|connexion|django-ninja|swagger-jsdoc|swagger-ui-express|"
    r"@nestjs/swagger|@fastify/swagger|express-openapi|tsoa|graphql|litestar|flask-restx|@hono/zod-openapi"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for a description of the interface, or for a library that makes one."""
    served = next(iter(facts.services), None)
    if served is None:
        return
    brought = any(
        _WRITES_IT.search(str(s.name))
        for s in facts.definitions(Kind.PACKAGE)
        if isinstance(s.detail, Dependency) and s.role is FileRole.PROD
    ) or any(isinstance(s.detail, FrameworkUse) and _WRITES_IT.search(str(s.name).lower()) for s in facts.symbols)
    if brought or any(_FILE.fullmatch(path) for path in facts.files):
        yield Held(served.declared[0])
    else:
        yield Finding(
            f"Nothing describes the interface of {served.id}",
            served.declared[0],
            repair="Keep an OpenAPI file beside the code, or let the framework write it",
            names=("openapi",),
            component=served.id,
        )
