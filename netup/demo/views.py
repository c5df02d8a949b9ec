"""The pages of the demo storefront; every one says that the shop is synthetic."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from catalog.models import Product, Store
from netup.demo import showcase
from netup.demo.basket import (
    MOST_UNITS,
    ORDER_COOKIE,
    Basket,
    keep_quantities,
    kept_quantities,
    read_basket,
)
from netup.demo.installation import SLUG
from netup.demo.notes import read_notes
from netup.demo.pictures.scene import picture
from netup.demo.showcase import LISTED, Aisle, cards, on_sale, one_of_each_model

SHOWN_ON_HOME = 8
LONGEST_TERM = 100
SORTS: dict[str, tuple[str, ...]] = {"price": ("price", "position"), "-price": ("-price", "position"),
                                     "new": ("-launched_at",), "rating": ("-rating", "position")}  # fmt: skip


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front door; without a demo store it leads to the admin."""
    store = Store.objects.filter(slug=SLUG).first()
    if store is None:
        return redirect("admin:index")
    now = timezone.now()
    best = one_of_each_model(on_sale(store)[:80])
    context = {
        "deals": cards(one_of_each_model(showcase.reduced(store, now=now)[:40])[:SHOWN_ON_HOME], now=now),
        "newest": cards(one_of_each_model(showcase.newest(store)[:40])[:SHOWN_ON_HOME], now=now),
        "hero": cards(best[:40:8], now=now),
    }
    return _page(request, store, "home", context, page={"type": "home"})


@require_GET
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category with what stands in it."""
    store = _store()
    aisle = showcase.aisle_at(showcase.menu(store), slug)
    if aisle is None:
        raise Http404
    sort = request.GET.get("sort", "")
    products = showcase.in_aisle(store, aisle)
    if sort in SORTS:
        products = products.order_by(*SORTS[sort])
    listed = one_of_each_model(products[: 3 * LISTED])[:LISTED]
    context = {
        "aisle": aisle,
        "trail": _trail(aisle.path),
        "cards": cards(listed, now=timezone.now()),
        "sort": sort,
        "sorts": _sorts(),
        "list_id": f"rayon-{slug.replace('/', '-')}",
    }
    page = {"type": "category", "category": aisle.path}
    return _page(request, store, "category", context, page=page, listing="" if sort else "category")


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What was found for the words searched."""
    store = _store()
    term = request.GET.get("q", "").strip()[:LONGEST_TERM]
    products = showcase.found(store, term=term) if term else []
    context = {
        "term": term,
        "count": len(products),
        "cards": cards(one_of_each_model(products)[:LISTED], now=timezone.now()),
        "list_id": "recherche",
    }
    page = {"type": "search", "search_term": term}
    events = [{"name": "search", "search_term": term, "search_results": len(products)}] if term else []
    return _page(request, store, "search", context, page=page, events=events, listing="search")


@require_GET
def product(request: HttpRequest, item_id: str) -> HttpResponse:
    """One product: its picture, price, variants and what completes it."""
    store, now = _store(), timezone.now()
    shown = on_sale(store).filter(item_id=item_id).first()
    if shown is None:
        raise Http404
    card = cards([shown], now=now)[0]
    accessories = _in_order(store, shown.attributes.get("accessories", []))
    variants = (
        on_sale(store).filter(item_group_id=shown.item_group_id) if shown.item_group_id else on_sale(store).none()
    )
    context = {
        "card": card,
        "trail": _trail(shown.category.path if shown.category else ""),
        "variants": cards(variants.order_by("item_id"), now=now),
        "accessories": cards(showcase.one_of_each_category(accessories)[:4], now=now),
        "facts": _facts(shown),
        "added": request.GET.get("added") == "1",
    }
    events = [{"name": "view_item", "items": [card.as_item()], "value": float(card.price)}]
    return _page(request, store, "product", context, page={"type": "product", "item_id": item_id}, events=events)


@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """What is in the cart, and how far free delivery is."""
    store = _store()
    basket = read_basket(request, store=store, now=timezone.now())
    return _page(request, store, "cart", {}, page={"type": "cart"}, events=[_basket_event("view_cart", basket)])


@require_POST
def change_cart(request: HttpRequest) -> HttpResponse:
    """Put units of a product into the cart, or take it out."""
    item_id, quantities = request.POST.get("item_id", ""), kept_quantities(request)
    product_there = on_sale(_store()).filter(item_id=item_id).first()
    if product_there is None:
        raise Http404
    if request.POST.get("action") == "remove":
        quantities.pop(item_id, None)
        response = redirect("demo:cart")
    else:
        quantities[item_id] = min(quantities.get(item_id, 0) + 1, MOST_UNITS)
        response = redirect(f"{reverse('demo:product', args=[item_id])}?added=1")
    keep_quantities(response, quantities)
    return response


def checkout(request: HttpRequest) -> HttpResponse:
    """The order before it is sent; nothing personal is asked, for nothing is delivered."""
    store = _store()
    basket = read_basket(request, store=store, now=timezone.now())
    if not basket.lines:
        return redirect("demo:cart")
    if request.method == "POST":
        return _order(basket)
    events = [_basket_event("begin_checkout", basket)]
    return _page(request, store, "checkout", {}, page={"type": "checkout"}, events=events)


@require_GET
def confirmation(request: HttpRequest) -> HttpResponse:
    """The thanks after an order, which is told once under its transaction."""
    store = _store()
    number, _sep, lines = (request.get_signed_cookie(ORDER_COOKIE, default="") or "").partition("|")
    if not number:
        return redirect("demo:home")
    quantities = {item: int(units) for item, _colon, units in (line.partition(":") for line in lines.split(","))}
    bought = cards(_in_order(store, list(quantities)), now=timezone.now())
    items = [card.as_item(quantity=quantities[card.product.item_id]) for card in bought]
    total = sum(float(card.price) * quantities[card.product.item_id] for card in bought)
    event = {"name": "purchase", "event_id": f"purchase-{number}", "transaction_id": number, "items": items,
             "value": round(total, 2)}  # fmt: skip
    context = {"number": number, "bought": bought}
    return _page(request, store, "confirmation", context, page={"type": "confirmation"}, events=[event])


@require_GET
@cache_control(public=True, max_age=86_400, immutable=True)
def product_picture(request: HttpRequest, item_id: str) -> HttpResponse:
    """The drawn picture of a product of the demo store."""
    drawn = Product.objects.filter(store__slug=SLUG, item_id=item_id).first()
    if drawn is None:
        raise Http404
    svg = picture({"id": item_id, "title": drawn.title, "color": drawn.attributes.get("color", "")})
    return HttpResponse(svg, content_type="image/svg+xml")


def _store() -> Store:
    """The demo store.

    Raises:
        Http404: it is not installed.
    """
    store = Store.objects.filter(slug=SLUG, is_synthetic=True).first()
    if store is None:
        raise Http404
    return store


def _page(
    request: HttpRequest,
    store: Store,
    name: str,
    context: dict[str, Any],
    *,
    page: dict[str, str],
    events: Sequence[dict[str, Any]] = (),
    listing: str = "",
) -> HttpResponse:
    """A page of the shop with what every page needs; `events` are sent by the tag once it is open."""
    basket = read_basket(request, store=store, now=timezone.now())
    context |= {
        "store": store,
        "menu": showcase.menu(store),
        "basket": basket,
        "public_key": read_notes(settings.VAR_DIR / "demo.json").public_key,
        "visit_page": {"page": page, "events": list(events), "listing": listing},
    }
    return render(request, f"demo/{name}.html", context)


def _order(basket: Basket) -> HttpResponse:
    """Take the order: a number for the thanks, an empty cart."""
    response = redirect("demo:confirmation")
    lines = ",".join(f"{line.card.product.item_id}:{line.quantity}" for line in basket.lines)
    number = f"CE-{secrets.token_hex(4).upper()}"
    response.set_signed_cookie(ORDER_COOKIE, f"{number}|{lines}", max_age=600, httponly=True, samesite="Lax")
    keep_quantities(response, {})
    return response


def _basket_event(name: str, basket: Basket) -> dict[str, Any]:
    return {"name": name, "items": basket.as_items(), "value": float(basket.total)}


def _in_order(store: Store, item_ids: Sequence[str]) -> list[Product]:
    """The products of these ids, in their order, what is unknown left out."""
    known = {row.item_id: row for row in on_sale(store).filter(item_id__in=item_ids)}
    return [known[item_id] for item_id in item_ids if item_id in known]


def _trail(path: str) -> list[Aisle]:
    """The categories from the department down, as links."""
    names = path.split(" > ") if path else []
    paths = [" > ".join(names[: depth + 1]) for depth in range(len(names))]
    return [
        Aisle(name=name, path=below, slug=showcase.slug_of(below)) for name, below in zip(names, paths, strict=True)
    ]


def _facts(shown: Product) -> list[tuple[str, str]]:
    """The product's attributes in the reader's language."""
    names = {"color": _("Colour"), "material": _("Material"), "size": _("Size"), "style": _("Style")}
    return [(label, str(shown.attributes[name])) for name, label in names.items() if shown.attributes.get(name)]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("", _("For you")),
        ("rating", _("Best rated")),
        ("price", _("Lowest price")),
        ("-price", _("Highest price")),
        ("new", _("Newest")),
    ]
