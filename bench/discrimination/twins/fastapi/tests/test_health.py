"""Probes and metrics."""

from httpx import AsyncClient

from appointments.purge import purge


async def test_the_service_is_ready_with_its_database(client: AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["database"] == "up"


async def test_requests_are_counted(client: AsyncClient) -> None:
    await client.get("/livez")

    answer = await client.get("/metrics")

    assert 'appointments_requests_total{method="GET",route="/livez",status="200"}' in answer.text


async def test_a_purge_leaves_young_bookings(client: AsyncClient) -> None:
    await purge()

    answer = await client.get("/api/v1/bookings")

    assert answer.json() == []
