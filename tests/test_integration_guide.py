"""The examples of docs/integration.md and README.md: run as written, in their order, against a server."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from django.urls import Resolver404, resolve

from objectives.models.zone import PageType, Zone, ZoneKind
from tests.catalog.factories import atelier, public_key, secret_key
from tests.pages import ROOT, Fence, Page

GUIDE: Final = Page(ROOT / "docs" / "integration.md")
README: Final = Page(ROOT / "README.md")
OPENAPI: Final[dict[str, Any]] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
_ANSWER = re.compile(r"^Answer, (\d{3}):$")
_CALL = re.compile(r"^curl .*?(?=^curl |\Z)", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"(?:\$NETUP|https?://[\w.:]+/api/v1)(/[\w/.$-]*)")


def calls(page: Page) -> list[str]:
    """Every curl command of a page."""
    return [found for fence in page.fences if fence.language == "bash" for found in _CALL.findall(fence.text)]


def address_of(call: str) -> str:
    found = _ADDRESS.search(call)
    assert found is not None, call
    named = found[1].replace("$RECOMMENDATION_ID", "019cebd4-4a7c-7d3e-9f02-6c1f6a1c2b11")
    return "/api/v1" + named.replace("$CAMPAIGN", "7")


def method_of(call: str) -> str:
    named = re.search(r"-X (\w+)", call)
    return named[1] if named else "POST" if re.search(r" -d\b", call) else "GET"


def operation_of(call: str) -> dict[str, Any]:
    """What the OpenAPI document says of the call; an address without parameters goes before one with some."""
    for path, operations in sorted(OPENAPI["paths"].items(), key=lambda described: "{" in described[0]):
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, address_of(call)):
            found: dict[str, Any] = operations[method_of(call).lower()]
            return found
    raise AssertionError(f"the OpenAPI document has no {address_of(call)}")


def validated(value: Any, content: dict[str, Any]) -> None:
    """Refuse a value that is not what the OpenAPI document describes, or that has members it does not name.

    Raises:
        jsonschema.ValidationError: it is something else.
    """
    (media,) = content.values()
    schema = {**media["schema"], "components": _closed(OPENAPI["components"])}
    jsonschema.Draft202012Validator(schema).validate(value)


def _closed(node: Any) -> Any:
    """The schemas with every object limited to the members it names."""
    if isinstance(node, list):
        return [_closed(value) for value in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items()}
    return {**closed, "additionalProperties": False} if "properties" in node else closed


# --- What can be told from the page alone ---------------------------------------------------------------------------


def test_the_pages_show_calls() -> None:
    assert len(calls(GUIDE)) >= 10
    assert len(calls(README)) >= 1


@pytest.mark.parametrize("call", [*calls(GUIDE), *calls(README)], ids=lambda call: call[:70])
def test_a_call_has_an_address_of_the_interface(call: str) -> None:
    try:
        resolve(address_of(call))
    except Resolver404:
        pytest.fail(f"nothing answers {address_of(call)}")
    assert operation_of(call)


@pytest.mark.parametrize("call", calls(README), ids=lambda call: call[:70])
def test_the_first_recommendation_asks_for_what_can_be_asked(call: str) -> None:
    words = shlex.split(call)
    body = words[words.index("-d") + 1]

    validated(json.loads(body), operation_of(call)["requestBody"]["content"])


def answers() -> list[tuple[str, int, Fence]]:
    """Every documented answer with its status, and the call it belongs to, of guide and README."""
    found = []
    for page in (GUIDE, README):
        call = ""
        for fence in page.fences:
            if fence.language == "bash" and (shown := _CALL.findall(fence.text)):
                call = shown[-1]
            elif said := _ANSWER.match(fence.said):
                found.append((call, int(said[1]), fence))
    return found


@pytest.mark.parametrize(("call", "status", "fence"), answers(), ids=lambda value: str(value)[:60])
def test_a_documented_answer_is_one_the_interface_gives(call: str, status: int, fence: Fence) -> None:
    described = operation_of(call)["responses"][str(status)]

    validated(json.loads(fence.text), described["content"])


# --- What has to be run ---------------------------------------------------------------------------------------------


@pytest.fixture
def shell(live_server: Any, tmp_path: Path) -> dict[str, str]:
    """The environment the guide asks for, with curl telling the status after every body."""
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("the examples are shell commands: curl or bash is missing")
    (tmp_path / ".curlrc").write_text('silent\nwrite-out = "\\n%{http_code}\\n"\n')
    store = atelier()
    Zone.objects.create(store=store, slug="product", name="Product page", page_type=PageType.PRODUCT)
    Zone.objects.create(
        store=store, slug="category", name="Category", page_type=PageType.CATEGORY, kind=ZoneKind.LISTING
    )
    return {
        "PATH": os.environ["PATH"],
        "CURL_HOME": str(tmp_path),
        "NETUP": f"{live_server.url}/api/v1",
        "PUBLIC_KEY": public_key(store),
        "SECRET_KEY": secret_key(store),
    }


def run(block: str, environment: dict[str, str]) -> list[tuple[int, Any]]:
    """Status and body of every call of a block, run by a shell."""
    done = subprocess.run(["bash", "-c", block], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    parts = re.split(r"^(\d{3})$\n?", done.stdout, flags=re.MULTILINE)
    return [
        (int(status), json.loads(body) if body.strip() else None)
        for body, status in zip(parts[0::2], parts[1::2], strict=False)
    ]


@pytest.mark.django_db(transaction=True)
def test_the_guide_works_as_written(shell: dict[str, str]) -> None:
    last: tuple[int, Any] = (0, None)
    for fence in GUIDE.fences:
        if fence.language == "bash" and (shown := _CALL.findall(fence.text)):
            answered = run(fence.text, shell)
            assert len(answered) == len(shown), fence.text
            for call, (status, body) in zip(shown, answered, strict=True):
                described = operation_of(call)["responses"][str(status)]
                assert status < 400 or _documented(fence) >= 400, body
                if "content" in described:
                    validated(body, described["content"])
            last = answered[-1]
            if isinstance(last[1], dict) and "/recommendations" in fence.text and last[0] == 200:
                shell["RECOMMENDATION_ID"] = last[1]["recommendation_id"]
            if address_of(shown[-1]) == "/api/v1/campaigns" and last[0] == 201:
                shell["CAMPAIGN"] = last[1]["id"]
        elif said := _ANSWER.match(fence.said):
            assert last[0] == int(said[1]), last[1]
            assert_alike(json.loads(fence.text), last[1])


def _documented(call: Fence) -> int:
    """The status that the page gives as the answer to this block, 200 when it shows none."""
    following = GUIDE.fences[GUIDE.fences.index(call) + 1]
    said = _ANSWER.match(following.said)
    return int(said[1]) if said else 200


def assert_alike(shown: Any, given: Any, at: str = "") -> None:
    """The same members, and the same kinds of value where both have one; numbers and ids differ."""
    if isinstance(shown, dict) and isinstance(given, dict) and at.rpartition("/")[2] not in OPEN:
        assert shown.keys() == given.keys(), at
        for name in shown:
            assert_alike(shown[name], given[name], f"{at}/{name}")
    elif isinstance(shown, list) and isinstance(given, list):
        for here, there in zip(shown, given, strict=False):
            assert_alike(here, there, at)
    elif at in EXACT:
        assert shown == given, at
    elif shown is not None and given is not None:
        assert _kind(shown) == _kind(given), at


# Objects whose members depend on what was measured; values that are the same at every run.
OPEN: Final = {"stages", "contributions", "distance_by_family"}
EXACT: Final = {
    "/slug",
    "/catalog_version",
    "/created",
    "/rejected",
    "/stored",
    "/items/outcome",
    "/dry_run",
    "/skipped",
    "/campaigns/outcome",
    "/state",
    "/steps",
    "/results/changes/member",
    "/items/errors/detail",
    "/items/errors/pointer",
    "/items/errors/code",
    "/verdicts/status",
    "/verdicts/errors/detail",
    "/verdicts/errors/pointer",
    "/type",
    "/title",
    "/detail",
    "/errors/detail",
    "/errors/pointer",
    "/errors/code",
}


def _kind(value: Any) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)
