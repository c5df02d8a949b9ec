"""From the first article in the cart to the order, with every place where people turn back."""

from collections.abc import Mapping

from netup.demo.assortment import Article
from netup.demo.diary import CART, CHECKOUT, CONFIRMATION, product_page
from netup.demo.needs import Order
from netup.demo.walk import Walk

FREE_SHIPPING_CENTS = 5000
SHIPPING_CENTS = 490
# The share of carts of each mission that are taken to the checkout in the same visit.
RESOLUTION: Mapping[str, float] = {
    "purchase": 0.52,
    "compare": 0.2,
    "browse": 0.17,
    "gift": 0.47,
    "refill": 0.68,
    "bargain": 0.3,
    "hurried": 0.38,
}
STEPS = (
    ("add_shipping_info", 0.92, 35.0),
    ("add_payment_info", 0.93, 30.0),
)


def cart_cents(walk: Walk) -> int:
    """What the cart is worth, in cents."""
    return sum(line.cents * line.quantity for line in walk.cart.values())


def put_into_cart(walk: Walk, article: Article) -> None:
    """Add the article in view to the cart; of what is used up, often two."""
    quantity = 2 if article.kind.lasts and walk.chance(0.3) and article.quantity > 1 else 1
    line = walk.line(article, quantity=quantity)
    walk.cart[article.id] = line
    walk.diary.write("add_to_cart", page=product_page(article), lines=[line])
    walk.diary.spend(seconds=float(walk.rng.lognormal(1.6, 0.5)), scroll=0.4)


def try_checkout(walk: Walk) -> None:
    """Look at the cart, think again, perhaps order; a cart left behind keeps the need alive."""
    _see_cart(walk)
    if walk.chance(0.09):
        _take_out(walk)
    if not walk.cart or not walk.chance(_resolution(walk)):
        walk.errand.need.progress += 2
        return
    walk.diary.write("begin_checkout", page=CHECKOUT, lines=walk.cart.values())
    walk.diary.spend(seconds=float(walk.rng.lognormal(3.2, 0.5)), scroll=0.6)
    for name, kept, seconds in STEPS:
        if not walk.chance(kept):
            return
        walk.diary.write(name, page=CHECKOUT, lines=walk.cart.values())
        walk.diary.spend(seconds=seconds * float(walk.rng.lognormal(0.0, 0.4)), scroll=0.7)
    if walk.chance(0.94):
        _order(walk)


def _resolution(walk: Walk) -> float:
    """How likely this cart is ordered now: the mission, free shipping, the screen, the sum."""
    likely = RESOLUTION[walk.errand.mission]
    total = cart_cents(walk)
    if total >= FREE_SHIPPING_CENTS:
        likely += 0.07
    if walk.diary.identity["device"]["category"] == "mobile":
        likely -= 0.08
    if total > 30_000:
        likely -= 0.1
    return likely + (0.08 if walk.shop.calendar.in_sales(walk.now) else 0.0)


def _see_cart(walk: Walk) -> None:
    """The cart page, longer when delivery is not free yet."""
    walk.diary.write("view_cart", page=CART, lines=walk.cart.values())
    pause = 2.9 if cart_cents(walk) < FREE_SHIPPING_CENTS else 2.5
    walk.diary.spend(seconds=float(walk.rng.lognormal(pause, 0.6)), scroll=0.8)


def _take_out(walk: Walk) -> None:
    """Put the dearest line back."""
    dearest = max(walk.cart, key=lambda item: walk.cart[item].cents)
    line = walk.cart.pop(dearest)
    walk.diary.write("remove_from_cart", page=CART, lines=[line])
    walk.diary.spend(seconds=float(walk.rng.lognormal(2.0, 0.5)), scroll=0.5)


def _order(walk: Walk) -> None:
    """Pay; the needs are settled, the usual articles are known, and the order may come back one day."""
    total = cart_cents(walk)
    shipping = 0 if total >= FREE_SHIPPING_CENTS else SHIPPING_CENTS
    transaction = f"CE-{walk.diary.visit_id}"
    with_coupon = walk.shop.calendar.in_sales(walk.now) and walk.chance(0.5)
    walk.diary.write(
        "purchase",
        page=CONFIRMATION,
        lines=walk.cart.values(),
        transaction_id=transaction,
        shipping=shipping / 100,
        **({"coupon": "ELANS"} if with_coupon else {}),
    )
    for line in walk.cart.values():
        slug = line.article.kind.slug
        walk.life.owned[slug] = walk.now
        walk.life.usual[slug] = line.article.id
    bought = {line.article.kind.slug for line in walk.cart.values()}
    for need in walk.life.needs:
        need.settled = need.settled or need.kind in bought or need is walk.errand.need
    dearest = max(walk.cart.values(), key=lambda line: line.cents)
    walk.life.returnable.append(Order(transaction_id=transaction, line=dearest))
