"""Products over REST: read, replace, change and delete, one by one or a thousand at a time."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.pagination import CursorPages
from catalog.api.problems import Mistake, invalid_body, invalid_content, invalid_parameter, mistakes_of
from catalog.api.schema import IDEMPOTENCY_KEY
from catalog.api.shapes import (
    ProductDeltaShape,
    ProductDeltasShape,
    ProductShape,
    ProductsShape,
    VerdictsShape,
)
from catalog.api.store_view import StoreRequest, StoreView
from catalog.description import describe_product
from catalog.merchant import MerchantRow
from catalog.models import Product
from catalog.models.product import Availability, ProductQuerySet
from catalog.upsert import Upsert, Verdict, delete_products, update_products, upsert_products

MOST_PRODUCTS = 1_000
_FILTERS = [
    OpenApiParameter("brand", OpenApiTypes.STR),
    OpenApiParameter("availability", OpenApiTypes.STR, enum=list(Availability.values)),
    OpenApiParameter("published", OpenApiTypes.BOOL),
    OpenApiParameter("product_type", OpenApiTypes.STR, description="A category's path; those below it included."),
]


class ProductPages(CursorPages):
    """By position: the order of arrival, which no change moves."""

    ordering = "position"


class ProductsView(StoreView):
    """The store's products."""

    pagination_class = ProductPages

    @extend_schema(
        operation_id="products_list", tags=["catalog"], parameters=_FILTERS, responses=ProductShape(many=True)
    )
    def get(self, request: StoreRequest) -> Response:
        """The store's products, in the order of their arrival."""
        found = Product.objects.of(request.store).listed().select_related("category")
        pages = ProductPages()
        page: list[Product] = pages.paginate_queryset(_filtered(found, request), request, view=self) or []
        described = [describe_product(product, currency=request.store.currency) for product in page]
        return pages.get_paginated_response(described)

    @extend_schema(
        operation_id="products_upsert",
        tags=["catalog"],
        request=ProductsShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: VerdictsShape, 207: VerdictsShape},
    )
    @idempotent
    def put(self, request: StoreRequest) -> Response:
        """Store up to 1,000 full products; the valid ones are stored, the others named (status 207)."""
        rows = _rows_of(request.data)
        return _verdicts(upsert_products(store=request.store, rows=rows, now=timezone.now()))

    @extend_schema(
        operation_id="products_update",
        tags=["catalog"],
        request=ProductDeltasShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: VerdictsShape, 207: VerdictsShape},
    )
    @idempotent
    def patch(self, request: StoreRequest) -> Response:
        """Change stock, price or anything else of up to 1,000 products that exist."""
        rows = _rows_of(request.data)
        return _verdicts(update_products(store=request.store, rows=rows, now=timezone.now()))


class ProductView(StoreView):
    """One product."""

    @extend_schema(operation_id="product_read", tags=["catalog"], responses=ProductShape)
    def get(self, request: StoreRequest, item_id: str) -> Response:
        """One product."""
        return Response(_described(request, item_id))

    @extend_schema(
        operation_id="product_upsert",
        tags=["catalog"],
        request=ProductShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={200: ProductShape, 201: ProductShape},
    )
    @idempotent
    def put(self, request: StoreRequest, item_id: str) -> Response:
        """Store one full product; what it leaves out is emptied."""
        row = _row_of(request.data, item_id)
        (verdict,) = upsert_products(store=request.store, rows=[row], now=timezone.now()).verdicts
        _require_stored(verdict)
        return Response(_described(request, item_id), status=201 if verdict.outcome == "created" else 200)

    @extend_schema(
        operation_id="product_update",
        tags=["catalog"],
        request=ProductDeltaShape,
        parameters=[IDEMPOTENCY_KEY],
        responses=ProductShape,
    )
    @idempotent
    def patch(self, request: StoreRequest, item_id: str) -> Response:
        """Change what the body names; null empties."""
        row = _row_of(request.data, item_id)
        (verdict,) = update_products(store=request.store, rows=[row], now=timezone.now()).verdicts
        if any(fault.code == "unknown" for fault in verdict.faults):
            raise Http404
        _require_stored(verdict)
        return Response(_described(request, item_id))

    @extend_schema(operation_id="product_delete", tags=["catalog"], parameters=[IDEMPOTENCY_KEY], responses={204: None})
    @idempotent
    def delete(self, request: StoreRequest, item_id: str) -> Response:
        """Take one product off the catalog; stored again, it comes back with its past."""
        if "\0" in item_id or not delete_products(store=request.store, item_ids=[item_id], now=timezone.now()):
            raise Http404
        return Response(status=204)


def _filtered(products: ProductQuerySet, request: StoreRequest) -> ProductQuerySet:
    given = {name: value for name, value in request.query_params.items() if "\0" not in value}
    if brand := given.get("brand"):
        products = products.filter(brand=brand)
    if availability := given.get("availability"):
        if availability not in Availability.values:
            raise invalid_parameter("availability", _("one of in_stock, out_of_stock, preorder, backorder"))
        products = products.filter(availability=availability)
    if published := given.get("published"):
        if published not in {"true", "false"}:
            raise invalid_parameter("published", _("true or false"))
        products = products.filter(published=published == "true")
    if path := given.get("product_type"):
        products = products.filter(Q(category__path=path) | Q(category__path__startswith=f"{path} > "))
    return products


def _described(request: StoreRequest, item_id: str) -> dict[str, Any]:
    found = Product.objects.of(request.store).listed().select_related("category")
    product = None if "\0" in item_id else found.filter(item_id=item_id).first()
    if product is None:
        raise Http404
    return describe_product(product, currency=request.store.currency)


def _rows_of(data: Any) -> list[MerchantRow]:
    rows = data.get("products") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise invalid_body(_("Expected an object with a list of “products”."), pointer="/products", code="type")
    if not 1 <= len(rows) <= MOST_PRODUCTS:
        detail = _("Expected 1 to %(most)d products.") % {"most": MOST_PRODUCTS}
        raise invalid_body(detail, pointer="/products", code="length")
    return rows


def _row_of(data: Any, item_id: str) -> MerchantRow:
    row = object_in(data)
    if row.get("id", item_id) != item_id:
        detail = _("Expected the id of the address, or none.")
        raise invalid_content([Mistake(pointer="/id", code="mismatch", detail=detail)])
    return {**row, "id": item_id}


def _require_stored(verdict: Verdict) -> None:
    if verdict.outcome == "rejected":
        raise invalid_content(mistakes_of(verdict.faults))


def _verdicts(upsert: Upsert) -> Response:
    payload = {
        "created": upsert.created,
        "updated": upsert.updated,
        "unchanged": upsert.unchanged,
        "rejected": upsert.count("rejected"),
        "catalog_version": upsert.version,
        "items": [_verdict(verdict) for verdict in upsert.verdicts],
    }
    return Response(payload, status=207 if payload["rejected"] else 200)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    at = f"/products/{verdict.index}"
    payload: dict[str, Any] = {"index": verdict.index, "id": verdict.item_id, "outcome": verdict.outcome}
    for name, faults in (("errors", verdict.faults), ("warnings", verdict.warnings)):
        if faults:
            payload[name] = mistakes_of(faults, at=at)
    return payload
