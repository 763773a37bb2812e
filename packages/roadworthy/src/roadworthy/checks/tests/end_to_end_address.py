"""End-to-end tests ask an address where nothing answers.

The base address of the tests and the port the service is started on disagree: every test fails, or tries whatever else
happens to listen there.

## Fails

```typescript title="playwright.config.ts"
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "./e2e",
  use: { baseURL: "http://localhost:3000" },
  webServer: { command: "npm run start", url: "http://localhost:3001/health", reuseExistingServer: true },
});
```

## Passes

```typescript title="playwright.config.ts"
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "./e2e",
  use: { baseURL: "http://localhost:3001" },
  webServer: { command: "npm run start", url: "http://localhost:3001/health", reuseExistingServer: true },
});
```

## Repair

Write the port once, in a constant that the tests and the start command share.

## References

- https://playwright.dev/docs/test-webserver
"""

import re
from collections.abc import Iterator

from roadworthy.model.detail.port import PortUse
from roadworthy.model.detail.testing import RunnerConfiguration
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MINOR, Family.TESTS, since="0.1", needs=frozenset({Kind.TEST, Kind.PORT}))

_TOOLS = frozenset({"playwright", "cypress"})
_BASES = ("use.baseURL", "e2e.baseUrl", "baseUrl", "baseURL")
_ADDRESS = re.compile(r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+))?")
_PORT_OPTION = re.compile(r"(?:--port[= ]|-p |\bPORT=|--server\.port[= ])(\d+)")
# What development servers of front ends listen on unless told: Vite, its preview, Next and Create React App, Angular,
# Vue CLI, Astro, Storybook.
_USUAL = frozenset({"5173", "4173", "3000", "4200", "8080", "4321", "6006"})


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Compare the base address of each configuration with the server it starts, else with what listens at all."""
    for symbol in facts.details(Kind.TEST, Action.DEFINES, RunnerConfiguration):
        configuration = symbol.detail
        if not isinstance(configuration, RunnerConfiguration) or configuration.tool not in _TOOLS:
            continue
        if symbol.role in (FileRole.EXAMPLE, FileRole.DOCUMENT):
            continue
        options = dict(configuration.options)
        base = next((_port(options[name]) for name in _BASES if name in options), None)
        if base is None:
            continue
        server = _server(options)
        if server is not None:
            yield Held(symbol.at) if server[1] == base else _apart(symbol, base, *server)
        elif "webServer.command" not in options and not any(name.startswith("webServer") for name in options):
            yield from _listening(facts, symbol, base)


def _port(text: str) -> str | None:
    found = _ADDRESS.search(text)
    return (found[1] or ("443" if text.startswith("https") else "80")) if found else None


def _server(options: dict[str, str]) -> tuple[str, str] | None:
    """Return what states the port of the server that the runner starts, and the port."""
    if (url := options.get("webServer.url")) and (port := _port(url)):
        return "`webServer.url`", port
    if (number := options.get("webServer.port", "")).isdigit():
        return "`webServer.port`", number
    if told := _PORT_OPTION.search(options.get("webServer.command", "")):
        return "`webServer.command`", told[1]
    return None


def _apart(symbol: Symbol, base: str, what: str, port: str) -> Finding:
    return Finding(
        f"the tests ask port {base}, and {what} starts the service on {port}",
        symbol.at,
        (Related(symbol.at, f"{what} says {port}"),),
        f"Write {port} in the base address, or start the service on {base}",
        (base, port),
    )


def _listening(facts: Facts, symbol: Symbol, base: str) -> Iterator[Finding | Unknown | Held]:
    ours = {component.id for component in facts.components if component.ours}
    there: dict[str, Symbol] = {}
    for port in (*facts.definitions(Kind.PORT), *facts.references(Kind.PORT)):
        use = port.detail
        if isinstance(use, PortUse) and port.component in ours and port.role is not FileRole.EXAMPLE:
            if isinstance(port.name, Exact) and port.action is Action.DEFINES:
                there.setdefault(port.name.text, port)
            if use.published:
                there.setdefault(use.published, port)
    if base in there:
        yield Held(symbol.at)
    elif not there or base in _USUAL or base in ("80", "443"):
        yield Unknown(f"whether a service listens on port {base}, which the tests ask", symbol.at)
    else:
        sides = sorted(there.items(), key=lambda pair: pair[1].at)[:2]
        yield Finding(
            f"the tests ask port {base}, and nothing of the service listens there or is published there",
            symbol.at,
            tuple(Related(side.at, f"{side.component} is at {port}") for port, side in sides),
            f"Ask port {sides[0][0]}",
            (base,),
        )
