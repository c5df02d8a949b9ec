"""Campaigns as a file over REST: exported, and imported as drafts, all or none."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.problems import Problem, invalid_parameter
from catalog.api.schema import CONFLICT, IDEMPOTENCY_KEY
from catalog.api.store_view import StoreRequest, StoreView
from objectives.campaign_files import (
    LARGEST_FILE,
    FileTooLargeError,
    Imported,
    SameName,
    import_campaigns,
    read_file,
    tell_file,
)
from personalization.api.campaign_answers import FILTERS, IDS, campaigns_asked_for, key_of, named_by_ids, refusals
from personalization.api.campaign_shapes import CampaignFileShape, ImportShape
from personalization.merchandising.rule import KNOWN_MARKERS

_OPTIONS = [
    OpenApiParameter("dry_run", OpenApiTypes.BOOL, description="Say what would become of it, and store nothing."),
    OpenApiParameter(
        "on_same_name",
        OpenApiTypes.STR,
        enum=[choice.value for choice in SameName],
        description="A campaign whose name one of the store's has already is added all the same, the default, or "
        "skipped, so that a file can be imported again.",
    ),
]


class ExportView(StoreView):
    """The store's campaigns as a file."""

    @extend_schema(
        operation_id="campaigns_export",
        tags=["objectives"],
        parameters=[*FILTERS, IDS],
        responses={(200, "application/json"): CampaignFileShape, **CONFLICT},
    )
    def get(self, request: StoreRequest) -> Response:
        """Campaigns as they are now, in a file that another store or installation can import; at most 200 and 5 MB."""
        found = named_by_ids(request, campaigns_asked_for(request, now=timezone.now())).order_by("pk")
        try:
            return Response(tell_file(found.iterator(chunk_size=100)))
        except FileTooLargeError as too_large:
            raise Problem(409, too_large.reason) from None


class ImportView(StoreView):
    """A file into drafts."""

    largest_body = LARGEST_FILE

    @extend_schema(
        operation_id="campaigns_import",
        tags=["objectives"],
        request=CampaignFileShape,
        parameters=[*_OPTIONS, IDEMPOTENCY_KEY],
        responses={(200, "application/json"): ImportShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest) -> Response:
        """Import a file's campaigns as drafts: all of them, or none and every reason by its pointer into the file.

        The zones and the pinned products that they name have to be there. Try it with `dry_run` first.
        """
        dry_run, on_same_name = _options(request)
        documents = read_file(object_in(request.data), store=request.store, known_markers=KNOWN_MARKERS)
        with refusals():
            imported = import_campaigns(
                store=request.store,
                documents=documents,
                on_same_name=on_same_name,
                by=key_of(request),
                now=timezone.now(),
                dry_run=dry_run,
            )
        created = sum(one.is_new for one in imported)
        return Response(
            {
                "dry_run": dry_run,
                "created": created,
                "skipped": len(imported) - created,
                "campaigns": [_imported(one) for one in imported],
            }
        )


def _options(request: StoreRequest) -> tuple[bool, SameName]:
    dry_run = request.query_params.get("dry_run", "false")
    if dry_run not in {"true", "false"}:
        raise invalid_parameter("dry_run", _("true or false"))
    on_same_name = request.query_params.get("on_same_name", SameName.ADD)
    if on_same_name not in set(SameName):
        raise invalid_parameter("on_same_name", _("one of %(names)s") % {"names": ", ".join(SameName)})
    return dry_run == "true", SameName(on_same_name)


def _imported(one: Imported) -> dict[str, str | None]:
    return {
        "name": one.name,
        "outcome": "created" if one.is_new else "skipped",
        "id": str(one.campaign.pk) if one.campaign else None,
    }
