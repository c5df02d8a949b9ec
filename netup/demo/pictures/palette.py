"""Colours of the demo shop's pictures: a product's own colour, its shades, and a soft background."""

import colorsys
import math
from collections.abc import Mapping
from dataclasses import dataclass

COLOURS: Mapping[str, str] = {
    "acier": "#a9b4bd", "anthracite": "#454b54", "beige": "#d9c6a9", "blanc": "#e9e6de", "bleu": "#3a76c4",
    "bleu ciel": "#93c1e6", "bleu marine": "#27406b", "bois clair": "#d6ab76", "bordeaux": "#7c2b3b",
    "camel": "#bd8a52", "corail": "#ee7a66", "cuivre": "#c4794d", "gris": "#949ba3", "jaune": "#f1c23e",
    "lilas": "#b9a3d8", "marron": "#7c543a", "moutarde": "#d09a2c", "noir": "#33363c", "noyer": "#815438",
    "orange": "#ee8a3a", "rose": "#e87ba0", "rose poudré": "#e5b2b0", "rouge": "#cf4540",
    "terracotta": "#c9694a", "turquoise": "#35ada9", "vert": "#55a85d", "vert sapin": "#2f5d4b",
    "vert sauge": "#9db191", "violet": "#765bab", "écru": "#e4d4b6",
}  # fmt: skip
ACCENTS = ("#ee8a3a", "#35ada9", "#f1c23e", "#cf4540", "#3a76c4", "#55a85d", "#765bab", "#e87ba0")
DEEP_BACKGROUNDS = ("#bfcfd6", "#c9c2d3", "#cdbfb4", "#b9cbbf")  # behind what is nearly white
BACKGROUNDS = ("#f4efe6", "#eaf0ec", "#e9eff5", "#f6ebe6", "#f0ecf5", "#f3f1e4", "#e7f1f1", "#f5eef0")


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one picture, as hexadecimal RGB."""

    main: str
    dark: str
    darker: str
    light: str
    lighter: str
    accent: str
    background: str
    ink: str = "#2e3238"
    paper: str = "#fffdf8"
    wood: str = "#d3a871"
    wood_dark: str = "#b0834f"
    steel: str = "#bcc5cc"
    steel_dark: str = "#8b969f"


def palette(*, colour: str, mark: int) -> Palette:
    """The palette of a product: its colour, and an accent and a background by its mark (any number ≥ 0)."""
    main = COLOURS.get(colour, "#949ba3")
    return Palette(
        main=main,
        dark=shade(main, -0.11),
        darker=shade(main, -0.21),
        light=shade(main, 0.12),
        lighter=shade(main, 0.24),
        accent=next(accent for accent in (*ACCENTS[mark % 8 :], *ACCENTS) if _distance(accent, main) > 0.25),
        background=_background(main, mark // 8),
    )


def _background(main: str, mark: int) -> str:
    """A soft background; a deeper one behind a colour that would vanish on it."""
    backgrounds = DEEP_BACKGROUNDS if min(_rgb(main)) > 0.68 else BACKGROUNDS
    return backgrounds[mark % len(backgrounds)]


def shade(colour: str, amount: float) -> str:
    """The colour made lighter (amount above 0) or darker, by a share of full lightness."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    lightness = min(max(lightness + amount, 0.05), 0.97)
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _distance(one: str, other: str) -> float:
    """How far apart two colours are, 0 to about 1.7."""
    return math.dist(_rgb(one), _rgb(other))
