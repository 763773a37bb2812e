"""The administration asks for a second factor."""

from django.contrib.admin.apps import AdminConfig


class SurveyAdminConfig(AdminConfig):
    """Django's administration behind one-time passwords."""

    default_site = "django_otp.admin.OTPAdminSite"
