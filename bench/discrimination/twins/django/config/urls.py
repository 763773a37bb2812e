"""The addresses."""

from django.contrib import admin
from django.urls import include, path

from surveys import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
    path("api/", include("surveys.urls")),
    path("", include("django_prometheus.urls")),
]
