"""Pictures of what a baby walks, eats and sleeps with."""

from collections.abc import Mapping

from netup.demo.pictures.drawing import (
    Shape,
    box,
    clipped,
    disc,
    face,
    faded,
    line,
    mirrored,
    oval,
    path,
    printed,
    ring,
    star,
)
from netup.demo.pictures.palette import Palette


def pram(p: Palette, mark: int) -> str:
    """A pram with its hood."""
    chassis = line("M126 300 L250 232 M276 300 L150 232 M262 226 L340 138 h22", p.steel_dark, 9)
    wheels = "".join(
        disc(x, 306, 40, p.ink) + disc(x, 306, 27, p.background) + ring(x, 306, 13, p.steel, 5) for x in (124, 278)
    )
    tub = path("M80 186 H288 Q286 258 216 262 H152 Q84 258 80 186 Z", p.main)
    hood = path("M80 186 Q76 70 190 70 L184 186 Z", p.dark) + line(
        "M184 186 Q150 120 168 74 M184 186 Q110 140 118 100", p.darker, 4
    )
    cover = path("M184 168 H292 L288 206 H184 Z", p.light) + (
        star(236, 232, 14, p.lighter) if mark % 2 else line("M110 224 H262", p.light, 7)
    )
    return chassis + tub + hood + cover + wheels + line("M336 138 h30", p.wood_dark, 13)


def rain_cover(p: Palette, mark: int) -> str:
    """A pram under its transparent rain cover."""
    clouds = path("M240 92 q4 -30 34 -26 q12 -24 38 -10 q30 -2 28 26 q-2 16 -20 16 H254 q-14 0 -14 -6 Z", "#cfdbe3")
    drops = "".join(
        line(f"M{x} {y} l-6 18", "#7fb2cf", 5) for x, y in ((262, 122), (290, 132), (318, 122), (332, 156), (276, 166))
    )
    shell = faded(0.55, path("M66 214 Q62 78 184 76 Q282 84 296 210 Q288 274 214 276 H148 Q72 274 66 214 Z", "#bfe0ec"))
    edge = line("M66 214 Q62 78 184 76 Q282 84 296 210 Q288 274 214 276 H148 Q72 274 66 214 Z", p.main, 8)
    window = faded(0.8, line("M110 140 Q130 104 176 100 M108 180 l0 24", "#ffffff", 9))
    return f'<g transform="translate(14 34) scale(.9)">{pram(p, mark)}</g>' + shell + edge + window + clouds + drops


def footmuff(p: Palette, mark: int) -> str:
    """A padded footmuff."""
    outline = "M128 92 Q200 56 272 92 Q292 200 276 316 Q200 350 124 316 Q108 200 128 92 Z"
    quilt = "".join(line(f"M60 {y} L340 {y + 120} M340 {y} L60 {y + 120}", p.dark, 3) for y in range(60, 330, 44))
    lining = path("M140 100 Q200 70 260 100 Q268 152 262 182 Q200 160 138 182 Q132 152 140 100 Z", p.paper)
    hole = path("M160 108 Q200 88 240 108 Q246 132 242 148 Q200 136 158 148 Q154 132 160 108 Z", p.lighter)
    return path(outline, p.main) + clipped("muff", outline, quilt) + lining + hole + line("M200 172 V332", p.accent, 6)


def carrier(p: Palette, mark: int) -> str:
    """A baby carrier with a small head looking out."""
    straps = mirrored(path("M132 150 Q120 60 76 84 Q44 120 64 250 L92 262 Q80 140 104 128 Q116 130 122 190 Z", p.dark))
    child = disc(200, 104, 46, "#f0c9a4") + path("M154 100 Q156 54 200 54 Q244 54 246 100 Q200 76 154 100 Z", p.accent)
    eyes = line("M180 112 q6 6 12 0 M208 112 q6 6 12 0", p.ink, 4) + line("M192 128 q8 7 16 0", p.ink, 4)
    body = "M134 138 Q200 168 266 138 L284 268 Q200 312 116 268 Z"
    waist = path("M52 262 Q200 322 348 262 L344 304 Q200 360 56 304 Z", p.dark) + box(180, 308, 40, 20, p.accent, r=5)
    return straps + child + eyes + path(body, p.main) + printed(body, p, mark) + waist


def changing_bag(p: Palette, mark: int) -> str:
    """A changing bag."""
    handles = line("M140 156 Q142 74 200 74 Q258 74 260 156", p.wood_dark, 12)
    outline = "M82 150 H318 L334 316 Q334 336 314 336 H86 Q66 336 66 316 Z"
    flap = path("M82 150 H318 L314 226 Q200 268 86 226 Z", p.dark)
    bottle_ = box(284, 116, 34, 50, p.paper, r=8) + path("M291 116 q10 -24 20 0 Z", p.accent)
    return (
        bottle_
        + handles
        + path(outline, p.main)
        + printed(outline, p, mark)
        + flap
        + box(184, 226, 32, 34, p.wood, r=6)
        + disc(200, 246, 6, p.wood_dark)
    )


def baby_bottle(p: Palette, mark: int) -> str:
    """A feeding bottle."""
    teat = path("M176 118 Q178 94 192 86 Q192 62 200 60 Q208 62 208 86 Q222 94 224 118 Z", "#f2dcc0")
    collar = box(154, 114, 92, 34, p.main, r=9)
    outline = (
        "M160 148 H240 Q262 178 254 232 L260 318 Q258 342 232 342 H168 Q142 342 140 318 L146 232 Q138 178 160 148 Z"
    )
    milk = clipped("milk", outline, box(120, 216, 160, 140, "#fbf5e6"))
    marks_ = "".join(line(f"M{222} {y} h18", p.dark, 4) for y in range(216, 320, 24))
    sign = star(190, 270, 16, p.main) if mark % 2 else disc(190, 268, 15, p.main)
    return (
        teat
        + path(outline, "#e4eff2")
        + milk
        + collar
        + marks_
        + sign
        + faded(0.8, line("M160 190 Q154 240 158 300", "#ffffff", 7))
    )


def high_chair(p: Palette, mark: int) -> str:
    """A high chair."""
    legs = line("M148 196 L104 344 M252 196 L296 344 M128 270 H272", p.main, 12)
    back = box(138, 66, 124, 136, p.light, r=26) + box(156, 86, 88, 92, p.accent if mark % 2 else p.lighter, r=20)
    tray = path("M92 186 H308 Q312 216 280 218 H120 Q88 216 92 186 Z", p.paper) + line("M96 188 H304", p.steel, 4)
    plate_ = oval(200, 188, 36, 7, p.dark) + disc(180, 180, 6, "#ee7a66") + disc(214, 182, 6, "#6f9a6a")
    return legs + back + tray + plate_ + box(122, 274, 156, 14, p.dark, r=6)


def bib(p: Palette, mark: int) -> str:
    """A bib."""
    strap = line("M140 140 Q110 70 200 62 Q290 70 260 140", p.dark, 24)
    outline = (
        "M118 132 Q150 116 160 128 Q200 176 240 128 Q250 116 282 132 Q300 250 262 300 Q200 336 138 300 "
        "Q100 250 118 132 Z"
    )
    pocket = path("M118 262 Q200 294 282 262 Q284 320 240 332 Q200 346 160 332 Q116 320 118 262 Z", p.dark)
    return strap + path(outline, p.main) + printed(outline, p, mark) + pocket + disc(200, 86, 0, p.main)


def baby_plate(p: Palette, mark: int) -> str:
    """A learning plate shaped like a bear."""
    ears = mirrored(disc(116, 110, 40, p.main), disc(116, 110, 22, p.dark))
    head = disc(200, 216, 124, p.main) + disc(200, 216, 104, p.light)
    parts = line("M200 216 V318 M200 216 L112 166 M200 216 L288 166", p.main, 10)
    food = (
        disc(200, 164, 12, "#ee7a66")
        + disc(222, 154, 10, "#ee7a66")
        + oval(150, 248, 20, 12, "#8fb57f")
        + oval(252, 248, 22, 12, "#f0c763")
    )
    spoon = line("M338 330 L300 250", p.wood_dark, 10) + oval(296, 240, 14, 19, p.wood)
    return ears + head + parts + food + spoon


def cot(p: Palette, mark: int) -> str:
    """A cot with its bars."""
    posts = mirrored(box(58, 92, 20, 244, p.main, r=7), disc(68, 88, 14, p.main))
    bars = "".join(box(x, 130, 11, 160, p.dark, r=4) for x in range(92, 310, 24))
    bed = (
        path("M78 236 H322 V286 H78 Z", p.paper)
        + path("M150 214 H322 V286 H150 Z", p.accent)
        + box(88, 208, 70, 36, p.paper, r=14)
    )
    rails = box(66, 116, 268, 20, p.main, r=6) + box(66, 286, 268, 24, p.main, r=6)
    moon = (
        path("M212 40 A30 30 0 1 0 238 82 A24 24 0 1 1 212 40 Z", "#f1c23e")
        if mark % 2
        else star(224, 62, 20, "#f1c23e")
    )
    return moon + bed + bars + posts + rails


def sleeping_bag(p: Palette, mark: int) -> str:
    """A baby sleeping bag."""
    outline = (
        "M146 72 Q156 110 200 114 Q244 110 254 72 L286 92 Q288 150 268 170 Q316 300 296 328 Q200 352 104 "
        "328 Q84 300 132 170 Q112 150 114 92 Z"
    )
    poppers = disc(134, 90, 5, p.paper) + disc(266, 90, 5, p.paper)
    zip_ = line("M200 116 V338", p.dark, 5) + box(193, 128, 14, 22, p.accent, r=4)
    return (
        path(outline, p.main)
        + printed(outline, p, (2, 4, 1)[mark % 3])
        + zip_
        + poppers
        + line("M132 170 Q122 150 114 110 M268 170 Q278 150 286 110", p.dark, 7)
    )


def night_light(p: Palette, mark: int) -> str:
    """A night light: moon, cloud or star."""
    glow = faded(0.7, disc(200, 196, 150, "#fdf0c4"))
    base = oval(200, 336, 78, 13, p.wood_dark) + oval(200, 328, 78, 13, p.wood)
    if mark % 3 == 0:
        return (
            glow + base + path("M236 72 A124 124 0 1 0 306 266 A100 100 0 1 1 236 72 Z", p.main) + face(172, 214, p.ink)
        )
    if mark % 3 == 1:
        cloud = path(
            (
                "M104 300 Q48 292 58 240 Q66 196 112 200 Q120 124 196 130 Q256 128 272 186 Q336 180 342 "
                "240 Q344 296 296 300 Z"
            ),
            p.main,
        )
        return glow + base + cloud + face(200, 222, p.ink) + disc(150, 242, 12, p.accent) + disc(250, 242, 12, p.accent)
    return glow + base + star(200, 204, 118, p.main) + face(200, 204, p.ink)


def mobile(p: Palette, mark: int) -> str:
    """A cot mobile."""
    arm = line("M200 0 V70", p.wood_dark, 5) + line("M82 92 Q200 50 318 92", p.wood, 11)
    threads = line("M92 92 V190 M164 76 V240 M236 76 V206 M308 92 V236", p.steel_dark, 3)
    cloud = path("M56 214 q-4 -28 24 -28 q10 -26 38 -14 q26 0 22 30 q-2 14 -18 14 H72 q-14 0 -16 -2 Z", p.lighter)
    moon = path("M158 236 A34 34 0 1 0 194 288 A28 28 0 1 1 158 236 Z", "#f1c23e")
    drop = star(236, 234, 30, p.main) + disc(308, 266, 32, p.accent) + line("M282 258 q26 -14 52 0", p.paper, 5)
    return arm + threads + cloud + moon + drop + disc(200, 66, 9, p.wood_dark)


SHAPES: Mapping[str, Shape] = {
    "pram": pram, "rain_cover": rain_cover, "footmuff": footmuff, "carrier": carrier,
    "changing_bag": changing_bag, "baby_bottle": baby_bottle, "high_chair": high_chair, "bib": bib,
    "baby_plate": baby_plate, "cot": cot, "sleeping_bag": sleeping_bag, "night_light": night_light,
    "mobile": mobile,
}  # fmt: skip
