"""The arrays a generation learned: their home is the database, every process maps a local copy."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from numpy.typing import NDArray

from personalization.models import MemoryArray

T = TypeVar("T")


class MissingArrayError(LookupError):
    """A generation lacks an array that its stage should have made."""


def save(generation_id: int, name: str, array: NDArray[Any], *, part: int = 0) -> None:
    """Keep an array with its generation; saving again replaces it."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    data = buffer.getvalue()
    MemoryArray.objects.update_or_create(
        generation_id=generation_id,
        name=name,
        part=part,
        defaults={"data": data, "digest": blake2b(data, digest_size=16).hexdigest()},
    )


def has(generation_id: int, name: str) -> bool:
    """Whether the generation has learned this array."""
    return MemoryArray.objects.filter(generation_id=generation_id, name=name).exists()


def parts(generation_id: int, name: str) -> list[int]:
    """The numbers of an array's parts, ascending."""
    stored = MemoryArray.objects.filter(generation_id=generation_id, name=name)
    return list(stored.order_by("part").values_list("part", flat=True))


def read(generation_id: int, name: str, *, part: int = 0) -> NDArray[Any]:
    """The array, memory-mapped from this machine's copy, which is made on first use.

    Raises:
        MissingArrayError: the generation has no such array.
    """
    stored = MemoryArray.objects.filter(generation_id=generation_id, name=name, part=part)
    while digest := stored.values_list("digest", flat=True).first():
        try:
            return np.asarray(np.load(_copy(generation_id, name, part, digest), mmap_mode="r", allow_pickle=False))
        except FileNotFoundError:
            _fetch(stored)  # then look again: it may have been replaced meanwhile
    raise MissingArrayError(f"generation {generation_id}: no array {name!r} part {part}")


def save_fields(generation_id: int, prefix: str, learned: Any) -> None:
    """Keep a dataclass of arrays, a field at a time, the last one last: it tells that all are there."""
    for field in fields(learned):
        save(generation_id, f"{prefix}_{field.name}", getattr(learned, field.name))


def has_fields(generation_id: int, prefix: str, shape: type[Any]) -> bool:
    """Whether the generation has learned this dataclass of arrays, whole."""
    return has(generation_id, f"{prefix}_{fields(shape)[-1].name}")


def read_fields(generation_id: int, prefix: str, shape: type[T]) -> T:
    """A dataclass of arrays as it was kept, see `read`.

    Raises:
        MissingArrayError: one of its arrays is not there.
    """
    return shape(**{field.name: read(generation_id, f"{prefix}_{field.name}") for field in fields(shape)})  # type: ignore[arg-type]


def forget(generation_id: int) -> None:
    """Remove the generation's arrays from the database and from this machine."""
    MemoryArray.objects.filter(generation_id=generation_id).delete()
    shutil.rmtree(_folder(generation_id), ignore_errors=True)


def _folder(generation_id: int) -> Path:
    # Databases may share a machine (tests beside an installation): each keeps its own copies.
    return Path(settings.MEMORY_DIR, str(settings.DATABASES["default"]["NAME"]), str(generation_id))


def _copy(generation_id: int, name: str, part: int, digest: str) -> Path:
    """Named by what it holds: an array that was replaced, or a database that was restored, finds no copy of before."""
    return _folder(generation_id) / f"{name}.{part}.{digest}.npy"


def _fetch(stored: QuerySet[MemoryArray]) -> None:
    """Make this machine's copy of an array, in the place of earlier ones."""
    array = stored.first()
    if array is None:
        return
    path = _copy(array.generation_id, array.name, array.part, array.digest)
    _write(path, bytes(array.data))
    for earlier in path.parent.glob(f"{array.name}.{array.part}.*.npy"):
        if earlier != path:
            earlier.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, whoever else writes the same file now."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
