"""One product, one picture: its shape in its colours before a soft background, always the same."""

from collections.abc import Mapping
from zlib import crc32

from netup.demo.departments import KIND_BY_SLUG
from netup.demo.kinds import Kind
from netup.demo.pictures import coffee, fashion, furnishing, garments, home, layette, nursery, outdoor, sport
from netup.demo.pictures.drawing import Shape, disc, faded, oval
from netup.demo.pictures.palette import DEEP_BACKGROUNDS, Palette, palette

SHAPES: Mapping[str, Shape] = {
    **sport.SHAPES,
    **outdoor.SHAPES,
    **garments.SHAPES,
    **coffee.SHAPES,
    **home.SHAPES,
    **furnishing.SHAPES,
    **nursery.SHAPES,
    **layette.SHAPES,
    **fashion.SHAPES,
}


def picture(product: Mapping[str, object]) -> str:
    """The SVG picture of a product given under its Google Merchant attribute names (`id`, `title`, `color`).

    The same product gives the same picture; variants of one model differ in colour only.

    Raises:
        KeyError: the id names no kind of this shop.
    """
    item_id = str(product["id"])
    slug, model = kind_and_model(item_id)
    kind = KIND_BY_SLUG[slug]
    title = str(product.get("title", item_id))
    mark = _finish(crc32(f"{slug}-{model}".encode()) % 997, kind=kind, title=title)
    colours = palette(colour=str(product.get("color", "")), mark=mark)
    drawn = SHAPES[kind.shape](colours, mark)
    return _framed(drawn, colours, mark=mark, title=title)


def _finish(mark: int, *, kind: Kind, title: str) -> int:
    """The mark, moved so that its rest by the number of the kind's details is the detail the title names."""
    for place, detail in enumerate(kind.details):
        if f", {detail}" in title:
            return mark - mark % len(kind.details) + place
    return mark


def kind_and_model(item_id: str) -> tuple[str, str]:
    """The kind's slug and the model's number of an article's id ("velo-07-b" ► "velo", "07").

    Raises:
        KeyError: no such kind.
    """
    parts = item_id.split("-")
    digits = max((i for i, part in enumerate(parts) if part.isdigit()), default=0)
    slug = "-".join(parts[:digits])
    if slug not in KIND_BY_SLUG:
        raise KeyError(item_id)
    return slug, parts[digits]


def _framed(drawn: str, colours: Palette, *, mark: int, title: str) -> str:
    """A drawing on its background, with a shadow on the ground and its name for screen readers."""
    halo = faded(0.25 if colours.background in DEEP_BACKGROUNDS else 0.5, disc(200, 196, 150 + mark % 20, "#ffffff"))
    shadow = faded(0.1, oval(200, 346, 128, 12, "#000000"))
    name = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
        f"<title>{name}</title>"
        f'<rect width="400" height="400" fill="{colours.background}"/>{halo}{shadow}{drawn}</svg>'
    )
