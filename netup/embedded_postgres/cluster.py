"""Making the database files once, complete or not at all, and the settings every start writes anew."""

import os
import secrets
import shutil
from pathlib import Path

from netup.embedded_postgres.binaries import MAJOR_VERSION, Binaries
from netup.embedded_postgres.errors import EmbeddedPostgresError
from netup.embedded_postgres.places import MEGABYTE, PORT, Places, give

DATABASE = "netup"
ROLE = "netup"
SUPERUSER = "postgres"
SETTINGS_FILE = "netup.conf"
TELLING = ("PANIC:", "FATAL:", "ERROR:", "error:")


def ensure_cluster(places: Places, binaries: Binaries) -> None:
    """Makes the database files if there are none; a half-made folder of a killed run is thrown away."""
    if not places.data.exists():
        _make(places, binaries)
    _check(places)
    if not places.password.exists():
        _renew_password(places, binaries)


def write_settings(places: Places) -> None:
    """The server's settings, from what this machine has now; read by PostgreSQL at its next start."""
    path = places.data / SETTINGS_FILE
    lines = [f"{name} = '{value}'\n" for name, value in _settings(places).items()]
    _write_private(path, "".join(lines), places)


def read_password(places: Places) -> str:
    """The password of the application's role."""
    try:
        return places.password.read_text().strip()
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot read the database password {places.password}: {error.strerror}") from error


def _make(places: Places, binaries: Binaries) -> None:
    unfinished = places.area / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    password = _ensure_password(places.password)
    handed_over = places.area / "initial-password"
    # Nobody needs the superuser's: what it alone may do is done here, while the server is stopped.
    _write_private(handed_over, secrets.token_urlsafe(24), places)
    try:
        unfinished.mkdir(mode=0o700)
        give(unfinished, places)
        _run(binaries, "initdb", *_initdb_arguments(unfinished, handed_over), doing="create the database files")
        with (unfinished / "postgresql.conf").open("a") as settings:
            settings.write(f"include_if_exists '{SETTINGS_FILE}'\n")
        _make_database(binaries, unfinished, password=password)
        unfinished.rename(places.data)
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot create {places.data}: {error.strerror}") from error
    finally:
        handed_over.unlink(missing_ok=True)


def _initdb_arguments(data: Path, password_file: Path) -> tuple[str, ...]:
    return (
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )


def _make_database(binaries: Binaries, data: Path, *, password: str) -> None:
    """The application's role and database, and `vector` in the template that every new database copies.

    The role is not a superuser, so that row-level security holds for it; it may make databases and roles.
    """
    _execute(binaries, data, "template1", "CREATE EXTENSION vector")
    _execute(
        binaries,
        data,
        SUPERUSER,
        f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{password}'",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    )


def _renew_password(places: Places, binaries: Binaries) -> None:
    """A new password when its file was removed and the data was not (root keeps them apart)."""
    password = _ensure_password(places.password.with_suffix(".renewed"))
    _execute(binaries, places.data, SUPERUSER, f"ALTER ROLE {ROLE} PASSWORD '{password}'")
    places.password.with_suffix(".renewed").rename(places.password)


def _execute(binaries: Binaries, data: Path, database: str, *statements: str) -> None:
    """Runs statements in a stopped cluster, as its superuser."""
    given = "".join(f"{statement};\n\n" for statement in statements).encode()
    _run(
        binaries,
        "postgres",
        "--single",
        "-j",
        "-D",
        data,
        database,
        doing="prepare the database",
        given=given,
    )


def _run(binaries: Binaries, program: str, *arguments: str | Path, doing: str, given: bytes = b"") -> None:
    finished = binaries.run(program, *arguments, given=given)
    # A single-user server goes on after a failed statement and ends with 0.
    if finished.status != 0 or any(level in finished.printed for level in TELLING):
        raise EmbeddedPostgresError(f"cannot {doing}: {last_lines(finished.printed)}")


def last_lines(printed: str) -> str:
    """The end of what a PostgreSQL program printed, where it says why it failed, as one line."""
    if "No space left on device" in printed:
        return "no disk space left"
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return " | ".join(lines[-3:]) or "it ended without a message"


def _check(places: Places) -> None:
    try:
        version = (places.data / "PG_VERSION").read_text().strip()
    except OSError as error:
        raise EmbeddedPostgresError(
            f"{places.data} is not a usable database folder ({error.strerror}): {error.filename}"
        ) from error
    if version != MAJOR_VERSION:
        raise EmbeddedPostgresError(
            f"{places.data} was made by PostgreSQL {version}, the installed binaries are {MAJOR_VERSION}"
        )


def _ensure_password(path: Path) -> str:
    """A random password, kept in a file only its owner reads; an existing one stays."""
    if path.exists():
        return path.read_text().strip()
    password = secrets.token_urlsafe(24)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return password


def _write_private(path: Path, text: str, places: Places) -> None:
    """A file that only the server's account reads, replaced as a whole."""
    unfinished = path.with_name(path.name + ".new")
    try:
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        give(unfinished, places)
        unfinished.rename(path)
    except OSError as error:
        raise EmbeddedPostgresError(f"cannot write {path}: {error.strerror}") from error


def _settings(places: Places) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEGABYTE
    maintenance = max(64, min(1024, memory // 8))
    return {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(places.sockets).replace("'", "''"),
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": f"{max(128, min(2048, memory // 5))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": f"{maintenance}MB",
        "work_mem": "16MB",
        "huge_pages": "try",
        "jit": "off",
        # A parallel index build shares memory of this size; containers often have 64 MB in /dev/shm.
        "dynamic_shared_memory_type": "posix" if _shared_memory_free() > 2 * maintenance else "mmap",
        # One server without replicas: bulk loads into a new partition need no write-ahead log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # Statements and their details carry visitors' data, which no log may hold.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }


def _shared_memory_free() -> int:
    """Megabytes free in /dev/shm; 0 where there is none."""
    try:
        return shutil.disk_usage("/dev/shm").free // MEGABYTE  # noqa: S108 # nosec B108: its size only
    except OSError:
        return 0
