"""A whole rebuild on this machine, without a broker: as many processes as there are cores share the chunks."""

from __future__ import annotations

import os
import subprocess  # nosec B404: it starts our own command
import sys
import time
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from catalog.models import Store
from personalization.memory import chunks, rebuild
from personalization.memory.rebuild import NOT_ANNOUNCED, Progress
from personalization.models import Generation, GenerationState

_LOOK_EVERY = 0.5  # seconds between two looks at the progress


class RebuildFailedError(RuntimeError):
    """The rebuild met too many errors; the message holds the last one."""


def build(
    *,
    store: Store,
    now: datetime,
    workers: int | None = None,
    progress: Progress = NOT_ANNOUNCED,
    go_live: bool = True,
) -> Generation:
    """Begin or resume the store's next generation and carry it to its end.

    Raises:
        rebuild.NothingToRememberError: there is no visit to learn from.
        generations.HeldElsewhereError: another process is at work on it.
        RebuildFailedError: it was given up.
    """
    generation = rebuild.prepare(store=store, now=now, progress=progress)
    helpers = [_helper(generation) for _ in range((workers or os.cpu_count() or 1) - 1)]
    try:
        rebuild.work(generation, keep_on=lambda: _announce(generation, progress))
        while any(helper.poll() is None for helper in helpers):
            _announce(generation, progress)
            time.sleep(_LOOK_EVERY)
        # What a worker that died had claimed is free again once its lease has run out: its rows were never loaded.
        chunks.release(generation.pk)
        rebuild.work(generation, keep_on=lambda: _announce(generation, progress))
    finally:
        for helper in helpers:
            helper.terminate()
            helper.wait()
    rebuild.finish(generation, now=timezone.now(), progress=progress, go_live=go_live)
    generation.refresh_from_db()
    if generation.state == GenerationState.FAILED:  # in another process
        raise RebuildFailedError(f"generation {generation.number}: {generation.error}")
    return generation


def _announce(generation: Generation, progress: Progress) -> bool:
    progress("situations", *chunks.progress(generation.pk))
    return True


def _helper(generation: Generation) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        str(settings.BASE_DIR / "manage.py"),
        "rebuild_memory",
        "--share-of",
        str(generation.pk),
    ]
    return subprocess.Popen(command)  # noqa: S603 # nosec B603: our own command
