"""Addresses of the catalog below /api/v1/."""

from django.urls import path

from catalog.api.products import ProductsView, ProductView
from catalog.api.store import StoreDetailView

urlpatterns = [
    path("store", StoreDetailView.as_view(), name="store"),
    path("products", ProductsView.as_view(), name="products"),
    path("products/<path:item_id>", ProductView.as_view(), name="product"),
]
