"""Background work: each task finds in the database what is to be done, so that a lost message loses nothing."""

from __future__ import annotations

from celery import chord, group, shared_task
from django.utils import timezone

from catalog.models import Store
from personalization import erasure, guarding
from personalization.evaluation import comparing
from personalization.memory import appending, generations, rebuild
from personalization.models import Generation

WORKERS = 4  # chunk workers woken for one rebuild; each takes chunks until none is left


@shared_task(name="personalization.tasks.rebuild_memory")
def rebuild_memory(store_id: int) -> None:
    """Prepare the store's next generation, then wake the workers; the last of them finishes it."""
    try:
        generation = rebuild.prepare(store=Store.objects.get(pk=store_id), now=timezone.now())
    except (generations.HeldElsewhereError, rebuild.NothingToRememberError):
        return
    chord(group(remember_chunks.s(generation.pk) for _ in range(WORKERS)))(finish_memory.si(generation.pk))


@shared_task(name="personalization.tasks.remember_chunks")
def remember_chunks(generation_id: int) -> int:
    """One worker's share of a rebuild."""
    generation = Generation.objects.building().filter(pk=generation_id).first()
    return rebuild.work(generation) if generation else 0


@shared_task(name="personalization.tasks.finish_memory")
def finish_memory(generation_id: int) -> None:
    """Index, fit, judge and switch, once every chunk is done."""
    generation = Generation.objects.select_related("store").get(pk=generation_id)
    try:
        rebuild.finish(generation, now=timezone.now())
    except generations.HeldElsewhereError:
        return


@shared_task(name="personalization.tasks.resume_rebuilds")
def resume_rebuilds() -> None:
    """Take up every rebuild that was begun and not ended; those at work are held and left alone."""
    for generation in Generation.objects.abandoned(now=timezone.now()).filter(store__in=Store.objects.lasting()):
        rebuild_memory.delay(generation.store_id)


@shared_task(name="personalization.tasks.rebuild_memories")
def rebuild_memories() -> None:
    """The nightly round: one task a store."""
    for store_id in Store.objects.lasting().values_list("pk", flat=True):
        rebuild_memory.delay(store_id)


@shared_task(name="personalization.tasks.append_ended_visits")
def append_ended_visits() -> int:
    """What ended or was bought since the last look, into every live memory."""
    stores = Generation.objects.live().filter(store__in=Store.objects.lasting()).values_list("store_id", flat=True)
    return sum(appending.append(store_id=store_id, now=timezone.now()) for store_id in stores)


@shared_task(name="personalization.tasks.forget_visits_without_consent")
def forget_visits_without_consent() -> int:
    """What was lived without consent may not outlast its visit."""
    return erasure.forget_visits_without_consent(now=timezone.now())


@shared_task(name="personalization.tasks.forget_outdated")
def forget_outdated() -> int:
    """What outlived its store's retention, and memories whose stores are gone."""
    generations.drop_orphans()
    return erasure.forget_outdated(now=timezone.now())


@shared_task(name="personalization.tasks.compare_approaches")
def compare_approaches() -> None:
    """Carry out one comparison that waits, if nobody carries one out; then let the next begin."""
    if not comparing.sweep():
        return
    try:
        comparing.carry_out_next()
    except generations.HeldElsewhereError:
        return
    compare_approaches.delay()


@shared_task(name="personalization.tasks.ask_for_comparisons")
def ask_for_comparisons() -> None:
    """The monthly round: a comparison in each store that has lived enough since its last."""
    if comparing.ask_where_due(now=timezone.now()):
        compare_approaches.delay()


@shared_task(name="personalization.tasks.guard_campaigns")
def guard_campaigns() -> int:
    """Pause what is proven to lose more than its guardrail allows; it ends at once where nothing is to be guarded."""
    return guarding.guard(now=timezone.now())
