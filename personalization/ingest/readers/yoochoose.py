"""YooChoose clicks: session_id,item_id,timestamp in epoch seconds; nobody is known beyond a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

from personalization.ingest.readers.row import Row, id_of, isoformat, table

COLUMNS: Final = ("session_id", "item_id", "timestamp")


def read(file: IO[str]) -> Iterator[Row]:
    """Every click is a product view."""
    for line in table(file, columns=COLUMNS):
        instant = _instant(line["timestamp"])
        event = {
            "event_id": id_of(*(line[name] for name in COLUMNS)),
            "name": "view_item",
            "timestamp": instant,
            "session_id": line["session_id"],
            "items": [{"item_id": line["item_id"]}],
        }
        product = {"id": line["item_id"], "title": line["item_id"], "launched_at": isoformat(instant)}
        yield Row(event=event, products=(product,))


def _instant(text: str) -> float | str:
    """As it stands when it is no number: the refusal then quotes it."""
    try:
        return float(text)
    except ValueError:
        return text
