"""Customers: created with their consent, shown and erased on request."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, status
from pydantic import BaseModel, Field
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from appointments.database import session
from appointments.guard import authenticated, within_limit
from appointments.models import AuditEntry, Booking, Consent, Customer

router = APIRouter(prefix="/customers", dependencies=[Depends(within_limit)])
Session = Annotated[AsyncSession, Depends(session)]
Actor = Annotated[str, Depends(authenticated)]


class NewCustomer(BaseModel):
    """A person who booked for the first time."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=320)
    name: str = Field(min_length=1, max_length=200)
    consent_text_version: str = Field(min_length=1, max_length=20)


def digest(customer_id: UUID) -> str:
    """Return what the audit trail keeps of a person."""
    return hashlib.sha256(customer_id.bytes).hexdigest()


@router.post("", status_code=status.HTTP_201_CREATED)
async def register(new: NewCustomer, database: Session, actor: Actor) -> dict[str, UUID]:
    """Store a person together with the consent."""
    customer = Customer(email=new.email, name=new.name)
    database.add(customer)
    await database.flush()
    database.add(Consent(customer_id=customer.id, purpose="booking", text_version=new.consent_text_version))
    database.add(AuditEntry(actor=actor, action="register", subject_digest=digest(customer.id)))
    return {"id": customer.id}


@router.get("/{customer_id}/export")
async def export(customer_id: UUID, database: Session, actor: Actor) -> dict[str, object]:
    """Return everything stored about a person."""
    customer = await database.get(Customer, customer_id)
    if customer is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "there is no such customer")
    bookings = await database.scalars(select(Booking).where(Booking.customer_id == customer_id))
    consents = await database.scalars(select(Consent).where(Consent.customer_id == customer_id))
    database.add(AuditEntry(actor=actor, action="export", subject_digest=digest(customer_id)))
    return {
        "customer": {"email": customer.email, "name": customer.name, "created_at": customer.created_at},
        "bookings": [{"room": row.room, "starts_at": row.starts_at} for row in bookings],
        "consents": [{"purpose": row.purpose, "given_at": row.given_at} for row in consents],
    }


@router.delete("/{customer_id}", status_code=status.HTTP_204_NO_CONTENT)
async def erase(customer_id: UUID, database: Session, actor: Actor) -> None:
    """Erase a person everywhere; the audit entry is what a restore reads to erase the person again."""
    await database.execute(delete(Booking).where(Booking.customer_id == customer_id))
    await database.execute(delete(Consent).where(Consent.customer_id == customer_id))
    await database.execute(delete(Customer).where(Customer.id == customer_id))
    database.add(AuditEntry(actor=actor, action="erase", subject_digest=digest(customer_id)))
