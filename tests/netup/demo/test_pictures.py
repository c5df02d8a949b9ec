"""The drawn pictures: one for every product, well formed, always the same."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from netup.demo.departments import KINDS
from netup.demo.pictures.palette import COLOURS, palette
from netup.demo.pictures.scene import SHAPES, kind_and_model, picture


@pytest.fixture(scope="module")
def products(town):
    return [article.merchant(shop_url="http://shop") for article in town.shop.assortment.articles]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - drawn by ourselves


def _named(product):
    return {"id": product["id"], "title": product["title"], "color": product["attributes"]["color"]}


def test_every_kind_has_its_shape():
    assert {kind.shape for kind in KINDS} == set(SHAPES)


def test_there_are_more_than_thirty_shapes():
    assert len(SHAPES) > 30


def test_every_colour_of_the_shop_is_on_the_palette():
    assert {colour for kind in KINDS for colour in kind.colours} <= set(COLOURS)


def test_every_picture_is_well_formed_and_carries_the_title(products):
    for product in products:
        svg = parsed(picture(_named(product)))
        assert svg.tag == "{http://www.w3.org/2000/svg}svg"
        assert svg.findtext("{http://www.w3.org/2000/svg}title") == product["title"]


def test_a_picture_reaches_for_nothing_outside_itself(products):
    drawn = "".join(picture(_named(product)) for product in products[::7])
    assert "href" not in drawn
    assert "<script" not in drawn


def test_the_same_product_gives_the_same_picture(products):
    assert picture(_named(products[0])) == picture(_named(products[0]))


def test_variants_differ_in_colour_only():
    red, blue = (picture({"id": f"robe-03-{v}", "title": "R", "color": c}) for v, c in (("a", "rouge"), ("b", "bleu")))
    assert red != blue
    assert red.replace(COLOURS["rouge"], COLOURS["bleu"]).count("<path") == blue.count("<path")


def test_a_toy_looks_like_the_animal_of_its_title():
    rabbit, bear = (
        picture({"id": "doudou-01", "title": f"Doudou, {animal}, écru", "color": "écru"})
        for animal in ("lapin", "ours")
    )
    assert rabbit.replace("lapin", "ours") != bear


def test_a_title_cannot_break_out_of_the_picture():
    svg = picture({"id": "vase-01", "title": "</title><script>&", "color": "gris"})
    assert parsed(svg).findtext("{http://www.w3.org/2000/svg}title") == "</title><script>&"


@pytest.mark.parametrize(
    ("item_id", "expected"),
    [("velo-07", ("velo", "07")), ("balles-tennis-03-b", ("balles-tennis", "03"))],
)
def test_an_id_tells_kind_and_model(item_id, expected):
    assert kind_and_model(item_id) == expected


@pytest.mark.parametrize("item_id", ["", "velo", "unknown-01", "../../etc"])
def test_an_unknown_id_is_no_kind(item_id):
    with pytest.raises(KeyError):
        kind_and_model(item_id)


def test_an_accent_never_hides_on_its_own_colour():
    assert all(palette(colour=colour, mark=mark).accent != COLOURS[colour] for colour in COLOURS for mark in range(8))
