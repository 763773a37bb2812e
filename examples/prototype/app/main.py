"""A prototype that works on its author's machine."""

import os
import time

from fastapi import FastAPI
from prometheus_client import Counter, Histogram, make_asgi_app

DATABASE_URL = os.environ["DATABASE_URL"]
MAIL_TOKEN = os.environ["MAIL_TOKEN"]

ORDERS = Counter("shop_orders_total", "Orders taken.", ["outcome"])
DURATION = Histogram("shop_request_duration_seconds", "Time to answer.")

app = FastAPI()
app.mount("/metrics", make_asgi_app())


@app.get("/healthz")
def health() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@app.post("/orders")
async def order() -> dict[str, str]:
    """Take an order."""
    with DURATION.time():
        time.sleep(0.1)
        ORDERS.labels("accepted").inc()
    return {"status": "accepted"}
