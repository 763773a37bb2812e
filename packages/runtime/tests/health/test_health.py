"""Probes answer from memory; checks run in the background, one at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI

from asking import client, scrape, value, wrap
from moments import moments
from roadworthy_runtime import ConfigurationError, DependencyCheck, Roadworthy, Settings

SECRET = "canary-7f3a91c0"


class Dependency:
    """Something that works, refuses or hangs, and counts who asks."""

    def __init__(self) -> None:
        self.behaviour: Callable[[], Awaitable[object]] = self.works
        self.asked = 0
        self.asking = 0
        self.most_asking = 0

    async def probe(self) -> object:
        self.asked += 1
        self.asking += 1
        self.most_asking = max(self.most_asking, self.asking)
        try:
            return await self.behaviour()
        finally:
            self.asking -= 1

    async def works(self) -> None:
        return

    async def refuses(self) -> None:
        raise ConnectionRefusedError(f"postgresql://user:{SECRET}@host")

    async def fails(self) -> None:
        raise LookupError(SECRET)

    async def denies(self) -> bool:
        return False

    async def hangs(self) -> None:
        await asyncio.sleep(3600)

    async def hangs_stubbornly(self) -> None:
        while True:
            try:
                await asyncio.sleep(0.3)
                return
            except asyncio.CancelledError:
                continue


def service(dependency: Dependency, **options: Any) -> tuple[FastAPI, Roadworthy]:
    app = FastAPI()
    settings: dict[str, Any] = {"interval_seconds": 0.02, "deadline_seconds": 0.05, **options}
    return app, wrap(app, checks=[DependencyCheck("database", probe=dependency.probe, **settings)])


async def until(app: Any, path: str, status: int) -> Any:
    async with client(app) as asking:
        async for _ in moments():
            answer = await asking.get(path)
            if answer.status_code == status:
                break
    return answer


async def until_down(app: Any) -> Any:
    async with client(app) as asking:
        async for _ in moments():
            answer = await asking.get("/health/ready")
            if answer.json()["checks"] == {"database": "down"}:
                break
    return answer


async def test_readiness_is_red_until_the_first_answer_and_green_after_it() -> None:
    dependency = Dependency()
    app, _ = service(dependency)

    async with client(app) as asking:
        first = await asking.get("/health/ready")
    later = await until(app, "/health/ready", 200)

    assert (first.status_code, first.json()["checks"]) == (503, {"database": "pending"})
    assert later.json() == {"status": "ready", "checks": {"database": "up"}}
    assert later.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("behaviour", "outcome"), [("refuses", "refused"), ("fails", "error"), ("denies", "error"), ("hangs", "timeout")]
)
async def test_broken_dependency_turns_readiness_red_and_leaves_liveness_green(behaviour: str, outcome: str) -> None:
    dependency = Dependency()
    app, _ = service(dependency)
    await until(app, "/health/ready", 200)

    dependency.behaviour = getattr(dependency, behaviour)
    red = await until(app, "/health/ready", 503)
    live = await until(app, "/health/live", 200)
    startup = await until(app, "/health/startup", 200)
    series = await scrape(app)
    dependency.behaviour = dependency.works
    await until(app, "/health/ready", 200)

    assert red.json() == {"status": "not ready", "checks": {"database": "down"}}
    assert SECRET not in red.text
    assert (live.json(), startup.json()) == ({"status": "alive"}, {"status": "started"})
    assert value(series, "dependency_up", dependency="database") == 0
    assert value(series, "service_ready") == 0
    assert (value(series, "dependency_checks_total", dependency="database", outcome=outcome) or 0) >= 1


async def test_dependency_that_is_not_critical_is_only_reported() -> None:
    dependency = Dependency()
    dependency.behaviour = dependency.refuses
    app, _ = service(dependency, critical=False)
    answer = await until_down(app)

    assert answer.status_code == 200


async def test_a_thousand_probes_cause_no_call_of_their_own() -> None:
    dependency = Dependency()
    app, _ = service(dependency, interval_seconds=3600)
    await until(app, "/health/ready", 200)

    async with client(app) as asking:
        await asyncio.gather(*(asking.get("/health/ready") for _ in range(1000)))

    assert dependency.asked == 1


@pytest.mark.parametrize("behaviour", ["hangs", "hangs_stubbornly"])
async def test_hanging_dependency_is_asked_one_at_a_time(behaviour: str) -> None:
    dependency = Dependency()
    dependency.behaviour = getattr(dependency, behaviour)
    app, _ = service(dependency, interval_seconds=0.001, deadline_seconds=0.01)
    await until(app, "/health/live", 200)

    async for _ in moments():
        if dependency.asked >= 3:
            break

    assert dependency.most_asking == 1
    dependency.behaviour = dependency.works
    await until(app, "/health/ready", 200)


async def test_probe_that_is_not_async_counts_as_down() -> None:
    app = FastAPI()
    wrap(app, checks=[DependencyCheck("database", probe=lambda: True, interval_seconds=0.01)])  # type: ignore[arg-type, return-value] # the mistake under test

    assert (await until_down(app)).status_code == 503


def test_same_application_serves_again_on_another_loop() -> None:
    dependency = Dependency()
    app, _ = service(dependency)

    for _ in range(2):
        asyncio.run(until(app, "/health/ready", 200))


async def test_probe_paths_answer_below_a_root_path() -> None:
    import httpx

    app, _ = service(Dependency())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, root_path="/api"), base_url="http://t") as asking:
        assert (await asking.get("/api/health/live")).status_code == 200
        assert (await asking.head("/api/health/live")).content == b""


def test_wrong_options_are_refused_together(capsys: pytest.CaptureFixture[str]) -> None:
    class Loud(Settings):
        log_level: str = "LOUD"

    async def probe() -> None:
        return

    with pytest.raises(ConfigurationError) as refused:
        Roadworthy(
            FastAPI(),
            service="",
            checks=[DependencyCheck("a", probe=probe, interval_seconds=0), DependencyCheck("a", probe=probe)],
            drain_seconds=1,
            linger_seconds=1,
            settings=Loud(),
        )

    assert refused.value.code == 78
    message = capsys.readouterr().err
    for part in ("service", "interval_seconds", "linger_seconds", "used twice", "log_level: one of"):
        assert part in message


async def test_wrapping_an_application_that_has_served_is_refused() -> None:
    app = FastAPI()
    async with client(app) as asking:
        await asking.get("/")

    with pytest.raises(RuntimeError, match="before it starts"):
        wrap(app)
