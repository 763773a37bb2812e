"""What the worker does."""

import csv
import io
import logging
from datetime import timedelta

from celery import shared_task
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from surveys.models import Answer, Survey

RETENTION = timedelta(days=3 * 365)
log = logging.getLogger(__name__)


@shared_task
def close_ended() -> int:
    """Close the surveys that have ended."""
    closed = Survey.objects.filter(closed=False, ends_at__lt=timezone.now()).update(closed=True)
    log.info("closed %d surveys", closed)
    return closed


@shared_task
def delete_old_answers() -> int:
    """Delete answers that are older than the retention time."""
    deleted, _ = Answer.objects.filter(answered_at__lt=timezone.now() - RETENTION).delete()
    log.info("deleted %d answers", deleted)
    return deleted


@shared_task(autoretry_for=(OSError,), max_retries=3, retry_backoff=True, retry_backoff_max=60, retry_jitter=True)
def export(survey_id: int) -> str:
    """Write the answers of a survey, without persons, into the bucket of exports; the same name each time."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["position", "value"])
    rows = Answer.objects.filter(question__survey_id=survey_id).values_list("question__position", "value")
    writer.writerows(rows.order_by("question__position", "id").iterator(chunk_size=1000))
    name = f"exports/survey-{survey_id}.csv"
    default_storage.delete(name)
    return default_storage.save(name, ContentFile(text.getvalue().encode()))
