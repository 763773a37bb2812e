"""The database is refused, silent, killed or frozen: clean answers, no loss, recovery without a restart."""

import signal
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg
import pytest
from conftest import give_consent, migrate, wait_until_ready
from fault_proxy import Fault, FaultProxy
from postgres_server import PostgresServer
from service_process import ServiceProcess, run_service


@pytest.fixture
def proxy(postgres: PostgresServer) -> Iterator[FaultProxy]:
    proxy = FaultProxy(postgres.port)
    yield proxy
    proxy.close()


@pytest.fixture
def service(proxy: FaultProxy, postgres: PostgresServer, database_url: str) -> Iterator[ServiceProcess]:
    with run_service(database_url.replace(f":{postgres.port}/", f":{proxy.port}/")) as service:
        wait_until_ready(service.client)
        yield service


def new_session(client: httpx.Client) -> str:
    subject = client.post("/api/v1/subjects", json={"study": "S1", "pseudonym": uuid.uuid4().hex}).json()["id"]
    give_consent(client, subject, "data_processing")
    return str(client.post("/api/v1/sessions", json={"subjectId": subject}).json()["sessionId"])


@pytest.mark.parametrize("fault", [FaultProxy.go_silent, FaultProxy.refuse], ids=["silent", "refused"])
def test_an_unreachable_database_gives_problems_and_the_service_recovers(
    service: ServiceProcess, proxy: FaultProxy, fault: Fault
) -> None:
    session = new_session(service.client)
    path = f"/api/v1/sessions/{session}/answers/1"
    assert service.client.put(path, json={"value": 1}).status_code == 200

    fault(proxy)
    with ThreadPoolExecutor(20) as threads:
        broken = list(threads.map(lambda _: service.client.put(path, json={"value": 2}), range(40)))
    alive = service.client.get("/health/live")
    while service.client.get("/health/ready").status_code == 200:
        time.sleep(0.1)
    proxy.mend()
    wait_until_ready(service.client)

    assert {response.status_code for response in broken} == {503}
    assert {response.json()["code"] for response in broken} == {"DATABASE_UNAVAILABLE"}
    assert alive.status_code == 200
    assert [service.client.put(path, json={"value": value}).status_code for value in (3, 4, 1, 2)] == [200] * 4


def test_a_silent_database_does_not_stop_a_shutdown(service: ServiceProcess, proxy: FaultProxy) -> None:
    session = new_session(service.client)
    proxy.go_silent()
    with ThreadPoolExecutor(4) as threads:
        pending = [threads.submit(service.client.get, f"/api/v1/sessions/{session}") for _ in range(4)]

        service.terminate()

        assert {future.result().status_code for future in pending} == {503}


def test_the_service_boots_before_its_database(template: str, postgres: PostgresServer, database_url: str) -> None:
    proxy = FaultProxy(postgres.port)
    proxy.refuse()
    try:
        with run_service(database_url.replace(f":{postgres.port}/", f":{proxy.port}/")) as service:
            deadline = time.monotonic() + 30
            while True:
                try:
                    assert service.client.get("/health/live").status_code == 200
                    break
                except httpx.ConnectError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            assert service.client.get("/health/ready").status_code == 503
            assert service.client.post("/api/v1/subjects", json={"study": "S", "pseudonym": "P"}).status_code == 503

            proxy.mend()

            wait_until_ready(service.client)
            assert service.client.post("/api/v1/subjects", json={"study": "S", "pseudonym": "P"}).status_code == 201
    finally:
        proxy.close()


def test_an_empty_schema_is_not_ready(postgres: PostgresServer) -> None:
    url = postgres.create_database(f"empty_{uuid.uuid4().hex}")
    with run_service(url) as service:
        with pytest.raises(TimeoutError):
            wait_until_ready(service.client, seconds=3)

        migrate(url)

        wait_until_ready(service.client)


@pytest.mark.parametrize("victim", ["service", "database"])
def test_no_acknowledged_answer_is_lost_by_a_kill(victim: str) -> None:
    with TemporaryDirectory(prefix="questionnaire-kill-") as folder:
        server = PostgresServer(Path(folder))
        server.create()
        server.start()
        try:
            url = server.create_database("questionnaire")
            migrate(url)
            with run_service(url) as service:
                wait_until_ready(service.client)
                session = new_session(service.client)

                with ThreadPoolExecutor(8) as threads:
                    pending = [
                        threads.submit(save_until_it_fails, service.client, session, item) for item in range(1, 9)
                    ]
                    time.sleep(0.5)
                    if victim == "service":
                        service.process.send_signal(signal.SIGKILL)
                    else:
                        server.kill()
                    acknowledged = dict(future.result() for future in pending)

                if victim == "database":
                    server.start()
                    wait_until_ready(service.client)
                with psycopg.connect(url) as connection:
                    rows = connection.execute("SELECT item, revision FROM answer").fetchall()
        finally:
            server.stop()

    stored: dict[int, int] = dict(rows)
    assert all(revision > 1 for revision in acknowledged.values())
    assert {item for item, revision in acknowledged.items() if stored.get(item, 0) < revision} == set()


def save_until_it_fails(client: httpx.Client, session: str, item: int) -> tuple[int, int]:
    """Correct one answer again and again; return the last revision that was acknowledged."""
    revision = 0
    while True:
        body = {"value": 1 + revision % 4}
        try:
            response = client.put(f"/api/v1/sessions/{session}/answers/{item}", json=body)
        except httpx.TransportError:
            return item, revision
        if response.status_code != 200:
            return item, revision
        revision = response.json()["revision"]


def test_idle_connections_that_the_server_ended_cost_no_request(client: httpx.Client, database_url: str) -> None:
    session = new_session(client)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: client.get(f"/api/v1/sessions/{session}"), range(50)))

    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'questionnaire' AND state = 'idle'"
        ).fetchall()
        ended = [pid for pid, _ in rows]
        while connection.execute("SELECT 1 FROM pg_stat_activity WHERE pid = ANY(%s)", (ended,)).fetchall():
            connection.rollback()

    assert ended
    assert [client.get(f"/api/v1/sessions/{session}").status_code for _ in range(10)] == [200] * 10


def test_termination_drops_no_request(database_url: str) -> None:
    with run_service(database_url) as service:
        wait_until_ready(service.client)
        session = new_session(service.client)
        enough = threading.Event()

        with ThreadPoolExecutor(8) as threads:
            pending = [threads.submit(read_until, enough, service.client, session) for _ in range(8)]
            time.sleep(0.5)
            service.process.send_signal(signal.SIGTERM)
            while service.client.get("/health/ready").status_code == 200:
                time.sleep(0.05)
            # From here on a load balancer would send nothing more.
            enough.set()
            counts = [future.result() for future in pending]
        service.process.wait(30)

    assert all(answered > 0 for answered, _ in counts)
    assert sum(dropped for _, dropped in counts) == 0


def read_until(enough: threading.Event, template: httpx.Client, session: str) -> tuple[int, int]:
    """Ask on a fresh connection each time; return how many requests were answered and how many were dropped."""
    answered = dropped = 0
    while not enough.is_set():
        with httpx.Client(base_url=template.base_url, headers=template.headers, timeout=10) as client:
            try:
                ok = client.get(f"/api/v1/sessions/{session}").status_code == 200
            except httpx.TransportError:
                ok = False
        answered += ok
        dropped += not ok
    return answered, dropped
