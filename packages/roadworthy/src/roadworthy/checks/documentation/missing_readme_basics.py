"""The README does not say how to run, test and configure the service.

Whoever is called at night to a service they did not write starts there.

## Fails

```markdown title="README.md"
# Orders

Stores orders.
```

```python title="app/main.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Passes

````markdown title="README.md"
# Orders

Stores orders. Run it with `DATABASE_URL` in the environment:

```sh
uvicorn app.main:app
```

Test it:

```sh
pytest
```
````

```python title="app/main.py"
import os

URL = os.environ["DATABASE_URL"]
```

## Repair

Write the commands that start and test the service, as they can be pasted, and the variables it needs with their meaning.
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.document import DocumentRead
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.place import Span
from roadworthy.model.rule import Effort, Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(
    Severity.MINOR, Family.DOCUMENTS, since="0.1", needs=frozenset({Kind.DOCUMENT}), presence=True, effort=Effort.HOURS
)

_README = re.compile(r"(?:\.github/|docs/)?readme(?:\.(?:md|markdown|rst|txt|adoc))?", re.IGNORECASE)
_SAYS = {"run": "how to run it", "test": "how to test it", "configure": "how to configure it"}
_COUNTED = frozenset({FileRole.DOCUMENT, FileRole.PROD})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for the three basics in the README and in the documents beside it."""
    readme = next((path for path in facts.files if _README.fullmatch(path)), None)
    if readme is None:
        place = next((c.declared[0] for c in facts.components if c.ours and c.declared), None)
        if place is not None or facts.files:
            yield Finding(
                "There is no README",
                place or Span(facts.files[0]),
                repair="Add a README.md that says how to run, test and configure the service",
                names=("README",),
            )
        return
    read = {
        str(symbol.name): symbol.detail
        for symbol in facts.details(Kind.DOCUMENT, Action.DEFINES, DocumentRead)
        if isinstance(symbol.detail, DocumentRead) and symbol.role in _COUNTED
    }
    if readme not in read:
        yield Unknown(f"what {readme} says: only Markdown is read", Span(readme))
        return
    topics = {topic for detail in read.values() for topic in detail.topics}
    wanted = dict(_SAYS)
    if not facts.references(Kind.ENVIRONMENT):
        del wanted["configure"]
    if not any(c.ours and c.languages for c in facts.components) and facts.components:
        # What only puts together the images of others has no code to test.
        del wanted["test"]
    missing = [topic for topic in wanted if topic not in topics]
    if missing:
        says = [wanted[topic] for topic in missing]
        listed = says[0] if len(says) == 1 else f"{', '.join(says[:-1])} and {says[-1]}"
        yield Finding(
            f"{readme} does not say {listed}",
            Span(readme),
            repair="Show the commands, and name the variables the service needs",
            names=tuple(missing),
        )
    else:
        yield Held(Span(readme))
