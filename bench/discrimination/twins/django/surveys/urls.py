"""The interface of participants."""

from django.urls import path

from surveys import views

urlpatterns = [
    path("participants/<uuid:token>", views.participant),
    path("participants/<uuid:token>/consent", views.consent),
    path("participants/<uuid:token>/answers/<int:position>", views.answer),
]
