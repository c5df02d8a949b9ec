"""What the demo keeps between two starts: its period, keys and passwords, in a file of its owner."""

import json
import os
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path


@dataclass
class Notes:
    """The notes of one demo store. `store_created` ties them to that store: a new database makes them void.

    `visits_sent` counts the planned visits whose events are stored, `passwords` are by user name.
    """

    path: Path
    until: str = ""
    store_created: str = ""
    visits_sent: int = 0
    complete: bool = False
    public_key: str = ""
    secret_key: str = ""
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime:
        """The instant at which the simulated period ends."""
        return datetime.fromisoformat(self.until)

    def keep(self) -> None:
        """Write the notes down at once and whole, readable by their owner only."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({name: value for name, value in asdict(self).items() if name != "path"}, file, indent=1)
        draft.replace(self.path)


def read_notes(path: Path) -> Notes:
    """The notes kept at that path; blank ones when there are none or they cannot be read."""
    try:
        kept = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return Notes(path=path)
    known = {item.name for item in fields(Notes)} - {"path"}
    return Notes(path=path, **{name: value for name, value in kept.items() if name in known})
