"""One program under the supervisor."""

from __future__ import annotations

import signal
import sys

from netup.program import Child, Program


def test_a_signal_that_interrupts_the_wait_for_a_program_can_kill_it() -> None:
    child = Child(Program("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"]), write=lambda line: None)
    child.start(now=0.0)
    before = signal.signal(signal.SIGALRM, lambda number, frame: child.kill())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        child.wait()
    finally:
        signal.signal(signal.SIGALRM, before)

    assert not child.is_alive()
