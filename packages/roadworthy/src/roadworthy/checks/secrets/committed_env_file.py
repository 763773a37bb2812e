"""A dotenv file with secrets is in the repository.

Everyone who can read the code, and every copy ever made of it, has the passwords. Deleting the file later does not take
them back.

## Fails

```ini title=".env"
PORT=8000
DATABASE_PASSWORD=k3Zp9wQx71Lm
```

## Passes

```ini title=".env.example"
PORT=8000
DATABASE_PASSWORD=change-me
```

```text title=".gitignore"
.env
```

## Repair

Change every secret that stood there, remove the file from git (`git rm --cached .env`), name it in .gitignore, and keep a
`.env.example` with empty values.
"""

from collections.abc import Iterator

from roadworthy.model.detail.secret import EnvironmentFile
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Kind
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.CONFIGURATION, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look for secrets in dotenv files that git keeps, or that nothing keeps it from taking."""
    for symbol in facts.details(Kind.FILE, Action.DEFINES, EnvironmentFile):
        file = symbol.detail
        if not isinstance(file, EnvironmentFile):
            continue
        if symbol.role is not FileRole.PROD or not file.secrets or file.tracked is False:
            yield Held(symbol.at)
            continue
        how = "git keeps it" if file.tracked else "nothing keeps it out of git"
        names = ", ".join(f"`{name}`" for name in file.secrets[:4])
        yield Finding(
            f"{symbol.at.path} holds secrets ({names}), and {how}",
            symbol.at,
            repair="Change these secrets, remove the file from git and name it in .gitignore",
            names=(symbol.at.path,),
        )
