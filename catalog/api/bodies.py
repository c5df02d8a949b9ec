"""Reads request bodies within bounds, and refuses what the database or our integers could not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser

from catalog.api.problems import Problem, invalid_body

DEEPEST: Final = 20
_LONG_NUMBER = re.compile(rb"\d{19}")
_LARGEST = 2**63


class JsonParser(BaseParser):
    """JSON in UTF-8, no larger than the view's `largest_body`."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        context = parser_context or {}
        _require_utf8(media_type or "")
        _require_plain(context["request"].META)
        largest = getattr(context.get("view"), "largest_body", None) or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return decode_json(_read(stream, context["request"].META, largest=largest))


class BeaconParser(JsonParser):
    """JSON as navigator.sendBeacon sends it without asking first: called plain text."""

    media_type = "text/plain"


def object_in(data: Any) -> dict[str, Any]:
    """The members of a body that has to be an object.

    Raises:
        Problem: 400, it is none.
    """
    if not isinstance(data, dict):
        raise invalid_body(_("Expected an object."), code="type")
    return data


def decode_json(body: bytes) -> Any:
    """The value of a JSON document that holds nothing we could not store.

    Of repeated names in an object the last one counts, as in every browser.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        detail = _("Expected JSON in UTF-8: %(reason)s") % {"reason": _reason(error)}
        raise invalid_body(detail, code="json") from None
    suspicious = b"\\u0000" in body or _LONG_NUMBER.search(body) is not None
    _inspect(value, leaves=suspicious)
    return value


def _reason(error: orjson.JSONDecodeError) -> str:
    return f"{error.msg} (line {error.lineno}, column {error.colno})"[:200]


def _inspect(value: Any, *, leaves: bool) -> None:
    """Walk the document level by level; single values only where the bytes gave reason to."""
    level = [value]
    for _depth in range(DEEPEST):
        if leaves:
            _refuse_unstorable(level)
        level = _members(level)
        if not level:
            return
    if any(type(value) in (dict, list) for value in level):
        deepest = {"deepest": DEEPEST}
        raise invalid_body(_("Expected at most %(deepest)d levels of nesting.") % deepest, code="depth")
    if leaves:
        _refuse_unstorable(level)


def _members(level: list[Any]) -> list[Any]:
    members: list[Any] = []
    for value in level:
        if type(value) is dict:
            members += value.values()
        elif type(value) is list:
            members += value
    return members


def _refuse_unstorable(level: list[Any]) -> None:
    for value in level:
        texts = value if type(value) is dict else (value,) if type(value) is str else ()
        if any("\0" in text for text in texts):
            raise invalid_body(_("Expected text without the character NUL."), code="nul")
        if type(value) is int and not -_LARGEST <= value < _LARGEST:
            raise invalid_body(_("Expected whole numbers of at most 64 bits."), code="integer")
        if type(value) is float and abs(value) >= _LARGEST and value.is_integer():
            raise invalid_body(_("Expected whole numbers of at most 64 bits."), code="integer")


def _read(stream: Any, headers: Mapping[str, Any], *, largest: int) -> bytes:
    announced = str(headers.get("CONTENT_LENGTH") or "0")
    if announced.isdecimal() and int(announced) > largest:
        raise _too_large(largest)
    body: bytes = stream.read(largest + 1)
    if len(body) > largest:
        raise _too_large(largest)
    if announced.isdecimal() and len(body) < int(announced):
        raise invalid_body(_("The connection ended before the whole body was there."), code="truncated")
    return body


def _too_large(largest: int) -> Problem:
    return Problem(413, _("Expected at most %(largest)d bytes.") % {"largest": largest})


def _require_utf8(media_type: str) -> None:
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", media_type, re.IGNORECASE)
    if found and found[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise Problem(415, _("Expected JSON in UTF-8."))


def _require_plain(headers: Mapping[str, Any]) -> None:
    if headers.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise Problem(415, _("Expected a body that is not compressed."))
