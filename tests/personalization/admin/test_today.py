"""The first page: what steers, how the store does, what its memory is worth, what needs somebody, what is to do."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from catalog.live_facts import forget_facts
from catalog.models import Product, Role, Store
from objectives.lifecycle import PLATFORM, Actor, change, create, take
from objectives.models import Action, Campaign, CampaignState
from personalization.models import GenerationState
from tests.catalog.factories import charlie, person
from tests.objectives.documents import document
from tests.personalization.admin.screens import belongs, signed_in, text_of, visited, works_for
from tests.personalization.met_campaigns import answered, did, governing
from tests.personalization.storefront import shop
from tests.personalization.told_days import answered_at, remembering, visited_at

pytestmark = pytest.mark.django_db
NOW = timezone.now()  # at the beginning of each test: see `_as_late_as_it_is`
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_figures_kept() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _as_late_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page goes by the clock, which runs on between this module's import and its tests."""
    monkeypatch.setitem(globals(), "NOW", timezone.now())


@pytest.fixture
def store() -> Store:
    return shop()


def today(store: Store | None = None) -> str:
    return reverse("admin:index") + (f"?store={store.pk}" if store else "")


def seen(store: Store, language: str = "en") -> str:
    """The page as a merchandiser of the store sees it."""
    return text_of(signed_in(works_for(store), language), today())


def ordered(store: Store, *actions: Action, note: str = "", **members: Any) -> Campaign:
    campaign = create(store=store, document=document(store, **members), by=PLATFORM, now=NOW - DAY)
    for action in actions:
        campaign = take(campaign=campaign, action=action, by=PLATFORM, now=NOW - HOUR, note=note)
    return campaign


def midnight(store: Store) -> str:
    """When the store's day ends."""
    tomorrow = timezone.now().astimezone(store.zone_info).date() + DAY
    return datetime.combine(tomorrow, time(), store.zone_info).isoformat()


def priced(store: Store) -> None:
    """The cost of everything it sells is known."""
    Product.objects.of(store).update(cost_of_goods_sold=1)
    forget_facts(store_id=store.pk)


def link_to(campaign: Campaign) -> str:
    return reverse("admin:objectives_campaign_change", args=[campaign.pk])


def section(page: str, heading: str) -> str:
    """The part of the page that has the heading of that id."""
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', page, re.DOTALL)
    assert found is not None, heading
    return found[0]


def plain(html: str) -> str:
    """What a reader reads, without marks, with plain spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&quot;", '"').replace("&#x27;", "'")


# --- Whose ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "told"), [("en", "Latest visits"), ("fr", "Dernières visites")])
def test_it_shows_the_latest_visits_of_the_persons_stores_alone(language: str, told: str) -> None:
    alice = works_for(visited("atelier", "camille", name="Atelier").store)
    visited("brico", "robert", name="Brico")

    page = text_of(signed_in(alice, language), today())

    assert told in page
    assert "camille" in page
    assert "robert" not in page
    assert "Brico" not in page


def test_nothing_of_another_store_appears_or_counts(store: Store) -> None:
    brico = shop("brico", name="Brico")
    ordered(brico, Action.STARTED, name="Theirs live")
    ordered(brico, name="Theirs draft")
    guarded = ordered(brico, Action.STARTED, name="Theirs guarded")
    take(campaign=guarded, action=Action.GUARDED, by=PLATFORM, now=NOW)
    remembering(brico, until=NOW - 5 * DAY)
    for number in range(30):
        visited_at(brico, NOW - number * HOUR, revenue=70.0)
        answered_at(brico, NOW - MINUTE, fallback="no_analogue")
        answered(brico, f"robert{number}", at=NOW - HOUR, steered=(guarded,))

    priced(store)

    page = seen(store)

    assert "Theirs" not in page
    assert "Maximise margin today" in page
    assert "No visit yet." in page
    assert "No campaign has met anybody in the last seven days." in page
    assert "A memory is built from visits that have ended." in page
    assert "Nothing yet. Once the store lives" in page


def test_who_works_for_several_stores_chooses_one(store: Store) -> None:
    brico = shop("brico", name="Brico")
    ordered(store, Action.STARTED, name="Of the atelier")
    ordered(brico, Action.STARTED, name="Of the brico")
    alice = works_for(store)
    belongs(alice, brico)
    client = signed_in(alice)

    of_brico = text_of(client, today(brico))
    of_atelier = text_of(client, today(store))

    assert "Of the brico" in of_brico
    assert "Of the atelier" not in of_brico
    assert "Of the atelier" in of_atelier
    assert f'<option value="{brico.pk}" selected>' in of_brico


def test_a_store_that_is_not_theirs_cannot_be_chosen(store: Store) -> None:
    brico = shop("brico", name="Brico")
    ordered(brico, Action.STARTED, name="Theirs")

    page = text_of(signed_in(works_for(store)), today(brico))

    assert "Theirs" not in page
    assert "Brico" not in page


def test_without_any_store_an_administrator_is_asked_to_make_one() -> None:
    assert "Make the first store" in text_of(signed_in(person("root", superuser=True)), today())


def test_who_works_for_no_store_is_told_whom_to_ask() -> None:
    page = text_of(signed_in(charlie()), today())

    assert "You do not work for any store yet" in page
    assert reverse("admin:catalog_product_changelist") not in page


# --- What steers ---------------------------------------------------------------------------------------------------


def test_where_nothing_steers_there_are_three_orders_to_give(store: Store) -> None:
    steers = section(seen(store), "steering")

    assert re.findall(r'href="(\S+?)"', steers) == [
        f"{reverse('admin:objectives_campaign_add')}?preset={preset}&amp;store={store.pk}"
        for preset in ("margin", "stock", "smooth")
    ]


def test_who_may_not_steer_is_offered_no_order(store: Store) -> None:
    page = text_of(signed_in(person("anna", store=store, roles=[Role.ANALYST])), today())

    assert "Nothing steers at the moment" in page
    assert reverse("admin:objectives_campaign_add") not in page


def test_a_live_campaign_says_what_it_wants_where_and_how_long(store: Store) -> None:
    campaign = ordered(
        store,
        Action.STARTED,
        name="Clear the bags",
        objectives=[{"measure": "margin", "weight": 10}],
        scope="favoured",
        promoted={"item_ids": ["bag"]},
        zones=["home"],
        starts_at=(NOW - 4 * DAY).isoformat(),
        ends_at=(NOW + 3 * DAY + MINUTE).isoformat(),
    )

    steers = section(seen(store), "steering")

    assert f'<a href="{link_to(campaign)}">Clear the bags</a>' in steers
    assert "margin, as far as the floor allows · “Racket bag”" in plain(steers)
    assert "home · since" in plain(steers)
    assert "ends in 3 days" in steers
    assert "1 steers now" in steers
    assert "Maximise margin today" not in steers


def test_its_bar_says_how_much_of_the_period_is_over(store: Store) -> None:
    """It was put into force an hour ago, and ends in three."""
    ordered(store, Action.STARTED, starts_at=(NOW - 4 * DAY).isoformat(), ends_at=(NOW + 3 * HOUR).isoformat())

    steers = section(seen(store), "steering")

    assert 'aria-label="25% of its period is over"' in steers
    assert "1 ends within 48 h" in steers


def test_one_without_end_has_no_bar(store: Store) -> None:
    ordered(store, Action.STARTED)

    steers = section(seen(store), "steering")

    assert "until somebody ends it" in steers
    assert "np-period" not in steers


def test_periods_are_told_on_the_stores_clock(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(time_zone="America/New_York")
    ordered(store, Action.STARTED, ends_at="2031-01-01T04:30:00+00:00")

    assert "until 31 Dec 2030 at 23:30" in seen(store)


@pytest.mark.parametrize(
    ("heading", "told", "members"),
    [
        ("steering-coming", "in 2 days", {"starts_at": (NOW + 2 * DAY + HOUR).isoformat()}),
        ("steering-drafts", "last changed on", None),
    ],
)
def test_what_comes_and_drafts_are_listed(
    store: Store, heading: str, told: str, members: dict[str, Any] | None
) -> None:
    campaign = ordered(store, **({} if members is None else members), name="Later")
    if members is not None:
        take(campaign=campaign, action=Action.STARTED, by=PLATFORM, now=NOW)

    group = section(seen(store), heading)

    assert link_to(campaign) in group
    assert told in plain(group)


def test_what_starts_next_comes_first(store: Store) -> None:
    for days, name in ((9, "Second"), (2, "First")):
        ordered(store, Action.STARTED, name=name, starts_at=(NOW + days * DAY).isoformat(), priority=days)

    coming = section(seen(store), "steering-coming")

    assert coming.index("First") < coming.index("Second")


def test_what_was_submitted_waits(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(approval_required=True)
    store.refresh_from_db()
    ordered(store, Action.SUBMITTED, name="Handed in")

    page = seen(store)

    assert "Handed in" in section(page, "steering-waiting")
    assert "1 waits for approval" in page


def test_a_change_that_waits_is_told_beside_what_is_in_force(store: Store) -> None:
    campaign = ordered(store, Action.STARTED, name="Approved", objectives=[{"measure": "margin", "weight": 1}])
    Store.objects.filter(pk=store.pk).update(approval_required=True)
    proposed = document(store, name="Approved", objectives=[{"measure": "discovery", "weight": 1}])
    change(campaign=campaign, document=proposed, by=Actor(name="olga"), now=NOW)

    page = seen(store)

    waiting = section(page, "steering-waiting")
    assert "new products, gently" in waiting
    assert "a change waits for approval" in waiting
    assert "margin, gently" in section(page, "steering")


def test_what_a_guardrail_paused_comes_before_what_somebody_did(store: Store) -> None:
    ordered(store, Action.STARTED, Action.PAUSED, name="By hand", priority=1)
    guarded = ordered(store, Action.STARTED, name="By itself", priority=2)
    take(campaign=guarded, action=Action.GUARDED, by=PLATFORM, now=NOW, note="It lost a third of its buyers.")

    page = seen(store)

    paused = section(page, "steering-paused")
    assert paused.index("By itself") < paused.index("By hand")
    assert paused.count("paused by its guardrail") == 1
    assert "It lost a third of its buyers." in paused
    assert "“By itself” was paused by its guardrail" in section(page, "alerts")


def test_more_than_fit_are_counted(store: Store) -> None:
    for number in range(8):
        ordered(store, name=f"Draft {number}")

    drafts = section(seen(store), "steering-drafts")

    assert "Draft 4" in drafts
    assert "Draft 5" not in drafts
    assert (
        f'<a href="{reverse("admin:objectives_campaign_changelist")}?store__id__exact={store.pk}">3 more</a>' in drafts
    )


# --- How the store does --------------------------------------------------------------------------------------------


def test_the_last_day_is_told_beside_the_day_before(store: Store) -> None:
    for hours in (1, 2, 3):
        visited_at(store, NOW - hours * HOUR, revenue=40.0 if hours == 1 else 0.0)
    visited_at(store, NOW - DAY - HOUR, revenue=20.0)
    visited_at(store, NOW - DAY - 2 * HOUR)

    doing = plain(section(seen(store), "doing"))

    assert "Visits 3 2 the day before +50%" in doing
    assert "Conversion 33.3% 50.0% the day before −16.7 points" in doing
    assert "Revenue €40.00 €20.00 the day before +100%" in doing
    assert "Margin — — the day before" in doing


def test_what_did_not_change_is_not_said_to_have(store: Store) -> None:
    visited_at(store, NOW - HOUR)
    visited_at(store, NOW - DAY - HOUR)

    assert "np-rise" not in section(seen(store), "doing")


def test_money_is_the_stores_in_the_readers_notation(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(currency="USD")
    visited_at(store, NOW - HOUR, revenue=1234.5)

    assert "1\N{NO-BREAK SPACE}234,50\N{NO-BREAK SPACE}$" in seen(store, "fr")


def test_pictures_are_told_in_words_and_in_a_table(store: Store) -> None:
    visited_at(store, NOW - 2 * DAY)
    visited_at(store, NOW - MINUTE)
    visited_at(store, NOW - MINUTE)

    page = seen(store)

    assert '<title id="visits-title">Visits</title>' in page
    assert '<desc id="visits-told">From 0 to 1 a day over the last 13 days; today so far 2.</desc>' in page
    assert len(re.findall(r'<th scope="row" class="np-nowrap">', section(page, "doing"))) == 14


def test_numbers_of_a_picture_are_written_for_browsers_in_any_language(store: Store) -> None:
    visited_at(store, NOW - 2 * DAY)

    assert not re.search(r'<rect[^>]*="\d+,\d', seen(store, "fr"))


def met(store: Store, *, steered: tuple[int, int], spared: tuple[int, int]) -> None:
    """Visitors of a campaign, and how many of them bought, in both arms."""
    campaign = governing(store, since=NOW - 6 * DAY)
    for arm, (visitors, buyers) in {"steered": steered, "spared": spared}.items():
        for number in range(visitors):
            answered(store, f"{arm}-{number}", at=NOW - 2 * DAY, **{arm: (campaign,)})
        for number in range(buyers):
            did(store, f"{arm}-{number}", "purchase", at=NOW - 2 * DAY + MINUTE)


def test_where_all_were_steered_a_hold_out_is_asked_for(store: Store) -> None:
    met(store, steered=(3, 1), spared=(0, 0))

    assert "Everybody who met a campaign was steered" in seen(store)


def test_where_next_to_nobody_was_spared_nothing_is_compared(store: Store) -> None:
    met(store, steered=(3, 1), spared=(1, 0))

    assert "Too few visitors met a campaign" in seen(store)


def test_few_visitors_do_not_tell_and_it_says_how_many_more_it_takes(store: Store) -> None:
    met(store, steered=(8, 2), spared=(4, 1))

    against = plain(section(seen(store), "against"))

    assert re.search(r"Conversion: not enough visitors yet to tell; about [\d,]+ more visitors would show", against)
    assert "Steered 8 25.0% €2.50" in against
    assert "Held out 4 25.0% €2.50" in against
    assert "from" not in against.partition("Difference")[2].partition("Visitors are compared")[0]


def test_where_a_group_bought_nothing_it_does_not_guess_how_many(store: Store) -> None:
    met(store, steered=(8, 2), spared=(4, 0))

    assert "nobody in one of the groups has bought anything" in plain(section(seen(store), "against"))


@pytest.mark.parametrize(
    ("steered", "spared", "word", "sentence"),
    [
        ((60, 40), (60, 20), "gains", "Conversion: steering brings between +16.32 points and +50.34 points."),
        ((60, 20), (60, 40), "loses", "Conversion: steering costs, between −50.34 points and −16.32 points."),
    ],
)
def test_what_is_proven_is_said(
    store: Store, steered: tuple[int, int], spared: tuple[int, int], word: str, sentence: str
) -> None:
    met(store, steered=steered, spared=spared)

    against = plain(section(seen(store), "against"))

    assert sentence in against
    assert word in against


# --- The memory ----------------------------------------------------------------------------------------------------


def test_the_memory_tells_its_age_its_figure_and_whether_it_keeps_up(store: Store) -> None:
    live = remembering(
        store,
        until=NOW - 2 * DAY,
        situation_count=62_000,
        visit_count=9_000,
        validation={"hr_20": 0.72, "questions": 9},
    )
    visited_at(store, NOW - 2 * HOUR, remembered_in=live.pk, remembered_at=NOW - 2 * HOUR)

    memory = plain(section(seen(store), "memory"))

    assert "Built 2 days ago" in memory
    assert "Situations 62,000 lived in 9,000 visits" in memory
    assert "Next product among 20 72.0%" in memory
    assert "Keeping up within a minute" in memory
    assert "Every visit that has ended is remembered. The newest visit in it ended on" in memory


def test_visits_that_wait_too_long_are_counted(store: Store) -> None:
    remembering(store, until=NOW - 3 * HOUR)
    visited_at(store, NOW - HOUR)

    assert "Keeping up 1 visit waits" in plain(section(seen(store), "memory"))


def test_answers_tell_how_fast_and_how_new(store: Store) -> None:
    remembering(store, until=NOW - 3 * HOUR)
    for number in range(10):
        answered_at(store, NOW - MINUTE, took_ms=12.0, fallback="no_analogue" if number == 0 else "")

    memory = plain(section(seen(store), "memory"))

    assert "No analogue 10.0%" in memory
    assert "Time of an answer 12 ms on average; 99 of 100 within 12 ms. 10 answers in the last hour." in memory


def test_without_answers_no_time_is_told(store: Store) -> None:
    remembering(store, until=NOW - 3 * HOUR)

    assert "Time of an answer — No answer was given in the last hour." in plain(section(seen(store), "memory"))


def test_a_rebuild_shows_its_progress(store: Store) -> None:
    remembering(store, until=NOW, state=GenerationState.BUILDING)

    assert "np-progress" in section(seen(store), "memory")


def test_a_rebuild_that_failed_leads_to_its_page(store: Store) -> None:
    failed = remembering(store, until=NOW, state=GenerationState.FAILED)

    page = seen(store)

    link = reverse("admin:personalization_generation_change", args=[failed.pk])
    assert link in section(page, "memory")
    assert link in section(page, "alerts")


# --- Alerts --------------------------------------------------------------------------------------------------------


def test_a_store_that_is_well_says_so(store: Store) -> None:
    priced(store)
    visited_at(store, NOW)

    assert "Nothing: traffic, memory, answers, stock and campaigns are as they should be." in seen(store)


def raise_all(store: Store) -> None:
    """Everything that alerts speak of at once."""
    remembering(store, until=NOW - 3 * DAY)
    for number in range(60):
        answered_at(store, NOW - MINUTE, fallback="no_analogue" if number % 2 else "")
    for minutes in range(6):
        visited_at(store, NOW - 7 * DAY - minutes * MINUTE)
    visited_at(store, NOW - 2 * DAY)
    ordered(store, Action.STARTED, name="Margin", objectives=[{"measure": "margin"}])
    ordered(store, Action.STARTED, name="Sold", scope="only", promoted={"item_ids": ["sold-out"]})
    ordered(store, Action.STARTED, name="Some", scope="favoured", promoted={"item_ids": ["sold-out", "bag"]})
    Campaign.objects.of(store).update(changed_at=NOW - 2 * HOUR)


def test_every_alert_says_what_to_do_and_leads_there(store: Store) -> None:
    raise_all(store)

    alerts = section(seen(store), "alerts")

    titles = re.findall(r"<h3>.*?</span>(.*?)</h3>", alerts)
    assert len(titles) == len(re.findall(r'<a href="/admin/[^"]+">', alerts))
    told = plain(alerts)
    for title in (
        "No event for 2 days",
        "“Margin” is live but steers nothing",
        "Everything that “Sold” promotes is out of stock",
        "“Some”: 1 of 2 promoted products out of stock",
        "The memory was built 3 days ago",
        "50.0% of the answers found no analogue",
        "100.0% of the products have no cost",
        "Exploration is off",
    ):
        assert title in told, title


def test_every_link_of_the_page_leads_somewhere(store: Store) -> None:
    raise_all(store)
    client = signed_in(works_for(store))

    links = set(re.findall(r'href="(/admin/[^"]+)"', text_of(client, today())))

    codes = {link: client.get(link.replace("&amp;", "&")).status_code for link in links}
    assert {link: code for link, code in codes.items() if code != 200 and not link.endswith("/logout/")} == {}


def test_a_campaign_that_ends_today_is_told_with_its_last_instant(store: Store) -> None:
    ordered(store, Action.STARTED, name="Tonight", ends_at=midnight(store))

    alerts = plain(section(seen(store), "alerts"))

    assert "“Tonight” ends today" in alerts
    assert "Its last instant is" in alerts


# --- To do, and the page itself ------------------------------------------------------------------------------------


def test_a_new_store_is_told_its_next_steps_first(store: Store) -> None:
    page = seen(store)

    assert "Receive the first visits" in section(page, "steps")
    assert page.index('id="steps"') < page.index('id="steering"')


def test_a_store_that_lives_is_told_them_last(store: Store) -> None:
    visited_at(store, NOW)

    page = seen(store)

    assert page.index('id="steps"') > page.index('id="memory"')


def test_who_may_not_see_keys_is_shown_no_way_to_them(store: Store) -> None:
    assert reverse("admin:catalog_apikey_changelist") not in section(seen(store), "steps")


def test_simulated_stores_are_called_so_on_every_page() -> None:
    store = shop(is_synthetic=True)

    page = text_of(signed_in(works_for(store)), reverse("admin:objectives_zone_changelist"))

    assert "Synthetic data" in page


def test_real_stores_are_not() -> None:
    assert "Synthetic data" not in seen(shop())


def test_the_language_can_be_changed(store: Store) -> None:
    client = signed_in(works_for(store), "en")

    client.post(reverse("set_language"), {"language": "fr", "next": today()})

    assert "Ce que vivent les visiteurs" in text_of(client, today())


def test_sums_are_made_once_a_minute_and_states_are_told_at_once(store: Store) -> None:
    client = signed_in(works_for(store))
    visited_at(store, NOW - HOUR)
    text_of(client, today())
    visited_at(store, NOW - HOUR)
    ordered(store, Action.STARTED, name="New at once")

    page = text_of(client, today())

    assert "New at once" in page
    assert "Visits 1 0 the day before" in plain(section(page, "doing"))


def test_no_more_statements_however_much_there_is(store: Store, django_assert_max_num_queries: Any) -> None:
    """Of campaigns that name products, one more each: their titles. Whether the catalog is asked, the clock says."""
    client = signed_in(works_for(store))
    remembering(store, until=NOW - HOUR)
    ordered(store, Action.STARTED)
    text_of(client, today())  # the catalog's facts are then held
    for number in range(6):
        ordered(store, Action.STARTED, name=f"Live {number}", objectives=[{"measure": "margin"}], zones=["home"])
        ordered(store, name=f"Draft {number}")
        visited_at(store, NOW - number * HOUR)
        answered_at(store, NOW - MINUTE)

    cache.clear()
    with django_assert_max_num_queries(29):
        text_of(client, today())
    with django_assert_max_num_queries(21):
        text_of(client, today())


def test_a_campaign_of_old_whose_steps_nobody_kept_is_shown(store: Store) -> None:
    Campaign.objects.create(store=store, name="Old", state=CampaignState.APPROVED)

    assert "Old" in section(seen(store), "steering")
