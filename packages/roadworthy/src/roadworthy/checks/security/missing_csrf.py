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

from roadworthy.model.detail.code import ModuleRead
from roadworthy.model.detail.construct import Construct
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.SOURCE, since="0.1", needs=frozenset({Kind.CONSTRUCT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at whether forms are proved to be ours."""
    found: set[str] = set()
    for symbol in facts.details(Kind.CONSTRUCT, Action.DEFINES, Construct):
        construct = symbol.detail
        if not isinstance(construct, Construct) or construct.kind != "csrf" or symbol.role is not FileRole.PROD:
            continue
        found.add(symbol.component)
        if construct.sound is None:
            yield Unknown(f"whether {construct.says}", symbol.at)
        elif construct.sound:
            yield Held(symbol.at)
        else:
            yield Finding(
                construct.says,
                symbol.at,
                (),
                "Switch the protection against forged requests on",
                (str(symbol.name),),
                symbol.component,
            )
    for module in facts.details(Kind.CONSTRUCT, Action.DEFINES, ModuleRead):
        if module.role is FileRole.PROD and module.component not in found:
            found.add(module.component)
            yield Held(module.at)
