"""Addresses of personalization below /api/v1/."""

from django.urls import path

from personalization.api.decisions import DecisionView
from personalization.api.events import EventsView
from personalization.api.listings import ListingsView
from personalization.api.recommendations import RecommendationsView

urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("recommendations", RecommendationsView.as_view(), name="recommendations"),
    path("listings", ListingsView.as_view(), name="listings"),
    path("decisions/<uuid:decision_id>", DecisionView.as_view(), name="decision"),
]
