"""Campaigns as files: those of a store saved as one, and one laid down as drafts, looked through first."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.admin.scoping import permitted_store
from catalog.models import Right, Store
from catalog.structures import InvalidDocumentError
from objectives.campaign_files import (
    LARGEST_FILE,
    FileTooLargeError,
    Imported,
    SameName,
    import_campaigns,
    read_file,
    tell_file,
)
from objectives.campaign_reading import Document
from objectives.lifecycle import Actor, StepRefusedError
from objectives.models import Campaign
from personalization.admin.campaign_list import TEMPLATES, CampaignList
from personalization.merchandising.rule import KNOWN_MARKERS

_NAMES: Final = "objectives_campaign"
TOLD: Final = 50  # faults of a file that are listed


class CampaignExchange(CampaignList):
    """Files out and in, store by store."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("export/<int:store_id>/", view(self.export_view), name=f"{_NAMES}_export"),
            path("import/<int:store_id>/", view(self.import_view), name=f"{_NAMES}_import"),
        ]
        return own + list(super().get_urls())

    def export_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """All campaigns of the store, as a file to be kept or taken elsewhere."""
        store = permitted_store(request, Right.SEE, store_id)
        rows = Campaign.objects.of(store).prefetch_related("zones", "objectives", "rules")
        try:
            told = tell_file(rows)
        except FileTooLargeError as refused:
            messages.error(request, str(refused.reason))
            return HttpResponseRedirect(reverse(f"admin:{_NAMES}_changelist"))
        name = f"campaigns-{store.slug}-{timezone.now():%Y-%m-%d}.json"
        return HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=1),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def import_view(self, request: HttpRequest, store_id: int) -> HttpResponse:
        """Look a file through, then lay down its campaigns as drafts: all of them, or none."""
        store = permitted_store(request, Right.STEER, store_id)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import campaigns"),
            "store": store,
            "skips": request.POST.get("same_name", SameName.SKIP) == SameName.SKIP,
        }
        if request.method == "POST":
            text = _sent(request)
            context |= {"text": text} | self._looked_through(request, store, text)
            if context.get("laid_down"):
                return HttpResponseRedirect(reverse(f"admin:{_NAMES}_changelist"))
        return TemplateResponse(request, f"{TEMPLATES}/import.html", context)

    def _looked_through(self, request: HttpRequest, store: Store, text: str) -> dict[str, Any]:
        """What is wrong with a file, or what would become of it; with `confirm` it does."""
        try:
            documents = read_file(json.loads(text), store=store, known_markers=KNOWN_MARKERS)
        except (json.JSONDecodeError, RecursionError):
            return {
                "faults": [{"pointer": "/", "detail": _("The file is not JSON, or larger than a file of campaigns.")}]
            }
        except InvalidDocumentError as refused:
            faults = [{"pointer": fault.pointer or "/", "detail": fault.detail} for fault in refused.faults]
            return {"faults": faults[:TOLD], "more_faults": max(len(faults) - TOLD, 0)}
        confirmed = "confirm" in request.POST
        try:
            found = self._imported(request, store, documents, dry_run=not confirmed)
        except StepRefusedError as refused:
            return {"faults": [{"pointer": "/campaigns", "detail": str(refused.reason)}]}
        if confirmed:
            count = sum(one.is_new for one in found)
            told = ngettext("%(count)d campaign is now a draft.", "%(count)d campaigns are now drafts.", count)
            messages.success(request, told % {"count": count})
        return {"found": found, "laid_down": confirmed}

    def _imported(
        self, request: HttpRequest, store: Store, documents: list[Document], *, dry_run: bool
    ) -> list[Imported]:
        return import_campaigns(
            store=store,
            documents=documents,
            on_same_name=SameName(request.POST.get("same_name") or SameName.ADD),
            by=Actor.person(request.user),  # type: ignore[arg-type]  # staff
            now=timezone.now(),
            dry_run=dry_run,
        )


def _sent(request: HttpRequest) -> str:
    """The text of the file: uploaded, or looked through a moment ago; what is too large or no text is empty."""
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return request.POST.get("text", "")
    if uploaded.size is None or uploaded.size > LARGEST_FILE:
        return ""
    return str(uploaded.read(), "utf-8", errors="replace")
