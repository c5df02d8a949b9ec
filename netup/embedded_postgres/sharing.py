"""One server for many processes: who may start it, who uses it, and who stops it."""

import atexit
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg.conninfo

from netup.embedded_postgres import binaries, cluster, server
from netup.embedded_postgres.errors import EmbeddedPostgresError
from netup.embedded_postgres.places import PORT, Places, locate, prepare, require_space

# The server stays when its last user ends.
KEEP_VARIABLE = "NETUP_POSTGRES_KEEP"
# A supervisor starts, revives and stops the server; this process only connects.
SUPERVISED_VARIABLE = "NETUP_POSTGRES_SUPERVISED"
LOCK_SECONDS = 180


@dataclass(frozen=True)
class ConnectionParameters:
    """How to reach the embedded database; `host` is the folder of its socket."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    name: str

    @property
    def conninfo(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host=self.host, port=self.port, user=self.user, password=self.password, dbname=self.name
        )


# Descriptors that say "in use", one a process and server: (process id, state folder) -> descriptor.
_uses: dict[tuple[int, Path], int] = {}
_guard = threading.RLock()


def ensure_running(home: Path, *, recheck: bool = False) -> ConnectionParameters:
    """Starts the server of `home` unless it runs, makes its files unless they exist, and says how to connect.

    Until this process ends it counts as a user of the server; the last user stops it. With `recheck` it also
    waits for a server that listens but still recovers.
    """
    places = locate(home)
    if os.environ.get(SUPERVISED_VARIABLE) == "1":
        return connection_parameters(home)
    with _guard:
        if not recheck and (os.getpid(), places.state) in _uses and server.answers(places):
            return connection_parameters(home)
        prepare(places)
        with _locked(places):
            _register_use(places)
            if not server.answers(places) or not places.password.exists():
                _start(places)
        parameters = connection_parameters(home)
    server.wait_until_ready(places, parameters.conninfo)
    return parameters


def connection_parameters(home: Path) -> ConnectionParameters:
    """How to connect to the server of `home`, without starting it."""
    places = locate(home)
    return ConnectionParameters(
        host=os.fspath(places.sockets),
        port=PORT,
        user=cluster.ROLE,
        password=cluster.read_password(places),
        name=cluster.DATABASE,
    )


def is_running(home: Path) -> bool:
    """Whether a server of `home` answers."""
    return server.answers(locate(home))


def stop_if_unused(home: Path) -> bool:
    """Stops the server of `home` unless another process uses it; returns whether it was stopped."""
    places = locate(home)
    if not places.state.exists():
        return False
    with _guard, _locked(places):
        _release_use(places)
        if not _unused(places):
            return False
        server.stop(places, binaries.find(places))
        return True


def _start(places: Places) -> None:
    require_space(places)
    found = binaries.find(places)
    if not places.password.exists():
        server.stop(places, found)
    cluster.ensure_cluster(places, found)
    server.start(places, found)


@contextmanager
def _locked(places: Places) -> Iterator[None]:
    """Alone among all processes while starting or stopping; the lock ends with its holder."""
    descriptor = _open(places.startup_lock)
    try:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"another process has been starting or stopping the database for {LOCK_SECONDS} s "
                    f"(it holds {places.startup_lock})"
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _register_use(places: Places) -> None:
    """Holds a shared lock until this process ends."""
    key = (os.getpid(), places.state)
    if key in _uses:
        return
    descriptor = _open(places.users_lock)
    if not _try_lock(descriptor, fcntl.LOCK_SH):
        os.close(descriptor)
        raise EmbeddedPostgresError(f"{places.users_lock} is locked by a program that is not ours")
    _uses[key] = descriptor
    atexit.register(_leave, places.state, os.getpid())


def _release_use(places: Places) -> None:
    """Closes and never unlocks: a forked child shares the lock, and goes on using the server."""
    descriptor = _uses.pop((os.getpid(), places.state), None)
    if descriptor is not None:
        os.close(descriptor)


def _unused(places: Places) -> bool:
    """Whether no process holds a use; asked under the start-up lock, so that the answer stays true."""
    descriptor = _open(places.users_lock)
    try:
        return _try_lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _leave(home: Path, pid: int) -> None:
    """At the end of the process that registered (a forked child inherits the call, and skips it)."""
    if os.getpid() == pid and os.environ.get(KEEP_VARIABLE) != "1":
        stop_if_unused(home)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot open {path}: {error.strerror}") from error


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
