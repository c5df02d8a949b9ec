"""Events in: validate ► enrich ► deduplicate ► store.

An event is a flat object under its GA4 e-commerce name. Unknown fields are ignored; null means absent.

=================== ==========================================================================================
event_id            required, ≤ 100 characters, unique within the store: a repeated one is counted once
name                required: view_item_list, select_item, view_item, add_to_cart, remove_from_cart,
                    add_to_wishlist, view_cart, begin_checkout, add_shipping_info, add_payment_info, purchase,
                    refund, search, view_promotion, select_promotion; or page_view for a page without product
timestamp           required: RFC 3339 with its offset ("2026-03-01T10:00:00+01:00"), or a number: seconds
                    since 1970, or milliseconds (from 10¹¹ on). At most 24 hours ahead, and no older than
                    the store's retention
visitor_id          the visitor's pseudonymous id, ≤ 128; visitor_id or session_id is required
session_id          the session's id, ≤ 128; required with consent false
consent             default true. Send false until the visitor has agreed: the visitor_id is then not stored,
                    the visit is tied to no other, and all of it is deleted once it ended. One event
                    without consent makes its whole visit one without
staff, bot          default false. Of a visit with one such event nothing is learned
currency            the store's (ISO 4217); another one is refused. Default: the store's
value               money, ≥ 0; of a purchase or refund without it: the sum of its items
transaction_id      required for purchase and refund, ≤ 100; a repeated purchase is counted once
search_term         required for search
search_results      how many results the search had
coupon, shipping, tax, item_list_id, recommendation_id (of the answer that led here)
items               ≤ 200 of {item_id (required), item_name, price, quantity, index, discount, coupon,
                    item_brand, item_category … item_category5, item_variant, item_list_id}; at least one in
                    select_item, view_item, add_to_cart, remove_from_cart, add_to_wishlist and purchase
page                {type, location, referrer, title}; type is one of home, category, search, product, cart,
                    checkout, confirmation, account, content, other; default: what the name tells
device              {category}: mobile, desktop or tablet
language            BCP 47, "fr-FR"
campaign            {source, medium, name}
engagement_ms       milliseconds the page was in the foreground
scroll_depth        share of the page seen, 0 … 1
=================== ==========================================================================================

A visit is a run of one visitor's events in which no two neighbours are more than 30 minutes apart: exactly 30
minutes still is one visit, and midnight ends none. Late events land in the visit they belong to, and an event
between two visits that brings them within reach makes them one.
"""

from personalization.ingest.batch import Status, Verdict, Verdicts, ingest
from personalization.ingest.validation import EVENT_NAMES

__all__ = ["EVENT_NAMES", "Status", "Verdict", "Verdicts", "ingest"]
