"""What the addresses and labels of a page tell: where it is, who led here, through which channel."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

LONGEST_PATH: Final = 300  # characters kept of path and query


def path_of(location: str) -> str:
    """Path and query of an address."""
    try:
        parts = urlsplit(location)
    except ValueError:  # "https://[" and its like
        return ""
    path = parts.path or "/"
    return (f"{path}?{parts.query}" if parts.query else path)[:LONGEST_PATH]


def host_of(address: str) -> str:
    """Host of an address, in lower case, without www."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def referrer_of(referrer: str, *, location: str) -> str:
    """The host that led here; empty when none did, or the store itself."""
    host = host_of(referrer) if referrer else ""
    return "" if host == host_of(location) else host
