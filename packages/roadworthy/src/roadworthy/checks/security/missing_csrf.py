"""Other sites can act in the name of a user.

The browser sends the session along with any form, whoever wrote it. Without a proof that the form is ours, a page of an
attacker changes what the user may change.

## Fails

```python title="app/settings.py"
ROOT_URLCONF = "app.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
```

## Passes

```python title="app/settings.py"
ROOT_URLCONF = "app.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
```

## Repair

Switch the framework's protection on, and do not exempt views that use the session.
"""

from collections.abc import Iterator

from roadworthy.model.constructs import judged
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Kind
from roadworthy.model.words import Family, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at whether forms are proved to be ours."""
    return judged(facts, "csrf", repair="Switch the protection against forged requests on")
