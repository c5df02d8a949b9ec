"""Addresses of objectives below /api/v1/; those of campaigns are personalization's, which knows the markers."""

from django.urls import path

from objectives.api.zones import ZonesView, ZoneView

urlpatterns = [
    path("zones", ZonesView.as_view(), name="zones"),
    path("zones/<slug:slug>", ZoneView.as_view(), name="zone"),
]
