"""A write repeated under the same Idempotency-Key is done once and answered alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

import orjson
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from catalog.api.problems import Problem
from catalog.api.rendering import JsonRenderer
from catalog.api.store_view import StoreRequest
from catalog.models.idempotent_answer import IdempotentAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_WELL_FORMED = re.compile(r"[\x21-\x7e]{1,255}")

Handler: TypeAlias = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Decorates a writing method of a StoreView; without the header nothing changes.

    Of requests that come at the same time the second waits for the first, then gets its answer. Refused requests
    (4xx) changed nothing and are judged anew.
    """

    @wraps(handler)
    def wrapped(view: Any, request: StoreRequest, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not _WELL_FORMED.fullmatch(key):
            detail = _("Expected an Idempotency-Key of 1 to 255 visible ASCII characters.")
            raise Problem(400, detail, code="invalid-parameter")
        with transaction.atomic():
            return _answer_once(request, key, lambda: handler(view, request, *args, **kwargs))

    return wrapped


def _answer_once(request: StoreRequest, key: str, work: Callable[[], Response]) -> Response:
    now = timezone.now()
    answers = IdempotentAnswer.objects.filter(store=request.store)
    answers.forgotten(now=now).delete()
    answer, is_new = answers.get_or_create(
        store=request.store, key=key, defaults={"fingerprint": _fingerprint(request), "created_at": now}
    )
    if not is_new:
        return _replay(request, answer)
    response = work()
    answer.status = response.status_code
    answer.body = JsonRenderer().render(response.data)
    answer.save(update_fields=["status", "body"])
    return response


def _replay(request: StoreRequest, answer: IdempotentAnswer) -> Response:
    if answer.fingerprint != _fingerprint(request):
        detail = _("This Idempotency-Key came before with another request; take a new key for new content.")
        raise Problem(422, detail, code="idempotency-key-reused")
    body = bytes(answer.body)
    data = orjson.loads(body) if body else None
    return Response(data, status=answer.status, headers={REPLAYED: "true"})


def _fingerprint(request: StoreRequest) -> str:
    content = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)
    named = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(named + content).hexdigest()
