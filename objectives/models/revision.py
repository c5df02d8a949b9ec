"""A revision: one step in the life of a campaign, with who took it, when, and what the campaign then was."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from objectives.models.campaign import Campaign


class Action(models.TextChoices):
    """What was done."""

    CREATED = "created", pgettext_lazy("a step", "created")
    IMPORTED = "imported", _("imported")
    CHANGED = "changed", _("changed")
    PROPOSED = "proposed", _("change proposed")
    UNDONE = "undone", _("change undone")
    SUBMITTED = "submitted", _("submitted for approval")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("sent back")
    STARTED = "started", _("put into force")
    PAUSED = "paused", _("paused")
    GUARDED = "guarded", _("paused by its guardrail")
    RESUMED = "resumed", _("resumed")
    ENDED = "ended", _("ended")
    REOPENED = "reopened", _("reopened as a draft")


class CampaignRevision(models.Model):
    """One step."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="revisions", verbose_name=_("campaign"))
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    # A person's name, a key's visible prefix, or empty for the platform itself; kept when the person is gone.
    actor = models.CharField(_("by"), max_length=150, blank=True)
    action = models.CharField(_("action"), max_length=9, choices=Action)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    # What the campaign then was, or, of a proposal, would become; see `objectives.campaign_documents`.
    document = models.JSONField()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["campaign", "-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.number}"
