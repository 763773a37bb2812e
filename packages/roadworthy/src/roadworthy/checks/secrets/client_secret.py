"""A variable that is built into the browser's code names a secret.

Bundlers write the value of every variable with this prefix into the files they serve: whoever opens the page has the
secret.

## Fails

```ini title="web/.env.example"
VITE_API_URL=https://api.example.org
VITE_STRIPE_SECRET_KEY=sk_live_change_me
```

```json title="web/package.json"
{"name": "web", "devDependencies": {"vite": "^6.0.0"}}
```

## Passes

```ini title="web/.env.example"
VITE_API_URL=https://api.example.org
VITE_STRIPE_PUBLISHABLE_KEY=pk_live_change_me
```

```json title="web/package.json"
{"name": "web", "devDependencies": {"vite": "^6.0.0"}}
```

## Repair

Keep the secret on the server and let the browser ask the server; exchange the one that was served.

## References

- https://vite.dev/guide/env-and-mode
- https://nextjs.org/docs/app/guides/environment-variables
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.environment import EnvironmentGiven, EnvironmentRead
from roadworthy.model.detail.pipeline_value import ValueGiven
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.USER_INTERFACE, since="0.1", needs=frozenset({Kind.ENVIRONMENT}))

_PREFIX = re.compile(
    r"(?:VITE|NEXT_PUBLIC|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP|STORYBOOK|NG_APP|SNOWPACK_PUBLIC)_(.+)"
)
_CERTAIN = re.compile(
    r"(?:^|_)(?:SECRET|SECRET_?KEY|CLIENT_SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_?KEY|SERVICE_ROLE(?:_KEY)?"
    r"|SECRET_ACCESS_KEY|JWT_(?:SECRET|KEY)|SIGNING_?KEY|ENCRYPTION_?KEY|DATABASE_URL|DB_URL|DSN_SECRET|ADMIN_(?:KEY|TOKEN)"
    r"|(?:OPENAI|ANTHROPIC|SENDGRID|RESEND|MAILGUN|POSTMARK|TWILIO|GITHUB|GITLAB|SLACK|DISCORD|TELEGRAM)(?:_\w+)?_(?:KEY|TOKEN)"
    r"|AUTH_TOKEN|REFRESH_TOKEN)$"
)
_POSSIBLE = re.compile(r"(?:^|_)(?:API_?KEY|TOKEN|ACCESS_?KEY|CREDENTIALS?)$")
_HARMLESS = re.compile(
    r"PUBLIC|PUBLISHABLE|ANON|MAPBOX|MAPS?_|FIREBASE|POSTHOG|SEGMENT|SENTRY|RECAPTCHA|TURNSTILE_SITE|SITE_?KEY|ALGOLIA_SEARCH"
    r"|ANALYTICS|CLIENT_TOKEN|CSRF|(?:^|_)(?:ENABLE|DISABLE|SHOW|HIDE|USE|ALLOW|REQUIRE|HAS|IS|NO|MIN|MAX)_|_(?:ENABLED|URL|PATH|NAME)$"
)


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look at the names of all variables that a bundler gives to browsers."""
    server = _server_side(facts)
    uses: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in _variables(facts):
        uses[str(symbol.name)].append(symbol)
    for name, symbols in sorted(uses.items()):
        bare = _PREFIX.fullmatch(name)
        if bare is None:
            continue
        secret = _CERTAIN.search(bare[1]) is not None and not _HARMLESS.search(bare[1])
        possible = _POSSIBLE.search(bare[1]) is not None and not _HARMLESS.search(bare[1])
        twin = server.get(bare[1]) if possible or secret else None
        if secret or twin is not None:
            yield _finding(name, bare[1], symbols, twin)
        elif possible:
            yield Unknown(f"whether `{name}` is a secret or a key that browsers may have", symbols[0].at)
        else:
            yield Held(symbols[0].at)


def _variables(facts: Facts) -> Iterator[Symbol]:
    aside = (FileRole.TEST, FileRole.VENDORED, FileRole.DOCUMENT)
    kinds = ((Kind.ENVIRONMENT, EnvironmentGiven | EnvironmentRead), (Kind.PIPELINE, ValueGiven))
    for kind, details in kinds:
        for symbol in (*facts.references(kind), *facts.definitions(kind)):
            if isinstance(symbol.detail, details) and isinstance(symbol.name, Exact) and symbol.role not in aside:
                yield symbol


def _server_side(facts: Facts) -> dict[str, Symbol]:
    """Return the variables that code of a server reads."""
    return {
        str(s.name): s
        for s in facts.details(Kind.ENVIRONMENT, Action.REFERS, EnvironmentRead)
        if s.role is FileRole.PROD and isinstance(s.name, Exact) and s.at.path.endswith(".py")
    }


def _finding(name: str, bare: str, symbols: list[Symbol], twin: Symbol | None) -> Finding:
    code = [s for s in symbols if isinstance(s.detail, EnvironmentRead)]
    first, *others = dict.fromkeys(s.at for s in (*code, *symbols))
    related = [Related(at, f"`{name}` stands here too") for at in others[:4]]
    if twin is not None:
        related.append(Related(twin.at, f"the server reads `{bare}`, and keeps it"))
    return Finding(
        f"`{name}` names a secret, and its prefix puts its value into the code that browsers get",
        first,
        tuple(related),
        f"Name it `{bare}`, read it on the server only, and exchange the secret",
        (name,),
    )
