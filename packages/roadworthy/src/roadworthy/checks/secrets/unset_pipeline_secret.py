"""A workflow uses a value that nothing sets.

GitHub replaces an unknown name by nothing, without a word: the deploy runs with an empty tag, an empty token, an empty
address, and either fails late or does something else.

## Fails

```yaml title=".github/workflows/release.yml"
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    outputs:
      image: ${{ steps.push.outputs.image }}
    steps:
      - id: push
        run: echo "image=acme/api:$GITHUB_SHA" >> "$GITHUB_OUTPUT"
  deploy:
    needs: build
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl set image deployment/api api=${{ needs.build.outputs.tag }}
```

## Passes

```yaml title=".github/workflows/release.yml"
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    outputs:
      image: ${{ steps.push.outputs.image }}
    steps:
      - id: push
        run: echo "image=acme/api:$GITHUB_SHA" >> "$GITHUB_OUTPUT"
  deploy:
    needs: build
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl set image deployment/api api=${{ needs.build.outputs.image }}
```

## Repair

Declare the output, pass the secret to the reusable workflow (`secrets: inherit` or by name), or use the name that is set.

## References

- https://docs.github.com/actions/reference/workflows-and-actions/contexts
"""

from collections import defaultdict
from collections.abc import Iterator

from roadworthy.model.detail.pipeline_value import ValueAsked, ValueGiven, WorkflowCalled
from roadworthy.model.facts import Facts
from roadworthy.model.finding import Finding, Held, Related, Unknown
from roadworthy.model.place import Span
from roadworthy.model.resolution import Rung, nearest
from roadworthy.model.rule import Rule
from roadworthy.model.symbol import Action, Exact, Kind, Symbol
from roadworthy.model.words import Family, FileRole, Severity

RULE = Rule(Severity.MAJOR, Family.PIPELINE, since="0.1", needs=frozenset({Kind.PIPELINE}))

_OF_GITHUB = ("GITHUB_", "RUNNER_", "ACTIONS_", "INPUT_", "ImageOS")


def check(facts: Facts) -> Iterator[Finding | Unknown | Held]:
    """Look every output, input, variable and secret up among those that are there where it is used."""
    values = _Values(facts)
    for symbol in facts.details(Kind.PIPELINE, Action.DEFINES, ValueGiven):
        if isinstance(symbol.detail, ValueGiven) and symbol.detail.space == "job" and symbol.role is FileRole.PROD:
            yield Held(symbol.at)
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, ValueAsked):
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, ValueAsked):
            yield from values.judge(symbol, symbol.detail)
    for symbol in facts.details(Kind.PIPELINE, Action.REFERS, WorkflowCalled):
        if symbol.role is FileRole.PROD and isinstance(symbol.detail, WorkflowCalled):
            yield from values.handed(symbol, symbol.detail)
    yield from values.spelled_twice()


class _Values:
    """What each workflow makes available, by path and space."""

    def __init__(self, facts: Facts) -> None:
        self._given: dict[tuple[str, str], list[tuple[Symbol, ValueGiven]]] = defaultdict(list)
        self._calls: dict[tuple[str, str], str] = {}
        self._asked: dict[str, list[tuple[Symbol, ValueAsked]]] = defaultdict(list)
        for symbol in facts.definitions(Kind.PIPELINE):
            if isinstance(symbol.detail, ValueGiven):
                self._given[symbol.at.path, symbol.detail.space].append((symbol, symbol.detail))
        for symbol in facts.references(Kind.PIPELINE):
            if isinstance(symbol.detail, WorkflowCalled):
                self._calls[symbol.at.path, symbol.detail.job] = str(symbol.name)
            elif isinstance(symbol.detail, ValueAsked) and symbol.role is FileRole.PROD:
                self._asked[symbol.at.path].append((symbol, symbol.detail))
        self._files = facts

    def judge(self, symbol: Symbol, asked: ValueAsked) -> Iterator[Finding | Unknown]:
        """Tell what is wrong with one use, if anything is."""
        match asked.space:
            case "need":
                yield from self._need(symbol, asked)
            case "job output":
                yield from self._need(symbol, asked)
                yield from self._output(symbol, asked)
            case "step output":
                yield from self._step(symbol, asked)
            case "input":
                if any(self._given[symbol.at.path, t] for t in ("workflow_call", "workflow_dispatch")):
                    yield from self._lookup(symbol, asked, "input", "the workflow declares")
            case "matrix":
                if self._in_job(symbol.at.path, "matrix", asked.job):
                    yield from self._lookup(symbol, asked, "matrix", "the matrix holds")
            case "env":
                yield from self._variable(symbol, asked)

    def _in_job(self, path: str, space: str, job: str) -> list[tuple[Symbol, ValueGiven]]:
        return [(s, g) for s, g in self._given[path, space] if g.job in ("", job)]

    def _need(self, symbol: Symbol, asked: ValueAsked) -> Iterator[Finding]:
        if not asked.job or not asked.shown.startswith("needs."):
            return
        needs = [s for s, _ in self._in_job(symbol.at.path, "need", asked.job)]
        if any(str(s.name) == asked.owner for s in needs):
            return
        jobs = [(s, g) for s, g in self._given[symbol.at.path, "job"]]
        here = next((s for s, g in jobs if g.job == asked.job), symbol)
        known = next((s for s, g in jobs if g.job == asked.owner), None)
        yield Finding(
            f"`{asked.shown}` is empty: the job {asked.job} does not need `{asked.owner}`",
            symbol.at,
            (Related(here.at, f"{asked.job} needs {', '.join(f'`{s.name}`' for s in needs) or 'no job'}"),)
            + ((Related(known.at, f"`{asked.owner}` is this job"),) if known is not None else ()),
            f"Add `{asked.owner}` to the `needs` of {asked.job}",
            (asked.job, asked.shown),
        )

    def _output(self, symbol: Symbol, asked: ValueAsked) -> Iterator[Finding]:
        path = symbol.at.path
        job = next((s for s, g in self._given[path, "job"] if g.job == asked.owner), None)
        if job is None:
            return
        called = self._calls.get((path, asked.owner))
        if called is not None:
            given = self._given[called, "workflow output"] if self._given[called, "job"] else None
        else:
            given = [(s, g) for s, g in self._given[path, "job output"] if g.owner == asked.owner]
        if given is not None:
            yield from _looked_up(symbol, asked, given, job.at, f"the job {asked.owner} declares")

    def _idle(self, symbol: Symbol, asked: ValueAsked) -> bool:
        """Tell whether a value is asked for by an output of its job alone, and nothing takes that output."""
        outputs = [
            s for s, g in self._given[symbol.at.path, "job output"] if g.owner == asked.job and s.at <= symbol.at
        ]
        if asked.order >= 0 or not outputs:
            return False
        name = str(max(outputs, key=lambda s: s.at).name)
        return not any(
            other.owner == asked.job
            and (other.space == "need" or (other.space == "job output" and str(use.name) == name))
            for use, other in self._asked[symbol.at.path]
        )

    def _step(self, symbol: Symbol, asked: ValueAsked) -> Iterator[Finding]:
        if self._idle(symbol, asked):
            return
        steps = [(s, g) for s, g in self._in_job(symbol.at.path, "step", asked.job) if g.job == asked.job]
        same = [(s, g) for s, g in steps if str(s.name) == asked.owner]
        if not same:
            candidates = [s for s, _ in steps]
            close = nearest(asked.owner, candidates).nearest
            related: tuple[Related, ...] = (
                (Related(close[0].at, f"this step is called `{close[0].name}`"),) if close else ()
            )
            if not related:
                elsewhere = [(s, g) for s, g in self._given[symbol.at.path, "step"] if str(s.name) == asked.owner]
                related = tuple(Related(s.at, f"a step of the job {g.job} has this id") for s, g in elsewhere[:1])
            yield Finding(
                f"`{asked.shown}` is empty: the job {asked.job} has no step with the id `{asked.owner}`",
                symbol.at,
                related,
                f"Write `steps.{close[0].name}`" if close else f"Give the step the id `{asked.owner}`",
                (asked.job, asked.shown),
            )
        elif 0 <= asked.order <= min(g.order for _, g in same):
            yield Finding(
                f"`{asked.shown}` is empty: the step `{asked.owner}` comes later",
                symbol.at,
                (Related(same[0][0].at, f"`{asked.owner}` runs here"),),
                f"Move the step `{asked.owner}` before this one",
                (asked.job, asked.shown),
            )
        elif str(symbol.name):
            given = [
                (s, g) for s, g in self._in_job(symbol.at.path, "step output", asked.job) if g.owner == asked.owner
            ]
            yield from _looked_up(symbol, asked, given, same[0][0].at, f"the step {asked.owner} writes")

    def _lookup(self, symbol: Symbol, asked: ValueAsked, space: str, says: str) -> Iterator[Finding]:
        given = self._in_job(symbol.at.path, space, asked.job)
        at = given[0][0].at if given else self._trigger(symbol)
        yield from _looked_up(symbol, asked, given, at, says)

    def _trigger(self, symbol: Symbol) -> Span:
        found = [s for t in ("workflow_call", "workflow_dispatch") for s, _ in self._given[symbol.at.path, t]]
        return found[0].at if found else symbol.at

    def _variable(self, symbol: Symbol, asked: ValueAsked) -> Iterator[Finding]:
        """A variable may come from the runner or from a step: only one that is set under almost this name is wrong."""
        name = str(symbol.name)
        given = [
            (s, g)
            for s, g in self._in_job(symbol.at.path, "env", asked.job)
            if g.order in (-1, asked.order) and g.complete
        ]
        names = {str(s.name) for s, _ in given}
        if name in names or name.startswith(_OF_GITHUB):
            return
        asked_too = {str(s.name) for s, a in self._asked[symbol.at.path] if a.space == "env" and a.order == asked.order}
        close = nearest(name, [s for s, _ in given])
        meant = [s for s in close.nearest if str(s.name) not in asked_too]
        if meant and close.rung in (Rung.CASE, Rung.SEPARATOR, Rung.SPELLING):
            yield Finding(
                f"`{asked.shown}` is empty: nothing sets `{name}`; the workflow sets `{meant[0].name}`",
                symbol.at,
                (Related(meant[0].at, f"sets `{meant[0].name}`"),),
                f"Write `{meant[0].name}`, or set `{name}`",
                (asked.job, name),
            )

    def handed(self, symbol: Symbol, call: WorkflowCalled) -> Iterator[Finding]:
        """Compare what a job hands to a workflow of the repository with what that uses."""
        path = str(symbol.name)
        if not self._given[path, "workflow_call"]:
            return
        secrets = {name.upper() for name in call.secrets}
        used = {} if call.inherits else {str(s.name).upper(): s for s, a in self._asked[path] if a.space == "secret"}
        for name, use in sorted(used.items()):
            if name not in secrets and not self._optional(path, name):
                yield Finding(
                    f"the job {call.job} does not pass the secret `{use.name}`, which {path} uses",
                    symbol.at,
                    (Related(use.at, f"uses `secrets.{use.name}`, which is empty then"),),
                    f"Pass `{use.name}` below `secrets`, or write `secrets: inherit`",
                    (call.job, str(use.name), path),
                )
        declared = self._given[path, "input"]
        for given, detail in declared:
            if detail.required and str(given.name) not in call.inputs:
                yield Finding(
                    f"the job {call.job} does not pass the input `{given.name}`, which {path} requires",
                    symbol.at,
                    (Related(given.at, f"`{given.name}` is required"),),
                    f"Pass `{given.name}` below `with`",
                    (call.job, str(given.name), path),
                )
        names = {str(s.name) for s, _ in declared}
        for name in call.inputs if all(g.complete for _, g in declared) else ():
            if name not in names:
                yield Finding(
                    f"the job {call.job} passes the input `{name}`, which {path} does not declare",
                    symbol.at,
                    (Related(self._given[path, "workflow_call"][0][0].at, "the inputs are declared here"),),
                    f"Declare `{name}`, or pass what is declared",
                    (call.job, name, path),
                )

    def _optional(self, path: str, name: str) -> bool:
        """Tell whether a workflow declares a secret and says that it can do without."""
        return any(str(s.name).upper() == name and not g.required for s, g in self._given[path, "secret"])

    def spelled_twice(self) -> Iterator[Finding]:
        """Report a secret that two places spell alike but for case and separators."""
        spelled: dict[str, dict[str, list[Symbol]]] = defaultdict(lambda: defaultdict(list))
        for uses in self._asked.values():
            for symbol, asked in uses:
                if asked.space == "secret":
                    name = str(symbol.name)
                    spelled[name.replace("_", "").upper()][name.upper()].append(symbol)
        for names in spelled.values():
            if len(names) < 2:
                continue
            (often, first), *others = sorted(names.items(), key=lambda one: (-len(one[1]), one[0]))
            for _, symbols in others:
                yield Finding(
                    f"the secret `{symbols[0].name}` is called `{first[0].name}` elsewhere; one of them is empty",
                    symbols[0].at,
                    (Related(first[0].at, f"uses `{first[0].name}`"),),
                    f"Write `{first[0].name}` in both places",
                    (str(symbols[0].name), often),
                )


def _looked_up(
    symbol: Symbol, asked: ValueAsked, given: list[tuple[Symbol, ValueGiven]], at: Span, says: str
) -> Iterator[Finding]:
    name = str(symbol.name)
    if any(not g.complete for _, g in given) or any(str(s.name).lower() == name.lower() for s, _ in given):
        return
    candidates = [s for s, _ in given]
    close = nearest(name, [Symbol(s.kind, s.action, Exact(str(s.name)), s.at) for s in candidates]).nearest
    names = list(dict.fromkeys(str(s.name) for s in candidates))
    listed = ", ".join(f"`{one}`" for one in names[:5]) or "none"
    yield Finding(
        f"`{asked.shown}` is empty: {says} {listed}",
        symbol.at,
        (Related(close[0].at if close else at, f"{says} {listed}"),),
        f"Write `{close[0].name}`" if close else f"Declare `{name}`",
        (asked.job, asked.shown),
    )
