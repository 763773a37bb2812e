"""The tables."""

from uuid import uuid4

from django.db import models


class Survey(models.Model):
    """What is asked."""

    title = models.CharField(max_length=200)
    ends_at = models.DateTimeField(db_index=True)
    closed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question of one survey."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "position"], name="one_question_per_position")]

    def __str__(self) -> str:
        return self.text


class Participant(models.Model):
    """A person who answers, known by a token that only the person has."""

    token = models.UUIDField(default=uuid4, unique=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="participants")
    email = models.EmailField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "email"], name="one_invitation_per_person")]

    def __str__(self) -> str:
        return str(self.token)


class Consent(models.Model):
    """What a participant agreed to, and when."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="consents")
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text_version


class Answer(models.Model):
    """What a participant answered."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    value = models.CharField(max_length=2000)
    answered_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participant", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return self.value[:50]


class AuditEntry(models.Model):
    """Who did what; kept when a participant is erased, and without personal data."""

    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=50)
    subject_digest = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.action


class BackupRun(models.Model):
    """A backup that was stored and checked; written by infra/backup/backup.sh."""

    finished_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "backup_run"

    def __str__(self) -> str:
        return self.finished_at.isoformat()
