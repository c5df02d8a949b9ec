"""Where an embedded server keeps everything, and under which account it runs.

An ordinary user keeps it all in the home of the server. PostgreSQL refuses to run as root, and an
unprivileged account cannot reach a checkout below a private home; so for root the server's own files live in
`/var/lib/netup/<key of the home>` under an unprivileged account, and nobody's folders are loosened.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from netup.embedded_postgres.errors import EmbeddedPostgresError

ROOT_BASE_VARIABLE = "NETUP_POSTGRES_BASE"
ACCOUNT_VARIABLE = "NETUP_POSTGRES_ACCOUNT"
DEFAULT_ROOT_BASE = Path("/var/lib/netup")
ACCOUNTS_FOR_ROOT = ("netup", "postgres", "nobody")
PORT = 5432
# macOS allows 103 bytes for a socket path, Linux 107: the smaller limit serves both.
LONGEST_SOCKET_PATH = 103
MEGABYTE = 1024 * 1024
SPACE_FOR_NEW_DATA = 400 * MEGABYTE
SPACE_FOR_START = 64 * MEGABYTE
SOCKET_NAME = f".s.PGSQL.{PORT}"


@dataclass(frozen=True)
class Account:
    """The operating-system account a server started by root runs under."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """The folders and files of one embedded server.

    `state` belongs to whoever uses the server (passwords, locks); `area` holds what the server itself reads
    and writes. They are the same folder unless the server was started by root.
    """

    state: Path
    area: Path
    sockets: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.area / "data"

    @property
    def log(self) -> Path:
        return self.area / "server.log"

    @property
    def socket(self) -> Path:
        return self.sockets / SOCKET_NAME

    @property
    def password(self) -> Path:
        return self.state / "password"

    @property
    def startup_lock(self) -> Path:
        return self.state / "startup.lock"

    @property
    def users_lock(self) -> Path:
        return self.state / "users.lock"


def locate(home: Path) -> Places:
    """The places of the server that belongs to `home`; creates nothing."""
    state = Path(os.path.realpath(home))
    if os.geteuid() != 0:
        return Places(state=state, area=state, sockets=_socket_directory(state), account=None)
    area = Path(os.environ.get(ROOT_BASE_VARIABLE, DEFAULT_ROOT_BASE)) / _key(state)
    return Places(state=state, area=area, sockets=_socket_directory(area), account=_account(area / "data"))


def prepare(places: Places) -> None:
    """Creates the folders with private permissions; says precisely why when it cannot."""
    _parent_folder(places.state.parent)
    _own_folder(places.state, mode=0o700, owner=os.geteuid())
    if places.account is None:
        _own_folder(places.sockets, mode=0o700, owner=os.geteuid())
        return
    _parent_folder(places.area.parent)
    # The account must pass through the area, whose files are each private; it may not list or change it.
    _own_folder(places.area, mode=0o711, owner=0)
    _own_folder(places.sockets, mode=0o700, owner=places.account.uid, group=places.account.gid)


def require_space(places: Places) -> None:
    """Refuses to go on where a server, or its first data, would soon fill the disk."""
    needed = SPACE_FOR_START if places.data.exists() else SPACE_FOR_NEW_DATA
    free = shutil.disk_usage(places.area).free
    if free < needed:
        raise EmbeddedPostgresError(
            f"no disk space: {free // MEGABYTE} MB free at {places.area}, PostgreSQL needs {needed // MEGABYTE} MB"
        )


def give(path: Path, places: Places) -> None:
    """Hands one of our files to the account the server runs under."""
    if places.account is not None:
        os.chown(path, places.account.uid, places.account.gid, follow_symlinks=False)


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _account(data: Path) -> Account:
    """The owner of existing data, else the first account of the list that exists on this machine."""
    if data.exists():
        owner = data.stat()
        return Account(uid=owner.st_uid, gid=owner.st_gid)
    chosen = os.environ.get(ACCOUNT_VARIABLE)
    for name in (chosen,) if chosen else ACCOUNTS_FOR_ROOT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(uid=entry.pw_uid, gid=entry.pw_gid)
    wanted = chosen or ", ".join(ACCOUNTS_FOR_ROOT)
    raise EmbeddedPostgresError(
        f"PostgreSQL cannot run as root and no unprivileged account was found (looked for {wanted}); "
        f"name one in {ACCOUNT_VARIABLE}"
    )


def _socket_directory(area: Path) -> Path:
    """Beside the data when the path is short enough for a socket, else in the user's runtime folder."""
    beside = area / "socket"
    if _fits(beside):
        return beside
    runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    short = Path(runtime) / f"netup-{os.geteuid()}-{_key(area)}"
    if _fits(short):
        return short
    raise EmbeddedPostgresError(
        f"the path {area} is too long for a socket ({LONGEST_SOCKET_PATH} bytes at most), and so is {short}; "
        "move the checkout to a shorter path"
    )


def _fits(directory: Path) -> bool:
    return len(os.fsencode(directory / SOCKET_NAME)) <= LONGEST_SOCKET_PATH


def _parent_folder(path: Path) -> None:
    """The folder around ours: made when missing, left exactly as it is when it exists."""
    try:
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot create {path}: {error.strerror}") from error


def _own_folder(path: Path, *, mode: int, owner: int, group: int = -1) -> None:
    """Creates the folder, or checks that it is ours, and makes its permissions exactly `mode`."""
    try:
        if not os.path.lexists(path):
            path.mkdir(mode=0o700)
            os.chown(path, owner, group)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise EmbeddedPostgresError(f"{path} is in the way: it is not a folder")
        if found.st_uid != owner:
            raise EmbeddedPostgresError(
                f"{path} belongs to user {found.st_uid}, not to user {owner}: run as its owner, or use another folder"
            )
        if stat.S_IMODE(found.st_mode) != mode:
            path.chmod(mode)
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot prepare {path}: {error.strerror}") from error
