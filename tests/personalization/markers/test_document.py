"""The page of all markers says what the register says."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from personalization.markers import MARKERS
from personalization.markers.document import page


def test_the_committed_page_is_current() -> None:
    assert (settings.BASE_DIR / "docs" / "markers.md").read_text(encoding="utf-8") == page(MARKERS)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_a_marker_has_a_row_with_its_meaning(marker) -> None:
    rows = [row for row in page(MARKERS).splitlines() if f"| `{marker.name}` |" in row]

    assert [row.split(" | ")[-1].removesuffix(" |") for row in rows] == [marker.meaning]


def test_a_stale_page_fails_the_check(tmp_path: Path) -> None:
    path = tmp_path / "markers.md"
    path.write_text("# The 12 markers\n")

    with pytest.raises(CommandError, match="stale"):
        call_command("document_markers", "--check", path=path, stdout=StringIO())


def test_a_written_page_passes_the_check(tmp_path: Path) -> None:
    path = tmp_path / "markers.md"
    call_command("document_markers", path=path, stdout=StringIO())

    call_command("document_markers", "--check", path=path, stdout=StringIO())
