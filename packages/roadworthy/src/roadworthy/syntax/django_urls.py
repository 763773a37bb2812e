"""What the URL modules of packages serve that Django projects include, below the prefix they are included under.

Sources: the `urls.py` of each package in the version named.
"""

# Path below the prefix; `**` for anything.
PROVIDED: dict[str, tuple[str, ...]] = {
    "django_prometheus.urls": ("/metrics",),  # 2.3
    "health_check.urls": ("/", "/*/"),  # django-health-check 3.18
    "watchman.urls": ("/", "/dashboard/", "/ping/"),  # django-watchman 1.3
    "django.contrib.auth.urls": (  # Django 5.2
        "/login/",
        "/logout/",
        "/password_change/**",
        "/password_reset/**",
        "/reset/**",
    ),
    "rest_framework.urls": ("/login/", "/logout/"),  # djangorestframework 3.16
    "django.conf.urls.i18n": ("/setlang/",),  # Django 5.2
    "debug_toolbar.urls": ("/render_panel/", "/sql_*/", "/template_source/", "/history_*/"),  # 5.0
    "silk.urls": ("/**",),
}
# Lists of patterns that serve nothing in production: both return an empty list unless DEBUG is set.
DEBUG_ONLY = frozenset(
    {"django.conf.urls.static.static", "django.contrib.staticfiles.urls.staticfiles_urlpatterns", "static"}
)
ROUTERS = {
    "rest_framework.routers.DefaultRouter": True,
    "rest_framework.routers.SimpleRouter": False,
}
"""Django REST framework's routers, and whether they serve a list of what they hold at their root."""
