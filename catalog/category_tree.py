"""Grows and renames a store's category tree; a path (“Sport > Tennis”) names a shelf and all above it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Value
from django.db.models.functions import Concat, Substr

from catalog.models import Category

SEPARATOR = " > "


def grow_categories(*, store_id: int, paths: Iterable[str]) -> dict[str, int]:
    """Ids of all these paths, missing shelves made from the root; the caller holds the catalog's lock."""
    wanted = {prefix for path in paths for prefix in lineage(path)}
    if not wanted:
        return {}
    known = dict(Category.objects.filter(store_id=store_id, path__in=wanted).values_list("path", "id"))
    missing = wanted - known.keys()
    for depth in sorted({path.count(SEPARATOR) for path in missing}):
        level = sorted(path for path in missing if path.count(SEPARATOR) == depth)
        made = Category.objects.bulk_create(_shelf(store_id, path, known) for path in level)
        known |= {category.path: category.pk for category in made}
    return known


def lineage(path: str) -> list[str]:
    """The paths from the root to this one: “A > B” has “A” and “A > B”."""
    names = path.split(SEPARATOR)
    return [SEPARATOR.join(names[: depth + 1]) for depth in range(len(names))]


def _shelf(store_id: int, path: str, known: dict[str, int]) -> Category:
    parent_path, _, name = path.rpartition(SEPARATOR)
    return Category(store_id=store_id, name=name, path=path, parent_id=known.get(parent_path))


def save_category(*, category: Category) -> None:
    """Store a category as edited; its path, and those below it, follow its name and its parent."""
    former = category.path
    category.path = category_path(name=category.name, parent=category.parent)
    category.save()
    if former and former != category.path:
        below = Category.objects.filter(store_id=category.store_id, path__startswith=former + SEPARATOR)
        below.update(path=Concat(Value(category.path), Substr("path", len(former) + 1)))


def category_path(*, name: str, parent: Category | None) -> str:
    """The path of a shelf with this name below this one."""
    return f"{parent.path}{SEPARATOR}{name}" if parent else name
