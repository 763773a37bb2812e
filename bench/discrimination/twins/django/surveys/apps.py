"""The application."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Surveys."""

    name = "surveys"

    def ready(self) -> None:
        """Offer the age of the last backup to Prometheus."""
        from surveys.metrics import register

        register()
