"""The page of a campaign: what its form builds with, the steps it may take, what its history tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.campaign_documents import tell_campaign
from objectives.campaign_history import with_before
from objectives.campaign_reading import FIELDS, Document
from objectives.models import Action, Campaign, CampaignState, Standing, Zone, ZoneKind
from personalization.admin.campaign_form import CampaignForm, blocks_for
from personalization.admin.campaign_words import STANDING_BADGES, changed_in_words
from personalization.admin.condition_words import in_words
from personalization.campaign_book import in_force, used_up
from personalization.campaign_preview import TYPICAL
from personalization.wording import instant_in_words

BLANK: Final[Document] = {name: default for name, (_parse, default) in FIELDS.items()}
REVISIONS: Final = 200  # told of a history
BUDGETS: Final = ("stops_at_stock", "most_per_product", "most_per_visitor")

STEP_NAMES: Final[Mapping[Action, tuple[Promise, str]]] = {
    Action.STARTED: (gettext_lazy("Put into force"), "play_arrow"),
    Action.SUBMITTED: (gettext_lazy("Submit for approval"), "send"),
    Action.APPROVED: (gettext_lazy("Approve"), "verified"),
    Action.RETURNED: (gettext_lazy("Send back"), "undo"),
    Action.PAUSED: (gettext_lazy("Pause"), "pause"),
    Action.RESUMED: (gettext_lazy("Resume"), "play_arrow"),
    Action.ENDED: (gettext_lazy("End for good"), "stop"),
    Action.REOPENED: (gettext_lazy("Reopen as a draft"), "restart_alt"),
}
FORWARD: Final = frozenset({Action.STARTED, Action.SUBMITTED, Action.APPROVED, Action.RESUMED})


def form_context(
    store: Store, form: CampaignForm, campaign: Campaign | None, *, steps: Sequence[Action], now: datetime
) -> dict[str, Any]:
    """What the form's page needs beside the form itself."""
    document = getattr(form, "document", None) or _shown(campaign)
    standing = campaign.standing(now) if campaign else Standing.DRAFT
    first = Action.SUBMITTED if store.approval_required else Action.STARTED
    return {
        "blocks": blocks_for(store, document),
        "zones": preview_zones(store),
        "typical": TYPICAL,
        "clock": instant_in_words(now, store.zone_info),
        "standing": standing.label,
        "badge": STANDING_BADGES[standing],
        "steps": [_step(action) for action in steps],
        "first": _step(first) if campaign is None or campaign.state == CampaignState.DRAFT else None,
        "tabs": tabs(campaign, "form") if campaign else [],
        "waiting": _waiting(campaign, store) if campaign and campaign.proposed is not None else None,
        "guarded": _guarded(campaign) if campaign and campaign.state == CampaignState.PAUSED else "",
        "used_up": standing == Standing.LIVE and _is_used_up(campaign, store, now),
        "condition_words": in_words(document["condition"], store=store),
        "has_condition": document["condition"] != BLANK["condition"],
        "has_budgets": any(document[name] is not None for name in BUDGETS),
        "search_url": reverse("admin:personalization_rule_products"),
        "preview_url": reverse("admin:objectives_campaign_preview", args=[store.pk]),
        "curve_url": reverse("admin:objectives_campaign_curve", args=[store.pk]),
        "hindsight_url": reverse("admin:objectives_campaign_hindsight", args=[store.pk]),
        "ended": standing == Standing.ENDED,
    }


def preview_zones(store: Store) -> list[Zone]:
    """The zones that ask, those that recommend most first."""
    zones = Zone.objects.of(store).filter(enabled=True)
    return sorted(zones, key=lambda zone: (zone.kind != ZoneKind.RECOMMENDATION, -zone.size, zone.slug))


def tabs(campaign: Campaign, current: str) -> list[dict[str, Any]]:
    """The pages of one campaign."""
    pages = {
        "form": (_("Settings"), "change"),
        "verdict": (_("Verdict"), "verdict"),
        "history": (_("History"), "history"),
    }
    return [
        {
            "name": name,
            "link": reverse(f"admin:objectives_campaign_{page}", args=[campaign.pk]),
            "current": key == current,
        }
        for key, (name, page) in pages.items()
    ]


def history(campaign: Campaign) -> Iterator[dict[str, Any]]:
    """Every step, the latest first, with what it changed, and whether it can be gone back to."""
    revisions = list(campaign.revisions.select_related("by")[:REVISIONS])
    for place, (revision, before) in enumerate(with_before(revisions)):
        changed = changed_in_words(before, revision.document, store=campaign.store) if before else ()
        yield {
            "number": revision.number,
            "action": Action(revision.action).label,
            "at": instant_in_words(revision.at, campaign.store.zone_info),
            "by": revision.actor or _("the platform"),
            "note": revision.note,
            "changes": list(changed),
            "undo": place > 0 and revision.action != Action.PROPOSED and revision.document != revisions[0].document,
            "icon": _ICONS.get(Action(revision.action), "edit"),
        }


def taken(campaign: Campaign, action: Action, *, now: datetime) -> str:
    """What to tell somebody who has just taken a step."""
    name, standing = campaign.name, campaign.standing(now)
    if action in FORWARD and standing == Standing.SCHEDULED and campaign.starts_at is not None:
        starts = instant_in_words(campaign.starts_at, campaign.store.zone_info)
        return _("“%(name)s” is approved: it governs from %(starts)s.") % {"name": name, "starts": starts}
    if action in FORWARD and standing == Standing.LIVE:
        return _("“%(name)s” governs the next answers.") % {"name": name}
    return _("“%(name)s”: %(standing)s.") % {"name": name, "standing": standing.label}


def undone(campaign: Campaign) -> str:
    """What to tell somebody who has just undone something."""
    if campaign.proposed is not None:
        return _("Going back waits for a second person; until then the campaign stays as it is.")
    return _("“%(name)s” is again what it was.") % {"name": campaign.name}


def first_error(form: CampaignForm) -> str:
    """The first thing that is wrong with a form, with its field."""
    for name, told in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {told[0]}" if label else str(told[0])
    return ""


def _shown(campaign: Campaign | None) -> Document:
    if campaign is None:
        return BLANK
    return campaign.proposed or tell_campaign(campaign)


def _step(action: Action) -> dict[str, Any]:
    name, icon = STEP_NAMES[action]
    return {"action": action.value, "name": name, "icon": icon, "main": action in FORWARD}


def _waiting(campaign: Campaign, store: Store) -> list[Any]:
    """What a proposed change would change."""
    return list(changed_in_words(tell_campaign(campaign), campaign.proposed or {}, store=store))


def _is_used_up(campaign: Campaign | None, store: Store, now: datetime) -> bool:
    understood = None if campaign is None else in_force(campaign)
    return understood is not None and bool(used_up([understood], facts=live_facts(store_id=store.pk), now=now))


def _guarded(campaign: Campaign) -> str:
    """Why the platform paused it, if it did."""
    latest = campaign.revisions.first()
    return latest.note if latest and latest.action == Action.GUARDED else ""


_ICONS: Final[Mapping[Action, str]] = {
    Action.CREATED: "add_circle",
    Action.IMPORTED: "upload_file",
    Action.PROPOSED: "hourglass_top",
    Action.UNDONE: "undo",
    Action.GUARDED: "shield",
} | {action: icon for action, (_name, icon) in STEP_NAMES.items()}
