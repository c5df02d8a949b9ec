"""Runs the installation's programs as one: starts them, restarts what falls, stops all within seconds."""

import errno
import fcntl
import os
import signal
import socket
import subprocess  # nosec B404: it starts our own programs
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TextIO

from netup.guardian import PATIENCE_SECONDS
from netup.program import Child, Program

GUARDIAN = Path(__file__).with_name("guardian.py")
# Work that is cut off is recorded in the database and taken up again: nobody needs to wait for it.
STOP_SECONDS = 4.0
TICK_SECONDS = 0.1
KEEP_ALIVE_SECONDS = 1.0


class SupervisorError(RuntimeError):
    """The installation cannot start; the message is one line saying why."""


class Supervisor:
    """Keeps programs running, each in a process group of its own, until it is told to stop.

    `keep_alive` is called about once a second beside them (it revives the database); `write` prints one line;
    `patience` is how many seconds a program gets to end by itself.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        keep_alive: Callable[[], None],
        write: Callable[[str], None],
        patience: float = STOP_SECONDS,
    ) -> None:
        self._write = write
        self._keep_alive = keep_alive
        self._patience = patience
        self._children = [Child(program, write) for program in programs]
        # A plain flag: a signal handler that takes a lock can wait for the very thread it interrupted.
        self._stopping = False
        self._guardian = _start_guardian([])

    def run(self) -> None:
        """Starts everything and returns when everything has stopped, after `stop` or a signal."""
        keeper = threading.Thread(target=self._keep, daemon=True)
        with _on_signals(self.stop):
            keeper.start()
            try:
                while not self._stopping:
                    self._start_due(now=time.monotonic())
                    time.sleep(TICK_SECONDS)
            finally:
                self._stopping = True
                self._end()
                keeper.join(timeout=STOP_SECONDS)

    def stop(self) -> None:
        """Asks for the end; asked a second time, it does not wait for anybody."""
        if self._stopping:
            for child in self._children:
                child.kill()
        self._stopping = True

    def _start_due(self, *, now: float) -> None:
        due = [child for child in self._children if child.is_due(now=now)]
        for child in due:
            child.start(now=now)
        guardian_fell = self._guardian.poll() is not None
        if guardian_fell:
            self._guardian = _start_guardian(self._groups())
        if due:
            self._tell_guardian()

    def _tell_guardian(self) -> None:
        if self._guardian.stdin is not None:
            print(*self._groups(), file=self._guardian.stdin, flush=True)

    def _groups(self) -> list[int]:
        return [child.group for child in self._children]

    def _keep(self) -> None:
        while not self._stopping:
            try:
                self._keep_alive()
            except RuntimeError as error:
                self._write(f"supervisor | {error}")
            time.sleep(KEEP_ALIVE_SECONDS)

    def _end(self) -> None:
        """Asks every program to end, and ends what has not after a few seconds."""
        for child in self._children:
            child.terminate()
        deadline = time.monotonic() + self._patience
        while any(child.is_alive() for child in self._children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self._children:
            child.kill()
        for child in self._children:
            child.wait()
        self._guardian.communicate("\n")


@contextmanager
def alone(lock: Path, *, address: str) -> Iterator[None]:
    """Refuses a second supervisor of one installation, naming the first; the lock ends with its holder."""
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SupervisorError(f"it runs already: {_read(file)}") from None
        if _read(file):
            # The last one was killed: its guardian is ending its programs, which hold the port.
            time.sleep(PATIENCE_SECONDS + 0.5)
        _rewrite(file, f"process {os.getpid()}, {address}")
        try:
            yield
        finally:
            _rewrite(file, "")


def _read(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip()


def _rewrite(file: TextIO, text: str) -> None:
    file.truncate(0)
    file.write(text)
    file.flush()


def require_free(host: str, port: int) -> None:
    """Refuses to start on a port where another program listens, before anything else is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            reason = "another program listens there" if taken else str(error)
            raise SupervisorError(f"port {port} on {host} is not free: {reason}") from error


def _start_guardian(groups: Sequence[int]) -> subprocess.Popen[str]:
    """A small process that ends our programs if we are killed: it reads their groups from a pipe we hold.

    Those that run now are named as it starts: we may be killed before we could write a line.
    """
    return subprocess.Popen(  # noqa: S603 # nosec B603: our own file
        [sys.executable, "-I", "-S", str(GUARDIAN), *map(str, groups)],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@contextmanager
def _on_signals(stop: Callable[[], None]) -> Iterator[None]:
    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
