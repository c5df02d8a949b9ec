"""Long lists, page by page, without skipping or repeating what changes meanwhile."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from catalog.api.problems import invalid_parameter


class CursorPages(CursorPagination):
    """`?limit=` items from `?cursor=`, which only the links `next` and `previous` make; set `ordering`."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "limit"
    ordering: Any = "pk"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        limit = request.query_params.get("limit", "1")
        if not (re.fullmatch(r"[0-9]{1,4}", limit) and 1 <= int(limit) <= self.max_page_size):
            most = {"most": self.max_page_size}
            raise invalid_parameter("limit", _("a whole number from 1 to %(most)d") % most)
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, ValidationError, DataError, OverflowError):
            raise invalid_parameter("cursor", _("a cursor out of “next” or “previous”")) from None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page as OpenAPI 3.1 tells of it: DRF's own description is of 3.0, where null is said otherwise."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
