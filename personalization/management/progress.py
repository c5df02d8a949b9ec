"""A progress bar that follows the stages of long work."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tqdm import tqdm


class ProgressBar:
    """Called with (stage, done, total); shows one bar a stage."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None  # type: ignore[type-arg]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or self._bar.desc != stage:
            if self._bar is not None:
                self._bar.close()
            self._bar = tqdm(total=total)
            self._bar.set_description_str(stage)
        self._bar.total = total
        self._bar.n = done
        self._bar.refresh()
