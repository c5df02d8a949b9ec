"""Gives the admin and the API's documentation the content security policy that their scripts need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The admin's own pages need Alpine, which compiles expressions; nothing else may.
ADMIN_POLICY: Final[Mapping[str, list[str]]] = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "https:"],
}
# The API's documentation carries its settings in the page, and draws from a worker.
DOCS_POLICY: Final[Mapping[str, list[str]]] = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "worker-src": [SELF, "blob:"],
}


class PagePolicyMiddleware:
    """Stands after django-csp's own middleware, which writes the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_replace = ADMIN_POLICY  # type: ignore[attr-defined]  # noqa: SLF001
        elif request.path.startswith("/api/docs"):
            response._csp_replace = DOCS_POLICY  # type: ignore[attr-defined]  # noqa: SLF001
        return response
