"""No body, however bad, is more than a refusal."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from django.test import RequestFactory

from catalog.api.bodies import JsonParser, decode_json
from catalog.api.problems import Problem
from tests.catalog.factories import atelier, caller, secret_key

JSON = "application/json"
DEEPEST = b"[" * 20 + b"1" + b"]" * 20
BAD = {
    "empty": b"",
    "blank": b"  ",
    "cut off": b'{"products": [',
    "trailing comma": b'{"products": [],}',
    "two documents": b"{}{}",
    "single quotes": b"{'products': []}",
    "not a number": b'{"products": NaN}',
    "infinity": b'{"products": Infinity}',
    "huge exponent": b'{"products": [{"id": "a", "title": "t", "rating": 1e999}]}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "latin-1": b'{"products": "\xe9"}',
    "utf-16": '{"products": []}'.encode("utf-16"),
    "lone surrogate": b'{"products": [{"id": "\\ud800", "title": "t"}]}',
    "encoded surrogate": b'{"products": "\xed\xa0\x80"}',
    "nul in a text": b'{"products": [{"id": "a\\u0000b", "title": "t"}]}',
    "nul in a name": b'{"a\\u0000b": 1}',
    "raw nul": b'{"products": "\x00"}',
    "20 digits": b'{"products": [{"id": "a", "title": "t", "quantity": 18446744073709551615}]}',
    "400 digits": b'{"products": ' + b"9" * 400 + b"}",
    "30 digits": b'{"products": -' + b"9" * 30 + b"}",
    "deep lists": b"[" * 100_000,
    "deep and closed": b"[" * 500 + b"]" * 500,
    "deep objects": b'{"a":' * 30 + b"1" + b"}" * 30,
    "binary": bytes(range(256)),
}


@pytest.mark.django_db
@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_a_bad_body_is_a_problem(body: bytes) -> None:
    client = caller(secret_key(atelier()))

    answer = client.put("/api/v1/products", body, content_type=JSON)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:netup:problem:invalid-body"
    assert answer.json()["errors"]


@pytest.mark.django_db
def test_a_body_beyond_the_limit_is_too_large(settings: pytest.FixtureRequest) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]
    client = caller(secret_key(atelier()))

    answer = client.put("/api/v1/products", b" " * 1001, content_type=JSON)

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:netup:problem:body-too-large")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/xml"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "nonsense"},
        {"content_type": "application/json; charset=latin-1"},
        {"content_type": JSON, "HTTP_CONTENT_ENCODING": "gzip"},
    ],
    ids=str,
)
def test_what_is_not_called_json_is_not_read(headers: dict[str, str]) -> None:
    client = caller(secret_key(atelier()))

    answer = client.put("/api/v1/products", b'{"products": []}', **headers)

    assert (answer.status_code, answer.json()["type"]) == (415, "urn:netup:problem:unsupported-media-type")


def test_a_connection_that_ends_early_is_a_problem() -> None:
    request = RequestFactory().put("/", b"{}", content_type=JSON, CONTENT_LENGTH="10")

    with pytest.raises(Problem) as refused:
        JsonParser().parse(BytesIO(b"{}"), JSON, {"request": request})

    assert (refused.value.status_code, refused.value.errors[0].code) == (400, "truncated")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"9223372036854775807",
        b"-9223372036854775808",
        b"1.5e3",
        b'"\\\\u0000"',
        b"[" * 20 + b"1" + b"]" * 20,
    ],
)
def test_what_is_within_bounds_is_read(body: bytes) -> None:
    assert decode_json(body) == json.loads(body)


@pytest.mark.parametrize("body", [b"[" * 21 + b"]" * 21, b"[" * 19 + b'{"a": {}}' + b"]" * 19])
def test_21_levels_are_too_deep(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        decode_json(body)

    assert refused.value.errors[0].code == "depth"


def test_what_cannot_be_stored_is_found_at_the_deepest_level() -> None:
    with pytest.raises(Problem):
        decode_json(b"[" * 20 + b'"\\u0000"' + b"]" * 20)
