"""What the administration shows."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from surveys.models import AuditEntry, Question, Survey
from surveys.tasks import export


class QuestionInline(admin.TabularInline):
    """The questions below their survey."""

    model = Question
    extra = 1


@admin.register(Survey)
class SurveyAdmin(admin.ModelAdmin):
    """Surveys with their questions."""

    list_display = ("title", "ends_at", "closed")
    list_per_page = 50
    inlines = (QuestionInline,)
    actions = ("export_answers",)

    @admin.action(description="Export the answers")
    def export_answers(self, request: HttpRequest, queryset: QuerySet[Survey]) -> None:
        for survey in queryset:
            export.delay(survey.pk)
            AuditEntry.objects.create(actor=request.user.get_username(), action="export", subject_digest="")
        self.message_user(request, "The exports are being written.")
