"""One program under the supervisor: its process group, its log lines, and when it is due to start again."""

import os
import signal
import subprocess  # nosec B404: it starts our own programs
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# A program that lived this long fell for a new reason: its pauses start over.
SETTLED_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """What to run; `name` stands before each of its log lines, `environment` is added to ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """The running process of a program, and the pauses between its restarts (times in monotonic seconds)."""

    def __init__(self, program: Program, write: Callable[[str], None]) -> None:
        self._program = program
        self._write = write
        self._process: subprocess.Popen[str] | None = None
        self._started = 0.0
        self._pause = FIRST_PAUSE
        self._due: float | None = 0.0

    @property
    def group(self) -> int:
        """The process group, numbered like its first process; 0 before the first start."""
        return self._process.pid if self._process else 0

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_due(self, *, now: float) -> bool:
        """Whether it is to be started now; one that fell is due after a pause that doubles each time."""
        if self.is_alive():
            return False
        if self._due is None:
            self._fell(now=now)
        return self._due is not None and now >= self._due

    def start(self, *, now: float) -> None:
        """Starts the program as the leader of a new process group, and passes its log lines on."""
        self._process = subprocess.Popen(  # noqa: S603 # nosec B603: our own programs
            list(self._program.command),
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            process_group=0,
        )
        self._started, self._due = now, None
        if self._process.stdout is not None:
            threading.Thread(target=self._pass_on, args=(self._process.stdout,), daemon=True).start()

    def terminate(self) -> None:
        """Asks the program to end; it tells its own workers."""
        if self._process is not None and self.is_alive():
            self._process.terminate()

    def kill(self) -> None:
        """Ends the program and whatever it left in its group; waits for nobody, as a signal handler may not."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)

    def wait(self) -> None:
        """Waits for the program's end."""
        if self._process is not None:
            self._process.wait()

    def _fell(self, *, now: float) -> None:
        status = self._process.returncode if self._process else 0
        # Workers of a killed program would keep its port and its work.
        self.kill()
        self.wait()
        if now - self._started >= SETTLED_SECONDS:
            self._pause = FIRST_PAUSE
        self._say(f"ended with status {status}; it starts again in {self._pause:g} s")
        self._due = now + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _pass_on(self, lines: IO[str]) -> None:
        for line in lines:
            self._say(line.rstrip("\n"))

    def _say(self, text: str) -> None:
        self._write(f"{self._program.name:<6} | {text}")
