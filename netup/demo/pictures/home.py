"""Pictures of lights, textiles and decoration."""

from collections.abc import Mapping

from netup.demo.pictures.drawing import (
    Shape,
    box,
    clipped,
    disc,
    faded,
    line,
    mirrored,
    oval,
    path,
    printed,
    ring,
)
from netup.demo.pictures.palette import Palette

_GLOW, _GREEN, _GREEN_DARK = "#fdf0c4", "#6f9a6a", "#4f7a52"


def table_lamp(p: Palette, mark: int) -> str:
    """A table lamp, lit."""
    glow = faded(0.6, disc(200, 160, 130, _GLOW))
    shade = "M146 82 H254 L292 196 H108 Z" if mark % 2 else "M104 196 Q108 88 200 84 Q292 88 296 196 Z"
    pattern = printed(shade, p, (0, 1, 2)[mark % 3])
    foot = (
        path("M182 196 H218 V220 Q268 244 262 298 Q256 340 200 340 Q144 340 138 298 Q132 244 182 220 Z", p.main)
        if mark % 3
        else box(190, 196, 20, 134, p.wood, r=6) + oval(200, 334, 66, 14, p.wood_dark)
    )
    return glow + foot + path(shade, p.light) + pattern + faded(0.5, path("M120 196 H280 L276 182 H124 Z", "#ffffff"))


def pendant(p: Palette, mark: int) -> str:
    """A hanging lamp."""
    cable = line("M200 0 V110", p.ink, 5) + box(188, 100, 24, 30, p.darker, r=5)
    glow = faded(0.6, path("M110 240 L40 380 H360 L290 240 Z", _GLOW))
    if mark % 2:
        dome = path("M86 244 Q90 126 200 122 Q310 126 314 244 Z", p.main) + oval(200, 244, 114, 16, p.dark)
        return (
            glow
            + cable
            + dome
            + oval(200, 246, 48, 9, "#fffbe8")
            + faded(0.4, line("M112 214 Q120 160 166 142", "#ffffff", 9))
        )
    outline = "M110 190 Q110 122 200 122 Q290 122 290 190 Q290 262 200 266 Q110 262 110 190 Z"
    slats = "".join(line(f"M{x} 120 Q{200 + (x - 200) * 2.1:.0f} 194 {x} 268", p.dark, 4) for x in range(150, 256, 20))
    return glow + cable + path(outline, p.main) + clipped("slats", outline, slats) + disc(200, 200, 32, "#fff7d4")


def floor_lamp(p: Palette, mark: int) -> str:
    """A standing lamp."""
    glow = faded(0.6, disc(262, 130, 90, _GLOW))
    if mark % 2:
        pole = line("M150 336 V110 Q152 60 210 62 Q256 66 262 96", p.main, 10)
        return (
            glow + pole + path("M212 150 Q216 94 262 92 Q308 94 312 150 Z", p.dark) + oval(150, 340, 62, 11, p.darker)
        )
    legs = line("M200 180 L138 344 M200 180 L262 344 M200 180 V344", p.main, 10)
    return (
        faded(0.6, disc(200, 120, 110, _GLOW))
        + legs
        + path("M138 60 H262 L284 180 H116 Z", p.paper)
        + line("M117 176 H283", p.accent, 8)
    )


def bulb(p: Palette, mark: int) -> str:
    """A light bulb."""
    glow = faded(0.7, disc(200, 166, 122, _GLOW))
    glass = path("M200 72 A96 96 0 0 1 250 248 Q244 258 244 272 H156 Q156 258 150 248 A96 96 0 0 1 200 72 Z", "#fff7d8")
    wire = line("M176 270 L168 190 L186 212 L200 186 L214 212 L232 190 L224 270", "#e8a23c", 5)
    screw = "".join(box(156, y, 88, 14, p.steel_dark if i % 2 else p.steel, r=6) for i, y in enumerate((274, 290, 306)))
    return (
        glow
        + glass
        + wire
        + screw
        + path("M172 320 H228 L214 340 H186 Z", p.ink)
        + faded(0.8, line("M132 156 Q140 118 172 104", "#ffffff", 8))
    )


def cushion(p: Palette, mark: int) -> str:
    """A cushion, square or long."""
    outline = (
        "M78 88 Q200 112 322 88 Q300 206 322 324 Q200 300 78 324 Q100 206 78 88 Z"
        if mark % 2 == 0
        else "M50 134 Q200 152 350 134 Q332 214 350 294 Q200 276 50 294 Q68 214 50 134 Z"
    )
    piping = path(outline, "none", stroke=p.dark, width=6)
    return (
        path(outline, p.main)
        + printed(outline, p, mark)
        + piping
        + faded(
            0.1,
            path(
                "M90 312 Q230 262 312 100 Q302 206 320 322 Q200 300 90 320 Z"
                if mark % 2 == 0
                else "M60 288 Q220 250 340 140 Q332 214 348 292 Q200 276 60 290 Z",
                "#000000",
            ),
        )
    )


def throw(p: Palette, mark: int) -> str:
    """A folded throw with its fringes."""
    outline = "M72 166 Q76 140 104 140 H302 Q330 142 330 168 V296 H72 Z"
    folds = path("M72 214 H330 V238 H72 Z", p.dark) + path(
        "M84 112 Q90 94 112 94 H296 Q318 96 318 114 L328 156 H74 Z", p.light
    )
    fringes = "".join(line(f"M{x} 296 v{30 + x % 3 * 5}", p.main, 6) for x in range(78, 330, 12))
    return fringes + path(outline, p.main) + printed(outline, p, 1 + mark % 4) + folds


def curtain(p: Palette, mark: int) -> str:
    """A pair of curtains before a window."""
    window = box(108, 84, 184, 214, "#dcecf3") + line("M200 84 V298 M108 190 H292", p.paper, 8)
    rod = box(46, 62, 308, 11, p.wood_dark, r=5) + disc(46, 67, 12, p.wood) + disc(354, 67, 12, p.wood)
    side = path("M62 72 H176 Q168 190 124 238 Q136 290 150 344 H58 Z", p.main)
    folds = line("M86 76 Q92 200 78 342 M116 76 Q122 190 100 340 M146 76 Q144 170 112 230", p.dark, 5)
    tie = line("M60 236 Q96 256 128 234", p.accent, 10)
    rings = "".join(ring(x, 67, 7, p.steel_dark, 4) for x in range(72, 176, 24))
    return window + rod + mirrored(side, folds, tie, rings)


def bedding(p: Palette, mark: int) -> str:
    """A made bed."""
    head = box(62, 108, 276, 130, p.wood, r=14) + box(76, 122, 248, 100, p.wood_dark, r=8)
    pillows = mirrored(box(88, 158, 104, 66, p.paper, r=22), box(102, 180, 88, 52, p.light, r=18))
    outline = "M52 226 Q200 206 348 226 L360 322 Q200 342 40 322 Z"
    fold = path("M52 226 Q200 206 348 226 L351 252 Q200 232 49 252 Z", p.lighter)
    legs = box(60, 320, 16, 26, p.wood_dark) + box(324, 320, 16, 26, p.wood_dark)
    return legs + head + pillows + path(outline, p.main) + printed(outline, p, mark) + fold


def vase(p: Palette, mark: int) -> str:
    """A vase, each model with its own curve, sometimes with branches."""
    outline = (
        (
            "M172 146 H228 Q224 176 256 208 Q284 246 258 306 Q244 342 200 342 Q156 342 142 306 Q116 246 "
            "144 208 Q176 176 172 146 Z"
        ),
        "M160 150 H240 L258 332 Q200 350 142 332 Z",
        "M184 120 H216 V196 Q282 216 272 282 Q262 342 200 342 Q138 342 128 282 Q118 216 184 196 Z",
    )[mark % 3]
    stems = line("M200 150 Q190 100 166 60 M202 150 Q214 96 240 68 M200 150 V70", _GREEN_DARK, 4)
    leaves = "".join(
        oval(x, y, 13, 21, _GREEN if i % 2 else p.accent)
        for i, (x, y) in enumerate(((160, 60), (244, 64), (200, 62), (178, 96), (224, 98)))
    )
    return (
        (stems + leaves if mark % 4 else "")
        + path(outline, p.main)
        + printed(outline, p, (0, 3, 1)[mark // 3 % 3])
        + faded(0.3, line("M156 240 Q150 280 166 314", "#ffffff", 9))
    )


def candle(p: Palette, mark: int) -> str:
    """A scented candle in its glass."""
    flame = (
        faded(0.7, disc(200, 96, 50, _GLOW))
        + path("M200 56 Q230 96 200 122 Q170 96 200 56 Z", "#f5a742")
        + path("M200 82 Q214 104 200 120 Q186 104 200 82 Z", "#fdeeb8")
    )
    glass = box(122, 150, 156, 192, p.main, r=18) + oval(200, 152, 78, 16, p.light) + line("M200 152 V120", p.ink, 5)
    label = box(146, 206, 108, 92, p.paper, r=6) + line("M166 274 H234", p.steel, 4)
    sprig = line("M200 262 V220", _GREEN_DARK, 4) + "".join(
        oval(200 + d, y, 10, 6, _GREEN) for d, y in ((-12, 232), (12, 226), (-12, 248), (12, 244))
    )
    return flame + glass + label + sprig + faded(0.35, box(134, 172, 9, 150, "#ffffff", r=4))


def frame(p: Palette, mark: int) -> str:
    """A framed print: hills, shapes or a branch."""
    outer = (
        box(92, 60, 216, 284, p.wood if mark % 2 else p.ink, r=4)
        + box(104, 72, 192, 260, p.paper)
        + box(126, 98, 148, 208, p.lighter)
    )
    inside = "M126 98 H274 V306 H126 Z"
    art = (
        disc(226, 156, 28, p.accent)
        + path("M126 240 Q170 180 214 236 Q246 200 274 226 V306 H126 Z", p.main)
        + path("M126 270 Q190 230 274 276 V306 H126 Z", p.dark),
        disc(184, 176, 46, p.main)
        + path("M170 306 V212 A52 52 0 0 1 274 212 V306 Z", p.accent)
        + disc(160, 276, 24, p.dark),
        line("M200 306 Q190 220 214 118", p.dark, 6)
        + "".join(
            oval(206 + d, y, 22, 11, p.main)
            for d, y in ((-26, 262), (24, 240), (-20, 214), (30, 190), (-14, 168), (26, 144))
        ),
    )[mark % 3]
    return outer + clipped("art", inside, art)


def plant(p: Palette, mark: int) -> str:
    """A plant in its pot."""
    leaf = "M200 232 Q{a} {b} {c} {d} Q{e} {f} 200 232 Z"
    spread = (
        (120, 190, 96, 110, 190, 130),
        (280, 190, 304, 110, 210, 130),
        (150, 130, 170, 62, 216, 130),
        (250, 140, 240, 70, 190, 120),
        (110, 240, 76, 186, 170, 186),
        (290, 240, 324, 186, 230, 186),
    )
    leaves = "".join(
        path(leaf.format(a=a, b=b, c=c, d=d, e=e, f=f), _GREEN_DARK if i % 2 else _GREEN)
        for i, (a, b, c, d, e, f) in enumerate(spread[: 4 + mark % 3])
    )
    pot = "M126 226 H274 L256 334 Q200 346 144 334 Z"
    return leaves + path(pot, p.main) + printed(pot, p, (0, 1, 2, 3)[mark % 4]) + box(118, 216, 164, 24, p.dark, r=8)


SHAPES: Mapping[str, Shape] = {
    "table_lamp": table_lamp, "pendant": pendant, "floor_lamp": floor_lamp, "bulb": bulb, "cushion": cushion,
    "throw": throw, "curtain": curtain, "bedding": bedding, "vase": vase, "candle": candle, "frame": frame,
    "plant": plant,
}  # fmt: skip
