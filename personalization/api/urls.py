"""Addresses of personalization below /api/v1/, those of campaigns included: their conditions speak of markers."""

from django.urls import path

from personalization.api.campaign_files import ExportView, ImportView
from personalization.api.campaign_life import RevisionsView, StepsView, UndoView
from personalization.api.campaign_previews import ConflictsView, HindsightView, PreviewView
from personalization.api.campaign_verdicts import VerdictView
from personalization.api.campaigns import CampaignsView, CampaignView
from personalization.api.decisions import DecisionView
from personalization.api.events import EventsView
from personalization.api.listings import ListingsView
from personalization.api.recommendations import RecommendationsView
from personalization.api.rules import RulesView, RuleView

urlpatterns = [
    path("events", EventsView.as_view(), name="events"),
    path("recommendations", RecommendationsView.as_view(), name="recommendations"),
    path("listings", ListingsView.as_view(), name="listings"),
    path("decisions/<uuid:decision_id>", DecisionView.as_view(), name="decision"),
    path("campaigns", CampaignsView.as_view(), name="campaigns"),
    path("campaigns/preview", PreviewView.as_view(), name="campaign-preview"),
    path("campaigns/hindsight", HindsightView.as_view(), name="campaign-hindsight"),
    path("campaigns/export", ExportView.as_view(), name="campaigns-export"),
    path("campaigns/import", ImportView.as_view(), name="campaigns-import"),
    path("campaigns/<int:campaign_id>", CampaignView.as_view(), name="campaign"),
    path("campaigns/<int:campaign_id>/steps", StepsView.as_view(), name="campaign-steps"),
    path("campaigns/<int:campaign_id>/revisions", RevisionsView.as_view(), name="campaign-revisions"),
    path("campaigns/<int:campaign_id>/undo", UndoView.as_view(), name="campaign-undo"),
    path("campaigns/<int:campaign_id>/conflicts", ConflictsView.as_view(), name="campaign-conflicts"),
    path("campaigns/<int:campaign_id>/verdict", VerdictView.as_view(), name="campaign-verdict"),
    path("rules", RulesView.as_view(), name="rules"),
    path("rules/<int:rule_id>", RuleView.as_view(), name="rule"),
]
