"""Django projects: paths through includes and routers, tables and columns of models, variables of settings modules."""

from repository import gathered, inspected
from roadworthy.model.detail.environment import EnvironmentRead
from roadworthy.model.detail.table import ForeignKey, TableDefined
from roadworthy.model.facts import Facts
from roadworthy.model.symbol import Kind

_DOCKERFILE = """FROM python:3.12-slim
WORKDIR /app
COPY . .
HEALTHCHECK CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000{probe}')"
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000"]
"""
_SETTINGS = """import environ
env = environ.Env(DEBUG=(bool, False))
SECRET_KEY = env("SECRET_KEY")
DEBUG = env("DEBUG")
DATABASES = {"default": env.db()}
ROOT_URLCONF = "config.urls"
"""
_URLS = """from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from rest_framework.routers import DefaultRouter
from survey import views
router = DefaultRouter()
router.register("surveys", views.Surveys)
urlpatterns = [
    path("api/", include(router.urls)),
    path("answers/", include(("survey.urls", "survey"))),
    path("", include("django_prometheus.urls")),
    path("health/ready/", views.ready),
] + static(settings.MEDIA_URL)
"""
_MODELS = """from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
class Stamped(models.Model):
    created_at = models.DateTimeField()
    class Meta:
        abstract = True
class Member(AbstractUser):
    phone = models.CharField(max_length=20)
class Answer(Stamped):
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    email = models.EmailField()
    tags = models.ManyToManyField("Tag")
class Tag(models.Model):
    name = models.CharField(max_length=20, db_column="label")
    class Meta:
        db_table = "tags"
"""


def _project(probe: str = "/health/ready/", **changed: str) -> dict[str, str]:
    return {
        "Dockerfile": _DOCKERFILE.replace("{probe}", probe),
        "requirements.txt": "django==5.2\n",
        "config/settings.py": _SETTINGS,
        "config/urls.py": _URLS,
        "config/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
        "survey/__init__.py": "",
        "survey/urls.py": 'from django.urls import path\nfrom . import views\nurlpatterns = [path("<int:pk>/", views.answer)]\n',
        "survey/views.py": "def ready(request): ...\ndef answer(request, pk): ...\nclass Surveys: ...\n",
        "survey/models.py": _MODELS,
        **changed,
    }


def _columns(facts: Facts) -> dict[str, tuple[str, ...]]:
    return {str(s.name): s.detail.columns for s in facts.definitions(Kind.TABLE) if isinstance(s.detail, TableDefined)}


def test_probes_are_looked_up_through_includes_and_routers() -> None:
    for probe in ("/health/ready/", "/api/surveys/", "/answers/7/", "/metrics"):
        assert inspected(_project(probe), only="monitoring/unserved-probe").outcome == "passed", probe

    (finding,) = inspected(_project("/health/redy/"), only="monitoring/unserved-probe").findings
    assert finding.related[0].at.path == "config/urls.py"


def test_tables_are_named_after_application_and_class_with_what_they_inherit() -> None:
    columns = _columns(gathered(_project()))

    assert set(columns) == {"survey_member", "survey_answer", "tags"}
    assert columns["survey_answer"] == ("id", "member_id", "email", "created_at")
    assert {"email", "password", "phone"} <= set(columns["survey_member"])
    assert columns["tags"] == ("id", "label")


def test_a_key_to_the_user_model_leads_to_the_projects_own_user() -> None:
    facts = gathered(_project())
    (key,) = [s.detail for s in facts.references(Kind.COLUMN) if isinstance(s.detail, ForeignKey)]

    assert (key.table, key.column, key.target, key.on_delete) == ("survey_answer", "member_id", "User", "cascade")


def test_variables_with_a_declared_default_are_optional_and_unnamed_urls_have_their_usual_name() -> None:
    production = 'from .settings import *\nSENTRY_DSN = env("SENTRY_DSN")\n'
    facts = gathered(_project(**{"config/production.py": production}))
    required = {
        str(s.name): s.detail.required
        for s in facts.references(Kind.ENVIRONMENT)
        if isinstance(s.detail, EnvironmentRead)
    }

    assert required == {"SECRET_KEY": True, "DEBUG": False, "DATABASE_URL": True, "SENTRY_DSN": True}


def test_a_pydantic_class_of_a_models_module_is_no_table() -> None:
    other = "from pydantic import BaseModel\nfrom django.db import connection\nclass Row(BaseModel):\n    email: str\n"

    assert "survey_row" not in _columns(gathered(_project(**{"survey/models/row.py": other})))
