"""One reader a format of historical events."""

from typing import Final

from personalization.ingest.readers import ga4, rees46, yoochoose
from personalization.ingest.readers.row import Reader

READERS: Final[dict[str, Reader]] = {
    "rees46": rees46.read,
    "yoochoose": yoochoose.read,
    "ga4": ga4.read,
}
