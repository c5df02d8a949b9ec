"""The arrays a generation learned: their home is the database, every process maps a local copy."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from personalization.models import MemoryArray


class MissingArrayError(LookupError):
    """A generation lacks an array that its stage should have made."""


def save(generation_id: int, name: str, array: NDArray[Any], *, part: int = 0) -> None:
    """Keep an array with its generation; saving again replaces it."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    MemoryArray.objects.update_or_create(
        generation_id=generation_id, name=name, part=part, defaults={"data": buffer.getvalue()}
    )


def has(generation_id: int, name: str) -> bool:
    """Whether the generation has learned this array."""
    return MemoryArray.objects.filter(generation_id=generation_id, name=name).exists()


def read(generation_id: int, name: str, *, part: int = 0) -> NDArray[Any]:
    """The array, memory-mapped from this machine's copy, which is made on first use.

    Raises:
        MissingArrayError: the generation has no such array.
    """
    path = _folder(generation_id) / f"{name}.{part}.npy"
    if not path.exists():
        stored = MemoryArray.objects.filter(generation_id=generation_id, name=name, part=part).values_list(
            "data", flat=True
        )
        data = stored.first()
        if data is None:
            raise MissingArrayError(f"generation {generation_id}: no array {name!r} part {part}")
        _write(path, bytes(data))
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def forget(generation_id: int) -> None:
    """Remove the generation's arrays from the database and from this machine."""
    MemoryArray.objects.filter(generation_id=generation_id).delete()
    shutil.rmtree(_folder(generation_id), ignore_errors=True)


def _folder(generation_id: int) -> Path:
    # Databases may share a machine (tests beside an installation): each keeps its own copies.
    return Path(settings.MEMORY_DIR) / settings.DATABASES["default"]["NAME"] / str(generation_id)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, whoever else writes the same file now."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
