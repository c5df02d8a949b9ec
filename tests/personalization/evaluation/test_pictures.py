"""Pictures: told in words as well, marks where their figures are, colours for light and dark."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from personalization.evaluation.pictures import (
    Manner,
    Mark,
    Picture,
    Point,
    bars,
    dots,
    lines,
    reliability,
    style_within_page,
)
from personalization.evaluation.scales import Axis, LogAxis

SVG = "{http://www.w3.org/2000/svg}"
GROUPS = {
    "Shoes & hats": [Mark("rules", 0.2, 0.1, 0.3), Mark("inductive", 0.4, 0.35, 0.45)],
    "Tea": [Mark("rules", float("nan"))],
}
CURVES = {"cart": [Point(0.01, 0.012, 0.01, 0.014), Point(0.1, 0.09)], "purchase": [Point(0.001, 0.0, 0.0, 0.002)]}
PICTURES: dict[str, Picture] = {
    "bars": bars(title="Hits <20>", description="Rows & more", groups=GROUPS, unit="hit rate"),
    "dots": dots(title="Kept", description="Rows", groups=GROUPS, reference=0.25),
    "lines": lines(title="Success", description="A curve", series=CURVES, x="similarity", y="hits"),
    "reliability": reliability(title="Estimates", description="Two curves", series=CURVES),
}


PLOTS = {name: picture.document() for name, picture in PICTURES.items()}


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 — our own


def drawn(svg: str, tag: str, looks: str) -> list[ET.Element]:
    return [
        element
        for element in read(svg).iter(f"{SVG}{tag}")
        if element.get("class") == " ".join(f"pic-{name}" for name in looks.split())
    ]


@pytest.mark.parametrize("svg", PLOTS.values(), ids=PLOTS)
def test_a_plot_is_named_by_its_title_and_description(svg):
    root = read(svg)
    names = {child.get("id"): child.text for child in root if child.tag in {f"{SVG}title", f"{SVG}desc"}}

    assert root.get("role") == "img"
    assert names[root.get("aria-labelledby")] == root.findtext(f"{SVG}title")
    assert names[root.get("aria-describedby")]


@pytest.mark.parametrize("svg", PLOTS.values(), ids=PLOTS)
def test_a_dark_page_changes_every_colour(svg):
    style = read(svg).findtext(f"{SVG}style") or ""
    light, dark = (dict(re.findall(r"--(\w+):(#\w+)", part)) for part in style.split("@media"))

    assert light.keys() == dark.keys()
    assert not [name for name in light if light[name] == dark[name]]


@pytest.mark.parametrize("svg", PLOTS.values(), ids=PLOTS)
def test_every_mark_and_word_stays_on_the_page(svg):
    root = read(svg)
    width, height = (float(root.get(side) or 0) for side in ("width", "height"))
    across = [float(e.get(name) or 0) for e in root.iter() for name in ("x", "x1", "x2", "cx") if e.get(name)]
    down = [float(e.get(name) or 0) for e in root.iter() for name in ("y", "y1", "y2", "cy") if e.get(name)]

    assert 0 <= min(across) <= max(across) <= width
    assert 0 <= min(down) <= max(down) <= height


def test_words_are_escaped():
    assert read(PLOTS["bars"]).findtext(f"{SVG}title") == "Hits <20>"


def test_bars_are_as_long_as_their_figures():
    rules, inductive = drawn(PLOTS["bars"], "rect", "fillother")[0], drawn(PLOTS["bars"], "rect", "fill0")[0]

    assert float(inductive.get("width") or 0) == pytest.approx(2 * float(rules.get("width") or 0), abs=0.2)


def test_a_whisker_spans_its_interval():
    zero = float(drawn(PLOTS["bars"], "line", "axis")[0].get("x1") or 0)
    unit = float(drawn(PLOTS["bars"], "rect", "fillother")[0].get("width") or 0) / 0.2
    first = drawn(PLOTS["bars"], "line", "whisker")[0]

    assert float(first.get("x1") or 0) == pytest.approx(zero + 0.1 * unit, abs=0.3)
    assert float(first.get("x2") or 0) == pytest.approx(zero + 0.3 * unit, abs=0.3)


def test_every_figure_is_also_told_in_words():
    words = [text.text for text in drawn(PLOTS["bars"], "text", "end figure")]

    assert words == ["0.200", "0.400", "–"]


def test_a_dot_is_filled_where_its_interval_excludes_the_reference():
    assert len(drawn(PLOTS["dots"], "circle", "ringother")) == 1  # 0.1 … 0.3 holds 0.25
    assert len(drawn(PLOTS["dots"], "circle", "fill0")) == 1  # 0.35 … 0.45 does not


def test_the_diagonal_is_where_estimates_come_true():
    svg = reliability(title="t", description="d", series={"cart": [Point(0.01, 0.01)]}).document()
    diagonal = drawn(svg, "line", "axis dashed")[0]
    x1, y1, x2, y2 = (float(diagonal.get(name) or 0) for name in ("x1", "y1", "x2", "y2"))
    dot = drawn(svg, "circle", "fill0")[0]
    along = (float(dot.get("cx") or 0) - x1) / (x2 - x1)

    assert float(dot.get("cy") or 0) == pytest.approx(y1 + along * (y2 - y1), abs=0.2)


def test_an_estimate_that_never_came_true_stands_at_the_lower_end():
    axis = LogAxis.around([0.0, 0.001, 0.2]).between(300, 100)

    assert axis(0.0) == 300


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.0, 0.52], (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)),
        ([0.62, 1.03], (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)),
        ([0.0, 0.0], (0.0, 0.2)),
        ([-0.03, 0.05], (-0.04, -0.02, 0.0, 0.02, 0.04, 0.06)),
    ],
)
def test_ticks_are_round_and_around_all_values(values, ticks):
    assert Axis.around(values, start=0, end=1).ticks == pytest.approx(ticks)


def test_figures_are_written_as_asked():
    german = Manner(figure=lambda value: f"{value:.1f}".replace(".", ","), tick=lambda value: f"{value:.0%}")
    svg = bars(title="t", description="d", groups=GROUPS, manner=german).document()

    assert [text.text for text in drawn(svg, "text", "end figure")] == ["0,2", "0,4", "–"]
    assert drawn(svg, "text", "small middle")[0].text == "0%"


def test_rows_that_stand_out_are_chosen():
    svg = bars(title="t", description="d", groups=GROUPS, manner=Manner(stands_out=frozenset({"rules"}))).document()

    assert len(drawn(svg, "rect", "fillother")) == 1  # the inductive one


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_within_a_page_a_picture_has_neither_style_nor_heading_of_its_own(picture):
    svg = picture.within_page("mine")

    assert "<style" not in svg
    assert drawn(svg, "text", "title") == []
    assert [read(svg).get(name) for name in ("aria-labelledby", "aria-describedby")] == [
        "mine-title",
        "mine-description",
    ]


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_within_a_page_nothing_drawn_stands_above_its_frame(picture):
    root = read(picture.within_page("mine"))
    _left, top, _width, height = (float(side) for side in (root.get("viewBox") or "").split())
    down = [float(e.get(name) or 0) for e in root.iter() for name in ("y", "y1", "y2", "cy") if e.get(name)]

    assert top <= min(down) <= max(down) <= top + height


def test_the_style_within_a_page_names_no_looks_but_its_own():
    style = style_within_page(dark=".dark")

    assert set(re.findall(r"(?<![\d-])\.([a-z]+)[\w-]*", re.sub(r"\{.*?\}", " ", style))) == {"pic", "dark"}
