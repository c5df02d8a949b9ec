"""How calls are described in the OpenAPI document: every operation with the problems it can answer."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from catalog.api.idempotency import HEADER
from catalog.api.problems import CONTENT_TYPE
from catalog.api.shapes import ProblemShape

IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="Repeats within 24 hours are done once and answered alike."
)

Direction: TypeAlias = Literal["request", "response"]

_ALWAYS = {
    "401": "No usable key.",
    "403": "Not with this key.",
    "429": "Slower, see Retry-After.",
    "503": "Repeat soon.",
}
_WITH_BODY = {"400": "Not readable as JSON.", "413": "Too large.", "415": "Not JSON.", "422": "Values do not fit."}
_WITH_QUERY = {"400": "A parameter cannot be read."}
_WITH_KEY = {"400": "The Idempotency-Key cannot be read.", "422": "It came before with another request."}
_WITH_ID = {"404": "Nothing has this id."}

# Told of calls that the state of what they are about can refuse; beside it, answers name their media type, too.
CONFLICT = {(409, CONTENT_TYPE): OpenApiResponse(ProblemShape, description="Its state does not allow that.")}


class ApiSchema(AutoSchema):
    """Adds the problems that every call of its sort can answer, so that no view has to name them."""

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, words in self._problems().items():
            answer = OpenApiResponse(ProblemShape, description=words)
            described: Any = self._get_response_for_code(answer, status, [CONTENT_TYPE])  # type: ignore[no-untyped-call]
            bodies.setdefault(status, described)
        return bodies

    def _problems(self) -> dict[str, str]:
        problems = dict(_ALWAYS)
        if self.method in {"POST", "PUT", "PATCH"}:
            problems |= _WITH_BODY
        if self.method == "DELETE":
            problems |= _WITH_KEY
        if self.method == "GET":
            problems |= _WITH_QUERY
        if "{" in self.path:
            problems |= _WITH_ID
        return problems
