"""What a participant may do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from surveys.models import Answer, AuditEntry, Participant, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited() -> Participant:
    survey = Survey.objects.create(title="Lunch", ends_at=timezone.now() + timedelta(days=7))
    survey.questions.create(position=1, text="How was it?")
    return Participant.objects.create(survey=survey, email="alan@example.org")


def put_answer(client: Client, participant: Participant) -> int:
    path = f"/api/participants/{participant.token}/answers/1"
    return client.put(path, {"value": "good"}, content_type="application/json").status_code


def consent(client: Client, participant: Participant) -> int:
    path = f"/api/participants/{participant.token}/consent"
    return client.post(path, {"text_version": "4"}, content_type="application/json").status_code


def test_without_a_consent_nothing_is_stored(client: Client, invited: Participant) -> None:
    status = put_answer(client, invited)

    assert status == 409
    assert not Answer.objects.exists()


def test_an_answer_is_stored_once(client: Client, invited: Participant) -> None:
    assert consent(client, invited) == 201

    statuses = [put_answer(client, invited), put_answer(client, invited)]

    assert statuses == [204, 204]
    assert Answer.objects.count() == 1


def test_an_erased_participant_leaves_a_digest_only(client: Client, invited: Participant) -> None:
    erased = client.delete(f"/api/participants/{invited.token}")

    assert erased.status_code == 204
    assert not Participant.objects.exists()
    assert AuditEntry.objects.get().action == "erase"


def test_an_unknown_token_finds_nobody(client: Client) -> None:
    answer = client.get(f"/api/participants/{uuid4()}")

    assert answer.status_code == 404
