"""Every floor of the demo shop, as one ordered register of kinds of merchandise."""

from netup.demo.departments import coffee, fashion, home, nursery, outdoor, sport
from netup.demo.kinds import Kind

KINDS: tuple[Kind, ...] = (
    *sport.KINDS,
    *outdoor.KINDS,
    *coffee.KINDS,
    *home.KINDS,
    *nursery.KINDS,
    *fashion.KINDS,
)
KIND_BY_SLUG = {kind.slug: kind for kind in KINDS}
