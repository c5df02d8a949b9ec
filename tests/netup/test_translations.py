"""Catalogs compiled by ourselves say what gettext would say."""

import gettext
import io
from pathlib import Path

import pytest

from netup.translations import CatalogError, compile_catalog, is_current, read_messages

CATALOG = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

#: a comment
msgid "visit"
msgstr "visite"

msgctxt "verb"
msgid "order"
msgstr "classer"

#, python-format
msgid "%(n)d visit"
msgid_plural "%(n)d visits"
msgstr[0] "%(n)d visite"
msgstr[1] "%(n)d visites"

msgid ""
"a long "
"text"
msgstr ""
"un long "
"texte, \\"cité\\""

#, fuzzy
msgid "doubtful"
msgstr "douteux"

msgid "untranslated"
msgstr ""

#~ msgid "obsolete"
#~ msgstr "obsolète"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "django.po"
    path.write_text(CATALOG, encoding="utf-8")
    return path


@pytest.fixture
def french(source: Path) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(compile_catalog(read_messages(source))))


def test_a_message_and_one_in_a_context(french):
    assert french.gettext("visit") == "visite"
    assert french.pgettext("verb", "order") == "classer"


@pytest.mark.parametrize(("count", "expected"), [(1, "%(n)d visite"), (2, "%(n)d visites")])
def test_plurals(french, count, expected):
    assert french.ngettext("%(n)d visit", "%(n)d visits", count) == expected


def test_a_text_on_several_lines_with_quotes(french):
    assert french.gettext("a long text") == 'un long texte, "cité"'


@pytest.mark.parametrize("message", ["doubtful", "untranslated", "obsolete"])
def test_what_nobody_confirmed_stays_as_it_is(french, message):
    assert french.gettext(message) == message


def test_a_change_makes_the_compiled_catalog_late(source):
    source.with_suffix(".mo").write_bytes(compile_catalog(read_messages(source)))
    before = is_current(source)

    source.write_text(CATALOG.replace("visite", "séance"), encoding="utf-8")

    assert before
    assert not is_current(source)


def test_a_broken_catalog_names_the_line(source):
    source.write_text('msgid "one"\nmsgstr un\n', encoding="utf-8")

    with pytest.raises(CatalogError, match=r"django\.po, line 2"):
        read_messages(source)
