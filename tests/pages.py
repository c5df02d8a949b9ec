"""The written pages of the repository, taken apart for the tests that keep them true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from django.conf import settings

ROOT: Final = Path(settings.BASE_DIR)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)|(?:src|href)=\"([^\"]+)\"")


@dataclass(frozen=True)
class Fence:
    """A block of code in a page; `said`: the last line of words before it."""

    language: str
    text: str
    said: str


@dataclass(frozen=True)
class Page:
    """One page in Markdown."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def fences(self) -> list[Fence]:
        return [
            Fence(found[1], found[2], self.text[: found.start()].rstrip().rpartition("\n")[2])
            for found in _FENCE.finditer(self.text)
        ]

    @cached_property
    def links(self) -> list[str]:
        prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", self.text))
        return [inline or tag for inline, tag in _LINK.findall(prose)]


PAGES: Final = [Page(path) for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))]


def anchors(text: str) -> set[str]:
    """What a heading of this Markdown text can be linked by, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
