"""The French of the platform is complete, current, and written as French is."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from netup.theme_words import THEME_WORDS
from netup.translations import is_current
from personalization.markers import MARKERS
from personalization.markers.document import SPEAKS_OF

SOURCE: Final = Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER: Final = re.compile(r"%(?:\(\w+\))?[sdg]|\{\w*\}")

# What the first arguments of each function that marks a message are, in the words of a catalog.
MARKING: Final = {
    "_": ("msgid",),
    "gettext": ("msgid",),
    "ngettext": ("msgid", "msgid_plural"),
    "pgettext": ("msgctxt", "msgid"),
    "npgettext": ("msgctxt", "msgid", "msgid_plural"),
}
CALL_IN_TEMPLATE: Final = re.compile(r"""\b(?:n?p?gettext|_)\((?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[u, ]|count)+\)""")


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


def identity(entry: dict[str, str]) -> tuple[str, str, str]:
    """What a message is looked up by: its context, itself, its plural."""
    return entry.get("msgctxt", ""), entry["msgid"], entry.get("msgid_plural", "")


def marked_in_code(code: str) -> Iterator[dict[str, str]]:
    """The messages that Python code marks for translation, whatever it imports the marking functions as."""
    tree = ast.parse(code)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {name.asname or name.name: name.name for node in imports for name in node.names}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        keywords = MARKING.get(names.get(name, name).removesuffix("_lazy").removesuffix("_noop"), ())
        texts = [given.value for given in call.args if isinstance(given, ast.Constant) and isinstance(given.value, str)]
        if keywords and len(texts) == len(keywords):
            yield dict(zip(keywords, texts, strict=True))


def marked_in_template(template: str) -> Iterator[dict[str, str]]:
    """The messages that a template marks for translation."""
    for call in CALL_IN_TEMPLATE.findall(templatize(template)):
        yield from marked_in_code(call)


def marked() -> Iterator[dict[str, str]]:
    """The messages that the project's code and templates mark for translation."""
    root = Path(settings.BASE_DIR)
    for package in ("catalog", "netup", "objectives", "personalization"):
        for path in (root / package).rglob("*.py"):
            yield from marked_in_code(path.read_text(encoding="utf-8"))
    for path in (root / "templates").rglob("*.html"):
        yield from marked_in_template(path.read_text(encoding="utf-8"))


def messages(entry: dict[str, str]) -> list[str]:
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def originals(entry: dict[str, str]) -> list[str]:
    """The English of each message: of one, then of many."""
    return [entry[keyword] for keyword in ("msgid", "msgid_plural") if keyword in entry]


def test_the_catalog_is_there() -> None:
    assert len(ENTRIES) > 900


def test_nothing_is_left_untranslated() -> None:
    assert [entry["msgid"] for entry in ENTRIES if not all(messages(entry))] == []


def test_all_that_is_marked_for_translation_is_in_the_catalog() -> None:
    wanted = {identity(entry) for entry in marked()}
    assert len(wanted) > 1000
    assert sorted(wanted - {identity(entry) for entry in ENTRIES}) == []


def test_messages_are_found_however_they_are_marked() -> None:
    code = """
from django.utils.translation import gettext_noop as said, ngettext_lazy, pgettext
said("a " "b"), ngettext_lazy("one", "many", 2), pgettext("where", "what"), said(untold)
"""
    assert [identity(entry) for entry in marked_in_code(code)] == [
        ("", "a b", ""),
        ("", "one", "many"),
        ("where", "what", ""),
    ]
    template = """{% load i18n %}{% translate "it's (so)" %}<a title="{% translate 'what' context 'where' %}">
{% blocktranslate count n=many %}one{% plural %}{{ n }} “many”{% endblocktranslate %}{{ _("said") }}"""
    assert [identity(entry) for entry in marked_in_template(template)] == [
        ("", "it's (so)", ""),
        ("where", "what", ""),
        ("", "one", "%(n)s “many”"),
        ("", "said", ""),
    ]


def test_nothing_is_doubtful_or_obsolete() -> None:
    assert [entry for entry in ENTRIES if "fuzzy" in entry["#"] or "#~" in entry["#"]] == []


def test_every_plural_has_both_forms() -> None:
    assert [entry["msgid"] for entry in ENTRIES if "msgid_plural" in entry and len(messages(entry)) != 2] == []


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    wrong = [
        entry["msgid"]
        for entry in ENTRIES
        for english, french in zip(originals(entry), messages(entry), strict=True)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(french))
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
