"""Every error of the API as one shape: RFC 9457 problem details, with codes that never change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from catalog.attributes import Phrase
from catalog.merchant import Fault
from catalog.structures import InvalidDocumentError

CONTENT_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:netup:problem:"
RETRY_SECONDS: Final = 2  # when the database is away

TITLES: Final[dict[str, Phrase]] = {
    "invalid-body": _("The body cannot be read"),
    "invalid-parameter": _("A parameter cannot be read"),
    "unauthenticated": _("A valid API key is needed"),
    "forbidden": _("This key may not do that"),
    "not-found": _("There is nothing here"),
    "method-not-allowed": _("This address does not answer this method"),
    "not-acceptable": _("The answer is JSON only"),
    "conflict": _("The state does not allow that"),
    "body-too-large": _("The body is too large"),
    "unsupported-media-type": _("The body must be JSON"),
    "invalid-content": _("The content does not fit"),
    "idempotency-key-reused": _("The idempotency key belongs to another request"),
    "too-many-requests": _("Too many requests"),
    "server-error": _("The server failed"),
    "unavailable": _("The database cannot be reached"),
}
_CODE_OF_STATUS: Final[dict[int, str]] = {
    400: "invalid-body",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-content",
    429: "too-many-requests",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing wrong with the body: where, a stable code, and words for the reader."""

    pointer: str  # JSON pointer into the body
    code: str
    detail: Phrase


def mistakes_of(faults: Iterable[Fault], *, at: str = "") -> list[Mistake]:
    """Faults of a row that stands at this pointer of the body."""
    return [Mistake(pointer=at + fault.pointer, code=fault.code, detail=fault.detail) for fault in faults]


class Problem(exceptions.APIException):
    """Raise it anywhere in a view; it becomes the answer."""

    def __init__(
        self,
        status: int,
        detail: Phrase,
        *,
        code: str = "",
        errors: Iterable[Mistake] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(str(detail))
        self.status_code = status
        self.problem_code = code or _CODE_OF_STATUS.get(status, "server-error")
        self.errors = list(errors)
        self.wait = retry_after


def invalid_body(detail: Phrase, *, pointer: str = "", code: str = "format") -> Problem:
    """400: the body is not JSON that this call can read."""
    return Problem(400, detail, errors=[Mistake(pointer=pointer, code=code, detail=detail)])


def invalid_parameter(name: str, expected: Phrase) -> Problem:
    """400: a query parameter cannot be read."""
    detail = _("Parameter “%(name)s”: expected %(expected)s.") % {"name": name, "expected": expected}
    return Problem(400, detail, code="invalid-parameter")


def invalid_content(errors: Iterable[Mistake]) -> Problem:
    """422: readable, but the values do not fit."""
    return Problem(422, _("See “errors” for what is wrong where."), errors=errors)


def unavailable() -> Problem:
    """503: come back in a moment."""
    detail = _("Nothing was stored or lost; please repeat the request in a moment.")
    return Problem(503, detail, retry_after=RETRY_SECONDS)


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's hook: the answer to an error, or None for one that nobody foresaw."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    response = Response(
        problem_payload(problem, context["request"]), status=problem.status_code, content_type=CONTENT_TYPE
    )
    if problem.wait is not None:
        response["Retry-After"] = str(max(1, math.ceil(problem.wait)))
    if problem.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def problem_payload(problem: Problem, request: Any) -> dict[str, Any]:
    """The members of RFC 9457, and `errors` where single values are wrong."""
    payload: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.problem_code,
        "title": TITLES[problem.problem_code],
        "status": problem.status_code,
        "detail": str(problem.detail),
        "instance": request.path,
    }
    if request_id := getattr(request, "request_id", ""):
        payload["request_id"] = request_id
    if problem.errors:
        payload["errors"] = [
            {"detail": str(mistake.detail), "pointer": mistake.pointer, "code": mistake.code}
            for mistake in problem.errors
        ]
    return payload


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, InvalidDocumentError):
        return invalid_content(mistakes_of(error.faults))
    if isinstance(error, exceptions.ValidationError):
        return invalid_content(_validation_mistakes(error.detail, ""))
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code, str(error.detail), retry_after=getattr(error, "wait", None))
    for kinds, status, detail in _FORESEEN:
        if isinstance(error, kinds):
            return Problem(status, detail, retry_after=RETRY_SECONDS if status == 503 else None)
    return None


_FORESEEN: Final[tuple[tuple[tuple[type[Exception], ...], int, Phrase], ...]] = (
    ((Http404,), 404, _("Nothing has this address or this id.")),
    ((PermissionDenied,), 403, _("This key may not do that.")),
    ((RequestDataTooBig,), 413, _("The body is larger than this call accepts.")),
    ((UnreadablePostError,), 400, _("The connection ended before the whole body was there.")),
    ((SuspiciousOperation, BadRequest), 400, _("The request cannot be read.")),
    ((OperationalError, InterfaceError), 503, _("Please repeat the request in a moment.")),
    ((DataError,), 400, _("A value cannot be stored.")),
)


def _validation_mistakes(detail: Any, pointer: str) -> list[Mistake]:
    """DRF's nested error details, flat."""
    if isinstance(detail, dict):
        members = [(f"{pointer}/{name}", value) for name, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(value, dict | list) for value in detail):
        members = [(f"{pointer}/{index}", value) for index, value in enumerate(detail)]
    else:
        leaves = detail if isinstance(detail, list) else [detail]
        return [Mistake(pointer=pointer, code=getattr(leaf, "code", "invalid"), detail=str(leaf)) for leaf in leaves]
    return [mistake for place, value in members for mistake in _validation_mistakes(value, place)]


# --- Errors that happen outside any view --------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler400."""
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return _plain(request, Problem(status, _("The request cannot be read.")))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler403."""
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return _plain(request, Problem(403, _("This is not allowed.")))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler404."""
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return _plain(request, Problem(404, _("Nothing has this address.")))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500; nothing of the error itself is told."""
    if not _is_api(request):
        return defaults.server_error(request)
    return _plain(request, Problem(500, _("The error is in our log under this request's id.")))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _plain(request: HttpRequest, problem: Problem) -> HttpResponse:
    body = orjson.dumps(problem_payload(problem, request), default=str)
    return HttpResponse(body, status=problem.status_code, content_type=CONTENT_TYPE)
