"""Probes and metrics; neither limited nor authenticated, and not routed from outside."""

import asyncio
import logging

from fastapi import APIRouter, Response, status
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from appointments.database import ping
from appointments.metrics import DATABASE_UP

log = logging.getLogger(__name__)
router = APIRouter()


@router.get("/livez")
async def live() -> dict[str, str]:
    """Say that the process answers; asks nobody else."""
    return {"status": "alive"}


@router.get("/readyz")
async def ready(response: Response) -> dict[str, str]:
    """Say whether requests can be served now: the database must answer within two seconds."""
    try:
        async with asyncio.timeout(2):
            await ping()
    except (SQLAlchemyError, TimeoutError):
        log.warning("not ready: the database does not answer")
        DATABASE_UP.set(0)
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return {"status": "unready", "database": "down"}
    DATABASE_UP.set(1)
    return {"status": "ready", "database": "up"}


@router.get("/metrics")
async def metrics() -> Response:
    """Answer Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
