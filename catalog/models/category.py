"""The category tree of a store."""

from typing import cast

from django.db import models
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from catalog.models.store import Store


class CategoryQuerySet(TreeQuerySet):  # type: ignore[misc]
    def of(self, store: Store) -> "CategoryQuerySet":
        return cast("CategoryQuerySet", self.filter(store=store))


class Category(TreeNode):  # type: ignore[misc]
    """One shelf; its path (“Sport > Tennis > Rackets”) is the product_type of Google Merchant."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="categories", verbose_name=_("store"))
    name = models.CharField(_("name"), max_length=200)
    path = models.CharField(_("path"), max_length=750, help_text=_("Names from the root, joined by “ > ”."))

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["store", "path"], name="category_path_once")]

    def __str__(self) -> str:
        return self.path
