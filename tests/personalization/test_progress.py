"""Progress in a log: each stage's end, and not every step of it."""

from __future__ import annotations

import pytest

from personalization.management.progress import ProgressBar


def test_a_log_holds_each_stage_once_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        for stage in ("landscape", "index"):
            for step in range(1, 501):
                bar(stage, step, 500)

    told = capsys.readouterr().err.replace("\r", "\n").splitlines()
    assert [line.split(":")[0] for line in told if "500/500" in line] == ["landscape", "index"]
    assert len(told) <= 6
