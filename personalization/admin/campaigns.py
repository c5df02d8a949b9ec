"""Campaigns: what a merchandiser orders, seen on recent visits before it is saved, its life, and its history."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.admin.scoping import may
from catalog.models import Right, Store
from objectives import lifecycle
from objectives.campaign_documents import tell_campaign
from objectives.campaign_history import go_back
from objectives.campaign_reading import Document, InvalidCampaignError, read_campaign
from objectives.lifecycle import Actor, StepRefusedError, steps_of
from objectives.models import Action, Campaign, CampaignRevision
from personalization.admin import campaign_page
from personalization.admin.campaign_exchange import CampaignExchange
from personalization.admin.campaign_form import CampaignForm
from personalization.admin.campaign_list import TEMPLATES, preset_cards
from personalization.admin.campaign_presets import PRESETS, begun
from personalization.admin.campaign_trials import CampaignTrials
from personalization.admin.campaign_verdict import verdict_in_words
from personalization.admin.scope import chosen_store, visible_stores
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.verdicts import verdict_of

_NAMES: Final = "objectives_campaign"


@admin.register(Campaign)
class CampaignAdmin(CampaignTrials, CampaignExchange):
    """A saved change governs the next answer of every process."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of what never governed: the rest has a history."""
        return obj is not None and super().has_delete_permission(request, obj) and lifecycle.never_governed(obj)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/verdict/", view(self.verdict_view), name=f"{_NAMES}_verdict"),
            path("<int:pk>/step/", view(self.step_view), name=f"{_NAMES}_step"),
            path("<int:pk>/undo/<int:number>/", view(self.undo_view), name=f"{_NAMES}_undo"),
        ]
        return own + list(super().get_urls())

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A new campaign, from a preset, from another campaign, or from nothing."""
        store = chosen_store(request, Right.STEER)
        if store is None:
            raise PermissionDenied
        document = self._beginning(request, store)
        form = CampaignForm(request.POST or None, store=store, document=document)
        if form.is_valid():
            now, by = timezone.now(), _actor(request)
            try:
                campaign = lifecycle.create(store=store, document=form.document, by=by, now=now)
            except StepRefusedError as refused:
                form.add_error(None, str(refused.reason))
            else:
                return self._saved(request, campaign, Action(request.POST.get("then") or Action.CREATED))
        context = {
            "title": _("New campaign"),
            "presets": preset_cards(),
            "preset": request.GET.get("preset", ""),
            "stores": visible_stores(request, Right.STEER),
        }
        return self._page(request, store, form, None, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A campaign as it is, or as it would become where a change waits for a second person."""
        campaign = self.get_object(request, object_id)
        if campaign is None:
            raise Http404
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        store, latest = campaign.store, campaign.revisions.first()
        document = campaign.proposed or tell_campaign(campaign)
        form = CampaignForm(
            request.POST or None, store=store, document=document, seen=latest.number if latest else None
        )
        if request.method == "POST" and not self.has_change_permission(request, campaign):
            raise PermissionDenied
        if form.is_valid():
            try:
                saved = lifecycle.change(
                    campaign=campaign,
                    document=form.document,
                    by=_actor(request),
                    now=timezone.now(),
                    seen=form.cleaned_data["seen"],
                )
            except StepRefusedError as refused:
                form.add_error(None, str(refused.reason))
            else:
                return self._saved(request, saved, Action(request.POST.get("then") or Action.CHANGED))
        return self._page(request, store, form, campaign, {"title": campaign.name, **(extra_context or {})})

    def verdict_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the campaign and each of its rules brought or cost, against not having it."""
        campaign = self._theirs(request, pk)
        told = verdict_in_words(verdict_of(campaign=campaign, now=timezone.now()), campaign)
        return self._told(request, campaign, "verdict", told)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every step with who took it, when, and what it changed."""
        campaign = self._theirs(request, object_id)
        may_change = self.has_change_permission(request, campaign)
        told = {"steps": list(campaign_page.history(campaign)), "may_change": may_change}
        return self._told(request, campaign, "history", told)

    def step_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a step in the campaign's life."""
        campaign = self._theirs(request, pk)
        if not self.has_change_permission(request, campaign):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        action = request.POST.get("action", "")
        if action not in campaign_page.STEP_NAMES or not self._may_take(request, campaign, Action(action)):
            raise PermissionDenied
        self._take(request, campaign, Action(action), note=request.POST.get("note", "")[:1000])
        return HttpResponseRedirect(_address("change", campaign.pk))

    def undo_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Lay down again what the campaign was at a revision."""
        campaign = self._theirs(request, pk)
        if not self.has_change_permission(request, campaign):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        revision = get_object_or_404(CampaignRevision, campaign=campaign, number=number)
        try:
            go_back(revision=revision, known_markers=KNOWN_MARKERS, by=_actor(request), now=timezone.now())
        except InvalidCampaignError as refused:
            told = "; ".join(fault.detail for fault in refused.faults)
            messages.error(request, _("What it was then cannot be any more: %(why)s") % {"why": told})
        except StepRefusedError as refused:
            messages.error(request, str(refused.reason))
        else:
            messages.success(request, campaign_page.undone(Campaign.objects.get(pk=pk)))
        return HttpResponseRedirect(_address("history", campaign.pk))

    # --- What the views share -------------------------------------------------------------------------------------

    def _told(self, request: HttpRequest, campaign: Campaign, page: str, told: dict[str, Any]) -> HttpResponse:
        """A page of the campaign beside its form."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": campaign,
            "title": campaign.name,
            "tabs": campaign_page.tabs(campaign, page),
            **told,
        }
        return TemplateResponse(request, f"{TEMPLATES}/{page}.html", context)

    def _beginning(self, request: HttpRequest, store: Store) -> Document:
        """What a new campaign begins with."""
        told: dict[str, Any] = {"name": _("New campaign")}
        if (preset := PRESETS.get(request.GET.get("preset", ""))) is not None:
            told = begun(preset, store=store, now=timezone.now())
        elif copied := request.GET.get("copy", ""):
            other = self._theirs(request, copied)
            name = _("%(name)s (copy)") % {"name": other.name}
            told = tell_campaign(other) | {"name": name[:120]} if other.store_id == store.pk else told
        # Which products are pushed is still to be said: that alone may be missing at the beginning.
        scope = told.pop("scope", None)
        document = read_campaign(told, store=store, known_markers=KNOWN_MARKERS)
        return document | ({"scope": scope} if scope else {})

    def _saved(self, request: HttpRequest, campaign: Campaign, then: Action) -> HttpResponse:
        if campaign.proposed is not None:
            messages.success(
                request, _("Your change waits for a second person; until then the campaign stays as it is.")
            )
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": campaign.name})
        if then in (Action.STARTED, Action.SUBMITTED) and then in steps_of(campaign):
            self._take(request, campaign, then)
        return HttpResponseRedirect(_address("change", campaign.pk))

    def _take(self, request: HttpRequest, campaign: Campaign, action: Action, note: str = "") -> None:
        try:
            taken = lifecycle.take(campaign=campaign, action=action, by=_actor(request), now=timezone.now(), note=note)
        except StepRefusedError as refused:
            messages.error(request, str(refused.reason))
        else:
            messages.success(request, campaign_page.taken(taken, action, now=timezone.now()))

    def _may_take(self, request: HttpRequest, campaign: Campaign, action: Action) -> bool:
        right = Right.APPROVE if action in lifecycle.DECISIONS else Right.STEER
        return may(request, right, campaign.store_id)

    def _page(
        self,
        request: HttpRequest,
        store: Store,
        form: CampaignForm,
        campaign: Campaign | None,
        extra: dict[str, Any],
    ) -> HttpResponse:
        may_change = self.has_change_permission(request, campaign) if campaign else True
        steps = [step for step in steps_of(campaign) if self._may_take(request, campaign, step)] if campaign else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": campaign,
            "store": store,
            "form": form,
            "may_change": may_change,
            "may_delete": campaign is not None and self.has_delete_permission(request, campaign),
            **campaign_page.form_context(store, form, campaign, steps=steps, now=timezone.now()),
            **extra,
        }
        return TemplateResponse(request, f"{TEMPLATES}/form.html", context)


def _actor(request: HttpRequest) -> Actor:
    return Actor.person(request.user)  # type: ignore[arg-type]  # staff


def _address(page: str, *ids: object) -> str:
    return reverse(f"admin:{_NAMES}_{page}", args=ids)
