"""The form of a rule: its condition built, its products picked, never JSON to type."""

from __future__ import annotations

import json
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from catalog.models import Product, Store
from catalog.structures import RefusedWithinError, faults_of
from objectives.conditions import InvalidConditionError, parse, told
from objectives.refusals import in_words
from personalization.admin.condition_words import building_blocks
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.merchandising.strategies import NEW_DAYS
from personalization.models.rule import Rule, SelectionStrategy, always
from personalization.rule_documents import MOST_CHOSEN, lacking, parameters_of

GROUPS: Final = {
    _("Laid down by hand"): ("chosen",),
    _("What sells"): ("bestsellers", "category_bestsellers", "brand_bestsellers", "searched_bestsellers"),
    _("What goes together"): (
        "viewed_together",
        "viewed_with_visit",
        "bought_together",
        "bought_with_cart",
        "up_to_free_shipping",
    ),
    _("What the visitor knows"): ("recently_viewed", "left_in_cart", "bought_before", "in_cart"),
    _("New and reduced"): ("new_arrivals", "on_sale"),
    _("By price"): ("cheaper", "similar_price", "dearer"),
}

PICKER_WORDS: Final = {
    "search": _("Search by title, brand or id"),
    "none": _("No product is called that"),
    "remove": _("Take out"),
    "up": _("Further up"),
    "down": _("Further down"),
    "store": _("Choose the store first."),
}


class BuiltWidget(forms.Widget):
    """A widget that a script of ours builds, in a template of the project; `store` is whose rule it is for."""

    template_name: str
    store: Store | None = None

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class ConditionWidget(BuiltWidget):
    """The builder of a condition."""

    template_name = "admin/personalization/rule/condition.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        blocks = building_blocks(self.store.currency if self.store else "")
        return context | {
            "blocks": blocks,
            "check": reverse("admin:personalization_rule_check"),
            "store_id": self.store.pk if self.store else "",
        }


class ConditionField(forms.Field):
    """JSON of `objectives.conditions`, as the builder sends it."""

    widget = ConditionWidget

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or always())

    def to_python(self, value: Any) -> dict[str, Any]:
        try:
            return told(parse(json.loads(value or json.dumps(always())), KNOWN_MARKERS))
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(refusal(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except forms.ValidationError:
            return True


def refusal(error: Exception) -> str:
    """Why a condition was refused, for whoever built it."""
    if isinstance(error, InvalidConditionError):
        return str(_("The condition is not complete: %(why)s.") % {"why": in_words(error)})
    return str(_("The condition could not be read."))


class ChosenProductsWidget(BuiltWidget):
    """The picker of products, in their order."""

    template_name = "admin/personalization/rule/products.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        item_ids = _item_ids(value)
        known = Product.objects.filter(store=self.store, item_id__in=item_ids) if self.store else Product.objects.none()
        by_id = {product.item_id: product for product in known}
        chosen = [described(by_id[item_id]) for item_id in item_ids if item_id in by_id]
        return context | {
            "chosen": chosen,
            "search": reverse("admin:personalization_rule_products"),
            "store_id": self.store.pk if self.store else "",
            "words": {name: str(word) for name, word in PICKER_WORDS.items()},
        }


class ChosenProductsField(forms.Field):
    """Item ids, as JSON."""

    widget = ChosenProductsWidget

    def to_python(self, value: Any) -> list[str]:
        return _item_ids(value)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value or [])


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule of one store."""

    condition = ConditionField(label=_("Applies when"), required=False)
    item_ids = ChosenProductsField(label=_("Products"), required=False)
    days = forms.IntegerField(
        label=_("New for how many days"),
        required=False,
        min_value=1,
        max_value=365,
        initial=NEW_DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = Rule
        fields = (
            "store", "name", "enabled", "priority", "condition", "strategy", "most", "zones",
            "message_title", "message_text", "message_per_visit", "message_quiet_days",
        )  # fmt: skip
        widgets = {"message_text": UnfoldAdminTextareaWidget(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(SelectionStrategy.choices)
        nothing = ("", _("no products: a message alone"))
        groups = [(str(name), [(key, labels[key]) for key in keys]) for name, keys in GROUPS.items()]
        if "strategy" in self.fields:  # who may only look has none
            self.fields["strategy"].choices = [nothing, *groups]  # type: ignore[attr-defined]
        self.initial.setdefault("strategy", SelectionStrategy.BESTSELLERS)
        self.initial.setdefault("item_ids", self.instance.parameters.get("item_ids", []))
        self.initial.setdefault("days", self.instance.parameters.get("days", NEW_DAYS))
        store = self._store()
        for name in ("condition", "item_ids"):
            self.fields[name].widget.store = store

    def clean(self) -> dict[str, Any]:
        """What belongs together: products of the store, zones of the store, something that the rule does."""
        cleaned: dict[str, Any] = super().clean() or {}
        store = cleaned.get("store") or (self.instance.store if self.instance.store_id else None)
        rule = {name: cleaned.get(name) or "" for name in ("strategy", "message_title", "message_text")}
        rule |= {"item_ids": cleaned.get("item_ids") or []}
        if store is not None:
            if any(zone.store_id != store.pk for zone in cleaned.get("zones") or ()):
                self.add_error("zones", _("A zone belongs to another store."))
            for fault in faults_of(RefusedWithinError(lacking(rule, store=store)), rule):
                self.add_error(fault.pointer.split("/")[1], fault.detail)
        self.instance.parameters = parameters_of(
            strategy=rule["strategy"], item_ids=rule["item_ids"], days=cleaned.get("days")
        )
        return cleaned

    def _store(self) -> Store | None:
        """The store the form is about, as far as it is known: saved, or one of those offered, sent or proposed."""
        if self.instance.store_id:
            return Store.objects.get(pk=self.instance.store_id)
        asked = str(self.data.get("store") or self.initial.get("store") or "")
        offered: QuerySet[Store] = self.fields["store"].queryset  # type: ignore[attr-defined]
        return offered.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None


def described(product: Product) -> dict[str, str]:
    """A product as the picker shows it."""
    return {"id": product.item_id, "title": product.title, "image": product.image_link}


def _item_ids(value: Any) -> list[str]:
    """Distinct item ids from a list or its JSON; what is neither is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value or "[]")
        except (ValueError, RecursionError):
            return []
    if not isinstance(value, list):
        return []
    return list(dict.fromkeys(str(item) for item in value if isinstance(item, str)))[:MOST_CHOSEN]
