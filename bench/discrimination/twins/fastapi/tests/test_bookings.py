"""Bookings through the interface."""

from httpx import AsyncClient


async def registered(client: AsyncClient) -> str:
    answer = await client.post(
        "/api/v1/customers", json={"email": "ada@example.org", "name": "Ada", "consent_text_version": "2"}
    )
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_a_booking_can_be_read_back(client: AsyncClient) -> None:
    wish = {"customer_id": await registered(client), "room": "blue", "starts_at": "2030-01-01T10:00:00Z"}

    created = await client.post("/api/v1/bookings", json=wish)
    read = await client.get(f"/api/v1/bookings/{created.json()['id']}")

    assert created.status_code == 201
    assert read.json()["room"] == "blue"


async def test_a_taken_room_is_a_conflict(client: AsyncClient) -> None:
    wish = {"customer_id": await registered(client), "room": "blue", "starts_at": "2030-01-01T10:00:00Z"}
    await client.post("/api/v1/bookings", json=wish)

    again = await client.post("/api/v1/bookings", json=wish)

    assert again.status_code == 409


async def test_without_the_token_nothing_is_told(client: AsyncClient) -> None:
    answer = await client.get("/api/v1/bookings", headers={"Authorization": "Bearer wrong"})

    assert answer.status_code == 401
