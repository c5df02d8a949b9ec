"""The store a key belongs to: the first call of an integration, which shows that the key works."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.permissions import HasKey
from catalog.api.shapes import StoreShape
from catalog.api.store_view import StoreRequest, StoreView
from catalog.models import Store

_SHOWN = ("slug", "name", "currency", "language", "country", "time_zone", "is_synthetic", "catalog_version")


class StoreDetailView(StoreView):
    """The key's own store; public keys may ask too, as the storefront shows all of this anyway."""

    permission_classes = (HasKey,)

    @extend_schema(operation_id="store_read", tags=["catalog"], responses=StoreShape)
    def get(self, request: StoreRequest) -> Response:
        """The store this key belongs to."""
        store = Store.objects.get(pk=request.store.pk)
        return Response({name: getattr(store, name) for name in _SHOWN})
