"""Rules over REST: what a merchandiser lays down for the `rules` engine, read and set."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.pagination import CursorPages
from catalog.api.problems import Problem
from catalog.api.schema import CONFLICT, IDEMPOTENCY_KEY
from catalog.api.store_view import StoreRequest, StoreView
from personalization.models.rule import Rule, SelectionStrategy
from personalization.rule_documents import (
    LARGEST_ORDER,
    LONGEST_REST,
    MOST_CHOSEN,
    MOST_PLACED,
    TooManyRulesError,
    lay_down,
    read_rule,
    tell_rule,
)

LARGEST_BODY = 64 * 1024


class RuleDocumentShape(serializers.Serializer[object]):
    """What a rule shows and says, and when; what is left out has its default."""

    name = serializers.CharField(max_length=120)
    enabled = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(
        min_value=0, max_value=LARGEST_ORDER, required=False, help_text="Lower numbers place their products first."
    )
    condition = serializers.DictField(required=False, help_text="As of a campaign: over the 232 markers.")
    strategy = serializers.ChoiceField(
        choices=SelectionStrategy.choices, required=False, allow_blank=True, help_text="Empty for a message alone."
    )
    item_ids = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=MOST_CHOSEN, required=False, help_text="Of `chosen`."
    )
    days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_REST, required=False, allow_null=True, help_text="Of `new_arrivals`."
    )
    most = serializers.IntegerField(min_value=1, max_value=MOST_PLACED, required=False, help_text="Products it places.")
    zones = serializers.ListField(
        child=serializers.CharField(max_length=50), required=False, help_text="Identifiers; none for all of them."
    )
    message_title = serializers.CharField(max_length=80, required=False, allow_blank=True)
    message_text = serializers.CharField(max_length=300, required=False, allow_blank=True)
    message_per_visit = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ORDER, required=False, allow_null=True, help_text="Null for any number of times."
    )
    message_quiet_days = serializers.IntegerField(min_value=0, max_value=LONGEST_REST, required=False)


class RuleShape(RuleDocumentShape):
    """A rule as it is stored."""

    id = serializers.CharField()
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class RulePages(CursorPages):
    """In the order in which they were laid down, which no change moves."""

    ordering = "pk"


class RulesView(StoreView):
    """The store's rules."""

    pagination_class = RulePages
    largest_body = LARGEST_BODY

    @extend_schema(operation_id="rules_list", tags=["objectives"], responses=RuleShape(many=True))
    def get(self, request: StoreRequest) -> Response:
        """The store's own rules; one that has none that selects goes by the default set."""
        pages = RulePages()
        rules = Rule.objects.of(request.store).prefetch_related("zones")
        page: list[Rule] = pages.paginate_queryset(rules, request, view=self) or []
        return pages.get_paginated_response([_told(rule) for rule in page])

    @extend_schema(
        operation_id="rule_create",
        tags=["objectives"],
        request=RuleDocumentShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(201, "application/json"): RuleShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest) -> Response:
        """Lay down a rule; it governs answers of the `rules` engine within a second."""
        document = read_rule(object_in(request.data), store=request.store)
        try:
            rule = lay_down(document, store=request.store)
        except TooManyRulesError as refused:
            raise Problem(409, refused.reason) from None
        return Response(_told(rule), status=201)


class RuleView(StoreView):
    """One rule."""

    largest_body = LARGEST_BODY

    @extend_schema(operation_id="rule_read", tags=["objectives"], responses=RuleShape)
    def get(self, request: StoreRequest, rule_id: int) -> Response:
        """One rule."""
        return Response(_told(_rule(request, rule_id)))

    @extend_schema(
        operation_id="rule_replace",
        tags=["objectives"],
        request=RuleDocumentShape,
        parameters=[IDEMPOTENCY_KEY],
        responses=RuleShape,
    )
    @idempotent
    def put(self, request: StoreRequest, rule_id: int) -> Response:
        """Lay down the whole of a rule; what is left out has its default again."""
        rule = _rule(request, rule_id)
        document = read_rule(object_in(request.data), store=request.store)
        return Response(_told(lay_down(document, store=request.store, rule=rule)))

    @extend_schema(operation_id="rule_delete", tags=["objectives"], parameters=[IDEMPOTENCY_KEY], responses={204: None})
    @idempotent
    def delete(self, request: StoreRequest, rule_id: int) -> Response:
        """Take a rule away."""
        _rule(request, rule_id).delete()
        return Response(status=204)


def _rule(request: StoreRequest, rule_id: int) -> Rule:
    return get_object_or_404(Rule.objects.of(request.store), pk=rule_id)


def _told(rule: Rule) -> dict[str, Any]:
    stored = {"id": str(rule.pk), "created_at": rule.created_at, "changed_at": rule.changed_at}
    return stored | tell_rule(rule)
