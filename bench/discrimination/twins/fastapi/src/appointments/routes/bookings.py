"""Bookings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from appointments.calendar import announce
from appointments.database import session
from appointments.guard import authenticated, within_limit
from appointments.metrics import BOOKINGS
from appointments.models import Booking

router = APIRouter(prefix="/bookings", dependencies=[Depends(within_limit), Depends(authenticated)])
Session = Annotated[AsyncSession, Depends(session)]


class Wish(BaseModel):
    """What a customer wants."""

    customer_id: UUID
    room: str = Field(min_length=1, max_length=50)
    starts_at: AwareDatetime


class Booked(BaseModel):
    """What a customer got."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    customer_id: UUID
    room: str
    starts_at: datetime


@router.post("", status_code=status.HTTP_201_CREATED)
async def book(wish: Wish, database: Session) -> Booked:
    """Store a booking; a taken room is a conflict."""
    booking = Booking(customer_id=wish.customer_id, room=wish.room, starts_at=wish.starts_at)
    database.add(booking)
    try:
        await database.flush()
    except IntegrityError as problem:
        BOOKINGS.labels(outcome="conflict").inc()
        raise HTTPException(status.HTTP_409_CONFLICT, "the room is taken, or the customer unknown") from problem
    BOOKINGS.labels(outcome="booked").inc()
    await announce(booking.id, booking.room)
    return Booked.model_validate(booking)


@router.get("")
async def bookings(
    database: Session,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[Booked]:
    """Return one page of the bookings, the earliest first."""
    query = select(Booking).order_by(Booking.starts_at, Booking.id).limit(limit).offset(offset)
    return [Booked.model_validate(row) for row in await database.scalars(query)]


@router.get("/{booking_id}")
async def booking(booking_id: UUID, database: Session) -> Booked:
    """Return one booking."""
    found = await database.get(Booking, booking_id)
    if found is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such booking")
    return Booked.model_validate(found)
