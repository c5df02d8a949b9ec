"""A past situation with its outcome: one row of one generation's partition."""

from django.db import models
from pgvector.django import HalfVectorField

from personalization.models.generation import Generation

WIDTH = 232  # as many dimensions as markers; a system check compares


class PastSituation(models.Model):
    """Written by `memory.rebuild`, read by `memory.recall`, both in SQL: the table is partitioned by generation.

    `payload` packs what followed, see `personalization.memory.payload`.
    """

    pk = models.CompositePrimaryKey("generation_id", "id")
    id = models.BigIntegerField()
    generation = models.ForeignKey(Generation, models.DO_NOTHING, db_constraint=False, related_name="+")
    visit_id = models.BigIntegerField()
    step = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    twin = models.BigIntegerField()  # shared by situations that are nearly the same, see `memory.partitions`
    situation = HalfVectorField(dimensions=WIDTH)
    payload = models.BinaryField()

    class Meta:
        managed = False
        db_table = "personalization_pastsituation"

    def __str__(self) -> str:
        return f"{self.visit_id}/{self.step}"
