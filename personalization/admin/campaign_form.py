"""The form of a campaign: fields a merchandiser fills in, one document out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.merchant import Fault
from catalog.models import Category, Product, Store
from objectives.campaign_reading import Document, InvalidCampaignError, read_campaign
from objectives.models import RuleKind, Scope, Zone
from objectives.models.campaign import Campaign, Measure
from personalization.admin.rule_form import PICKER_WORDS, ConditionWidget, described
from personalization.merchandising.rule import KNOWN_MARKERS

LOCAL: Final = "%Y-%m-%dT%H:%M"  # as a browser's field of date and time writes it, on the store's clock
LONGEST_JSON: Final = 400_000
MOST_OFFERED: Final = 5_000  # categories and brands
PERCENT: Final = ("floor", "holdout", "guardrail")
BUILT: Final = ("condition", "promoted", "objectives", "rules")  # JSON that the page's scripts write

# Of each member of a document, where the model has no words of its own.
LABELS: Final[Mapping[str, Promise]] = {
    "zones": _("zones"),
    "objectives": _("objectives"),
    "rules": _("merchandising rules"),
}


def label_of(member: str) -> str:
    """What a member of a document is called."""
    return str(LABELS.get(member) or _column(member).verbose_name)


def _column(member: str) -> Any:
    return Campaign._meta.get_field(member)  # noqa: SLF001 (Django's own name for the fields of a model)


class _LocalInstant(forms.DateTimeInput):
    input_type = "datetime-local"


class CampaignForm(forms.Form):
    """A campaign of one store; `document` is what it says once it is valid."""

    name = forms.CharField(max_length=120)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    priority = forms.IntegerField(min_value=0, max_value=32_767, initial=10)
    starts_at = forms.CharField(required=False, widget=_LocalInstant())
    ends_at = forms.CharField(required=False, widget=_LocalInstant())
    zones = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(choices=Scope.choices, widget=forms.RadioSelect)
    floor = forms.FloatField(min_value=0, max_value=100, widget=forms.NumberInput(attrs={"step": "0.5"}))
    holdout = forms.FloatField(min_value=0, max_value=100, widget=forms.NumberInput(attrs={"step": "1"}))
    guardrail = forms.FloatField(
        min_value=0, max_value=100, required=False, widget=forms.NumberInput(attrs={"step": "1"})
    )
    stops_at_stock = forms.IntegerField(min_value=0, required=False)
    most_per_product = forms.IntegerField(min_value=1, required=False)
    most_per_visitor = forms.IntegerField(min_value=1, required=False)
    condition = forms.CharField(required=False, max_length=LONGEST_JSON, widget=ConditionWidget)
    promoted = forms.CharField(required=False, max_length=LONGEST_JSON, widget=forms.Textarea)
    objectives = forms.CharField(required=False, max_length=LONGEST_JSON, widget=forms.Textarea)
    rules = forms.CharField(required=False, max_length=LONGEST_JSON, widget=forms.Textarea)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the revision that the form was made from

    document: Document

    def __init__(self, data: Any, *, store: Store, document: Document, seen: int | None = None) -> None:
        super().__init__(data, initial=_fields_of(document, store) | {"seen": seen})
        self.store = store
        self.fields["zones"].choices = list(Zone.objects.of(store).values_list("slug", "name"))  # type: ignore[attr-defined]
        self.fields["condition"].widget.store = store
        for name, field in self.fields.items():
            if name != "seen":
                field.label = label_of(name).capitalize()
            if name not in (*LABELS, "seen"):
                field.help_text = _column(name).help_text

    def clean(self) -> dict[str, Any]:
        """Read the whole; what does not fit is told beside its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.document = read_campaign(_told(cleaned), store=self.store, known_markers=KNOWN_MARKERS)
        except InvalidCampaignError as refused:
            for fault in refused.faults:
                self.add_error(fault.pointer.split("/")[1] if fault.pointer else None, _in_words(fault))
        return cleaned


def blocks_for(store: Store, document: Document) -> dict[str, Any]:
    """What the page's scripts build with: choices, words, and the products that the document names."""
    named = [*document["promoted"].get("item_ids", [])]
    named += [item_id for rule in document["rules"] for item_id in rule["products"].get("item_ids", [])]
    products = Product.objects.of(store).filter(item_id__in=named)
    brands = Product.objects.of(store).listed().exclude(brand="").order_by("brand")
    return {
        "measures": [{"name": measure.value, "label": str(measure.label)} for measure in Measure],
        "kinds": [{"name": kind.value, "label": str(kind.label)} for kind in RuleKind],
        "products": {product.item_id: described(product) for product in products},
        "categories": list(Category.objects.of(store).values_list("path", flat=True)[:MOST_OFFERED]),
        "brands": list(brands.values_list("brand", flat=True).distinct()[:MOST_OFFERED]),
        "currency": store.currency,
        "picker": {name: str(word) for name, word in PICKER_WORDS.items()},
        "words": {name: str(word) for name, word in WORDS.items()},
    }


def _fields_of(document: Document, store: Store) -> dict[str, Any]:
    """What the fields hold at first."""
    initial = {name: document[name] for name in document if name not in (*PERCENT, *BUILT)}
    initial |= {name: None if document[name] is None else _percent(document[name]) for name in PERCENT}
    initial |= {name: json.dumps(document[name]) for name in BUILT}
    for name in ("starts_at", "ends_at"):
        if document[name]:
            initial[name] = datetime.fromisoformat(document[name]).astimezone(store.zone_info).strftime(LOCAL)
    return initial


def _percent(share: float) -> float | int:
    percent = round(100 * share, 4)
    return int(percent) if percent.is_integer() else percent


def _told(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON that the fields tell."""
    told = {name: cleaned[name] for name in cleaned if name not in (*PERCENT, *BUILT, "seen")}
    told |= {name: None if cleaned[name] is None else cleaned[name] / 100 for name in PERCENT}
    return told | {name: value for name in BUILT if (value := _json(cleaned[name])) is not None}


def _json(text: str) -> Any:
    """The value of a field that a script writes; None leaves the member out. What is no JSON is read as a text."""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text


def _in_words(fault: Fault) -> str:
    """A fault, with the place inside the field where it has one."""
    inside = fault.pointer.split("/", 2)[2:]
    return f"{inside[0]}: {fault.detail}" if inside else fault.detail


WORDS: Final[Mapping[str, Promise]] = {
    "addObjective": _("Add an objective"),
    "noObjective": _("No objective yet: the zone's own order stands, apart from what is laid down by hand."),
    "weight": _("How strongly"),
    "removeObjective": _("Remove this objective"),
    "gentle": _("gently"),
    "clear": _("clearly"),
    "full": _("as far as the floor allows"),
    "addRule": _("Add a rule"),
    "noRule": _("Nothing laid down by hand."),
    "kind": _("What it does"),
    "place": _("Place"),
    "strength": _("How strongly"),
    "removeRule": _("Remove this rule"),
    "products": _("Products"),
    "searchCategory": _("Search a category"),
    "searchBrand": _("Search a brand"),
    "noCategory": _("No category is called that"),
    "noBrand": _("No brand is called that"),
    "remove": _("Take out"),
    "more": _("More criteria: price, stock, age, margin"),
    "price": _("Price"),
    "stock": _("Units in stock"),
    "days_on_sale": _("Days on sale"),
    "margin_share": _("Margin in % of the price"),
    "from": _("from"),
    "to": _("to"),
}
