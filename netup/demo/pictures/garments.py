"""Pictures of clothes: one outline each, a fabric, a few seams."""

from collections.abc import Mapping

from netup.demo.pictures.drawing import Shape, box, disc, faded, line, mirrored, path, printed
from netup.demo.pictures.palette import Palette

_TEE = (
    "M142 84 Q200 116 258 84 L330 122 Q346 160 350 184 L298 206 L286 178 L290 330 Q200 342 110 330 L114 178 "
    "L102 206 L50 184 Q54 160 70 122 Z"
)
_LONG = (
    "M144 84 Q200 108 256 84 L318 116 Q340 190 346 316 L300 322 L286 196 L290 334 Q200 344 110 334 L114 196 "
    "L100 322 L54 316 Q60 190 82 116 Z"
)


def tshirt(p: Palette, mark: int) -> str:
    """A T-shirt."""
    neck = line("M142 84 Q200 122 258 84", p.dark, 10)
    logo = line("M224 168 l22 -12 -8 20 22 -10", p.accent, 7)
    return path(_TEE, p.main) + printed(_TEE, p, mark if mark % 2 else 0) + neck + logo


def jersey(p: Palette, mark: int) -> str:
    """A football shirt with its number."""
    sleeves = line("M304 204 L350 184 M96 204 L50 184", p.accent, 12)
    number = (
        f'<text x="200" y="262" font-family="sans-serif" font-weight="800" font-size="96" fill="{p.paper}" '
        f'text-anchor="middle">{2 + mark % 10}</text>'
    )
    bands = printed(_TEE, p, 1) if mark % 2 else ""
    return path(_TEE, p.main) + bands + sleeves + line("M142 84 L200 128 L258 84", p.accent, 11) + number


def polo(p: Palette, mark: int) -> str:
    """A polo shirt."""
    collar = path("M142 84 Q170 100 200 104 L176 142 L128 96 Z", p.light) + path(
        "M258 84 Q230 100 200 104 L224 142 L272 96 Z", p.light
    )
    placket = box(190, 106, 20, 78, p.dark, r=3) + disc(200, 132, 4, p.paper) + disc(200, 160, 4, p.paper)
    cuffs = line("M300 205 L349 184 M100 205 L51 184", p.accent if mark % 2 else p.dark, 9)
    return path(_TEE, p.main) + printed(_TEE, p, mark % 2) + placket + collar + cuffs + disc(248, 176, 7, p.accent)


def shorts(p: Palette, mark: int) -> str:
    """Running shorts."""
    outline = "M96 110 H304 L338 290 Q276 316 222 300 L200 212 L178 300 Q124 316 62 290 Z"
    side = mirrored(path("M96 130 L62 290 L88 300 L112 130 Z", p.accent if mark % 2 else p.light))
    cords = line("M190 126 Q184 160 176 168 M210 126 Q216 160 224 168", p.paper, 5)
    return path(outline, p.main) + side + box(94, 104, 212, 26, p.dark, r=6) + line("M200 130 V212", p.dark, 4) + cords


def socks(p: Palette, mark: int) -> str:
    """A pair of sports socks."""

    def sock(x: int, y: int, main: str, dark: str) -> str:
        leg = path(f"M{x} {y} h74 v128 q2 30 42 52 q46 24 34 58 q-12 24 -66 10 q-92 -26 -88 -98 Z", main)
        heel = path(f"M{x - 3} {y + 150} q28 -6 40 26 q-8 30 -24 36 q-18 -30 -16 -62 Z", dark)
        toe = path(f"M{x + 116} {y + 180} q46 24 34 58 q-10 18 -38 14 q-20 -34 4 -72 Z", dark)
        bands = box(x, y + 28, 74, 11, p.accent) + box(x, y + 48, 74, 11, p.accent if mark % 2 else dark)
        return leg + heel + toe + box(x - 3, y - 8, 80, 26, dark, r=8) + bands

    return sock(186, 66, p.light, p.main) + sock(84, 86, p.main, p.dark)


def sweater(p: Palette, mark: int) -> str:
    """A knitted pullover."""
    ribs = "".join(line(f"M{x} 316 v20", p.dark, 4) for x in range(118, 288, 12))
    cuffs = path("M54 316 L100 322 L98 300 L57 294 Z M346 316 L300 322 L302 300 L343 294 Z", p.dark)
    cable = "".join(
        line(f"M{x} {y} q12 13 0 26 q-12 -13 0 -26", p.light, 4) for x in (160, 200, 240) for y in range(140, 300, 26)
    )
    body = path(_LONG, p.main) + (cable if mark % 3 == 0 else printed(_LONG, p, mark))
    return body + box(110, 312, 180, 24, p.dark, r=4) + ribs + cuffs + line("M146 86 Q200 116 254 86", p.dark, 18)


def blouse(p: Palette, mark: int) -> str:
    """A loose blouse."""
    outline = (
        "M150 88 L200 128 L250 88 L300 112 Q352 190 344 282 Q318 300 294 288 L282 200 Q298 270 302 328 Q200 348 98 328 "
        "Q102 270 118 200 L106 288 Q82 300 56 282 Q48 190 100 112 Z"
    )
    buttons = "".join(disc(200, y, 5, p.paper) for y in (160, 196, 232, 268, 304))
    collar = path("M150 88 L200 128 L184 156 L136 96 Z", p.light) + path("M250 88 L200 128 L216 156 L264 96 Z", p.light)
    ties = line("M200 130 Q176 176 184 206 M200 130 Q224 172 218 210", p.accent, 7) if mark % 2 else ""
    return (
        path(outline, p.main) + printed(outline, p, mark) + line("M200 128 V338", p.dark, 3) + buttons + collar + ties
    )


def shirt(p: Palette, mark: int) -> str:
    """A buttoned shirt."""
    collar = path("M146 84 Q172 98 200 116 L172 150 L130 98 Z", p.light) + path(
        "M254 84 Q228 98 200 116 L228 150 L270 98 Z", p.light
    )
    buttons = "".join(disc(200, y, 4.5, p.darker) for y in range(150, 330, 34))
    pocket = path("M222 176 h48 v40 l-24 14 l-24 -14 Z", p.light)
    body = path(_LONG, p.main) + printed(_LONG, p, (0, 1, 2)[mark % 3])
    return body + line("M200 116 V340", p.dark, 4) + buttons + pocket + collar


def jacket(p: Palette, mark: int) -> str:
    """A work jacket."""
    pockets = mirrored(
        box(128, 236, 58, 66, p.dark, r=6), box(128, 236, 58, 16, p.darker, r=4), box(134, 156, 48, 44, p.dark, r=5)
    )
    buttons = "".join(disc(200, y, 6, p.wood) for y in (160, 206, 252, 298))
    collar = mirrored(path("M146 82 L200 130 L174 164 L120 98 Z", p.darker))
    lining = path("M158 86 Q200 104 242 86 L200 130 Z", p.accent)
    return path(_LONG, p.main) + lining + pockets + line("M200 130 V338", p.darker, 5) + buttons + collar


def coat(p: Palette, mark: int) -> str:
    """A long coat."""
    outline = (
        "M148 66 H252 L306 96 Q326 170 334 262 L292 268 L278 174 L292 346 Q200 356 108 346 L122 174 L108 268 L66 262 "
        "Q74 170 94 96 Z"
    )
    lapels = mirrored(path("M148 66 L200 170 L172 190 L122 84 Z", p.dark))
    scarf = path("M160 66 H240 L200 138 Z", p.accent if mark % 2 else p.paper)
    buttons = mirrored(disc(184, 210, 6, p.darker), disc(184, 248, 6, p.darker))
    belt_ = box(114, 226, 172, 18, p.darker) + box(186, 220, 28, 30, p.wood, r=5) if mark % 3 == 0 else ""
    return path(outline, p.main) + scarf + line("M200 170 V350", p.dark, 4) + lapels + buttons + belt_


def dress(p: Palette, mark: int) -> str:
    """A summer dress."""
    sleeves = mirrored(path("M150 88 Q110 100 92 156 Q116 170 138 162 L152 120 Z", p.dark)) if mark % 2 else ""
    outline = (
        "M150 82 L164 82 Q200 136 236 82 L250 82 Q258 126 256 172 Q302 262 318 332 Q200 360 82 332 Q98 "
        "262 144 172 Q142 126 150 82 Z"
    )
    waist = path("M144 168 Q200 184 256 168 L259 190 Q200 206 141 190 Z", p.accent if mark % 3 else p.dark)
    folds = faded(0.5, line("M170 206 Q150 270 140 338 M230 206 Q250 270 260 338 M200 208 V346", p.dark, 4))
    return sleeves + path(outline, p.main) + printed(outline, p, mark) + folds + waist


def trousers(p: Palette, mark: int) -> str:
    """Straight trousers."""
    outline = "M124 62 H276 L304 338 H228 L200 170 L172 338 H96 Z"
    creases = line("M154 110 L134 336 M246 110 L266 336", p.dark, 4)
    pockets = line("M134 96 Q160 116 164 92 M266 96 Q240 116 236 92", p.dark, 5)
    waist = box(122, 58, 156, 26, p.dark, r=4) + disc(200, 71, 5, p.paper) + line("M200 84 V168", p.dark, 4)
    cuffs = line("M98 322 H172 M228 322 H302", p.light, 9) if mark % 2 else ""
    return path(outline, p.main) + creases + pockets + waist + cuffs


def jeans(p: Palette, mark: int) -> str:
    """A pair of jeans with visible stitching."""
    stitch = "#e0a55a"
    outline = (
        "M122 62 H278 L308 338 H226 L200 176 L174 338 H92 Z"
        if mark % 3 == 1
        else "M126 62 H274 L290 338 H224 L200 176 L176 338 H110 Z"
    )
    seams = line("M200 88 V170 M136 92 Q150 122 178 118 L180 90 M264 92 Q250 122 222 118 L220 90", stitch, 3)
    wash = faded(
        0.3,
        path("M140 150 Q160 230 138 300 Q112 230 140 150 Z M260 150 Q240 230 262 300 Q288 230 260 150 Z", "#ffffff"),
    )
    hems = (
        line("M96 326 H174 M226 326 H304", stitch, 3)
        if mark % 3 == 1
        else line("M112 326 H176 M224 326 H288", stitch, 3)
    )
    waist = box(121, 58, 158, 26, p.dark, r=3) + disc(200, 71, 6, stitch)
    loops = "".join(box(x, 54, 9, 34, p.darker, r=2) for x in (142, 168, 224, 250))
    return path(outline, p.main) + wash + seams + hems + waist + loops


SHAPES: Mapping[str, Shape] = {
    "tshirt": tshirt, "jersey": jersey, "polo": polo, "shorts": shorts, "socks": socks, "sweater": sweater,
    "blouse": blouse, "shirt": shirt, "jacket": jacket, "coat": coat, "dress": dress, "trousers": trousers,
    "jeans": jeans,
}  # fmt: skip
