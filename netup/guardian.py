"""Ends a supervisor's programs when the supervisor itself was killed; needs the standard library only.

Its arguments, and then each line of the standard input, name the process groups that run now; the input ends with
the supervisor, however that ends. A last line that is empty says that everything has been stopped already.
"""

import os
import signal
import sys
import time

PATIENCE_SECONDS = 3.0


def main() -> None:
    """Waits for the end of the supervisor, then for its programs, then ends them."""
    groups = _named(sys.argv[1:])
    for line in sys.stdin:
        groups = _named(line.split())
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _signal(groups, 0) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)


def _named(words: list[str]) -> list[int]:
    return [int(word) for word in words if int(word) > 1]


def _signal(groups: list[int], number: int) -> bool:
    """Sends the signal to every group; whether any of them still has a process."""
    reached = False
    for group in groups:
        try:
            os.killpg(group, number)
            reached = True
        except ProcessLookupError:
            continue
    return reached


if __name__ == "__main__":
    main()
