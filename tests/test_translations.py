"""The French of the platform is complete, current, and written as French is."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from netup.theme_words import THEME_WORDS
from netup.translations import is_current
from personalization.markers import MARKERS
from personalization.markers.document import SPEAKS_OF

SOURCE: Final = Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER: Final = re.compile(r"%(?:\(\w+\))?[sdg]")


def entries() -> list[dict[str, str]]:
    """Each entry of the catalog: its keywords with their texts, and its comments under “#”."""
    found = []
    for block in SOURCE.read_text(encoding="utf-8").split("\n\n")[1:]:
        entry = {"#": ""}
        keyword = "#"
        for line in block.strip().splitlines():
            if line.startswith("#"):
                entry["#"] += line
                continue
            named, _quote, text = line.partition('"')
            if named:
                keyword = named.strip()
                entry[keyword] = ""
            entry[keyword] += text[:-1].replace('\\"', '"').replace("\\n", "\n")
        found.append(entry)
    return found


ENTRIES: Final = entries()


def messages(entry: dict[str, str]) -> list[str]:
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def test_the_catalog_is_there() -> None:
    assert len(ENTRIES) > 900


def test_nothing_is_left_untranslated() -> None:
    assert [entry["msgid"] for entry in ENTRIES if not all(messages(entry))] == []


def test_nothing_is_doubtful_or_obsolete() -> None:
    assert [entry for entry in ENTRIES if "fuzzy" in entry["#"] or "#~" in entry["#"]] == []


def test_every_plural_has_both_forms() -> None:
    assert [entry["msgid"] for entry in ENTRIES if "msgid_plural" in entry and len(messages(entry)) != 2] == []


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    wrong = [
        entry["msgid"]
        for entry in ENTRIES
        if any(
            sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry["msgid"])) for text in messages(entry)
        )
    ]
    assert wrong == []


def test_the_compiled_catalog_says_what_the_source_says() -> None:
    assert is_current(SOURCE)
    with SOURCE.with_suffix(".mo").open("rb") as compiled:
        french = gettext.GNUTranslations(compiled)
    plain = [entry for entry in ENTRIES if "msgid_plural" not in entry and "msgctxt" not in entry]
    assert [entry["msgid"] for entry in plain if french.gettext(entry["msgid"]) != entry["msgstr"]] == []


@pytest.mark.parametrize("sign", [":", ";", "!", "?", "»", "%%", "€"])
def test_no_line_can_break_before_a_sign_that_french_sets_apart(sign: str) -> None:
    assert [text for entry in ENTRIES for text in messages(entry) if f" {sign}" in text] == []


def test_apostrophes_are_typographic() -> None:
    straight = re.compile(r"\b[cdjlmnstCDJLMNST]'|qu'", re.IGNORECASE)
    assert [text for entry in ENTRIES for text in messages(entry) if straight.search(text)] == []


@pytest.mark.parametrize("meaning", sorted({marker.meaning for marker in MARKERS} | set(SPEAKS_OF.values())))
def test_every_marker_and_family_has_its_french(meaning: str) -> None:
    with translation.override("fr"):
        assert translation.gettext(meaning) != meaning


def test_flags_keep_the_one_they_are_told_without() -> None:
    with translation.override("fr"):
        told = [translation.gettext(marker.meaning) for marker in MARKERS if marker.meaning.startswith("1 ")]
    assert [text for text in told if not text.startswith("1 ")] == []


def test_the_themes_own_words_are_french_too() -> None:
    same = {"Code", "Action", "Date", "%(class_name)s %(instance)s"}
    with translation.override("fr"):
        assert [text for text in THEME_WORDS if text not in same and translation.gettext(text) == text] == []
