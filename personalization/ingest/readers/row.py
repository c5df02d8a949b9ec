"""What every reader gives for a row of its file, and how all of them read files."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final

GZIP_MAGIC: Final = b"\x1f\x8b"


class UnreadableFileError(ValueError):
    """A file that is not of the format it is said to be; the message names what was expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes:
        event: as the storefront would have sent it; None for a row that is about nothing we know.
        products: what the row tells of the products, under Google Merchant's names, prices as numbers.
    """

    event: dict[str, Any] | None
    products: tuple[dict[str, Any], ...] = field(default=())


Reader = Callable[[IO[str]], Iterator[Row]]


@contextmanager
def open_text(path: Path) -> Iterator[tuple[IO[str], IO[bytes]]]:
    """The file as text, unpacked if it is gzip, and its raw bytes, whose position tells how far reading is.

    Raises:
        UnreadableFileError: there is no such file, or it breaks off.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            unpacked: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            with TextIOWrapper(unpacked, encoding="utf-8-sig", newline="") as text:
                yield text, raw
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path}: {error}") from error


def table(file: IO[str], *, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with at least these columns; a short row has empty texts at its end.

    Raises:
        UnreadableFileError: a column is missing, or a row cannot be read.
    """
    rows = csv.DictReader(file, restval="")
    missing = [name for name in columns if name not in (rows.fieldnames or [])]
    if missing:
        found = ",".join(rows.fieldnames or [])[:200]
        raise UnreadableFileError(f"header: expected the columns {','.join(columns)}, got {found!r}")
    try:
        yield from rows
    except csv.Error as error:
        raise UnreadableFileError(f"line {rows.line_num}: {error}") from error


def isoformat(instant: Any) -> str | None:
    """Seconds since 1970 as RFC 3339; None for what is no instant."""
    try:
        return datetime.fromtimestamp(instant, UTC).isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def id_of(*parts: str) -> str:
    """The same id for the same row at every reading: repeats are then counted once."""
    return blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
