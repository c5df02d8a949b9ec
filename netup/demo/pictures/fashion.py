"""Pictures of shoes for town, bags and small accessories."""

from collections.abc import Mapping
from math import cos, pi, sin

from netup.demo.pictures.drawing import Shape, box, clipped, disc, faded, line, mirrored, path, printed, ring
from netup.demo.pictures.palette import Palette


def ankle_boot(p: Palette, mark: int) -> str:
    """An ankle boot."""
    sole = path("M84 320 H148 V344 H90 Z M148 320 Q240 322 334 320 Q344 332 330 338 H240 Q190 338 148 330 Z", p.ink)
    body = path("M92 322 Q82 200 96 82 H204 Q200 180 230 222 Q296 246 326 278 Q342 300 338 324 Z", p.main)
    elastic = path("M132 120 Q156 108 168 122 L170 196 Q150 220 134 196 Z", p.darker)
    zip_ = line("M180 96 Q176 190 200 240", p.wood, 5)
    return (
        sole
        + body
        + (elastic if mark % 2 else zip_)
        + line("M98 92 H202", p.dark, 12)
        + line("M92 318 H338", p.dark, 7)
        + line("M226 226 Q210 262 236 318", p.dark, 4)
    )


def sandal(p: Palette, mark: int) -> str:
    """A pair of sandals from above."""
    sole = "M136 72 Q182 74 182 150 Q180 200 172 250 Q176 330 132 334 Q86 330 92 250 Q96 210 88 154 Q88 76 136 72 Z"
    one = path(sole, p.wood) + path(
        "M136 92 Q166 94 166 152 Q164 200 156 250 Q158 314 132 316 Q104 314 108 250 Q112 210 104 156 Q106 96 136 92 Z",
        p.wood_dark,
    )
    straps = line("M86 150 Q136 116 184 150", p.main, 24) + line("M92 262 Q134 236 176 262", p.main, 18)
    extra = line("M134 136 Q140 200 134 250", p.main, 13) if mark % 2 else line("M88 190 Q136 158 182 190", p.main, 20)
    return mirrored(one, extra, straps, disc(158, 252, 8, p.accent))


def loafer(p: Palette, mark: int) -> str:
    """A loafer."""
    sole = path("M64 296 H340 Q356 312 336 322 H152 V326 H70 Q58 312 64 296 Z", p.ink)
    body = path("M66 298 Q54 238 76 196 Q130 184 176 214 Q240 214 300 252 Q348 268 346 298 Z", p.main)
    tongue = path("M150 198 Q190 186 222 218 L188 240 Q166 224 150 198 Z", p.dark)
    strap = path("M172 214 Q214 196 252 226 L236 252 Q206 236 176 244 Z", p.darker)
    detail = (
        line("M198 226 Q212 220 228 232", p.wood, 7)
        if mark % 2
        else disc(200, 226, 5, p.accent) + line("M200 228 l-8 24 M204 228 l6 24", p.accent, 6)
    )
    return (
        sole
        + body
        + tongue
        + strap
        + detail
        + line("M266 238 Q244 262 262 294", p.dark, 4)
        + line("M76 198 Q120 190 152 202", p.light, 6)
    )


def handbag(p: Palette, mark: int) -> str:
    """A handbag: satchel, tote or bucket."""
    kind = mark % 3
    if kind == 0:
        strap = line("M104 176 Q110 60 200 58 Q290 60 296 176", p.dark, 9)
        body = box(78, 164, 244, 164, p.main, r=22) + path(
            "M78 186 Q78 164 100 164 H300 Q322 164 322 186 V218 Q200 292 78 218 Z", p.dark
        )
        return (
            strap
            + body
            + disc(200, 248, 17, p.wood)
            + disc(200, 248, 8, p.wood_dark)
            + line("M88 318 H312", p.darker, 4)
        )
    if kind == 1:
        handles = line("M136 170 Q138 64 200 62 Q262 64 264 170", p.darker, 11)
        body = path("M84 142 H316 L334 330 Q200 346 66 330 Z", p.main) + path("M84 142 H316 L318 166 H82 Z", p.dark)
        return (
            handles
            + body
            + mirrored(box(126, 158, 20, 48, p.darker, r=4), disc(136, 194, 4, p.wood))
            + disc(256, 240, 13, p.accent)
        )
    handle = line("M112 186 Q108 56 200 54 Q292 56 288 186", p.dark, 10)
    body = path("M96 164 H304 L286 322 Q200 344 114 322 Z", p.main) + path(
        "M110 286 L290 286 L286 322 Q200 344 114 322 Z", p.dark
    )
    cords = "".join(disc(x, 194, 6, p.wood) for x in range(122, 290, 26)) + line(
        "M180 196 Q166 236 174 262 M220 196 Q234 236 226 262", p.wood_dark, 6
    )
    return (
        handle
        + body
        + line("M96 166 H304", p.darker, 8)
        + cords
        + disc(174, 266, 8, p.accent)
        + disc(226, 266, 8, p.accent)
    )


def belt(p: Palette, mark: int) -> str:
    """A coiled belt."""
    coil = ring(190, 206, 104, p.main, 38) + ring(190, 206, 104, p.light, 3) + ring(190, 206, 60, p.dark, 34)
    end = path("M190 296 H334 Q348 310 334 328 H190 Z", p.main) + "".join(
        disc(x, 312, 4, p.darker) for x in (262, 284, 306)
    )
    metal = p.wood if mark % 2 else p.steel_dark
    buckle = path(
        "M150 284 H202 Q210 284 210 292 V332 Q210 340 202 340 H150 Q142 340 142 332 V292 Q142 284 150 284",
        "none",
        stroke=metal,
        width=11,
    )
    return coil + end + buckle + line("M150 312 H216", p.steel, 7)


def scarf(p: Palette, mark: int) -> str:
    """A scarf, knotted."""
    back = path("M214 176 L276 192 L312 330 L244 340 Z", p.dark)
    front = "M142 180 L214 184 L196 344 L116 334 Z"
    fringes = "".join(line(f"M{118 + i * 12} {332 + i} v16", p.main, 5) for i in range(7)) + "".join(
        line(f"M{248 + i * 12} {338 - i} l3 14", p.dark, 5) for i in range(6)
    )
    loop = "M98 128 Q120 66 200 64 Q280 66 302 128 Q312 190 258 212 Q200 232 142 212 Q88 190 98 128 Z"
    inner = path("M142 128 Q160 104 200 104 Q240 104 258 128 Q240 154 200 156 Q160 154 142 128 Z", p.darker)
    return (
        fringes
        + back
        + path(front, p.main)
        + printed(front, p, 1 + mark % 4)
        + path(loop, p.main)
        + line("M110 150 Q200 216 290 150 M116 176 Q200 236 284 176", p.light, 7)
        + inner
    )


def beanie(p: Palette, mark: int) -> str:
    """A knitted hat."""
    dome = "M86 262 Q78 104 200 102 Q322 104 314 262 Z"
    knit = "".join(
        line(f"M{x} 112 Q{x - 6 + (x - 200) // 10} 190 {x + (x - 200) // 5} 262", p.light, 4)
        for x in range(120, 290, 20)
    )
    cuff = box(76, 246, 248, 74, p.dark, r=20) + "".join(line(f"M{x} 254 v58", p.darker, 4) for x in range(96, 316, 18))
    top = (
        disc(200, 90, 36, p.accent)
        + "".join(
            line(f"M200 90 L{200 + 40 * cos(i * pi / 6):.0f} {90 + 40 * sin(i * pi / 6):.0f}", p.accent, 8)
            for i in range(12)
        )
        if mark % 2
        else ""
    )
    label = box(228, 270, 46, 28, p.wood, r=4)
    return top + path(dome, p.main) + clipped("knit", dome, knit) + cuff + label


def sunglasses(p: Palette, mark: int) -> str:
    """A pair of sunglasses."""
    if mark % 3 == 0:
        lens = disc(124, 206, 66, p.main) + disc(124, 206, 52, "#4a4038")
    elif mark % 3 == 1:
        lens = path("M54 160 H186 Q196 250 132 262 Q58 262 54 160 Z", p.main) + path(
            "M68 174 H174 Q178 240 130 248 Q74 246 68 174 Z", "#3c4a52"
        )
    else:
        lens = path("M44 150 Q110 158 190 172 Q194 252 130 258 Q62 254 44 150 Z", p.main) + path(
            "M66 168 Q120 176 176 184 Q176 240 130 244 Q82 240 66 168 Z", "#4b3a44"
        )
    arms = line("M60 176 Q30 150 34 128", p.dark, 13)
    shine = faded(0.35, line("M96 226 L138 182 M120 232 L150 200", "#ffffff", 8))
    return mirrored(arms) + line("M182 190 Q200 176 218 190", p.main, 13) + mirrored(lens, shine)


def necklace(p: Palette, mark: int) -> str:
    """A necklace on its bust."""
    bust = path("M150 40 H250 Q248 104 300 128 Q352 152 352 344 H48 Q48 152 100 128 Q152 104 150 40 Z", "#efe6da")
    chain = line("M140 122 Q150 240 200 252 Q250 240 260 122", "#caa052" if p.main != "#a9b4bd" else p.steel_dark, 5)
    pendants = (
        disc(200, 274, 24, p.main) + disc(193, 266, 7, p.lighter),
        path("M200 250 L226 284 L200 322 L174 284 Z", p.main) + path("M200 250 L226 284 H174 Z", p.light),
        "".join(
            disc(200 + 76 * cos(a), 172 + 82 * sin(a), 11 + 4 * sin(a), p.main if i % 2 else p.accent)
            for i, a in enumerate(k * pi / 8 for k in range(1, 8))
        ),
        path(
            "M200 262 m-26 0 a26 26 0 1 0 52 0 a26 26 0 1 0 -52 0 m10 -4 a18 18 0 1 1 32 0 a16 16 0 0 0 -32 0 Z", p.main
        ),
    )
    return bust + chain + pendants[mark % 4] + faded(0.3, line("M124 176 Q120 250 128 320", "#ffffff", 10))


SHAPES: Mapping[str, Shape] = {
    "ankle_boot": ankle_boot, "sandal": sandal, "loafer": loafer, "handbag": handbag, "belt": belt,
    "scarf": scarf, "beanie": beanie, "sunglasses": sunglasses, "necklace": necklace,
}  # fmt: skip
