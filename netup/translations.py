"""Compiles the message catalogs where gettext is not installed, and tells whether they have been compiled."""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

CONTEXT_MARK, PLURAL_MARK = "\x04", "\x00"
MAGIC, REVISION, HEADER_BYTES = 0x950412DE, 0, 28


class CatalogError(ValueError):
    """A catalog that cannot be read; the message names file and line."""


def read_messages(source: Path) -> dict[str, str]:
    """The translated messages of a .po file, as a .mo file keys them; empty, fuzzy and obsolete ones are left out."""
    messages = {}
    for entry in _entries(source):
        if entry.get("fuzzy"):
            continue
        texts = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if "msgid" not in entry or not all(texts) or not texts:
            continue
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = entry["msgctxt"] + CONTEXT_MARK + key
        if "msgid_plural" in entry:
            key += PLURAL_MARK + entry["msgid_plural"]
        messages[key] = PLURAL_MARK.join(texts)
    if "" in messages:
        messages[""] = _without_creation_date(messages[""])
    return messages


def compile_catalog(messages: dict[str, str]) -> bytes:
    """A .mo file (GNU gettext manual, 11.3): header, tables of lengths and offsets, then the texts sorted by key."""
    keys = sorted(messages, key=str.encode)
    texts = [text.encode() for text in (*keys, *(messages[key] for key in keys))]
    count = len(keys)
    offset = HEADER_BYTES + 2 * 8 * count
    table = b""
    for text in texts:
        table += struct.pack("<II", len(text), offset)
        offset += len(text) + 1
    header = struct.pack("<7I", MAGIC, REVISION, count, HEADER_BYTES, HEADER_BYTES + 8 * count, 0, 0)
    return header + table + b"".join(text + b"\0" for text in texts)


def is_current(source: Path) -> bool:
    """Whether the .mo beside the .po says exactly what the .po says, whoever compiled it."""
    compiled = source.with_suffix(".mo")
    return compiled.exists() and _texts(compiled.read_bytes()) == _texts(compile_catalog(read_messages(source)))


def _without_creation_date(header: str) -> str:
    """As msgfmt does: looking for messages again, and finding the same, makes no compiled catalog late."""
    return "".join(line for line in header.splitlines(True) if not line.startswith("POT-Creation-Date"))


def _texts(compiled: bytes) -> dict[bytes, bytes]:
    """The keys and messages of a .mo file, in the byte order of the machine that wrote it."""
    order = "<" if compiled[:4] == struct.pack("<I", MAGIC) else ">"
    count, keys, messages = struct.unpack_from(f"{order}3I", compiled, 8)

    def text(table: int, index: int) -> bytes:
        length, offset = struct.unpack_from(f"{order}2I", compiled, table + 8 * index)
        return compiled[offset : offset + length]

    return {text(keys, index): text(messages, index) for index in range(count)}


def _entries(source: Path) -> Iterator[dict[str, str]]:
    """The entries of a .po file, each as its keywords and their texts; `fuzzy` is there when flagged."""
    entry: dict[str, str] = {}
    keyword = ""
    for number, line in enumerate([*source.read_text(encoding="utf-8").splitlines(), ""], start=1):
        text = line.strip()
        starts = text.startswith(("#", "msgctxt")) or (text.startswith("msgid ") and "msgctxt" not in entry)
        if (not text or starts) and any(name.startswith("msgstr") for name in entry):
            yield entry
            entry = {}
        if text.startswith("#,") and "fuzzy" in text:
            entry["fuzzy"] = "yes"
        if not text or text.startswith("#"):
            continue
        if not text.startswith('"'):
            keyword, _, text = text.partition(" ")
        try:
            entry[keyword] = entry.get(keyword, "") + ast.literal_eval(text)
        except (SyntaxError, ValueError) as error:
            raise CatalogError(f"{source}, line {number}: expected a quoted text") from error
