"""What a drill needs, and what the subject lacks."""

from roadworthy.engine.catalogue import drills
from roadworthy.engine.drive.needs import applies, unmet
from roadworthy.model.drill import Drill
from roadworthy.model.subject import Dependency, DependencyKind, Journey, Service, Step, Subject


def drill(name: str) -> Drill:
    return next(each for each in drills() if each.id == name)


def subject(*, journeys: tuple[Journey, ...] = (), dependencies: tuple[Dependency, ...] = ()) -> Subject:
    return Subject("roadworthy.toml", Service("shop", "serve {port}"), journeys=journeys, dependencies=dependencies)


DATABASE = Dependency("main", DependencyKind.POSTGRES, "DATABASE_URL")
WRITE = Step("POST", "/x", (201,), acknowledges=True)
READ = Step("GET", "/x", (200,))


def test_missing_line_is_named() -> None:
    bare = subject(dependencies=(DATABASE,))

    said = {each.id: unmet(each, bare) for each in drills()}

    assert said["tests/journey-fails"] == (
        "not met: roadworthy.toml has no [[journey]]: requests that make the service do its work"
    )
    assert said["monitoring/hollow-readiness"] == 'not met: roadworthy.toml has no [probes] ready = "/path"'
    assert "acknowledges = true" in (said["scalability/lost-write"] or "")
    assert said["secrets/missing-variable"] is None


def test_write_that_nothing_reads_back_proves_nothing() -> None:
    unread = subject(journeys=(Journey("write", (WRITE, Step("POST", "/y", (200,)), READ)),))
    read = subject(journeys=(Journey("write", (WRITE, WRITE, READ)),))

    assert unmet(drill("scalability/lost-write"), unread) is not None
    assert unmet(drill("scalability/lost-write"), read) is None
    assert [len(write.write) for write in read.acknowledged_writes] == [2]


def test_service_that_keeps_nothing_cannot_lose_it() -> None:
    travelling = Journey("look", (READ,))

    assert applies(drill("scalability/lost-write"), subject(journeys=(travelling,))) is not None
    assert applies(drill("scalability/lost-write"), subject(dependencies=(DATABASE,))) is None
    assert applies(drill("errors/dependency-hangs"), subject(journeys=(travelling,))) is not None
