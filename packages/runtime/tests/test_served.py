"""What only a real server shows: the wire, the output, and what happens when nobody reads it."""

import httpx
import pytest

from served import serve

SECRET = "canary-7f3a91c0"
IN_QUERY = "canary-55ae0b17"


async def test_every_answer_carries_the_request_id_and_every_line_is_json() -> None:
    async with serve(TOKEN=SECRET) as served, served.client() as client:
        served.read_on()
        ids = {"x-request-id": "caller-id-0001"}
        answers = [
            await client.get("/slow?seconds=0&password=" + IN_QUERY, headers=ids),
            await client.get("/nothing", headers=ids),
            await client.delete("/slow", headers=ids),
            await client.post("/v1/sessions/a/answers", json={"number": SECRET}, headers=ids),
            await client.post("/v1/sessions/a/answers", json={"number": 3}, headers=ids),
            await client.get("/v1/sessions/a/conflict", headers=ids),
            await client.get("/boom", headers=ids),
            await client.get("/later", headers=ids),
            await client.get("/stream", headers=ids),
            await client.get("/health/live", headers=ids),
        ]
        served.terminate()
        await served.ended()

    assert [answer.status_code for answer in answers] == [200, 404, 405, 422, 200, 409, 500, 200, 200, 200]
    assert all(answer.headers.get_list("x-request-id") == ["caller-id-0001"] for answer in answers)
    assert not any(SECRET in answer.text for answer in answers)
    assert served.plain == []
    assert SECRET not in str(served.lines)
    assert IN_QUERY not in str(served.lines)
    access = [line for line in served.lines if line["logger"] == "roadworthy.access"]
    assert [line["status"] for line in access] == [200, 404, 405, 422, 200, 409, 500, 200, 200]
    assert {line["request_id"] for line in access} == {"caller-id-0001"}
    own = next(line for line in served.lines if line["message"] == "answer saved")
    assert (own["request_id"], own["number"], own["service"]) == ("caller-id-0001", 3, "sample")
    errors = [line for line in served.lines if line["message"] == "unhandled error"]
    assert [line["error"] for line in errors] == [
        "RuntimeError: cannot reach the store with [redacted]",
        "RuntimeError: the task broke",
    ]
    assert all("sample_service.py" in line["stack"] for line in errors)
    assert {line["logger"] for line in served.lines} >= {"uvicorn.error", "sample_service"}


async def test_stream_that_breaks_is_cut_and_logged() -> None:
    async with serve() as served, served.client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/stream", params={"fails": True})

        line = await served.wait_for("unhandled error")

    assert line["error"] == "RuntimeError: the stream broke"
    assert line["request_id"]


async def test_output_nobody_reads_does_not_stop_the_service() -> None:
    async with serve() as served, served.client() as client:
        assert (await client.get("/shout", params={"lines": 10_000})).status_code == 200
        answers = [(await client.get("/slow", params={"seconds": 0})).status_code for _ in range(200)]
        live = await client.get("/health/live")
        page = (await client.get("/metrics")).text
        served.terminate()
        code = await served.gone()

    assert set(answers) == {200}
    assert live.status_code == 200
    dropped = next(line for line in page.splitlines() if line.startswith("log_lines_dropped_total "))
    assert int(dropped.split()[1]) > 1000
    assert code == -15


@pytest.mark.parametrize("database", ["hangs", "refuses"])
async def test_broken_dependency_turns_readiness_red_without_slowing_any_probe(database: str) -> None:
    async with serve(SAMPLE_DATABASE=database) as served, served.client() as client:
        await served.wait_for("dependency is down")
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")
        page = (await client.get("/metrics")).text

        assert (ready.status_code, live.status_code) == (503, 200)
        assert "canary" not in ready.text + page + str(served.lines)
        assert 'dependency_up{dependency="database"} 0' in page


async def test_several_workers_drain_too() -> None:
    async with serve("sample_service:app", "--workers", "2", SAMPLE_LINGER_SECONDS="0") as served:
        await served.wait_for("dependency is up")
        served.terminate()

        await served.ended()

    assert any(line["message"] == "draining" for line in served.lines)


async def test_wrong_configuration_stops_the_server_with_78() -> None:
    with pytest.raises(AssertionError, match="configuration: 1 setting is wrong"):
        async with serve("refused_service:app"):
            pass
