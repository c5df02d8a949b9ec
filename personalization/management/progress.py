"""A progress bar that follows the stages of long work."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm

WATCHED, LOGGED = 0.1, 10.0  # seconds between two looks of a bar that is watched, or kept in a log


class ProgressBar:
    """Called with (stage, done, total); shows one bar a stage."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None  # type: ignore[type-arg]
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or self._stage != stage:
            self._stage = stage
            if self._bar is not None:
                self._bar.close()
            interval = WATCHED if sys.stderr.isatty() else LOGGED
            self._bar = tqdm(desc=stage, total=total, mininterval=interval, miniters=1)
        self._bar.total = total
        self._bar.update(done - self._bar.n)
