"""What every view of the API shares: the key's store, bounded JSON in, JSON or a problem out."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.request import Request
from rest_framework.views import APIView

from catalog.api.authentication import ApiKeyAuthentication
from catalog.api.bodies import JsonParser
from catalog.api.permissions import HasKey, HasSecretKey
from catalog.api.problems import problem_handler
from catalog.api.rendering import JsonRenderer
from catalog.api.throttling import KeyThrottle
from catalog.models import ApiKey, Store


class StoreRequest(Request):
    """A request whose key was accepted."""

    store: Store
    api_key: ApiKey


class StoreView(APIView):
    """A view of one store, the key's; secret keys only unless the view says otherwise.

    `largest_body`: bytes this view reads at most, None for the installation's limit.
    """

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes: tuple[type[HasKey], ...] = (HasSecretKey,)
    throttle_classes = (KeyThrottle,)
    parser_classes: tuple[type[JsonParser], ...] = (JsonParser,)
    renderer_classes = (JsonRenderer,)
    largest_body: int | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Open the door, then say whose it is."""
        super().initial(request, *args, **kwargs)
        key = cast("ApiKey", request.auth)
        request.api_key, request.store = key, key.store  # type: ignore[attr-defined]

    def get_exception_handler(self) -> Any:
        return problem_handler
