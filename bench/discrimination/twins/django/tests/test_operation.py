"""Probes, metrics and what the worker does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from surveys.models import BackupRun, Survey
from surveys.tasks import close_ended

pytestmark = pytest.mark.django_db


def test_the_service_is_ready_with_its_database(client: Client) -> None:
    answer = client.get("/healthz/ready")

    assert answer.json() == {"status": "ready", "database": "up"}


def test_the_last_backup_is_told(client: Client) -> None:
    BackupRun.objects.create()

    answer = client.get("/metrics")

    assert b"surveys_backup_last_success_timestamp_seconds" in answer.content


def test_ended_surveys_are_closed() -> None:
    Survey.objects.create(title="Over", ends_at=timezone.now() - timedelta(days=1))

    assert close_ended() == 1
    assert Survey.objects.get().closed
