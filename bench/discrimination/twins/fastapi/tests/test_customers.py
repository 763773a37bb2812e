"""What a person can ask for."""

from httpx import AsyncClient
from test_bookings import registered


async def test_an_erased_customer_cannot_be_exported(client: AsyncClient) -> None:
    customer = await registered(client)

    erased = await client.delete(f"/api/v1/customers/{customer}")
    shown = await client.get(f"/api/v1/customers/{customer}/export")

    assert erased.status_code == 204
    assert shown.status_code == 404


async def test_an_export_holds_the_consent(client: AsyncClient) -> None:
    customer = await registered(client)

    shown = await client.get(f"/api/v1/customers/{customer}/export")

    assert shown.json()["consents"][0]["purpose"] == "booking"
