"""A generation of the memory: the store's situations and outcomes up to an instant, and how it came to be."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Store


class GenerationState(models.TextChoices):
    BUILDING = "building", _("building")
    READY = "ready", _("ready")
    LIVE = "live", _("live")
    RETIRED = "retired", _("retired")
    FAILED = "failed", _("failed")


class GenerationQuerySet(models.QuerySet["Generation"]):
    def of(self, store: Store) -> GenerationQuerySet:
        return self.filter(store=store)

    def live(self) -> GenerationQuerySet:
        return self.filter(state=GenerationState.LIVE)

    def building(self) -> GenerationQuerySet:
        return self.filter(state=GenerationState.BUILDING)

    def abandoned(self, *, now: datetime) -> GenerationQuerySet:
        """Being built, but none of its chunks is held by a worker."""
        held = RebuildChunk.objects.filter(generation=OuterRef("pk"), state=ChunkState.WAITING, leased_until__gte=now)
        return self.building().exclude(Exists(held))

    def kept(self) -> GenerationQuerySet:
        """Those whose situations and arrays are still there, whether they answer or not."""
        return self.filter(Exists(MemoryArray.objects.filter(generation=OuterRef("pk"))))


class Generation(models.Model):
    """One memory of one store; exactly one is live."""

    store = models.ForeignKey(Store, models.CASCADE, related_name="generations", verbose_name=_("store"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=GenerationState, default=GenerationState.BUILDING)
    marker_version = models.PositiveIntegerField(_("marker version"))
    until = models.DateTimeField(_("until"), help_text=_("It holds what had been received up to this instant."))
    settings = models.JSONField(
        _("settings"), default=dict, help_text=_("What the rebuild learned: k, ef, bandwidth, weights.")
    )
    validation = models.JSONField(
        _("validation"), default=dict, help_text=_("Figures on visits it did not learn from.")
    )
    visit_count = models.PositiveIntegerField(_("visits"), default=0)
    situation_count = models.PositiveIntegerField(_("situations"), default=0)
    stage = models.CharField(_("stage"), max_length=40, blank=True)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0, editable=False)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    built_at = models.DateTimeField(_("built"), null=True)
    live_at = models.DateTimeField(_("live since"), null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        verbose_name = _("memory generation")
        verbose_name_plural = _("memory generations")
        ordering = ["store", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="generation_number_once"),
            models.UniqueConstraint(fields=["store"], condition=Q(state="live"), name="generation_one_live"),
            models.UniqueConstraint(fields=["store"], condition=Q(state="building"), name="generation_one_building"),
        ]

    def __str__(self) -> str:
        return f"{self.store} · {self.number}"


class ChunkState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")


class RebuildChunkQuerySet(models.QuerySet["RebuildChunk"]):
    def claimable(self, *, generation_id: int, now: datetime) -> RebuildChunkQuerySet:
        """Waiting, of a generation not given up, and held by nobody whose lease still runs."""
        return self.filter(
            Q(leased_until=None) | Q(leased_until__lt=now),
            generation_id=generation_id,
            generation__state=GenerationState.BUILDING,
            state=ChunkState.WAITING,
        )


class RebuildChunk(models.Model):
    """A range of visits to be turned into situations: recorded work, which any worker may claim and repeat."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="chunks", verbose_name=_("generation"))
    number = models.PositiveIntegerField(_("number"))
    first_visit_id = models.BigIntegerField()
    last_visit_id = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=7, choices=ChunkState, default=ChunkState.WAITING)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    visit_count = models.PositiveIntegerField(default=0)
    situation_count = models.PositiveIntegerField(default=0)

    objects = RebuildChunkQuerySet.as_manager()

    class Meta:
        ordering = ["generation", "number"]
        constraints = [models.UniqueConstraint(fields=["generation", "number"], name="chunk_number_once")]

    def __str__(self) -> str:
        return f"{self.generation} · {self.number}"


class MemoryArray(models.Model):
    """One array learned by a rebuild (npy bytes); its home is here, web processes map a local copy."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="arrays", verbose_name=_("generation"))
    name = models.CharField(max_length=60)
    part = models.PositiveIntegerField(default=0, help_text=_("Order among parts that belong together."))
    data = models.BinaryField()
    digest = models.CharField(max_length=32, help_text=_("Of the data: names the local copies."))

    class Meta:
        ordering = ["generation", "name", "part"]
        constraints = [models.UniqueConstraint(fields=["generation", "name", "part"], name="memory_array_once")]

    def __str__(self) -> str:
        return f"{self.generation} · {self.name}[{self.part}]"
