"""What the merchandiser's orders change, how soon a change governs, and what shortening says of the way to purchase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from benchmarks.markdown import interval, table
from benchmarks.sections.telling import Told

ORDERS: Final = {
    "margin": "maximise margin today",
    "stock": "push this stock tomorrow",
    "slow stock": "the same, of a stock nobody bought of",
    "smooth": "smooth conversion tonight",
}
HELD_EQUAL: Final = {
    "whatever_the_visit": "whatever the visit",
    "in_like_visits": "in visits as ripe for a purchase",
    "as_likely_bought_in_like_visits": "and of products as likely bought",
}


def orders(record: Mapping[str, Any]) -> Told:
    """What each order changes, and how soon."""
    figures, protocol = record["figures"], record["protocol"]
    soon = figures["immediacy"]
    said = Told()
    said.say(
        f"The orders as the admin's form saves them, floor 95 %, on {protocol['visits_answered']:,} visits that the "
        "memory does not know, each stopped midway and answered without and with the order; a stock is "
        f"{protocol['pushed']} products drawn from what lies heavily, or from what of it nobody has bought yet. "
        "Figures are what the calibrated probabilities expect of what the zone shows, per 1,000 visits; promoted are "
        "units of that stock.",
        table(
            ["order, zone", "figure", "without", "with", "change", "difference"],
            [
                [f"{ORDERS[order]}, {zone}", name, *_figure(figure)]
                for order, zones in figures["orders"].items()
                for zone, told in zones.items()
                for name, figure in told["figures"].items()
            ],
        ),
        "Predicted conversion kept, mean and least over visits: "
        + "; ".join(
            f"{ORDERS[order]}, {zone} {told['kept']:.3f}, {told['least_kept']:.3f}"
            for order, zones in figures["orders"].items()
            for zone, told in zones.items()
        )
        + ".",
        f"A saved change governs all {protocol['processes']} processes, which answer without a pause, after "
        f"{soon['p50']:.2f} s (median of {protocol['changes']} changes), {soon['longest']:.2f} s at most.",
    )
    return said


def fluidity(record: Mapping[str, Any]) -> Told:
    """Whether what is told to shorten the way to a purchase is followed by one sooner."""
    said = Told()
    every, new = record["figures"]["all"], record["figures"]["new"]
    said.say(
        f"Products that held-out visits met after they were asked about: {every['told']:,} meetings of which something "
        f"is told, in visits of which {every['bought']:,} bought. Purchases an event after meeting a product of the "
        "upper third by shortening, against one of the lowest third; 1 is no difference.",
        table(
            ["most ÷ least", "every product met", "not met before"],
            [
                [words, interval(every["ratios"][name], digits=2), interval(new["ratios"][name], digits=2)]
                for name, words in HELD_EQUAL.items()
            ],
        ),
        table(
            ["third", "shortening", "purchases in 100 events"],
            [
                [name, f"{row['shortening']:.3f}", interval(row["per_100"], digits=2)]
                for name, row in every["thirds"].items()
            ],
        ),
    )
    return said


def _figure(figure: Mapping[str, float]) -> list[str]:
    before, after = figure["before"], figure["after"]
    change = f"{after / before - 1:+.1%}".replace("%", " %") if before else "–"
    difference = [after - before, figure["lower"], figure["upper"]]
    return [f"{before:,.2f}", f"{after:,.2f}", change, interval(difference, digits=2, signed=True)]
