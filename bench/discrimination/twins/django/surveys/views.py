"""What a participant may do; the token in the address is the credential, as in the invitation's link."""

import hashlib
import json
import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.decorators import ratelimit

from surveys.metrics import ANSWERS
from surveys.models import Answer, AuditEntry, Consent, Participant


def digest(token: uuid.UUID) -> str:
    """Return what the audit trail keeps of a participant."""
    return hashlib.sha256(token.bytes).hexdigest()


@csrf_exempt  # The token in the address is the credential; no cookie is read.
@ratelimit(key="surveys.limits.client_address", rate="60/m", block=True)
@require_http_methods(["GET", "DELETE"])
def participant(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Show everything stored about a participant, or erase it."""
    found = get_object_or_404(Participant, token=token)
    if request.method == "DELETE":
        with transaction.atomic():
            Answer.objects.filter(participant=found).delete()
            Consent.objects.filter(participant=found).delete()
            found.delete()
            AuditEntry.objects.create(actor="participant", action="erase", subject_digest=digest(token))
        return HttpResponse(status=204)
    answers = found.answers.select_related("question").order_by("question__position")
    return JsonResponse(
        {
            "email": found.email,
            "consents": list(found.consents.values("text_version", "given_at")),
            "answers": [{"position": row.question.position, "value": row.value} for row in answers],
        }
    )


@csrf_exempt
@ratelimit(key="surveys.limits.client_address", rate="60/m", block=True)
@require_POST
def consent(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Record a consent."""
    found = get_object_or_404(Participant, token=token)
    try:
        version = str(json.loads(request.body)["text_version"])[:20]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "text_version is missing"}, status=422)
    Consent.objects.create(participant=found, text_version=version)
    AuditEntry.objects.create(actor="participant", action="consent", subject_digest=digest(token))
    return HttpResponse(status=201)


@csrf_exempt
@ratelimit(key="surveys.limits.client_address", rate="60/m", block=True)
@require_http_methods(["PUT"])
def answer(request: HttpRequest, token: uuid.UUID, position: int) -> HttpResponse:
    """Store an answer; without a consent nothing is stored."""
    found = get_object_or_404(Participant.objects.select_related("survey"), token=token)
    if found.survey.closed or not found.consents.exists():
        ANSWERS.labels(outcome="refused").inc()
        return JsonResponse({"error": "the survey is closed, or the consent is missing"}, status=409)
    question = get_object_or_404(found.survey.questions, position=position)
    try:
        value = str(json.loads(request.body)["value"])[:2000]
    except (ValueError, KeyError, TypeError):
        ANSWERS.labels(outcome="invalid").inc()
        return JsonResponse({"error": "value is missing"}, status=422)
    Answer.objects.update_or_create(participant=found, question=question, defaults={"value": value})
    ANSWERS.labels(outcome="stored").inc()
    return HttpResponse(status=204)
