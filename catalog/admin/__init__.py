"""The screens of the catalog."""

from catalog.admin import api_keys, categories, memberships, people, products, stores

__all__ = ["api_keys", "categories", "memberships", "people", "products", "stores"]
