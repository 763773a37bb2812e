"""What Prometheus can ask beside what django-prometheus offers."""

import logging
from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

log = logging.getLogger(__name__)

ANSWERS = Counter("surveys_answers_total", "Answers by what became of them.", ["outcome"])


class BackupAge(Collector):
    """The time of the last backup, asked of the database at each scrape."""

    def describe(self) -> list[GaugeMetricFamily]:
        return [GaugeMetricFamily("surveys_backup_last_success_timestamp_seconds", "When the last backup was stored.")]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from surveys.models import BackupRun

        try:
            last = BackupRun.objects.order_by("-finished_at").first()
        except DatabaseError:
            log.warning("the time of the last backup is not known: the database does not answer")
            return
        if last is not None:
            family = GaugeMetricFamily(
                "surveys_backup_last_success_timestamp_seconds", "When the last backup was stored."
            )
            family.add_metric([], last.finished_at.timestamp())
            yield family


def register() -> None:
    """Offer the collector."""
    REGISTRY.register(BackupAge())
